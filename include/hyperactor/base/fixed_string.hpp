// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_FIXED_STRING_HPP
#define HYPERACTOR_BASE_FIXED_STRING_HPP

/// @file
/// Text as a template argument.

#include <cstddef>
#include <string_view>

namespace hyperactor::inline v0 {

/// A string of `N` characters that can be a template argument: `behavior<"adder", add>`.
template <std::size_t N> struct fixed_string {
  char data[N + 1] = {};

  constexpr fixed_string() noexcept = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a literal becomes a template argument
  constexpr fixed_string(const char (&text)[N + 1]) noexcept {
    for (std::size_t i = 0; i < N; ++i) data[i] = text[i];
  }

  [[nodiscard]] static constexpr std::size_t size() noexcept { return N; }
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {data, N}; }
  constexpr operator std::string_view() const noexcept { return view(); }

  constexpr bool operator==(const fixed_string&) const = default;
};

template <std::size_t N> fixed_string(const char (&)[N]) -> fixed_string<N - 1>;

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_BASE_FIXED_STRING_HPP
