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
#include <hyperactor/actor/spawnable.hpp>

namespace hyperactor::inline v0 {

namespace detail {

template <class A> consteval void explain_nothing_exported() {
  static_assert(has_exports<A>,
                "hyperactor: A exports no messages, so an actor_ref<A> could send none; write 'using exports = "
                "hyperactor::exports<Message, ...>;' in A, or bind a behaviour: bind<B>()");
}

template <class A, class B> consteval bool is_bindable() {
  if constexpr (!behaves<A, B>) {
    return false;
  } else {
    return check_remote_list<messages_in<B>>();
  }
}
template <class A, class B> consteval void explain_bind() {
  if constexpr (!behaves<A, B>) {
    (void)explain_behaves<A, B>();
  } else {
    explain_remote_list<B, messages_in<B>>();
  }
}

}  // namespace detail

template <class A> actor_ref<A> actor_handle<A>::bind() const {
  if constexpr (detail::has_exports<A> && detail::check_exports<A>()) {
    detail::use_actor_remote_half();
    core_->number_senders(&detail::next_sequence);
    return actor_ref<A>(core_->addr(), core_,
                        detail::slot_map<A, detail::messages_in<typename A::exports>>::value.data());
  } else {
    if constexpr (!detail::has_exports<A>) {
      detail::explain_nothing_exported<A>();
    } else {
      detail::explain_exports<A>();
    }
    return actor_ref<A>::attest(core_->addr());
  }
}

template <class A> template <class B> actor_ref<B> actor_handle<A>::bind() const {
  if constexpr (!detail::is_bindable<A, B>()) {
    detail::explain_bind<A, B>();
    return actor_ref<B>::attest(core_->addr());
  } else {
    using messages = detail::messages_in<B>;
    detail::use_actor_remote_half();
    core_->number_senders(&detail::next_sequence);
    core_->add_remote_table(detail::remote_table_of<A, messages>);
    return actor_ref<B>(core_->addr(), core_, detail::slot_map<A, messages>::value.data());
  }
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_BIND_HPP
