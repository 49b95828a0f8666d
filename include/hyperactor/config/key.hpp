// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CONFIG_KEY_HPP
#define HYPERACTOR_CONFIG_KEY_HPP

/// @file
/// What a configuration key is: a type with a name, a value type and a default.

#include <chrono>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace hyperactor::inline v0 {

namespace detail {

enum class config_kind : unsigned char { boolean, integer, duration, real, text };

/// Which kind a key's values have; the number of bits of an integer.
template <class T> struct config_kind_of;
template <> struct config_kind_of<bool> {
  static constexpr config_kind value = config_kind::boolean;
};
template <std::unsigned_integral T> struct config_kind_of<T> {
  static constexpr config_kind value = config_kind::integer;
};
template <> struct config_kind_of<std::chrono::nanoseconds> {
  static constexpr config_kind value = config_kind::duration;
};
template <> struct config_kind_of<double> {
  static constexpr config_kind value = config_kind::real;
};
template <> struct config_kind_of<std::string> {
  static constexpr config_kind value = config_kind::text;
};

}  // namespace detail

namespace config {

/// A type that names one configuration value.
/// Members: `value_type` (`bool`, an unsigned integer, `std::chrono::nanoseconds`, `double` or `std::string`), `static
/// constexpr std::string_view name` (lower case, with `_`) and `static constexpr default_value` (for a string a
/// `std::string_view`). Optional: `static constexpr std::string_view environment`, the name of its environment variable
/// (otherwise `HYPERACTOR_` and the name in capitals; empty for none), and `static constexpr std::uint64_t minimum`.
template <class K>
concept key = requires {
  { detail::config_kind_of<typename K::value_type>::value } -> std::convertible_to<detail::config_kind>;
  { K::name } -> std::convertible_to<std::string_view>;
  K::default_value;
};

}  // namespace config
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_CONFIG_KEY_HPP
