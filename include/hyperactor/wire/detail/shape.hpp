// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_DETAIL_SHAPE_HPP
#define HYPERACTOR_WIRE_DETAIL_SHAPE_HPP

/// @file
/// What an aggregate looks like, found out without reflection: so that reflection is asked only about aggregates that
/// it can take apart, and every other one gets a sentence of ours.

#include <cstddef>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Why an aggregate cannot be taken apart.
enum class shape_problem : unsigned char {
  none,
  base_class,
  c_array,
  reference_member,
  too_many_members,
  union_member,
  immovable,
  unknown
};

/// Converts to any member that is a value.
template <std::size_t> struct any_member {
  template <class U> operator U() const noexcept;
};
/// Converts to any member that is copied from an lvalue, and to lvalue references.
template <std::size_t> struct any_lvalue_member {
  template <class U> operator U&() const noexcept;
};
/// Converts to nothing but references to const.
struct const_reference_probe {
  template <class U>
    requires std::is_const_v<U>
  operator U&() const noexcept;
};
/// Converts to nothing but unions: the anonymous ones too.
struct union_probe {
  template <class U>
    requires std::is_union_v<U>
  operator U() const noexcept;
};
/// Converts to nothing but bases of `T`.
template <class T> struct base_probe {
  template <class U>
    requires(std::is_base_of_v<U, T> && !std::is_same_v<U, T>)
  operator U() const noexcept;
};

/// Converts to nothing: what takes it has a constructor for everything.
struct no_member {};

template <class T, template <std::size_t> class Any, std::size_t... Is>
constexpr bool builds_from(std::index_sequence<Is...>) noexcept {
  return requires { T{Any<Is>{}...}; };
}
/// `T{any, ..., {any, ...}, any, ...}`: `Is` before, `Js` in the braces, `Ks` behind.
template <class T, std::size_t... Is, std::size_t... Js, std::size_t... Ks>
constexpr bool builds_nested(std::index_sequence<Is...>, std::index_sequence<Js...>,
                             std::index_sequence<Ks...>) noexcept {
  return requires { T{any_member<Is>{}..., {any_member<Js>{}...}, any_member<Ks>{}...}; };
}
template <class T, class Probe, std::size_t... Is, std::size_t... Ks>
constexpr bool builds_with(std::index_sequence<Is...>, std::index_sequence<Ks...>) noexcept {
  return requires { T{any_member<Is>{}..., Probe{}, any_member<Ks>{}...}; } &&
         !requires { T{any_member<Is>{}..., no_member{}, any_member<Ks>{}...}; };
}

inline constexpr std::size_t max_members = 100;
inline constexpr std::size_t no_count = static_cast<std::size_t>(-1);

/// The largest number of initialisers that `T` takes; elements of C arrays count one by one.
template <class T, template <std::size_t> class Any, std::size_t N = 0, bool Found = false>
constexpr std::size_t count_initialisers() noexcept {
  if constexpr (builds_from<T, Any>(std::make_index_sequence<N>())) {
    if constexpr (N > max_members) {
      return N;
    } else {
      return count_initialisers<T, Any, N + 1, true>();
    }
  } else if constexpr (Found) {
    return N - 1;
  } else if constexpr (N > max_members || N > sizeof(T) * 8) {
    return no_count;
  } else {
    return count_initialisers<T, Any, N + 1, false>();
  }
}

/// Whether initialiser `I` of `N` is the first element of a C array with at least two.
template <class T, std::size_t N, std::size_t I, std::size_t K = 2> constexpr bool is_array_at() noexcept {
  if constexpr (I + K > N || builds_nested<T>(std::make_index_sequence<I>(), std::make_index_sequence<0>(),
                                              std::make_index_sequence<N - I - 1>())) {
    return false;  // `{}` stands for one initialiser only
  } else if constexpr (builds_nested<T>(std::make_index_sequence<I>(), std::make_index_sequence<K>(),
                                        std::make_index_sequence<N - I - K>()) &&
                       !builds_nested<T>(std::make_index_sequence<I>(), std::make_index_sequence<K>(),
                                         std::make_index_sequence<N - I - K + 1>())) {
    return true;
  } else {
    return is_array_at<T, N, I, K + 1>();
  }
}

template <class T, std::size_t N, std::size_t... Is> constexpr bool has_array(std::index_sequence<Is...>) noexcept {
  return (is_array_at<T, N, Is>() || ...);
}
/// Whether a member of `T` takes `Probe`.
template <class T, std::size_t N, class Probe, std::size_t... Is>
constexpr bool has_member_for(std::index_sequence<Is...>) noexcept {
  return (builds_with<T, Probe>(std::make_index_sequence<Is>(), std::make_index_sequence<N - Is - 1>()) || ...);
}

/// Why `T`, an aggregate class, cannot be taken apart.
template <class T> constexpr shape_problem find_shape_problem() noexcept {
  constexpr std::size_t n = count_initialisers<T, any_member>();
  if constexpr (std::is_empty_v<T> && n == 0) {
    return shape_problem::none;
  } else if constexpr (n == no_count) {
    return count_initialisers<T, any_lvalue_member>() != no_count ? shape_problem::reference_member
                                                                  : shape_problem::unknown;
  } else if constexpr (n == 0) {
    return shape_problem::unknown;
  } else if constexpr (builds_with<T, base_probe<T>>(std::make_index_sequence<0>(),
                                                     std::make_index_sequence<n - 1>())) {
    return shape_problem::base_class;
  } else if constexpr (has_array<T, n>(std::make_index_sequence<n>())) {
    return shape_problem::c_array;
  } else if constexpr (n > max_members) {
    return shape_problem::too_many_members;
  } else if constexpr (has_member_for<T, n, union_probe>(std::make_index_sequence<n>())) {
    return shape_problem::union_member;
  } else if constexpr (!std::is_move_assignable_v<T> &&
                       has_member_for<T, n, const_reference_probe>(std::make_index_sequence<n>())) {
    return shape_problem::reference_member;
  } else if constexpr (!std::is_copy_constructible_v<T> &&
                       !(std::is_move_constructible_v<T> && std::is_move_assignable_v<T>)) {
    return shape_problem::immovable;
  } else {
    return shape_problem::none;
  }
}

template <class T> inline constexpr shape_problem shape_problem_of = find_shape_problem<T>();

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_WIRE_DETAIL_SHAPE_HPP
