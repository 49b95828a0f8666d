// SPDX-License-Identifier: BSD-3-Clause

#include "counting_new.hpp"
#include "one_way_window.hpp"
#include "ping_pong.hpp"
#include "request_reply.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>

namespace ha = hyperactor;

namespace bench {

/// Counts what the system was asked for in each of several stretches of equal length, after a first one that does not
/// count: pools and queues may grow until they have seen the load.
class allocation_meter {
 public:
  static constexpr std::size_t stretches = 20;
#ifdef HYPERACTOR_BENCHMARKS_SANITIZED  // nothing is counted then: the same code, with less of it
  static constexpr std::uint64_t long_stretch = 2'000;
#else
  static constexpr std::uint64_t long_stretch = 50'000;
#endif

  explicit allocation_meter(std::uint64_t stretch) : stretch_(stretch) {}

  bool tick() {
    if (++count_ % stretch_ != 0) return false;
    std::uint64_t now = allocations::now().count;
    std::size_t index = count_ / stretch_ - 1;
    if (index > 0) during_[index - 1] = now - before_;
    before_ = now;
    return index == stretches;
  }

  [[nodiscard]] std::uint64_t total() const { return stretch_ * (stretches + 1); }

  /// Allocations in the last half of the stretches.
  [[nodiscard]] std::uint64_t late() const {
    std::uint64_t sum = 0;
    for (std::size_t i = stretches / 2; i < stretches; ++i) sum += during_[i];
    return sum;
  }

  /// Stretches of the last half in which nothing was allocated.
  [[nodiscard]] std::size_t clean() const {
    std::size_t found = 0;
    for (std::size_t i = stretches / 2; i < stretches; ++i) found += during_[i] == 0 ? 1 : 0;
    return found;
  }

  void report(const char* name) const {
    double per_event = static_cast<double>(late()) / static_cast<double>(stretch_ * (stretches / 2));
    bench::report(name, "hyperactor", threads(), per_event, "allocations");
  }

 private:
  static unsigned threads() {
    const char* text = std::getenv("HYPERACTOR_RUNTIME_THREADS");
    return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10))
                           : std::max(1U, std::thread::hardware_concurrency());
  }

  std::uint64_t stretch_;
  std::uint64_t count_ = 0;
  std::uint64_t before_ = 0;
  std::array<std::uint64_t, stretches> during_{};
};

/// Steady state: what is taken does not grow with the number of messages. Whole stretches pass without an allocation;
/// others pay for a worker that meets the load for the first time or was held up by other programs, since blocks are
/// pooled by thread.
inline void check_steady_state(const allocation_meter& meter, const char* name) {
  meter.report(name);
  CHECK(meter.clean() >= 1);
  CHECK(meter.late() <= 100);
}

}  // namespace bench

using bench::allocation_meter;
using bench::check_steady_state;

TEST_CASE("the counting allocation functions count") {
#ifdef HYPERACTOR_BENCHMARKS_SANITIZED
  SUCCEED("a sanitizer has replaced them");
#else
  bench::allocations before = bench::allocations::now();
  delete new int(7);
  void* volatile block = std::malloc(100);
  std::free(block);
  bench::allocations after = bench::allocations::now();
  CHECK(after.count - before.count >= 1);
  CHECK(after.bytes_in_use == before.bytes_in_use);
#endif
}

TEST_CASE("a message between two actors takes nothing from the system in steady state [HND-1][CEL-2]") {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  allocation_meter meter(allocation_meter::long_stretch);
  bench::play_ping_pong(proc, client, meter);
  check_steady_state(meter, "allocations_per_round_trip");
}

TEST_CASE("a message in a window of a thousand takes nothing from the system in steady state [HND-1][CEL-2]") {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  allocation_meter meter(allocation_meter::long_stretch);
  bench::run_one_way_window(proc, client, meter);
  check_steady_state(meter, "allocations_per_message");
}

TEST_CASE("a request that a handler awaits takes nothing from the system in steady state [HND-1][CEL-2]") {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  allocation_meter meter(allocation_meter::long_stretch);
  bench::run_request_reply(proc, client, meter);
  check_steady_state(meter, "allocations_per_request");
}

TEST_CASE("a request of a plain thread takes nothing from the system in steady state [HND-1][CEL-2]") {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  ha::actor_handle<bench::answerer> server = proc.spawn(bench::answerer{});
  allocation_meter meter(allocation_meter::long_stretch / 25);
  std::uint64_t value = 0;
  for (bool last = false; !last; last = meter.tick()) {
    ha::result<std::uint64_t> reply = ha::ask<bench::query>(client, server, value).recv_for(std::chrono::seconds(30));
    REQUIRE(reply.has_value());
    value = *reply;
  }
  check_steady_state(meter, "allocations_per_blocking_request");
  bench::finish(server);
}
