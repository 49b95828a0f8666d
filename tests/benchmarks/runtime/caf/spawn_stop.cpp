// SPDX-License-Identifier: BSD-3-Clause

/// Creates 100,000 actors from `main`, sends one message to each, which stops it, and waits for the last one to be
/// gone: actors per second.

#include "system.hpp"

#include <atomic>

namespace {

/// Counts the actors that are gone; the last one ends the round.
struct tally {
  std::atomic<std::uint64_t> left{0};
  bench::done_signal done{0};

  void one_less() {
    if (left.fetch_sub(1, std::memory_order_acq_rel) == 1) done.release();
  }
};

class worker : public caf::event_based_actor {
 public:
  worker(caf::actor_config& config, tally* tally) : event_based_actor(config), tally_(tally) {}

  caf::behavior make_behavior() override {
    return {[this](std::uint64_t) { quit(); }};
  }

  void on_exit() override { tally_->one_less(); }

 private:
  tally* tally_;
};

double round(caf::actor_system& system, tally& tally, std::uint64_t actors) {
  tally.left = actors;
  bench::clock::time_point begin = bench::clock::now();
  for (std::uint64_t i = 0; i < actors; ++i) {
    caf::actor actor = system.spawn<worker>(&tally);
    caf::anon_send(actor, i);
  }
  bench::wait_for(tally.done);
  return bench::seconds_between(begin, bench::clock::now());
}

}  // namespace

int main(int argc, char** argv) {
  bench::options options(argc, argv);
  bench::caf_config config(options);
  caf::actor_system system(config);
  bench::expect_workers(system, options);
  tally tally;
  std::uint64_t actors = options.amount(100'000);
  round(system, tally, std::max<std::uint64_t>(actors / 10, 1));
  double seconds = 0;
  constexpr int rounds = 3;
  for (int i = 0; i < rounds; ++i) seconds += round(system, tally, actors);
  bench::report("spawn_stop", "caf", options.threads(), static_cast<double>(actors) * rounds / seconds, "actors/s");
}
