// SPDX-License-Identifier: BSD-3-Clause

/// One actor asks another and awaits the answer before it asks again: requests per second.

#include "request_reply.hpp"

int main(int argc, char** argv) {
  bench::options options(argc, argv);
  bench::ha::proc proc = bench::ha::proc::isolated();
  bench::ha::client client = proc.client("main");
  bench::meter meter(options.amount(100'000), options.amount(2'000'000));
  bench::run_request_reply(proc, client, meter);
  bench::report("request_reply", "hyperactor", options.threads(), meter.rate(), "requests/s");
}
