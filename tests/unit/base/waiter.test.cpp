// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/waiter.hpp>

#include <catch2/catch_test_macros.hpp>

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

TEST_CASE("a wait ends at its deadline") {
  ha::detail::thread_waiter w;
  CHECK_FALSE(w.wait(ha::detail::deadline_after(1ms)));
}

TEST_CASE("huge durations mean no deadline") {
  CHECK(ha::detail::deadline_after(std::chrono::hours(24 * 365 * 400)) == ha::detail::no_deadline);
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
