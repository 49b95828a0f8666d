// SPDX-License-Identifier: BSD-3-Clause

/// Creates 100,000 actors from `main`, sends one message to each, which stops it, and waits for the last one to be
/// gone: actors per second.

#include "actors.hpp"

#include <atomic>

namespace bench {

/// Counts the actors that are gone; the last one ends the round.
struct tally {
  std::atomic<std::uint64_t> left{0};
  done_signal done{0};

  void one_less() {
    if (left.fetch_sub(1, std::memory_order_acq_rel) == 1) done.release();
  }
};

struct work {
  std::uint64_t value;
};

struct worker {
  using handlers = ha::handlers<work>;

  bench::tally* tally;

  void handle(ha::context<worker>& cx, work) { cx.stop("done"); }
  void cleanup(ha::instance<worker>&, const ha::actor_error*) { tally->one_less(); }
};

static double round(ha::proc& proc, ha::client& client, tally& tally, std::uint64_t actors) {
  tally.left = actors;
  clock::time_point begin = clock::now();
  for (std::uint64_t i = 0; i < actors; ++i) {
    ha::actor_handle<worker> actor = proc.spawn(worker{&tally});
    actor.post<work>(client, i);
  }
  wait_for(tally.done);
  return seconds_between(begin, clock::now());
}

}  // namespace bench

int main(int argc, char** argv) {
  using namespace bench;
  options options(argc, argv);
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  tally tally;
  std::uint64_t actors = options.amount(100'000);
  round(proc, client, tally, std::max<std::uint64_t>(actors / 10, 1));
  double seconds = 0;
  constexpr int rounds = 3;
  for (int i = 0; i < rounds; ++i) seconds += round(proc, client, tally, actors);
  report("spawn_stop", "hyperactor", options.threads(), static_cast<double>(actors) * rounds / seconds, "actors/s");
}
