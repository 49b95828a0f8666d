// SPDX-License-Identifier: BSD-3-Clause

/// An actor sends a message to another and then computes for 20 ms, while the other workers are idle: microseconds
/// until the message is handled.

#include "system.hpp"

namespace {

using start_atom = caf::atom_constant<caf::atom("start")>;

std::int64_t nanoseconds_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(bench::clock::now().time_since_epoch()).count();
}

class sleeper : public caf::event_based_actor {
 public:
  sleeper(caf::actor_config& config, std::vector<double>* samples, bench::done_signal* done)
      : event_based_actor(config), samples_(samples), done_(done) {}

  caf::behavior make_behavior() override {
    return {[this](std::int64_t sent) {
      samples_->push_back(static_cast<double>(nanoseconds_now() - sent) / 1000);
      done_->release();
    }};
  }

 private:
  std::vector<double>* samples_;
  bench::done_signal* done_;
};

class busy : public caf::event_based_actor {
 public:
  busy(caf::actor_config& config, caf::actor sleeper, bench::done_signal* done)
      : event_based_actor(config), sleeper_(std::move(sleeper)), done_(done) {}

  caf::behavior make_behavior() override {
    return {[this](start_atom) {
      bench::clock::time_point until = bench::clock::now() + std::chrono::milliseconds(20);
      send(sleeper_, nanoseconds_now());
      while (bench::clock::now() < until) {
      }
      done_->release();
    }};
  }

 private:
  caf::actor sleeper_;
  bench::done_signal* done_;
};

}  // namespace

int main(int argc, char** argv) {
  bench::options options(argc, argv);
  bench::caf_config config(options);
  caf::actor_system system(config);
  bench::expect_workers(system, options);
  std::vector<double> samples;
  bench::done_signal done(0);
  caf::actor receiver = system.spawn<sleeper>(&samples, &done);
  caf::actor sender = system.spawn<busy>(receiver, &done);
  double idle = bench::idle_processor_percent();
  auto run = [&](std::uint64_t times) {
    for (std::uint64_t i = 0; i < times; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(3));
      caf::anon_send(sender, start_atom::value);
      bench::wait_for(done);
      bench::wait_for(done);
    }
  };
  run(options.amount(10));
  samples.clear();
  run(options.amount(100));
  caf::anon_send_exit(sender, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(receiver, caf::exit_reason::user_shutdown);
  double p99 = bench::percentile(samples, 0.99);
  double p50 = bench::percentile(samples, 0.5);
  bench::report("wake_up", "caf", options.threads(), p50, "us",
                bench::field("p50", p50) + bench::field("p99", p99) + bench::field("idle_cpu_percent", idle));
}
