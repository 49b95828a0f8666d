// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_FORMAT_HPP
#define HYPERACTOR_BASE_FORMAT_HPP

/// @file
/// fmt support for values that have a text form: one line per type.
///
/// [FMT-1] A value is formatted as its `to_string()`; width, fill and alignment of strings apply to it.

#include <fmt/core.h>
#include <concepts>
#include <string>
#include <string_view>

namespace hyperactor::inline v0::detail {

/// Base of `fmt::formatter` specialisations of types with `to_string()`:
///   `template <std::same_as<hyperactor::label> T> struct fmt::formatter<T, char> :
///   hyperactor::detail::text_formatter<T> {};`
/// Constrained, not specialised: who formats no label does not pay for its formatter while compiling.
template <class T> class text_formatter {
 public:
  /// Reads `[[fill]align][width][.precision][s]`. By hand: fmt's own reader costs compile time in every program, and
  /// g++ warns about it at -O3. What it does not understand is left to fmt, which complains.
  constexpr const char* parse(fmt::format_parse_context& context) {
    const char* at = context.begin();
    const char* const end = context.end();
    if (end - at > 1 && *at != '{' && *at != '}' && is_alignment(at[1])) {
      at += 2;
    } else if (at != end && is_alignment(*at)) {
      ++at;
    }
    while (at != end && is_digit(*at)) ++at;
    if (at != end && *at == '.') {
      ++at;
      while (at != end && is_digit(*at)) ++at;
    }
    if (at != end && *at == 's') ++at;
    spec_ = std::string_view(context.begin(), static_cast<std::size_t>(at - context.begin()));
    return at;
  }
  template <class Context> auto format(const T& value, Context& context) const {
    std::string text = value.to_string();
    if (!spec_.empty()) {
      std::string pattern("{:");
      pattern += spec_;
      pattern += '}';
      // the compiled library pads; not fmt::format_to, whose symbols g++ and clang spell differently
      text = fmt::format(fmt::runtime(pattern), std::string_view(text));
    }
    auto out = context.out();
    for (const char c : text) *out++ = c;
    return out;
  }

 private:
  static constexpr bool is_alignment(char c) noexcept { return c == '<' || c == '>' || c == '^'; }
  static constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

  std::string_view spec_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_FORMAT_HPP
