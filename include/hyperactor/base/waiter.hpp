// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_WAITER_HPP
#define HYPERACTOR_BASE_WAITER_HPP

/// @file
/// What waits for an event: a thread that sleeps on a futex, or an asynchronous operation.
///
/// [WTR-1] A waiter that was handed to a source is notified exactly once, or withdrawn by its owner, never both.
/// [WTR-2] Blocking on a runtime thread throws `misuse_error` at once and names the asynchronous function.

#include <hyperactor/base/error.hpp>
#include <hyperactor/base/platform.hpp>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>

namespace hyperactor::inline v0::detail {

using steady_time = std::chrono::steady_clock::time_point;
inline constexpr steady_time no_deadline = steady_time::max();

/// Sleeps while `word == expected`, until a wake or the deadline; may return early for no reason.
inline void futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t expected, steady_time deadline) noexcept {
  timespec at{};
  timespec* limit = nullptr;
  if (deadline != no_deadline) {
    const auto since = std::chrono::duration_cast<std::chrono::nanoseconds>(deadline.time_since_epoch()).count();
    at.tv_sec = static_cast<time_t>(since / 1'000'000'000);
    at.tv_nsec = static_cast<long>(since % 1'000'000'000);
    limit = &at;
  }
  // FUTEX_WAIT_BITSET takes an absolute time of CLOCK_MONOTONIC, which is what steady_clock reads
  ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected, limit,
            nullptr, FUTEX_BITSET_MATCH_ANY);
}

inline void futex_wake(std::atomic<std::uint32_t>& word, int count) noexcept {
  ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count, nullptr,
            nullptr, 0);
}

/// A duration from now as a point in time; huge durations mean "no deadline".
template <class Rep, class Period>
[[nodiscard]] steady_time deadline_after(std::chrono::duration<Rep, Period> d) noexcept {
  const auto now = std::chrono::steady_clock::now();
  if (std::chrono::duration<double>(d) >= std::chrono::duration<double>(no_deadline - now)) return no_deadline;
  return now + std::chrono::ceil<std::chrono::steady_clock::duration>(d);
}

/// Base of everything that a source can notify.
class waiter {
 public:
  /// Called once by the source, from any thread; the waiter may be gone when it returns.
  void notify() noexcept { notify_(*this); }

 protected:
  explicit waiter(void (*on_notify)(waiter&) noexcept) noexcept : notify_(on_notify) {}
  ~waiter() = default;

 private:
  void (*notify_)(waiter&) noexcept;
};

/// The calling thread as a waiter.
class thread_waiter final : public waiter {
 public:
  thread_waiter() noexcept
      : waiter([](waiter& self) noexcept {
          auto& word = static_cast<thread_waiter&>(self).word_;
          // release: what the notifier did before is visible to the thread that wakes. The waiting thread cannot end
          // this object before it has seen 2, which is the notifier's last access.
          if (word.exchange(1, std::memory_order_acq_rel) == sleeping) futex_wake(word, 1);
          word.store(2, std::memory_order_release);
        }) {}

  /// @returns false when the deadline passed first
  bool wait(steady_time deadline) noexcept {
    for (int spin = 0; spin < 200; ++spin) {
      if (word_.load(std::memory_order_acquire) != 0) return finish();
      cpu_relax();
    }
    std::uint32_t expected = 0;
    // acq_rel: pairs with the notifier's exchange, in whichever order they come
    if (!word_.compare_exchange_strong(expected, sleeping, std::memory_order_acq_rel)) return finish();
    for (;;) {
      futex_wait(word_, sleeping, deadline);
      if (word_.load(std::memory_order_acquire) != sleeping) return finish();
      if (deadline != no_deadline && std::chrono::steady_clock::now() >= deadline) {
        expected = sleeping;
        if (word_.compare_exchange_strong(expected, 0, std::memory_order_acq_rel)) return false;
        return finish();
      }
    }
  }
  /// Waits for a notification that is on its way: the source took the waiter before it could be withdrawn.
  void wait_for_notifier() noexcept {
    while (word_.load(std::memory_order_acquire) == 0) cpu_relax();
    finish();
  }
  /// Makes it usable again after a notification.
  void reset() noexcept { word_.store(0, std::memory_order_relaxed); }

 private:
  bool finish() noexcept {
    while (word_.load(std::memory_order_acquire) != 2) cpu_relax();  // the notifier is about to leave
    return true;
  }

  static constexpr std::uint32_t sleeping = 3;
  std::atomic<std::uint32_t> word_{0};  // 0 waiting, 3 asleep, 1 notified, 2 notified and the notifier has left
};

/// True on threads that run many actors: they must not block.
inline constinit thread_local bool is_runtime_thread = false;

[[noreturn]] HYPERACTOR_COLD inline void throw_blocking_misuse(const char* function, const char* instead) {
  throw misuse_error(std::string("hyperactor: ") + function + "() would block a runtime thread; use co_await " +
                     instead + "(), or give the actor 'using executor = hyperactor::dedicated_thread;'");
}

/// @errors throws `misuse_error` on a runtime thread ([WTR-2])
inline void require_blocking_allowed(const char* function, const char* instead) {
  if (is_runtime_thread) throw_blocking_misuse(function, instead);
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_WAITER_HPP
