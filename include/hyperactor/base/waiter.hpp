// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_WAITER_HPP
#define HYPERACTOR_BASE_WAITER_HPP

/// @file
/// What waits for an event: a thread that sleeps on a futex, or an asynchronous operation.
///
/// [WTR-1] A waiter that was handed to a source is notified exactly once, or withdrawn by its owner, never both.
/// [WTR-2] Blocking on a runtime thread throws `misuse_error` at once and names the asynchronous function.
/// [WTR-3] A notifier's last access to a waiter is the one that lets its owner go on. The owner never waits for a
///         notifier that the scheduler has put aside for the very thread that it woke.

#include <hyperactor/base/error.hpp>
#include <hyperactor/base/platform.hpp>
#include <hyperactor/base/when_used.hpp>

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
    static_assert(std::is_same_v<steady_time::period, std::nano>);
    const auto since = deadline.time_since_epoch().count();
    at.tv_sec = static_cast<time_t>(since / 1'000'000'000);
    at.tv_nsec = static_cast<long>(since % 1'000'000'000);
    limit = &at;
  }
  // FUTEX_WAIT_BITSET takes an absolute time of CLOCK_MONOTONIC, which is what steady_clock reads
  ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected, limit,
            nullptr, FUTEX_BITSET_MATCH_ANY);
}

/// The word may be gone already: the kernel only looks up who sleeps at the address. Whoever came to sleep there
/// instead wakes for no reason, which `futex_wait` allows.
inline void futex_wake_address(const void* word, int count) noexcept {
  ::syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count, nullptr, nullptr, 0);
}
inline void futex_wake(std::atomic<std::uint32_t>& word, int count) noexcept { futex_wake_address(&word, count); }

/// A duration from now as a point in time; huge durations mean "no deadline".
[[nodiscard]] inline steady_time deadline_after(steady_time::duration d) noexcept {
  const steady_time now = std::chrono::steady_clock::now();
  return d.count() >= (no_deadline - now).count() ? no_deadline : now + d;
}
/// The same from a given time; what is not in the future is that time itself.
template <class Rep, class Period>
[[nodiscard]] steady_time deadline_after(std::chrono::duration<Rep, Period> d, steady_time now) noexcept {
  using seconds = when_used<std::chrono::duration<double>, Rep>;
  if (seconds(d) >= seconds(no_deadline - now)) return no_deadline;
  return seconds(d) <= seconds(0) ? now : now + std::chrono::ceil<std::chrono::steady_clock::duration>(d);
}
template <class Rep, class Period>
[[nodiscard]] steady_time deadline_after(std::chrono::duration<Rep, Period> d) noexcept {
  return deadline_after(d, std::chrono::steady_clock::now());
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
  static constexpr int usual_spins = 200;

  thread_waiter() noexcept : waiter(&thread_waiter::wake) {}

  /// @returns false when the deadline passed first
  /// @param spins  looks before it sleeps: worth it where another thread is about to notify
  bool wait(steady_time deadline, int spins = usual_spins) noexcept {
    for (int spin = 0; spin < spins; ++spin) {
      if (is_notified()) return true;
      cpu_relax();
    }
    std::uint32_t expected = waiting;
    // acquire: pairs with the notifier's exchange, in whichever order they come
    if (!word_.compare_exchange_strong(expected, asleep, std::memory_order_acq_rel)) return true;
    for (;;) {
      futex_wait(word_, asleep, deadline);
      if (is_notified()) return true;
      if (deadline != no_deadline && std::chrono::steady_clock::now() >= deadline) {
        expected = asleep;
        return !word_.compare_exchange_strong(expected, waiting, std::memory_order_acq_rel);
      }
    }
  }
  /// Waits for a notification that is on its way: the source took the waiter before it could be withdrawn.
  void wait_for_notifier() noexcept { wait(no_deadline); }
  /// Makes it usable again after a notification.
  void reset() noexcept { word_.store(waiting, std::memory_order_relaxed); }

 private:
  static void wake(waiter& self) noexcept {
    auto& word = static_cast<thread_waiter&>(self).word_;
    const void* const address = &word;
    // release: what the notifier did before is visible to the thread that wakes. That thread may end this object at
    // once, so nothing of it is touched any more [WTR-3].
    if (word.exchange(notified, std::memory_order_acq_rel) == asleep) futex_wake_address(address, 1);
  }
  [[nodiscard]] bool is_notified() const noexcept { return word_.load(std::memory_order_acquire) == notified; }

  static constexpr std::uint32_t waiting = 0;
  static constexpr std::uint32_t asleep = 1;
  static constexpr std::uint32_t notified = 2;
  std::atomic<std::uint32_t> word_{waiting};
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
