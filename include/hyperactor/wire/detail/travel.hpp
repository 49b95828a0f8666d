// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_DETAIL_TRAVEL_HPP
#define HYPERACTOR_WIRE_DETAIL_TRAVEL_HPP

/// @file
/// Whether a type can travel, and which part of it cannot.

#include <hyperactor/base/type_list.hpp>
#include <hyperactor/wire/aggregate.hpp>
#include <hyperactor/wire/codec.hpp>

#include <cstddef>
#include <type_traits>

namespace hyperactor::inline v0::detail {

enum class travel_problem : unsigned char {
  none,
  pointer,
  smart_pointer,
  view,
  reference,
  wide_character,
  long_double,
  wide_integer,
  c_array,
  union_type,
  other_clock,
  other_standard,
  no_value,
  bad_codec,
  not_an_aggregate,
  not_default_constructible,
  base_class,
  c_array_member,
  reference_member,
  too_many_members,
  union_member,
  immovable,
  unknown_shape,
  parts_in_map,
};

/// The library's own codec is in charge of `T`.
template <class T>
concept default_coded = requires { typename codec<T>::library_default; };

template <class T, wire_kind Kind> constexpr auto find_children() noexcept {
  if constexpr (custom_codec<T>) {
    return wire_arguments<>{};
  } else if constexpr (Kind == wire_kind::structure) {
    return members_of<T>{};
  } else if constexpr (Kind == wire_kind::sequence || Kind == wire_kind::set || Kind == wire_kind::optional ||
                       Kind == wire_kind::array) {
    return wire_arguments<typename T::value_type>{};
  } else if constexpr (Kind == wire_kind::map) {
    return wire_arguments<typename T::key_type, typename T::mapped_type>{};
  } else if constexpr (Kind == wire_kind::tuple || Kind == wire_kind::variant) {
    return typename wire_arguments_of<T>::type{};
  } else {
    return wire_arguments<>{};
  }
}

/// The types of what a `T` is made of.
template <class T> using children_of = decltype(find_children<T, wire_kind_of<T>>());

template <class T, class... Seen> constexpr bool has_parts() noexcept;

template <class... Seen, class... Cs> constexpr bool any_has_parts(wire_arguments<Cs...>) noexcept {
  return (has_parts<Cs, Seen...>() || ...);
}

/// Values of `T` may hold parts.
template <class T, class... Seen> constexpr bool has_parts() noexcept {
  if constexpr (contains<T, Seen...>) {
    return false;
  } else if constexpr (requires { codec<T>::carries_parts; }) {
    return codec<T>::carries_parts;
  } else {
    return any_has_parts<T, Seen...>(children_of<T>());
  }
}

template <class T> constexpr travel_problem structure_problem() noexcept {
  if constexpr (adapted_struct<T>) {
    if constexpr (!std::is_default_constructible_v<T>) return travel_problem::not_default_constructible;
    return std::is_move_constructible_v<T> ? travel_problem::none : travel_problem::immovable;
  } else if constexpr (!std::is_aggregate_v<T>) {
    return travel_problem::not_an_aggregate;
  } else {
    switch (shape_problem_of<T>) {
      case shape_problem::none:
        return travel_problem::none;
      case shape_problem::base_class:
        return travel_problem::base_class;
      case shape_problem::c_array:
        return travel_problem::c_array_member;
      case shape_problem::reference_member:
        return travel_problem::reference_member;
      case shape_problem::too_many_members:
        return travel_problem::too_many_members;
      case shape_problem::union_member:
        return travel_problem::union_member;
      case shape_problem::immovable:
        return travel_problem::immovable;
      default:
        return travel_problem::unknown_shape;
    }
  }
}

/// What is wrong with `T` itself, apart from what it is made of.
template <class T> constexpr travel_problem own_problem() noexcept {
  constexpr wire_kind kind = wire_kind_of<T>;
  if constexpr (custom_codec<T>) {
    return travel_problem::none;
  } else if constexpr (kind == wire_kind::none || std::is_const_v<T> || std::is_volatile_v<T>) {
    return travel_problem::no_value;
  } else if constexpr (!default_coded<T>) {
    return travel_problem::bad_codec;
  } else if constexpr (kind == wire_kind::structure) {
    return structure_problem<T>();
  } else if constexpr (kind == wire_kind::map) {
    return has_parts<T>() ? travel_problem::parts_in_map : travel_problem::none;  // [RMS-2]
  } else {
    switch (kind) {
      case wire_kind::pointer:
        return travel_problem::pointer;
      case wire_kind::smart_pointer:
        return travel_problem::smart_pointer;
      case wire_kind::view:
        return travel_problem::view;
      case wire_kind::reference:
        return travel_problem::reference;
      case wire_kind::wide_character:
        return travel_problem::wide_character;
      case wire_kind::long_double:
        return travel_problem::long_double;
      case wire_kind::wide_integer:
        return travel_problem::wide_integer;
      case wire_kind::c_array:
        return travel_problem::c_array;
      case wire_kind::union_type:
        return travel_problem::union_type;
      case wire_kind::other_clock:
        return travel_problem::other_clock;
      case wire_kind::other_standard:
        return travel_problem::other_standard;
      default:
        return travel_problem::none;
    }
  }
}

template <class T, class... Seen> constexpr bool travels() noexcept;

template <class... Seen, class... Cs> constexpr bool all_travel(wire_arguments<Cs...>) noexcept {
  return (travels<Cs, Seen...>() && ...);
}

/// `T` and all that it is made of can travel. A type inside itself (`Seen`) is judged where it began.
template <class T, class... Seen> constexpr bool travels() noexcept {
  if constexpr (contains<T, Seen...>) {
    return true;
  } else if constexpr (own_problem<T>() != travel_problem::none) {
    return false;
  } else {
    return all_travel<T, Seen...>(children_of<T>());
  }
}

/// Index of the first of `Cs...` that cannot travel inside `T`.
template <class T, class... Cs> constexpr std::size_t first_stuck() noexcept {
  constexpr bool good[] = {travels<Cs, T>()..., true};
  std::size_t i = 0;
  while (i < sizeof...(Cs) && good[i]) ++i;
  return i;
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_WIRE_DETAIL_TRAVEL_HPP
