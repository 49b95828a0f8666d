// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_ONCE_STATE_HPP
#define HYPERACTOR_MAILBOX_ONCE_STATE_HPP

/// @file
/// What the two ends of a once port share: one pooled block with room for the value.
///
/// [ONC-1] The state completes exactly once: by a value, or by the reason why there is none.
/// [ONC-2] A local once port has no name and no entry anywhere; both are made when it is serialized.

#include <hyperactor/base/block_pool.hpp>
#include <hyperactor/base/result.hpp>
#include <hyperactor/base/waiter.hpp>
#include <hyperactor/mailbox/error.hpp>
#include <hyperactor/mailbox/sender.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Replies that came for receivers that had given up. Counted, never reported.
HYPERACTOR_SHARED inline constinit std::atomic<std::uint64_t> late_replies{0};

/// Non-template half. Owner: the receiver and whoever has to answer, one reference each.
class once_core {
 public:
  void retain() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() noexcept {
    // acquire: the last owner sees what the other wrote; nobody else can take a reference then. acq_rel otherwise.
    if (references_.load(std::memory_order_acquire) == 1 || references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      destroy_(this);
    }
  }

  /// Completes without a value. The first completion counts.
  void fail(error reason) noexcept {
    ::new (static_cast<void*>(&error_)) error(std::move(reason));
    finish(failed_bit);
  }
  [[nodiscard]] bool is_abandoned() const noexcept { return (state_.load(std::memory_order_acquire) & gone_bit) != 0; }
  /// The receiver gave up.
  void abandon() noexcept { state_.fetch_or(gone_bit, std::memory_order_acq_rel); }

  [[nodiscard]] bool arm(waiter& w) noexcept {
    waiter_ = &w;
    std::uint8_t expected = 0;
    // release: the waiter; acquire: a completion that came meanwhile
    return state_.compare_exchange_strong(expected, waiting_bit, std::memory_order_acq_rel, std::memory_order_acquire);
  }
  [[nodiscard]] bool disarm(waiter&) noexcept {
    std::uint8_t expected = waiting_bit;
    return state_.compare_exchange_strong(expected, 0, std::memory_order_acq_rel, std::memory_order_acquire);
  }

  /// Session word of the instance that waits; finds it when the port must be reachable from elsewhere.
  std::uint64_t owner = 0;
  /// Link of the list of ports that the running handler dropped.
  once_core* next_dropped = nullptr;

 protected:
  static constexpr std::uint8_t waiting_bit = 1;
  static constexpr std::uint8_t value_bit = 2;
  static constexpr std::uint8_t failed_bit = 4;
  static constexpr std::uint8_t gone_bit = 8;

  explicit once_core(void (*destroy)(once_core*) noexcept) noexcept : destroy_(destroy) {}
  ~once_core() {}

  void finish(std::uint8_t how) noexcept {
    // release: the value; acquire: the waiter
    const std::uint8_t old = state_.fetch_or(how, std::memory_order_acq_rel);
    if (old & gone_bit) late_replies.fetch_add(1, std::memory_order_relaxed);
    if (old & waiting_bit) waiter_->notify();
  }

  std::atomic<std::uint32_t> references_{2};
  std::atomic<std::uint8_t> state_{0};
  bool is_taken_ = false;  // the receiver's
  waiter* waiter_ = nullptr;
  void (*destroy_)(once_core*) noexcept;
  union {
    error error_;  // valid with failed_bit
  };
};

/// Ports that were dropped unanswered by the handler that runs on this thread, until it is known how it ends, and how
/// to complete them then: a program without replies does not know.
struct dropped_replies {
  once_core* first;
  /// `text` says who dropped them and how.
  void (*settle)(const std::string& text) noexcept;
};
inline constinit thread_local dropped_replies dropped_by_handler{nullptr, nullptr};

HYPERACTOR_COLD inline void fail_dropped(once_core* c, const std::string& text) noexcept {
  c->fail(error(mailbox_error::reply_dropped, text));
  c->release();
}

/// Completes what the handler dropped.
HYPERACTOR_COLD inline void settle_dropped(const std::string& text) noexcept {
  while (once_core* c = dropped_by_handler.first) {
    dropped_by_handler.first = c->next_dropped;
    fail_dropped(c, text);
  }
}

/// The handler that runs is about to wait for a reply, which may be one that it dropped itself.
HYPERACTOR_COLD inline void settle_dropped_before_wait() {
  settle_dropped("actor " + current_instance->addr().to_string() + " dropped the reply port without an answer");
}

template <class R> class once_state final : public once_core {
 public:
  /// Owned by both ends.
  [[nodiscard]] static once_state* make(std::uint64_t owner) {
    auto* s = ::new (block_pool::allocate<sizeof(once_state)>()) once_state;
    s->owner = owner;
    return s;
  }

  template <class Arg> void complete(Arg&& arg) {
    ::new (static_cast<void*>(std::addressof(value_))) R(static_cast<R>(std::forward<Arg>(arg)));
    finish(value_bit);
  }
  /// The outcome, where it is there; once.
  [[nodiscard]] std::optional<result<R>> poll() {
    const std::uint8_t s = state_.load(std::memory_order_acquire);
    if (is_taken_) return failed(mailbox_error::closed);
    if ((s & (value_bit | failed_bit)) == 0) return std::nullopt;
    is_taken_ = true;
    if (s & failed_bit) return failed(error_);
    return result<R>(boost::system::in_place_value, std::move(value_));
  }
  [[nodiscard]] result<R> wait_until(steady_time deadline) {
    if (dropped_by_handler.first != nullptr && current_instance != nullptr) [[unlikely]] {
      settle_dropped_before_wait();
    }
    for (;;) {
      if (auto outcome = poll()) return std::move(*outcome);
      thread_waiter self;
      if (!arm(self)) continue;
      if (self.wait(deadline)) continue;
      if (!disarm(self)) {
        self.wait_for_notifier();
        continue;
      }
      if (auto outcome = poll()) return std::move(*outcome);
      return failed(mailbox_error::timed_out);
    }
  }
  /// Also where an `R` can be made of an error: `bool` and `any` can.
  [[nodiscard]] static result<R> failed(error why) { return result<R>(boost::system::in_place_error, std::move(why)); }

 private:
  once_state() noexcept
      : once_core([](once_core* c) noexcept {
          auto* self = static_cast<once_state*>(c);
          const std::uint8_t s = self->state_.load(std::memory_order_relaxed);
          if (s & failed_bit) self->error_.~error();
          if (s & value_bit) self->value_.~R();
          self->~once_state();
          block_pool::deallocate<sizeof(once_state)>(self);
        }) {}
  ~once_state() {}

  union {
    R value_;
  };
};

/// The end that has to answer goes without an answer. Takes over its reference.
HYPERACTOR_COLD inline void drop_unanswered(once_core* c) noexcept {
  if (current_drop_reason != nullptr) {
    c->fail(error(current_drop_reason->code, current_drop_reason->text(current_drop_reason->of)));
    c->release();
  } else if (current_instance != nullptr) {
    c->next_dropped = dropped_by_handler.first;
    dropped_by_handler = {c, &settle_dropped};
  } else {
    c->fail(mailbox_error::reply_dropped);
    c->release();
  }
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_ONCE_STATE_HPP
