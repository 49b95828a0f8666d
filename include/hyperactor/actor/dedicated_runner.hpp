// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_DEDICATED_RUNNER_HPP
#define HYPERACTOR_ACTOR_DEDICATED_RUNNER_HPP

/// @file
/// The thread of an actor that has one of its own.

#include <hyperactor/actor/actor_core.hpp>
#include <hyperactor/base/os_thread.hpp>
#include <hyperactor/base/waiter.hpp>
#include <hyperactor/mailbox/post_office.hpp>

#include <atomic>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Runs one actor's turns on its own thread, where handlers may block. The thread starts with the first turn, and ends
/// after the turn in which the actor became terminal; the object ends with it.
class dedicated_runner final : public scheduler {
 public:
  /// Owned by its thread from the first `schedule` on.
  [[nodiscard]] static dedicated_runner& make() { return *new dedicated_runner; }

  void schedule(schedulable& s) noexcept override {
    actor_ = &s;
    // release: the turn before; the thread takes the actor by this word
    if (word_.exchange(runnable, std::memory_order_acq_rel) == unstarted) {
      os_thread::start(&dedicated_runner::run, this, os_thread::signals::inherited).detach();
    } else {
      futex_wake(word_, 1);
    }
  }
  void yield(schedulable& s) noexcept override { schedule(s); }

 private:
  static constexpr std::uint32_t unstarted = 0;
  static constexpr std::uint32_t idle = 1;
  static constexpr std::uint32_t runnable = 2;

  static void* run(void* runner) {
    static_cast<dedicated_runner*>(runner)->work();
    return nullptr;
  }
  void work() noexcept {
    for (;;) {
      while (word_.load(std::memory_order_acquire) != runnable) futex_wait(word_, idle, no_deadline);
      word_.store(idle, std::memory_order_relaxed);
      auto& actor = static_cast<actor_core&>(*actor_);
      actor.retain();  // the turn may be the last one
      actor.run_turn();
      const bool ended = actor.is_terminal();
      actor.release();
      if (ended) break;
    }
    delete this;
  }

  std::atomic<std::uint32_t> word_{unstarted};
  schedulable* actor_ = nullptr;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ACTOR_DEDICATED_RUNNER_HPP
