// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_DETAIL_SIGNAL_HPP
#define HYPERACTOR_ACTOR_DETAIL_SIGNAL_HPP

/// @file
/// What stands in an actor's system queue: it never waits behind messages.

#include <hyperactor/actor/supervision_event.hpp>
#include <hyperactor/base/block_pool.hpp>
#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/unique_function.hpp>

#include <optional>
#include <string>
#include <utility>

namespace hyperactor::inline v0::detail {

class actor_core;

enum class signal_kind : std::uint8_t { stop, drain_and_stop, kill, child_ended, task };

/// One pooled block. Owner: the sender until it is queued, then the actor.
struct signal {
  explicit signal(signal_kind k) noexcept : kind(k) {}
  signal(signal_kind k, std::string text) noexcept : reason(std::move(text)), kind(k) {}

  signal* next = nullptr;
  std::string reason;                    // of stop, drain_and_stop, kill
  actor_core* child = nullptr;           // of child_ended: an owned reference
  unique_function<void()> task;          // of task
  signal_kind kind;

  template <class... Args>
  [[nodiscard]] static signal* make(Args&&... args) {
    return ::new (block_pool::allocate<sizeof(signal)>()) signal(std::forward<Args>(args)...);
  }
  static void destroy(signal* s) noexcept {
    s->~signal();
    block_pool::deallocate<sizeof(signal)>(s);
  }
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ACTOR_DETAIL_SIGNAL_HPP
