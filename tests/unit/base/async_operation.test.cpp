// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/async_operation.hpp>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/bind_executor.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/strand.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>

namespace {

namespace ha = hyperactor;
using ha::detail::async_wait_for;
using ha::detail::waiter;

/// A flag that is set once.
struct flag {
  std::atomic<int> state{0};  // 0, 1: waited for, 2: set
  waiter* who = nullptr;
  void set() {
    if (state.exchange(2) == 1) who->notify();
  }
};
struct flag_wait {
  std::shared_ptr<flag> of;
  [[nodiscard]] std::optional<int> poll() const { return of->state == 2 ? std::optional(42) : std::nullopt; }
  [[nodiscard]] bool arm(waiter& w) const {
    of->who = &w;
    int expected = 0;
    return of->state.compare_exchange_strong(expected, 1);
  }
  [[nodiscard]] bool disarm(waiter&) const {
    int expected = 1;
    return of->state.compare_exchange_strong(expected, 0);
  }
  [[nodiscard]] int cancelled() const { return -1; }
};

template <class Token> auto wait_on(const std::shared_ptr<flag>& f, Token&& token) {
  return async_wait_for<int>(flag_wait{f}, std::forward<Token>(token));
}

}  // namespace

TEST_CASE("an operation completes on its handler's executor, never within its start [ASY-1]") {
  asio::io_context io;
  for (const bool before : {true, false}) {
    auto f = std::make_shared<flag>();
    if (before) f->set();
    int got = 0;
    wait_on(f, asio::bind_executor(io.get_executor(), [&](int v) { got = v; }));
    CHECK(got == 0);
    if (!before) f->set();
    CHECK(got == 0);
    io.run();
    io.restart();
    CHECK(got == 42);
  }
}

TEST_CASE("an operation keeps its executor at work until it completes") {
  asio::io_context io;
  auto f = std::make_shared<flag>();
  std::thread::id ran_on;
  wait_on(f, asio::bind_executor(asio::make_strand(io), [&](int) { ran_on = std::this_thread::get_id(); }));
  std::jthread setter([f] { f->set(); });
  io.run();  // does not return before
  CHECK(ran_on == std::this_thread::get_id());
}

TEST_CASE("an operation owns what it waits for [ASY-2]") {
  std::weak_ptr<flag> seen;
  std::future<int> future;
  {
    auto f = std::make_shared<flag>();
    seen = f;
    future = wait_on(f, asio::use_future);
  }
  REQUIRE_FALSE(seen.expired());
  seen.lock()->set();
  CHECK(future.get() == 42);
}

TEST_CASE("a cancelled operation completes once; one that was notified first completes with its value [ASY-3]") {
  for (const bool set_first : {false, true}) {
    asio::io_context io;
    asio::cancellation_signal cancel;
    auto f = std::make_shared<flag>();
    int calls = 0;
    int got = 0;
    wait_on(f, asio::bind_cancellation_slot(cancel.slot(), asio::bind_executor(io.get_executor(), [&](int v) {
                                              ++calls;
                                              got = v;
                                            })));
    if (set_first) f->set();
    cancel.emit(asio::cancellation_type::terminal);
    if (!set_first) f->set();
    io.run();
    CHECK(calls == 1);
    CHECK((got == (set_first ? 42 : -1) || got == 42));
    cancel.emit(asio::cancellation_type::terminal);  // nobody is there any more
  }
}

TEST_CASE("coroutines wait, with move-only handlers and any executor") {
  asio::io_context io;
  auto f = std::make_shared<flag>();
  auto result = asio::co_spawn(
      io,
      [f]() -> asio::awaitable<int> {
        const int first = co_await wait_on(f, asio::use_awaitable);
        const int second = co_await wait_on(f, asio::use_awaitable);  // set already
        co_return first + second;
      },
      asio::use_future);
  std::jthread setter([f] { f->set(); });
  io.run();
  CHECK(result.get() == 84);
}

namespace {

/// Runs each task at once, as another thread might before `queue_task` returns.
struct hasty_runner final : ha::detail::turn_runner {
  mutable int references = 1;
  bool was_kept = false;
  void retain() const noexcept override { ++references; }
  void release() const noexcept override { --references; }
  void queue_task(ha::detail::turn_task& task) noexcept override {
    task.act(task, this);
    was_kept = references > 0;
  }
};

}  // namespace

TEST_CASE("a turn is kept until it has taken a task that ends with the last reference to it [TUR-1]") {
  hasty_runner runner;
  auto f = std::make_shared<flag>();
  int got = 0;
  ha::detail::this_turn = {&runner, 7};
  wait_on(f, asio::bind_executor(asio::any_io_executor(ha::turn_executor(7, nullptr)), [&](int v) { got = v; }));
  ha::detail::this_turn = {nullptr, 0};
  runner.release();  // the operation has the last one
  CHECK(runner.references == 1);
  f->set();
  CHECK(got == 42);
  CHECK(runner.references == 0);
  CHECK(runner.was_kept);
}
