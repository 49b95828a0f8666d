// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_BIND_HPP
#define HYPERACTOR_ACTOR_BIND_HPP

/// @file
/// `handle.bind()` and `handle.bind<B>()`: from a handle to a reference.

#include <hyperactor/actor/actor_handle.hpp>
#include <hyperactor/actor/actor_ref.hpp>
#include <hyperactor/actor/concepts.hpp>
#include <hyperactor/actor/remote_entries.hpp>
#include <hyperactor/actor/remote_half.hpp>

namespace hyperactor::inline v0 {

namespace detail {

template <class A>
struct has_exports_to_bind {
  static_assert(has_exports<A>,
                "hyperactor: A exports no messages, so an actor_ref<A> could send none; write 'using exports = "
                "hyperactor::exports<Message, ...>;' in A, or bind a behaviour: bind<B>()");
  static constexpr bool value = has_exports<A>;
};

/// What `spawn` and `bind` check of an actor's exports.
template <class A>
consteval bool explain_exports() {
  if constexpr (has_exports<A>) {
    using exported = messages_in<typename A::exports>;
    using unhandled = missing_messages<exported, messages_in<typename A::handlers>>;
    if constexpr (!explain_list(exported{})) {
      return false;
    } else if constexpr (!std::is_same_v<unhandled, type_list<>>) {
      (void)sizeof(exports_what_it_handles_of<A, unhandled>);
      return false;
    } else if constexpr (!explain_all_travel(exported{})) {
      return false;
    } else {
      return explain_distinct_names<A>(exported{});
    }
  }
  return true;
}

}  // namespace detail

template <class A>
actor_ref<A> actor_handle<A>::bind() const {
  if constexpr (detail::has_exports_to_bind<A>::value) {
    if constexpr (detail::explain_exports<A>()) {
      detail::use_actor_remote_half();
      core_->mark_bound();
      return actor_ref<A>(core_->addr(), core_, detail::slot_map<A, detail::messages_in<typename A::exports>>::value.data());
    }
  }
  return actor_ref<A>::attest(core_->addr());
}

template <class A>
template <class B>
actor_ref<B> actor_handle<A>::bind() const {
  constexpr bool good = detail::explain_behaves<A, B>();
  if constexpr (good && behaves<A, B>) {
    using messages = detail::messages_in<B>;
    if constexpr (detail::explain_all_travel(messages{})) {
      detail::use_actor_remote_half();
      core_->mark_bound();
      core_->add_remote_table(detail::remote_table_of<A, messages>);
      return actor_ref<B>(core_->addr(), core_, detail::slot_map<A, messages>::value.data());
    }
  }
  return actor_ref<B>::attest(core_->addr());
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_BIND_HPP
