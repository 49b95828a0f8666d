// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_REMOTE_MESSAGE_HPP
#define HYPERACTOR_WIRE_REMOTE_MESSAGE_HPP

/// @file
/// `remote_message<M>`: an `M` can travel to another process. And why not, where it cannot.
///
/// [RMS-1] A type that cannot travel is one error that names the member which is the reason, in a sentence of ours.
/// [RMS-2] Types whose values hold parts (port references) cannot stand in maps: the wire format loses them there.

#include <hyperactor/wire/aggregate.hpp>
#include <hyperactor/wire/codec.hpp>
#include <hyperactor/wire/detail/travel.hpp>
#include <hyperactor/wire/named.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>

namespace hyperactor::inline v0 {

/// `M` can be encoded, decoded and named: standard types, plain aggregates, adapted structs, types with a codec.
template <class M>
concept remote_message = std::same_as<M, std::remove_cvref_t<M>> && detail::travels<M>() && has_wire_name<M>;

namespace detail {

/// One error for what is wrong with `T` itself.
template <class T> constexpr void explain_own_problem() {
  constexpr travel_problem why = own_problem<T>();
  static_assert(why != travel_problem::pointer,
                "hyperactor: T is a pointer and cannot travel; send the value, or a std::optional of it");
  static_assert(why != travel_problem::smart_pointer,
                "hyperactor: T is a smart pointer and cannot travel; send the value, or a std::optional or a "
                "std::vector of it");
  static_assert(why != travel_problem::view,
                "hyperactor: T is a view and owns nothing; send a std::string or a std::vector");
  static_assert(why != travel_problem::reference, "hyperactor: T is a reference and cannot travel; send the value");
  static_assert(why != travel_problem::wide_character,
                "hyperactor: wchar_t and char16_t differ between platforms; send char, char8_t or char32_t");
  static_assert(why != travel_problem::long_double, "hyperactor: long double differs between platforms; send double");
  static_assert(why != travel_problem::wide_integer,
                "hyperactor: 128-bit integers cannot travel; send two std::uint64_t");
  static_assert(why != travel_problem::c_array, "hyperactor: C arrays cannot travel; use std::array");
  static_assert(why != travel_problem::union_type, "hyperactor: T is a union; use std::variant");
  static_assert(why != travel_problem::other_clock,
                "hyperactor: only times of std::chrono::system_clock mean something to another process; send one, or "
                "a duration");
  static_assert(why != travel_problem::other_standard,
                "hyperactor: this standard type has no place in the wire format; use std::vector, deque, set, map, "
                "unordered_set, unordered_map, optional, pair, tuple, array, variant, string or chrono types");
  static_assert(why != travel_problem::no_value, "hyperactor: T is not a type of values and cannot travel");
  static_assert(why != travel_problem::bad_codec,
                "hyperactor: codec<T> is specialised, but not as needed; it needs 'static void encode(wire::encoder&, "
                "const T&)' and 'static result<T> decode(wire::decoder&)'");
  static_assert(why != travel_problem::not_an_aggregate,
                "hyperactor: T is neither a plain aggregate nor adapted; list its members with "
                "BOOST_HANA_ADAPT_STRUCT, or specialise hyperactor::codec<T>");
  static_assert(why != travel_problem::not_default_constructible,
                "hyperactor: T is adapted with BOOST_HANA_ADAPT_STRUCT and has no default constructor, which decoding "
                "needs; add one, or specialise hyperactor::codec<T>");
  static_assert(why != travel_problem::base_class,
                "hyperactor: T has a base class, which aggregates on the wire may not; make it a member, or adapt T "
                "with BOOST_HANA_ADAPT_STRUCT");
  static_assert(why != travel_problem::c_array_member, "hyperactor: a member of T is a C array; use std::array");
  static_assert(why != travel_problem::reference_member,
                "hyperactor: a member of T is a reference and cannot travel; hold the value");
  static_assert(why != travel_problem::too_many_members,
                "hyperactor: T has more than 100 members; group them, or adapt T with BOOST_HANA_ADAPT_STRUCT");
  static_assert(why != travel_problem::union_member, "hyperactor: a member of T is a union; use std::variant");
  static_assert(why != travel_problem::immovable,
                "hyperactor: T can be neither copied nor moved and assigned, so it cannot be decoded; a const or "
                "reference member beside one that cannot be copied is the usual reason");
  static_assert(why != travel_problem::unknown_shape,
                "hyperactor: T cannot be taken apart; a member that cannot be moved or a reference member is the usual "
                "reason; adapt T with BOOST_HANA_ADAPT_STRUCT, or specialise hyperactor::codec<T>");
  static_assert(why != travel_problem::parts_in_map,
                "hyperactor: T is a map of values that hold port references, which the wire format loses; use a "
                "std::vector of pairs");
}

template <class T> constexpr void explain_travel();

/// `Member` is member (element, alternative, key, value) number `Index` of `T`, and the reason why `T` cannot travel.
template <class T, std::size_t Index, class Member> constexpr void explain_member() { explain_travel<Member>(); }

template <class T, class... Cs> constexpr void explain_children(wire_arguments<Cs...>) {
  if constexpr (constexpr std::size_t bad = first_stuck<T, Cs...>(); bad < sizeof...(Cs)) {
    explain_member<T, bad, type_at<bad, Cs...>>();
  }
}

template <class T> constexpr void explain_travel() {
  if constexpr (own_problem<T>() != travel_problem::none) {
    explain_own_problem<T>();
  } else {
    explain_children<T>(children_of<T>());
  }
}

template <class T> constexpr void explain_name();

template <class... Cs> constexpr void explain_argument_names(wire_arguments<Cs...>) { (explain_name<Cs>(), ...); }

template <class T> constexpr void explain_name() {
  if constexpr (!has_wire_name<T>()) {
    if constexpr (constexpr name_problem why = find_name_problem<T>(); why != name_problem::none) {
      explain_own_name<T, why>();
    } else {
      explain_argument_names(name_arguments_of<T>());
    }
  }
}

/// One readable error where `M` cannot travel; nothing where it can.
template <class M> consteval void explain_remote_message() {
  static_assert(std::same_as<M, std::remove_cvref_t<M>>,
                "hyperactor: a message is a plain type; remove const, volatile and references from M");
  if constexpr (std::same_as<M, std::remove_cvref_t<M>>) {
    if constexpr (!travels<M>()) {
      explain_travel<M>();
    } else {
      explain_name<M>();
    }
  }
}

}  // namespace detail
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_WIRE_REMOTE_MESSAGE_HPP
