// SPDX-License-Identifier: BSD-3-Clause

/// Ping-pong between two actors, one message of 8 bytes in flight: round trips per second.

#include "ping_pong.hpp"

int main(int argc, char** argv) {
  bench::options options(argc, argv);
  bench::ha::proc proc = bench::ha::proc::isolated();
  bench::ha::client client = proc.client("main");
  bench::meter meter(options.amount(100'000), options.amount(4'000'000));
  bench::play_ping_pong(proc, client, meter);
  bench::report("ping_pong", "hyperactor", options.threads(), meter.rate(), "round_trips/s");
}
