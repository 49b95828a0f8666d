// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_TYPE_LIST_HPP
#define HYPERACTOR_BASE_TYPE_LIST_HPP

/// @file
/// The library's own typelist: linear-cost lookups by indexed bases. What users compute with is Boost.Hana's view of it
/// (actor/handlers.hpp); this one never appears in a public signature.

#include <cstddef>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0::detail {

template <class... Ts> struct type_list {
  static constexpr std::size_t size = sizeof...(Ts);
};

inline constexpr std::size_t not_found = static_cast<std::size_t>(-1);

template <std::size_t I, class T> struct indexed {};

template <class Indices, class... Ts> struct index_map;
template <std::size_t... Is, class... Ts> struct index_map<std::index_sequence<Is...>, Ts...> : indexed<Is, Ts>... {};

template <class T, std::size_t I> constexpr std::size_t find_index(const indexed<I, T>*) noexcept { return I; }
template <class T> constexpr std::size_t find_index(const void*) noexcept { return not_found; }

template <std::size_t I, class T> std::type_identity<T> find_type(const indexed<I, T>*) noexcept;

/// Position of `T` in `Ts...`, or `not_found` where it is missing or stands there twice. O(1) instantiations.
template <class T, class... Ts>
inline constexpr std::size_t index_of =
    find_index<T>(static_cast<const index_map<std::index_sequence_for<Ts...>, Ts...>*>(nullptr));

/// The type at position `I` of `Ts...`.
template <std::size_t I, class... Ts>
using type_at = typename decltype(find_type<I>(
    static_cast<const index_map<std::index_sequence_for<Ts...>, Ts...>*>(nullptr)))::type;

template <class T, class... Ts> inline constexpr bool contains = (std::is_same_v<T, Ts> || ...);

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_TYPE_LIST_HPP
