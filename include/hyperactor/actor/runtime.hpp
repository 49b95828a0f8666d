// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_RUNTIME_HPP
#define HYPERACTOR_ACTOR_RUNTIME_HPP

/// @file
/// `runtime`: who runs actors, keeps time and fires timers. All scheduling and all clocks go through it, so that a test
/// kit can take its place.
///
/// [RUN-1] The default runtime starts at its first use; a process may fork before, afterwards only exec.
/// [RUN-2] It stops at static destruction or by `shutdown`: actors are killed, queues are returned, threads joined.

#include <hyperactor/base/timer_queue.hpp>
#include <hyperactor/base/unique_function.hpp>
#include <hyperactor/base/waiter.hpp>
#include <hyperactor/mailbox/post_office.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {
class actor_core;

/// Starts and cancels timers; see `runtime`.
class timer_service {
 public:
  virtual std::uint64_t start(std::chrono::steady_clock::time_point at, unique_function<void()> action) = 0;
  virtual void cancel(std::uint64_t timer) noexcept = 0;

 protected:
  ~timer_service() = default;
};
}  // namespace detail

class runtime : public detail::scheduler {
 public:
  using clock = std::chrono::steady_clock;

  [[nodiscard]] virtual clock::time_point now() const noexcept = 0;
  /// Calls `action` at or after the time, on a thread of the runtime; it must not block.
  /// @returns a word for `cancel_timer`
  /// @complexity O(log pending)
  std::uint64_t start_timer(clock::time_point at, detail::unique_function<void()> action) {
    if (detail::timer_service* const own = own_timers()) return own->start(at, std::move(action));
    return detail::timer_queue::instance().start(at, std::move(action));
  }
  /// The action does not run any more, unless it runs right now.
  void cancel_timer(std::uint64_t timer) noexcept {
    if (detail::timer_service* const own = own_timers()) return own->cancel(timer);
    detail::timer_queue::instance().cancel(timer);
  }

  // Null stands for what the process has. So a program without timers or threads of actors makes no code of either.
  /// Where the runtime has its own timers.
  [[nodiscard]] virtual detail::timer_service* own_timers() noexcept { return nullptr; }
  /// What runs an actor that asks for a thread of its own, where that is no thread.
  [[nodiscard]] virtual detail::scheduler* own_thread() { return nullptr; }

  /// False once it is being shut down: what is spawned from then on is stopped from the start.
  [[nodiscard]] bool is_open() const noexcept { return is_open_.load(std::memory_order_seq_cst); }
  void close() noexcept { is_open_.store(false, std::memory_order_seq_cst); }

  /// The default runtime of the process.
  [[nodiscard]] static runtime& instance();
  /// Kills all actors of the process, waits for their end, at most until the deadline, and joins the threads. Final.
  /// @returns false when the deadline passed first
  /// @errors throws `misuse_error` on a runtime thread
  static bool shutdown(std::chrono::nanoseconds deadline);

 protected:
  runtime() = default;
  ~runtime() = default;

 private:
  std::atomic<bool> is_open_{true};
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_RUNTIME_HPP
