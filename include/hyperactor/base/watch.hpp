// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_WATCH_HPP
#define HYPERACTOR_BASE_WATCH_HPP

/// @file
/// Watches: the latest value of something that changes, and waits for a value that satisfies a predicate.
///
/// [WCH-1] A source that nobody waits on pays one load per change; waiters stand in a table of the process.
/// [WCH-2] A wait sees the current value at once; values in between may be skipped.
/// [WCH-3] An asynchronous wait does not end while the function that starts it still looks at the value.

#include <hyperactor/base/async_operation.hpp>
#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/waiter.hpp>

#include <asio/use_awaitable.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

/// Something that can be waited on; its state lies elsewhere.
class watchable {
 public:
  /// Where a waiter stands while it waits.
  struct place {
    waiter* who = nullptr;
    const watchable* on = nullptr;
    place* next = nullptr;
    place* previous = nullptr;
  };

  /// Registers the waiter. Look at the value once more afterwards.
  /// @threadsafe
  void park(place& p, waiter& who) const noexcept {
    bucket& b = bucket_of(this);
    std::lock_guard lock(b.mutex);
    link(b, p, who);
    // seq_cst: one of the two sees the other - the waiter the new value, or the changer this mark
    is_watched_.store(true, std::memory_order_seq_cst);
  }
  /// Announces a waiter that may be gone as soon as it is registered: look at the value, then `park_since`.
  /// @threadsafe
  [[nodiscard]] std::uint64_t announce() const noexcept {
    const bucket& b = bucket_of(this);
    std::lock_guard lock(b.mutex);
    is_watched_.store(true, std::memory_order_seq_cst);  // as in park
    return b.notifications;
  }
  /// Registers the waiter; false: there was a change since `announce`, look again.
  /// @threadsafe
  [[nodiscard]] bool park_since(std::uint64_t announced, place& p, waiter& who) const noexcept {
    bucket& b = bucket_of(this);
    std::lock_guard lock(b.mutex);
    if (b.notifications != announced) return false;
    link(b, p, who);
    return true;
  }
  /// Withdraws the waiter; false: a notification is on its way or was delivered.
  /// @threadsafe
  [[nodiscard]] bool unpark(place& p) const noexcept {
    bucket& b = bucket_of(this);
    std::lock_guard lock(b.mutex);
    if (p.on == nullptr) return false;
    unlink(b, p);
    return true;
  }

 protected:
  watchable() noexcept = default;
  ~watchable() = default;

  /// To be called after every change, which must be a seq_cst store or read-modify-write.
  void changed() const noexcept {
    if (is_watched_.load(std::memory_order_seq_cst)) notify_all();
  }
  [[nodiscard]] bool is_watched() const noexcept { return is_watched_.load(std::memory_order_relaxed); }

 private:
  struct bucket {
    mutable std::mutex mutex;
    place* first = nullptr;
    std::uint64_t notifications = 0;
  };

  void link(bucket& b, place& p, waiter& who) const noexcept {
    p.who = &who;
    p.on = this;
    p.previous = nullptr;
    p.next = b.first;
    if (b.first != nullptr) b.first->previous = &p;
    b.first = &p;
  }
  static void unlink(bucket& b, place& p) noexcept {
    (p.previous != nullptr ? p.previous->next : b.first) = p.next;
    if (p.next != nullptr) p.next->previous = p.previous;
    p.on = nullptr;
  }
  HYPERACTOR_NOINLINE void notify_all() const noexcept {
    bucket& b = bucket_of(this);
    place* taken = nullptr;
    {
      std::lock_guard lock(b.mutex);
      is_watched_.store(false, std::memory_order_relaxed);  // under the lock, as in park
      ++b.notifications;
      for (place* p = b.first; p != nullptr;) {
        place* rest = p->next;
        if (p->on == this) {
          unlink(b, *p);
          p->next = taken;
          taken = p;
        }
        p = rest;
      }
    }
    while (taken != nullptr) {
      place* p = taken;
      taken = p->next;
      p->who->notify();  // the place may be gone afterwards
    }
  }
  static constexpr std::size_t bucket_count = 64;
  HYPERACTOR_SHARED static bucket& bucket_of(const void* key) noexcept {
    static bucket* const table = new bucket[bucket_count];  // never freed: waits may outlast static destruction
    return table[(reinterpret_cast<std::uintptr_t>(key) >> 6) % bucket_count];
  }

  mutable std::atomic<bool> is_watched_{false};
};

/// What a `watch<T>` looks at. Owner: the watched thing itself, kept alive by its watches.
template <class T> class watch_source : public watchable {
 public:
  [[nodiscard]] virtual T current() const = 0;
  virtual void retain() const noexcept = 0;
  virtual void release() const noexcept = 0;

 protected:
  ~watch_source() = default;
};

template <class T, class Predicate> struct watch_wait {
  intrusive_ptr<const watch_source<T>> source;
  Predicate predicate;
  watchable::place place{};

  watch_wait(intrusive_ptr<const watch_source<T>> s, Predicate p)
      : source(std::move(s)), predicate(std::forward<Predicate>(p)) {}
  watch_wait(watch_wait&& o) noexcept : source(std::move(o.source)), predicate(std::forward<Predicate>(o.predicate)) {}

  [[nodiscard]] std::optional<T> poll() {
    T now = source->current();
    if (predicate(std::as_const(now))) return now;
    return std::nullopt;
  }
  [[nodiscard]] bool arm(waiter& w) {
    const std::uint64_t announced = source->announce();
    if (predicate(source->current())) return false;
    return source->park_since(announced, place, w);  // the last access: another thread may end the wait from here on
  }
  [[nodiscard]] bool disarm(waiter&) { return source->unpark(place); }
  [[nodiscard]] T cancelled() { return source->current(); }
};

}  // namespace detail

/// The latest value of something that changes.
/// @threadsafe
template <class T> class watch {
 public:
  explicit watch(detail::intrusive_ptr<const detail::watch_source<T>> source) noexcept : source_(std::move(source)) {}

  /// The value now.
  [[nodiscard]] T get() const { return source_->current(); }

  /// Blocks until the value satisfies the predicate.
  /// @returns false when `timeout` passed first
  /// @errors throws `misuse_error` on a runtime thread
  template <class Predicate, class Rep, class Period>
  bool wait_for(Predicate predicate, std::chrono::duration<Rep, Period> timeout) const {
    detail::require_blocking_allowed("wait_for", "async_wait");
    T now = source_->current();
    return wait_until(predicate, detail::deadline_after(timeout), now);
  }
  /// Blocks until the value satisfies the predicate, and returns it.
  /// @errors throws `misuse_error` on a runtime thread
  template <class Predicate> T wait(Predicate predicate) const {
    detail::require_blocking_allowed("wait", "async_wait");
    T now = source_->current();
    (void)wait_until(predicate, detail::no_deadline, now);
    return now;
  }
  /// As `wait_for`, for the library: allowed on any thread.
  template <class Predicate> bool wait_until_deadline(Predicate predicate, detail::steady_time deadline) const {
    T now = source_->current();
    return wait_until(predicate, deadline, now);
  }
  /// Completes with the first value that satisfies the predicate; token of signature `void(T)`. A cancelled wait
  /// completes with the value of that moment.
  template <class Predicate, class CompletionToken = asio::use_awaitable_t<>>
  [[nodiscard]] auto async_wait(Predicate predicate, CompletionToken&& token = {}) const {
    return detail::async_wait_for<T>(detail::watch_wait<T, Predicate>{source_, std::move(predicate)},
                                     std::forward<CompletionToken>(token));
  }

 private:
  /// `now` is the current value, and afterwards the one that was judged last.
  template <class Predicate> bool wait_until(Predicate& predicate, detail::steady_time deadline, T& now) const {
    detail::watchable::place place;
    detail::thread_waiter self;
    for (;;) {
      if (predicate(std::as_const(now))) return true;
      self.reset();
      source_->park(place, self);
      now = source_->current();
      const bool is_satisfied = predicate(std::as_const(now));
      if (!is_satisfied && self.wait(deadline)) {
        now = source_->current();
        continue;
      }
      // a notification that is on its way still needs the place and this waiter
      if (!source_->unpark(place)) self.wait_for_notifier();
      if (is_satisfied) return true;
      now = source_->current();
      return predicate(std::as_const(now));
    }
  }

  detail::intrusive_ptr<const detail::watch_source<T>> source_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_BASE_WATCH_HPP
