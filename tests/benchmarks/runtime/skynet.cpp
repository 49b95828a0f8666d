// SPDX-License-Identifier: BSD-3-Clause

/// A tree of actors, ten children each, down to `--leaves` (a power of ten); every leaf reports its number and the sums
/// travel up: actors per second.

#include "actors.hpp"

#include <optional>

namespace bench {

struct skynet {
  struct start {
    ha::actor_handle<skynet> parent;
    std::uint64_t first;
    std::uint64_t leaves;
  };
  struct start_root {
    std::uint64_t leaves;
    std::uint64_t* sum;
    done_signal* done;
  };
  struct subtotal {
    std::uint64_t sum;
  };

  using handlers = ha::handlers<start, start_root, subtotal>;

  std::optional<ha::actor_handle<skynet>> parent = {};
  std::optional<start_root> root = {};
  std::uint64_t sum = 0;
  int missing = 10;

  void handle(ha::context<skynet>& cx, start m) {
    if (m.leaves == 1) {
      m.parent.post<subtotal>(cx, m.first);
      cx.stop("done");
      return;
    }
    parent = std::move(m.parent);
    grow(cx, m.first, m.leaves / 10);
  }

  void handle(ha::context<skynet>& cx, start_root m) {
    root = m;
    grow(cx, 0, m.leaves / 10);
  }

  void handle(ha::context<skynet>& cx, subtotal m) {
    sum += m.sum;
    if (--missing > 0) return;
    if (root) {
      *root->sum = sum;
      root->done->release();
    } else {
      parent->post<subtotal>(cx, sum);
    }
    cx.stop("done");
  }

 private:
  static void grow(ha::context<skynet>& cx, std::uint64_t first, std::uint64_t leaves) {
    for (std::uint64_t i = 0; i < 10; ++i) {
      ha::actor_handle<skynet> child = cx.spawn(skynet{});
      child.post<start>(cx, cx.self(), first + i * leaves, leaves);
    }
  }
};

static double round(ha::proc& proc, ha::client& client, std::uint64_t leaves) {
  std::uint64_t sum = 0;
  done_signal done(0);
  clock::time_point begin = clock::now();
  ha::actor_handle<skynet> root = proc.spawn(skynet{});
  root.post(client, skynet::start_root{leaves, &sum, &done});
  wait_for(done);
  double seconds = seconds_between(begin, clock::now());
  root.join();
  expect(sum == leaves * (leaves - 1) / 2, "sum of the leaves");
  return seconds;
}

}  // namespace bench

int main(int argc, char** argv) {
  using namespace bench;
  options options(argc, argv);
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  std::uint64_t leaves = 10;
  while (leaves * 10 <= options.number("leaves", options.amount(100'000, 10))) leaves *= 10;
  std::uint64_t actors = 0;
  for (std::uint64_t level = leaves; level > 0; level /= 10) actors += level;
  round(proc, client, std::max<std::uint64_t>(leaves / 10, 10));
  double seconds = 0;
  constexpr int rounds = 3;
  for (int i = 0; i < rounds; ++i) seconds += round(proc, client, leaves);
  report("skynet", "hyperactor", options.threads(), static_cast<double>(actors) * rounds / seconds, "actors/s",
         field("leaves", static_cast<double>(leaves)) + field("ms", seconds / rounds * 1000));
}
