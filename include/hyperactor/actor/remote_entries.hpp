// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_REMOTE_ENTRIES_HPP
#define HYPERACTOR_ACTOR_REMOTE_ENTRIES_HPP

/// @file
/// Static tables from type hash to decode-and-dispatch: by them serialized messages find their handler.
///
/// [RTB-1] A table is built at compile time, sorted by hash; two messages with one wire name are an error.

#include <hyperactor/actor/actor_core.hpp>
#include <hyperactor/actor/behavior.hpp>
#include <hyperactor/base/sort.hpp>
#include <hyperactor/wire/any_value.hpp>
#include <hyperactor/wire/remote_message.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0::detail {

template <class M> message_node* decode_message(message_envelope& envelope) {
  message_node* out = nullptr;
  (void)envelope.consume<M>([&](M&& value) { out = typed_message<M>::make(std::move(value)); });
  return out;
}
template <class M> bool encode_message(message_node& n, any_value& out) {
  auto data = any_value::encode(static_cast<typed_message<M>&>(n).value);
  if (data) out = std::move(*data);
  return data.has_value();
}

template <class A, class L> struct remote_entries;
template <class A, class... Ms> struct remote_entries<A, type_list<Ms...>> {
  static constexpr auto value = [] {
    std::array<remote_entry, sizeof...(Ms) + 1> out{
        remote_entry{type_hash<Ms>, static_cast<std::uint32_t>(message_index<Ms, messages_in<typename A::handlers>>),
                     &decode_message<Ms>, &encode_message<Ms>}...,
        remote_entry{~std::uint64_t{0}, 0, nullptr, nullptr}};
    sort_range(out.data(), sizeof...(Ms),
               [](const remote_entry& a, const remote_entry& b) { return a.type_hash < b.type_hash; });
    return out;
  }();
};

/// The table of the messages `L`, each of which `A` handles and which can travel.
template <class A, class L> inline constexpr remote_table remote_table_of{remote_entries<A, L>::value.data(), L::size};

/// Slots of `A`'s handlers in the order of the messages `L`.
template <class A, class L> struct slot_map;
template <class A, class... Ms> struct slot_map<A, type_list<Ms...>> {
  static constexpr std::array<std::uint32_t, sizeof...(Ms) + 1> value{
      static_cast<std::uint32_t>(message_index<Ms, messages_in<typename A::handlers>>)..., 0};
};

// ---- which messages can have entries

template <class L> inline constexpr bool do_all_travel = false;
template <class... Ms> inline constexpr bool do_all_travel<type_list<Ms...>> = all_of({remote_message<Ms>...});

/// Whether no two messages have one wire name ([RTB-1]).
template <class... Ms> consteval bool check_distinct_names(type_list<Ms...>) {
  std::array<std::uint64_t, sizeof...(Ms) + 1> hashes{type_hash<Ms>..., 0};
  sort_range(hashes.data(), sizeof...(Ms), [](std::uint64_t a, std::uint64_t b) { return a < b; });
  for (std::size_t i = 1; i < sizeof...(Ms); ++i) {
    if (hashes[i - 1] == hashes[i]) return false;
  }
  return true;
}

/// Whether other processes can send the messages of list `L`.
template <class L> consteval bool check_remote_list() {
  if constexpr (!is_good_list<L>) {
    return false;
  } else if constexpr (!do_all_travel<L>) {
    return false;
  } else {
    return check_distinct_names(L{});
  }
}

template <class Owner, class M, class N> consteval void explain_same_name() {
  static_assert(
      wire_name<M> != wire_name<N>,
      "hyperactor: messages M and N of one list have the same wire name; pin another name for one of them with "
      "HYPERACTOR_NAMED, or list only one of them");
}
/// The last message whose name stands before it, and where.
template <class... Ms> consteval std::array<std::size_t, 2> find_same_name() {
  constexpr std::array<std::string_view, sizeof...(Ms)> names{wire_name<Ms>...};
  std::array<std::size_t, 2> out{0, 0};
  for (std::size_t i = 0; i < sizeof...(Ms); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (names[j] == names[i]) out = {j, i};
    }
  }
  return out;
}
template <class Owner, class... Ms> consteval void explain_same_names(type_list<Ms...>) {
  constexpr auto at = find_same_name<Ms...>();
  explain_same_name<Owner, type_at<at[0], Ms...>, type_at<at[1], Ms...>>();
}
/// Message `M` in a list of `Owner` (an actor's exports or a behaviour) cannot travel.
template <class Owner, class M> consteval void explain_exported() { explain_remote_message<M>(); }
template <class Owner, class M, class... More> consteval void explain_first_exported(type_list<M, More...>) {
  explain_exported<Owner, M>();
}
template <class... Ms> consteval auto stuck_messages(type_list<Ms...>) {
  return pick<type_list<Ms...>, !remote_message<Ms>...>{};
}
/// Says in one error why other processes cannot send the messages of `L`.
template <class Owner, class L> consteval void explain_remote_list() {
  if constexpr (!is_good_list<L>) {
    explain_list<Owner>(L{});
  } else if constexpr (!do_all_travel<L>) {
    explain_first_exported<Owner>(stuck_messages(L{}));
  } else if constexpr (!check_distinct_names(L{})) {
    explain_same_names<Owner>(L{});
  }
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ACTOR_REMOTE_ENTRIES_HPP
