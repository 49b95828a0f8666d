// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_HANDLERS_HPP
#define HYPERACTOR_ACTOR_HANDLERS_HPP

/// @file
/// The typelists of an actor: `using handlers = ha::handlers<add, get>;` is what it handles, `exports` what
/// `actor_ref<A>` may send. To Boost.Hana each is a sequence of `hana::type`s, equal to `hana::tuple_t<...>` of the
/// same messages in the same order.
///
/// [HDL-1] Lookups of the library cost a constant number of instantiations; the Hana view is made when it is used.

#include <hyperactor/base/type_list.hpp>

#include <boost/hana/fwd/core/make.hpp>
#include <boost/hana/fwd/tuple.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>
#include <cstddef>
#include <type_traits>

namespace hyperactor::inline v0 {

namespace detail {

/// Base of `handlers`, `exports` and `behavior`: what they have in common for Hana.
struct message_list_base {};

/// The messages of a list, as the library's own typelist.
template <class L>
using messages_in = typename L::messages;

template <class M, class L>
inline constexpr std::size_t message_index = not_found;
template <class M, class... Ms>
inline constexpr std::size_t message_index<M, type_list<Ms...>> = index_of<M, Ms...>;

template <class L>
inline constexpr std::size_t message_count = messages_in<L>::size;

template <class... Ms>
inline constexpr bool all_distinct = ((index_of<Ms, Ms...> != not_found) && ...);

/// One sentence per mistake in a list of messages.
template <class... Ms>
consteval bool explain_message_list() {
  static_assert((!std::is_reference_v<Ms> && ...),
                "hyperactor: a message list holds a reference type; name the message itself, without '&'");
  static_assert((!std::is_const_v<std::remove_reference_t<Ms>> && ...),
                "hyperactor: a message list holds a const type; name the message itself, without 'const'");
  static_assert(all_distinct<Ms...>, "hyperactor: a message list names a message twice; name each message once");
  return true;
}

}  // namespace detail

/// What an actor handles: `using handlers = ha::handlers<add, get>;`.
template <class... Messages>
struct handlers : detail::message_list_base {
  using messages = detail::type_list<Messages...>;
};

/// Which of its messages `actor_ref<A>` may send: `using exports = ha::exports<add, get>;`.
template <class... Messages>
struct exports : detail::message_list_base {
  using messages = detail::type_list<Messages...>;
};

namespace detail {

template <class L>
struct hana_view;
template <class... Ms>
struct hana_view<type_list<Ms...>> {
  static constexpr auto value = boost::hana::tuple_t<Ms...>;
};

template <class T>
concept message_list = std::is_base_of_v<message_list_base, T>;

/// The list that `messages_of<T>` shows: a list itself, or an actor's handlers.
template <class T>
struct listed_messages {
  using type = typename T::handlers::messages;
};
template <message_list T>
struct listed_messages<T> {
  using type = typename T::messages;
};

}  // namespace detail

/// The messages of an actor (all it handles), a behaviour or a list, as a Hana tuple of types.
template <class T>
inline constexpr auto messages_of = detail::hana_view<typename detail::listed_messages<T>::type>::value;

}  // namespace hyperactor::inline v0

namespace boost::hana {

/// The lists are Hana sequences by way of their tuple of types.
template <hyperactor::detail::message_list L>
struct tag_of<L> {
  using type = hyperactor::detail::message_list_base;
};
template <>
struct Sequence<hyperactor::detail::message_list_base> {
  static constexpr bool value = true;
};
template <>
struct make_impl<hyperactor::detail::message_list_base> {
  template <class... Ts>
  static constexpr auto apply(const Ts&...) {
    return hyperactor::handlers<typename Ts::type...>{};
  }
};
template <>
struct at_impl<hyperactor::detail::message_list_base> {
  template <class L, class N>
  static constexpr auto apply(const L&, const N& n) {
    return boost::hana::at(hyperactor::messages_of<L>, n);
  }
};
template <>
struct length_impl<hyperactor::detail::message_list_base> {
  template <class L>
  static constexpr auto apply(const L&) {
    return boost::hana::length(hyperactor::messages_of<L>);
  }
};
template <>
struct unpack_impl<hyperactor::detail::message_list_base> {
  template <class L, class F>
  static constexpr decltype(auto) apply(const L&, F&& f) {
    return boost::hana::unpack(hyperactor::messages_of<std::remove_cvref_t<L>>, static_cast<F&&>(f));
  }
};
template <>
struct is_empty_impl<hyperactor::detail::message_list_base> {
  template <class L>
  static constexpr auto apply(const L&) {
    return boost::hana::bool_c<hyperactor::detail::message_count<L> == 0>;
  }
};
template <>
struct drop_front_impl<hyperactor::detail::message_list_base> {
  template <class L, class N>
  static constexpr auto apply(const L&, const N& n) {
    return boost::hana::drop_front(hyperactor::messages_of<std::remove_cvref_t<L>>, n);
  }
};

}  // namespace boost::hana

#endif  // HYPERACTOR_ACTOR_HANDLERS_HPP
