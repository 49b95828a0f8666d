// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_SIGNAL_HPP
#define HYPERACTOR_ACTOR_SIGNAL_HPP

/// @file
/// What stands in an actor's system queue: it never waits behind messages.

#include <hyperactor/base/block_pool.hpp>
#include <hyperactor/base/turn.hpp>

#include <cstdint>
#include <new>
#include <string>
#include <utility>

namespace hyperactor::inline v0::detail {

class actor_core;

enum class signal_kind : std::uint8_t {
  stop,
  drain_and_stop,
  kill,
  shut_down,  // a stop that also cancels what a handler awaits: the runtime ends
  child_ended
};

/// A signal as a task of the actor's turn: one pooled block.
struct signal final : turn_task {
  signal(signal_kind k, std::string text) noexcept : turn_task(&signal::act_on), reason(std::move(text)), kind(k) {}

  std::string reason;           // of stop, drain_and_stop, kill
  actor_core* child = nullptr;  // of child_ended: an owned reference
  signal_kind kind;

  [[nodiscard]] static signal& make(signal_kind k, std::string text) {
    return *::new (block_pool::allocate<sizeof(signal)>()) signal(k, std::move(text));
  }
  static void destroy(signal& s) noexcept {
    s.~signal();
    block_pool::deallocate<sizeof(signal)>(&s);
  }
  static void act_on(turn_task& task, turn_runner* runner);
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ACTOR_SIGNAL_HPP
