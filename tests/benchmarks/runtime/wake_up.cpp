// SPDX-License-Identifier: BSD-3-Clause

/// An actor sends a message to another and then computes for 20 ms, while the other workers are idle: microseconds
/// until the message is handled.

#include "actors.hpp"

namespace bench {

struct sleeper {
  struct mark {
    clock::time_point sent;
  };

  using handlers = ha::handlers<mark>;

  std::vector<double>* samples;
  done_signal* done;

  void handle(ha::context<sleeper>&, mark m) {
    samples->push_back(seconds_between(m.sent, clock::now()) * 1e6);
    done->release();
  }
};

struct busy {
  struct start {};

  using handlers = ha::handlers<start>;

  ha::actor_handle<sleeper> peer;
  done_signal* done;

  void handle(ha::context<busy>& cx, start) {
    clock::time_point until = clock::now() + std::chrono::milliseconds(20);
    peer.post<sleeper::mark>(cx, clock::now());
    while (clock::now() < until) {
    }
    done->release();
  }
};

}  // namespace bench

int main(int argc, char** argv) {
  using namespace bench;
  options options(argc, argv);
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  std::vector<double> samples;
  done_signal done(0);
  ha::actor_handle<sleeper> receiver = proc.spawn(sleeper{&samples, &done});
  ha::actor_handle<busy> sender = proc.spawn(busy{receiver, &done});
  double idle = idle_processor_percent();
  auto run = [&](std::uint64_t times) {
    for (std::uint64_t i = 0; i < times; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(3));
      sender.post(client, busy::start{});
      wait_for(done);
      wait_for(done);
    }
  };
  run(options.amount(10));
  samples.clear();
  run(options.amount(100));
  finish(sender, receiver);
  double p99 = percentile(samples, 0.99);
  double p50 = percentile(samples, 0.5);
  report("wake_up", "hyperactor", options.threads(), p50, "us",
         field("p50", p50) + field("p99", p99) + field("idle_cpu_percent", idle));
}
