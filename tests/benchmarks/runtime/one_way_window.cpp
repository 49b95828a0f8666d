// SPDX-License-Identifier: BSD-3-Clause

/// One actor sends 8-byte messages to another with at most 1000 of them unconfirmed; the receiver confirms every 500:
/// messages per second.

#include "one_way_window.hpp"

int main(int argc, char** argv) {
  bench::options options(argc, argv);
  bench::ha::proc proc = bench::ha::proc::isolated();
  bench::ha::client client = proc.client("main");
  bench::meter meter(options.amount(500'000), options.amount(10'000'000));
  bench::run_one_way_window(proc, client, meter);
  bench::report("one_way_window", "hyperactor", options.threads(), meter.rate(), "messages/s");
}
