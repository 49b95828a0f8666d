// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_REMOTE_ENTRIES_HPP
#define HYPERACTOR_ACTOR_REMOTE_ENTRIES_HPP

/// @file
/// Static tables from type hash to decode-and-dispatch: by them serialized messages find their handler.
///
/// [RTB-1] A table is built at compile time, sorted by hash; two messages with one wire name are an error.

#include <hyperactor/actor/behavior.hpp>
#include <hyperactor/actor/actor_core.hpp>
#include <hyperactor/wire/any_value.hpp>
#include <hyperactor/wire/remote_message.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace hyperactor::inline v0::detail {

template <class M>
result<message_node*> decode_message(message_envelope& envelope) {
  auto value = envelope.as<M>();
  if (!value) return value.error();
  return static_cast<message_node*>(typed_message<M>::make(std::move(*value)));
}
template <class M>
result<any_value> encode_message(message_node& n) {
  return any_value::encode(static_cast<typed_message<M>&>(n).value);
}

template <class A, class M, class N>
struct has_distinct_wire_names {
  static_assert(wire_name<M> != wire_name<N>,
                "hyperactor: messages M and N of actor A have the same wire name; pin another name for one of them with "
                "HYPERACTOR_NAMED, or export only one");
};
/// Position of another message with the name of message \`I\`, or \`not_found\`.
template <std::size_t I, class... Ms>
consteval std::size_t same_name_as() {
  constexpr std::array<std::string_view, sizeof...(Ms)> names{wire_name<Ms>...};
  for (std::size_t j = 0; j < I; ++j) {
    if (names[j] == names[I]) return j;
  }
  return not_found;
}
template <class A, std::size_t I, class... Ms>
consteval bool explain_distinct_name() {
  if constexpr (constexpr std::size_t j = same_name_as<I, Ms...>(); j != not_found) {
    (void)sizeof(has_distinct_wire_names<A, type_at<j, Ms...>, type_at<I, Ms...>>);
    return false;
  }
  return true;
}
/// Two messages with one wire name are an error that names both ([RTB-1]).
template <class A, class... Ms>
consteval bool explain_distinct_names(type_list<Ms...>) {
  return []<std::size_t... Is>(std::index_sequence<Is...>) {
    return (explain_distinct_name<A, Is, Ms...>() && ...);
  }(std::index_sequence_for<Ms...>());
}

template <class A, class L>
struct remote_entries;
template <class A, class... Ms>
struct remote_entries<A, type_list<Ms...>> {
  static constexpr auto value = [] {
    std::array<remote_entry, sizeof...(Ms) + 1> out{
        remote_entry{type_hash<Ms>, static_cast<std::uint32_t>(message_index<Ms, messages_in<typename A::handlers>>),
                     &decode_message<Ms>, &encode_message<Ms>}...,
        remote_entry{~std::uint64_t{0}, 0, nullptr, nullptr}};
    std::sort(out.begin(), out.end() - 1,
              [](const remote_entry& a, const remote_entry& b) { return a.type_hash < b.type_hash; });
    return out;
  }();
};

/// The table of the messages `L`, each of which `A` handles and which can travel.
template <class A, class L>
inline constexpr remote_table remote_table_of{remote_entries<A, L>::value.data(), L::size};

template <class... Ms>
consteval bool explain_all_travel(type_list<Ms...>) {
  (explain_remote_message<Ms>(), ...);
  return (remote_message<Ms> && ...);
}

/// Slots of `A`'s handlers in the order of the messages `L`.
template <class A, class L>
struct slot_map;
template <class A, class... Ms>
struct slot_map<A, type_list<Ms...>> {
  static constexpr std::array<std::uint32_t, sizeof...(Ms) + 1> value{
      static_cast<std::uint32_t>(message_index<Ms, messages_in<typename A::handlers>>)..., 0};
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ACTOR_REMOTE_ENTRIES_HPP
