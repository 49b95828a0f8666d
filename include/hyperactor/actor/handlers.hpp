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

#include <array>
#include <boost/hana/fwd/core/make.hpp>
#include <boost/hana/fwd/tuple.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>
#include <cstddef>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

/// Base of `handlers`, `exports` and `behavior`: what they have in common for Hana.
struct message_list_base {};

/// The messages of a list, as the library's own typelist.
template <class L> using messages_in = typename L::messages;

template <class M, class L> inline constexpr std::size_t message_index = not_found;
template <class M, class... Ms> inline constexpr std::size_t message_index<M, type_list<Ms...>> = index_of<M, Ms...>;

template <class L> inline constexpr std::size_t message_count = messages_in<L>::size;

/// Whether all of these hold: unlike a fold, for lists of any length (clang folds over 256 at most).
consteval bool all_of(std::initializer_list<bool> values) {
  for (const bool value : values) {
    if (!value) return false;
  }
  return true;
}

template <class... Ms> inline constexpr bool all_distinct = all_of({index_of<Ms, Ms...> != not_found...});

template <class L, bool... Keep> struct pick_from;
template <class... Ms, bool... Keep> struct pick_from<type_list<Ms...>, Keep...> {
  static constexpr std::size_t count = [] {
    std::size_t n = 0;
    for (const bool keep : std::initializer_list<bool>{Keep...}) n += keep ? 1 : 0;
    return n;
  }();
  static constexpr auto positions = [] {
    constexpr bool keep[] = {Keep..., false};
    std::array<std::size_t, count + 1> out{};
    std::size_t n = 0;
    for (std::size_t i = 0; i < sizeof...(Ms); ++i) {
      if (keep[i]) out[n++] = i;
    }
    return out;
  }();
  // by index: a list with a mistake may name a type twice
  template <std::size_t I>
  using nth = typename decltype(find_type<I>(
      static_cast<const index_map<std::index_sequence_for<Ms...>, Ms...>*>(nullptr)))::type;
  template <std::size_t... Is> static auto at(std::index_sequence<Is...>) -> type_list<nth<positions[Is]>...>;
  using type = decltype(at(std::make_index_sequence<count>()));
};
/// The types of list `L` whose flag is set. No recursion.
template <class L, bool... Keep> using pick = typename pick_from<L, Keep...>::type;

/// A type whose values can be sent.
template <class M>
inline constexpr bool is_message_type =
    std::is_object_v<M> && !std::is_const_v<M> && !std::is_volatile_v<M> && !std::is_array_v<M>;

template <class L> inline constexpr bool is_good_list = false;
template <class... Ms>
inline constexpr bool is_good_list<type_list<Ms...>> = all_of({is_message_type<Ms>...}) && all_distinct<Ms...>;

/// What is wrong with message `M` in the list of `Owner`.
template <class Owner, class M> consteval void explain_listed() {
  if constexpr (std::is_reference_v<M>) {
    static_assert(!std::is_reference_v<M>,
                  "hyperactor: M is a reference in a list of messages; name the message itself, without '&'");
  } else if constexpr (std::is_const_v<M> || std::is_volatile_v<M>) {
    static_assert(is_message_type<M>,
                  "hyperactor: M is const or volatile in a list of messages; name the message itself, without 'const'");
  } else if constexpr (!is_message_type<M>) {
    static_assert(
        is_message_type<M>,
        "hyperactor: M in a list of messages is not a type of values; list structs, std::string, numbers, ...");
  } else {
    static_assert(!std::is_same_v<M, M>, "hyperactor: M stands twice in a list of messages; name each message once");
  }
}
template <class Owner, class M, class... Ms> consteval void explain_bad_messages(type_list<M, Ms...>) {
  explain_listed<Owner, M>();
}
/// One sentence for the first mistake in a list of messages.
template <class Owner, class... Ms> consteval void explain_list(type_list<Ms...>) {
  explain_bad_messages<Owner>(pick<type_list<Ms...>, (!is_message_type<Ms> || index_of<Ms, Ms...> == not_found)...>{});
}

}  // namespace detail

/// What an actor handles: `using handlers = ha::handlers<add, get>;`.
template <class... Messages> struct handlers : detail::message_list_base {
  using messages = detail::type_list<Messages...>;
};

/// Which of its messages `actor_ref<A>` may send: `using exports = ha::exports<add, get>;`.
template <class... Messages> struct exports : detail::message_list_base {
  using messages = detail::type_list<Messages...>;
};

namespace detail {

template <class L> struct hana_view;
template <class... Ms> struct hana_view<type_list<Ms...>> {
  static constexpr auto value = boost::hana::tuple_t<Ms...>;
};

template <class T>
concept message_list = std::is_base_of_v<message_list_base, T>;

/// The list that `messages_of<T>` shows: a list itself, or an actor's handlers.
template <class T> struct listed_messages {
  using type = typename T::handlers::messages;
};
template <message_list T> struct listed_messages<T> {
  using type = typename T::messages;
};

}  // namespace detail

/// The messages of an actor (all it handles), a behaviour or a list, as a Hana tuple of types.
template <class T>
inline constexpr auto messages_of = detail::hana_view<typename detail::listed_messages<T>::type>::value;

}  // namespace hyperactor::inline v0

namespace boost::hana {

/// The lists are Hana sequences by way of their tuple of types.
template <hyperactor::detail::message_list L> struct tag_of<L> {
  using type = hyperactor::detail::message_list_base;
};
template <> struct Sequence<hyperactor::detail::message_list_base> {
  static constexpr bool value = true;
};
template <> struct make_impl<hyperactor::detail::message_list_base> {
  template <class... Ts> static constexpr auto apply(const Ts&...) {
    return hyperactor::handlers<typename Ts::type...>{};
  }
};
template <> struct at_impl<hyperactor::detail::message_list_base> {
  template <class L, class N> static constexpr auto apply(const L&, const N& n) {
    return boost::hana::at(hyperactor::messages_of<L>, n);
  }
};
template <> struct length_impl<hyperactor::detail::message_list_base> {
  template <class L> static constexpr auto apply(const L&) { return boost::hana::length(hyperactor::messages_of<L>); }
};
template <> struct unpack_impl<hyperactor::detail::message_list_base> {
  template <class L, class F> static constexpr decltype(auto) apply(const L&, F&& f) {
    return boost::hana::unpack(hyperactor::messages_of<std::remove_cvref_t<L>>, static_cast<F&&>(f));
  }
};
template <> struct is_empty_impl<hyperactor::detail::message_list_base> {
  template <class L> static constexpr auto apply(const L&) {
    return boost::hana::bool_c < hyperactor::detail::message_count<L> == 0 > ;
  }
};
template <> struct drop_front_impl<hyperactor::detail::message_list_base> {
  template <class L, class N> static constexpr auto apply(const L&, const N& n) {
    return boost::hana::drop_front(hyperactor::messages_of<std::remove_cvref_t<L>>, n);
  }
};

}  // namespace boost::hana

#endif  // HYPERACTOR_ACTOR_HANDLERS_HPP
