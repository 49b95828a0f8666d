// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_FORMAT_HPP
#define HYPERACTOR_BASE_FORMAT_HPP

/// @file
/// fmt support for values that have a text form: one line per type.
///
/// [FMT-1] A value is formatted as its `to_string()`; width, fill and alignment of strings apply to it.

#include <fmt/core.h>
#include <string>
#include <string_view>

namespace hyperactor::inline v0::detail {

/// Base of `fmt::formatter` specialisations of types with `to_string()`:
///   `template <> struct fmt::formatter<hyperactor::label> : hyperactor::detail::text_formatter<hyperactor::label> {};`
template <class T> class text_formatter {
 public:
  constexpr auto parse(fmt::format_parse_context& context) {
    const auto* begin = context.begin();
    fmt::formatter<fmt::string_view> check;  // complains about a bad specification, while compiling where possible
    const auto* end = check.parse(context);
    spec_ = std::string_view(begin, static_cast<std::size_t>(end - begin));
    return end;
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
  std::string_view spec_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_FORMAT_HPP
