// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_SPAWNABLE_HPP
#define HYPERACTOR_ACTOR_SPAWNABLE_HPP

/// @file
/// What `spawn` asks of a type: that it is an actor, and that other processes can send what it exports.
///
/// [SPW-1] A mistake is one error at the call of spawn; nothing behind it is instantiated.

#include <hyperactor/actor/concepts.hpp>
#include <hyperactor/actor/remote_entries.hpp>

namespace hyperactor::inline v0::detail {

/// Whether `A` has no exports, or handles them all and they can travel.
template <class A> consteval bool check_exports() {
  if constexpr (!has_handlers<A>) {
    return false;
  } else if constexpr (!has_exports<A>) {
    return true;
  } else if constexpr (!is_part_of<messages_in<typename A::exports>, messages_in<typename A::handlers>>) {
    return false;
  } else {
    return check_remote_list<messages_in<typename A::exports>>();
  }
}

/// A type that can be spawned.
template <class A>
concept spawnable = actor<A> && check_exports<A>();

template <class A, class... M> consteval void explain_unhandled_exports(type_list<M...>) {
  static_assert(
      sizeof...(M) == 0,
      "hyperactor: A exports message M but does not handle it; add each M that is named beside A in the notes to "
      "A::handlers, or take it out of A::exports");
}

/// Says in one error what is wrong with `A::exports`.
template <class A> consteval void explain_exports() {
  if constexpr (!has_handlers<A>) {
    explain_no_handlers<A>();
  } else {
    using exported = messages_in<typename A::exports>;
    using handled = messages_in<typename A::handlers>;
    if constexpr (!is_good_list<exported>) {
      explain_list<A>(exported{});
    } else if constexpr (!is_part_of<exported, handled>) {
      explain_unhandled_exports<A>(missing_messages<exported, handled>{});
    } else {
      explain_remote_list<A, exported>();
    }
  }
}

/// Says in one error why `A` cannot be spawned.
template <class A> consteval void explain_spawn() {
  if constexpr (!actor<A>) {
    explain_actor<A>();
  } else if constexpr (!check_exports<A>()) {
    explain_exports<A>();
  }
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ACTOR_SPAWNABLE_HPP
