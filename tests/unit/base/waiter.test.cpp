// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/waiter.hpp>

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

namespace ha = hyperactor;
using namespace std::chrono_literals;

TEST_CASE("a waiter wakes for its notification, before or after it sleeps [WTR-1]") {
  for (int i = 0; i < 200; ++i) {
    ha::detail::thread_waiter w;
    std::thread other([&] { w.notify(); });
    CHECK(w.wait(ha::detail::deadline_after(30s)));
    other.join();
  }
}

TEST_CASE("a waiter may end as soon as its wait has ended, while its notifier has not left yet [WTR-1] [WTR-3]") {
  constexpr int rounds = 20'000;
  std::atomic<ha::detail::waiter*> offered{nullptr};
  std::atomic<bool> is_over{false};
  std::thread other([&] {
    while (!is_over.load(std::memory_order_acquire)) {
      if (auto* w = offered.exchange(nullptr, std::memory_order_acq_rel)) w->notify();
      std::this_thread::yield();
    }
  });
  for (int i = 0; i < rounds; ++i) {
    ha::detail::thread_waiter w;
    offered.store(&w, std::memory_order_release);
    const bool has_limit = i % 2 != 0;
    if (w.wait(has_limit ? ha::detail::deadline_after(1us) : ha::detail::no_deadline)) continue;
    ha::detail::waiter* expected = &w;
    if (!offered.compare_exchange_strong(expected, nullptr, std::memory_order_acq_rel)) w.wait_for_notifier();
  }
  is_over.store(true, std::memory_order_release);
  other.join();
  CHECK(offered.load() == nullptr);
}

TEST_CASE("a wait ends at its deadline") {
  ha::detail::thread_waiter w;
  CHECK_FALSE(w.wait(ha::detail::deadline_after(1ms)));
}

TEST_CASE("huge durations mean no deadline") {
  CHECK(ha::detail::deadline_after(std::chrono::hours(24 * 365 * 400)) == ha::detail::no_deadline);
}

TEST_CASE("a deadline is neither before now nor beyond the end of the clock, whatever the duration") {
  const ha::detail::steady_time now(1h);
  CHECK(ha::detail::deadline_after(1s, now) == now + 1s);
  CHECK(ha::detail::deadline_after(std::chrono::hours::max(), now) == ha::detail::no_deadline);
  CHECK(ha::detail::deadline_after(std::chrono::nanoseconds::max(), now) == ha::detail::no_deadline);
  CHECK(ha::detail::deadline_after(std::chrono::hours::min(), now) == now);
}

TEST_CASE("blocking on a runtime thread is refused with the asynchronous function's name [WTR-2]") {
  std::string text;
  std::thread worker([&] {
    ha::detail::is_runtime_thread = true;
    try {
      ha::detail::require_blocking_allowed("recv", "async_recv");
    } catch (const ha::misuse_error& e) {
      text = e.what();
    }
  });
  worker.join();
  CHECK(
      text ==
      "hyperactor: recv() would block a runtime thread; use co_await async_recv(), or give the actor 'using executor = "
      "hyperactor::dedicated_thread;'");
}
