// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_DETAIL_KIND_HPP
#define HYPERACTOR_WIRE_DETAIL_KIND_HPP

/// @file
/// Which kind of type a `T` is, as far as the wire is concerned. Standard types are recognised by their names, so that
/// none of their headers is needed here.

#include <hyperactor/wire/detail/type_text.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace hyperactor::inline v0::detail {

enum class wire_kind : unsigned char {
  boolean,
  integer,
  byte,  // char, char8_t, std::byte: as u8
  floating,
  code_point,  // char32_t
  text,
  sequence,
  set,
  map,
  optional,
  tuple,  // pair too
  array,
  variant,
  unit,  // monostate
  enumeration,
  duration,
  system_time,
  structure,  // a class that is not of the standard library: aggregate, adapted, or neither
  // what cannot travel, by reason
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
  none,
};

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

template <class T> constexpr wire_kind std_class_kind() noexcept {
  constexpr std::string_view text = type_text<T>();
  struct row {
    std::string_view name;
    wire_kind kind;
  };
  constexpr row rows[] = {
      {"vector", wire_kind::sequence},
      {"deque", wire_kind::sequence},
      {"set", wire_kind::set},
      {"unordered_set", wire_kind::set},
      {"map", wire_kind::map},
      {"unordered_map", wire_kind::map},
      {"optional", wire_kind::optional},
      {"pair", wire_kind::tuple},
      {"tuple", wire_kind::tuple},
      {"array", wire_kind::array},
      {"variant", wire_kind::variant},
      {"monostate", wire_kind::unit},
      {"basic_string_view", wire_kind::view},
      {"span", wire_kind::view},
      {"reference_wrapper", wire_kind::view},
      {"unique_ptr", wire_kind::smart_pointer},
      {"shared_ptr", wire_kind::smart_pointer},
      {"weak_ptr", wire_kind::smart_pointer},
      {"chrono::duration", wire_kind::duration},
  };
  for (const row& r : rows) {
    if (is_std_name(text, r.name)) return r.kind;
  }
  if constexpr (is_std_name(text, "chrono::time_point")) {
    return is_std_name(type_text<typename T::clock>(), "chrono::system_clock") ? wire_kind::system_time
                                                                               : wire_kind::other_clock;
  }
  return wire_kind::other_standard;
}

template <class T> constexpr wire_kind find_wire_kind() noexcept {
  if constexpr (std::is_same_v<T, bool>) {
    return wire_kind::boolean;
  } else if constexpr (std::is_same_v<T, char> || std::is_same_v<T, char8_t> || std::is_same_v<T, std::byte>) {
    return wire_kind::byte;
  } else if constexpr (std::is_same_v<T, char32_t>) {
    return wire_kind::code_point;
  } else if constexpr (std::is_same_v<T, wchar_t> || std::is_same_v<T, char16_t>) {
    return wire_kind::wide_character;
  } else if constexpr (std::is_same_v<T, int128> || std::is_same_v<T, uint128>) {
    return wire_kind::wide_integer;
  } else if constexpr (std::is_integral_v<T>) {
    return wire_kind::integer;
  } else if constexpr (std::is_floating_point_v<T>) {
    return sizeof(T) > 8 || std::is_same_v<T, long double> ? wire_kind::long_double : wire_kind::floating;
  } else if constexpr (std::is_enum_v<T>) {
    return wire_kind::enumeration;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return wire_kind::text;
  } else if constexpr (std::is_pointer_v<T> || std::is_member_pointer_v<T> || std::is_null_pointer_v<T> ||
                       std::is_function_v<T>) {
    return wire_kind::pointer;
  } else if constexpr (std::is_reference_v<T>) {
    return wire_kind::reference;
  } else if constexpr (std::is_array_v<T>) {
    return wire_kind::c_array;
  } else if constexpr (std::is_union_v<T>) {
    return wire_kind::union_type;
  } else if constexpr (std::is_class_v<T>) {
    if constexpr (in_std<T>) {
      return std_class_kind<T>();
    } else {
      return wire_kind::structure;
    }
  } else {
    return wire_kind::none;
  }
}

/// The kind of `T`, which has no `const`.
template <class T> inline constexpr wire_kind wire_kind_of = find_wire_kind<T>();

/// The type arguments of a template-id.
template <class... Ts> struct wire_arguments {};
template <class T> struct wire_arguments_of {
  using type = void;
};
template <template <class...> class C, class... Ts> struct wire_arguments_of<C<Ts...>> {
  using type = wire_arguments<Ts...>;
};

/// Numbers whose bytes in memory are those on the wire of a little-endian machine.
template <class T>
inline constexpr bool is_wire_number = wire_kind_of<T> == wire_kind::integer || wire_kind_of<T> == wire_kind::byte ||
                                       wire_kind_of<T> == wire_kind::floating;

/// Numbers and texts, which hold nothing that could nest.
template <class T>
inline constexpr bool is_flat =
    wire_kind_of<T> == wire_kind::boolean || is_wire_number<T> || wire_kind_of<T> == wire_kind::code_point ||
    wire_kind_of<T> == wire_kind::text || wire_kind_of<T> == wire_kind::enumeration;

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_WIRE_DETAIL_KIND_HPP
