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

#include <type_traits>

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

/// A type that can be spawned, with what it is constructed from.
template <class A, class... Args>
concept spawnable = actor<A> && check_exports<A>() && std::is_constructible_v<A, Args...>;

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

template <class A, class... Args> consteval void explain_construction() {
  if constexpr (sizeof...(Args) == 1 && (std::is_same_v<A, std::remove_cvref_t<Args>> && ...)) {
    static_assert(std::is_constructible_v<A, Args...>,
                  "hyperactor: actor A can be neither moved nor copied; construct it in place: "
                  "proc.spawn<A>(hyperactor::in_place, "
                  "arguments...), or keep the member that cannot be moved in a std::unique_ptr");
  } else {
    static_assert(std::is_constructible_v<A, Args...>,
                  "hyperactor: actor A cannot be constructed from Args, or not be destroyed; pass arguments that a "
                  "public constructor of A takes, and give A a public destructor");
  }
}

/// Says in one error why `A` cannot be spawned.
template <class A, class... Args> consteval void explain_spawn() {
  if constexpr (!actor<A>) {
    explain_actor<A>();
  } else if constexpr (!check_exports<A>()) {
    explain_exports<A>();
  } else {
    explain_construction<A, Args...>();
  }
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ACTOR_SPAWNABLE_HPP
