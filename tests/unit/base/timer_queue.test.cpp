// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/timer_queue.hpp>

#include <future>
#include <memory>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace ha = hyperactor;
using ha::detail::timer_queue;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 30s;

timer_queue& queue() { return timer_queue::instance(); }

/// Fulfilled by the queue's thread, after everything that is due.
void wait_for_everything_due() {
  std::promise<void> reached;
  const auto timer = queue().start(timer_queue::clock::now(), [&] { reached.set_value(); });
  CHECK(timer != 0);
  REQUIRE(reached.get_future().wait_for(patience) == std::future_status::ready);
}

}  // namespace

TEST_CASE("no thread exists before the first timer starts [TMQ-1]") {
  (void)queue();
  std::promise<std::thread::id> ran_on;
  (void)queue().start(timer_queue::clock::now() - 1h, [&] { ran_on.set_value(std::this_thread::get_id()); });
  auto id = ran_on.get_future();
  REQUIRE(id.wait_for(patience) == std::future_status::ready);
  CHECK(id.get() != std::this_thread::get_id());
}

TEST_CASE("actions run in the order of their times, equal ones in the order of their start [TMQ-2]") {
  const auto base = timer_queue::clock::now() + 20ms;
  std::vector<int> order;
  std::promise<void> last;
  for (int i = 0; i < 300; ++i) {
    const int rank = i * 211 % 100;
    (void)queue().start(base + std::chrono::microseconds(rank),
                        [&order, i, rank] { order.push_back(rank * 1000 + i); });
  }
  (void)queue().start(base + 1ms, [&] { last.set_value(); });
  REQUIRE(last.get_future().wait_for(patience) == std::future_status::ready);
  REQUIRE(order.size() == 300);
  for (std::size_t i = 1; i < order.size(); ++i) CHECK(order[i - 1] < order[i]);
}

TEST_CASE("a cancelled action does not run, and what it holds goes at once [TMQ-3]") {
  auto held = std::make_shared<int>(1);
  const auto before = queue().size();
  std::vector<std::uint64_t> timers;
  for (int i = 0; i < 100; ++i) {
    timers.push_back(
        queue().start(timer_queue::clock::now() + 1h + std::chrono::seconds(i * 37 % 100), [held] { *held = 0; }));
  }
  CHECK(queue().size() == before + 100);
  CHECK(held.use_count() == 101);
  for (const std::uint64_t t : timers) queue().cancel(t);
  CHECK(queue().size() == before);
  CHECK(held.use_count() == 1);
}

TEST_CASE("cancelling a timer that ran, or one that never was, touches no other [TMQ-3]") {
  const auto ran = queue().start(timer_queue::clock::now() - 1s, [] {});
  wait_for_everything_due();
  const auto size = queue().size();
  const auto pending = queue().start(timer_queue::clock::now() + 1h, [] {});
  queue().cancel(ran);  // its place in the table is in use again
  queue().cancel(0);
  queue().cancel(~std::uint64_t{0});
  CHECK(queue().size() == size + 1);
  queue().cancel(pending);
  CHECK(queue().size() == size);
}

TEST_CASE("an earlier timer wakes the thread that sleeps for a later one") {
  const auto later = queue().start(timer_queue::clock::now() + 1h, [] {});
  wait_for_everything_due();
  queue().cancel(later);
}

TEST_CASE("an action may start and cancel timers") {
  std::promise<void> reached;
  (void)queue().start(timer_queue::clock::now(), [&] {
    queue().cancel(queue().start(timer_queue::clock::now() + 1h, [] {}));
    (void)queue().start(timer_queue::clock::now(), [&] { reached.set_value(); });
  });
  REQUIRE(reached.get_future().wait_for(patience) == std::future_status::ready);
}

TEST_CASE("threads start and cancel beside each other") {
  const auto before = queue().size();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 1000; ++i) queue().cancel(queue().start(timer_queue::clock::now() + 1h, [] {}));
    });
  }
  for (auto& t : threads) t.join();
  CHECK(queue().size() == before);
}
