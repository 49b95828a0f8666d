// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_DETAIL_TYPE_TEXT_HPP
#define HYPERACTOR_WIRE_DETAIL_TYPE_TEXT_HPP

/// @file
/// The compiler's own text for a type, and what is the same in it on every compiler: which standard type it is, and
/// the qualified name of a class or enumeration without its template arguments.

#include <cstddef>
#include <string_view>

namespace hyperactor::inline v0::detail {

/// The compiler's text for `T`. Differs between compilers in everything but plain qualified names.
template <class T> constexpr auto type_text() noexcept {
  constexpr std::string_view all = __PRETTY_FUNCTION__;
  constexpr std::size_t begin = all.find("T = ") + 4;
  return all.substr(begin, all.size() - begin - 1);
}

/// Removes one leading `component::` from `text` and returns it, or returns all of `text` where there is no more.
constexpr std::string_view next_component(std::string_view& text) noexcept {
  const std::size_t end = text.find_first_of("<:");
  const std::string_view out = text.substr(0, end);
  const bool more = end != std::string_view::npos && text[end] == ':';
  text.remove_prefix(end == std::string_view::npos ? text.size() : more ? end + 2 : end);
  return out;
}

/// Whether `text` is that of the standard type or template `name` ("vector", "chrono::duration"). Namespaces of the
/// implementation (`__cxx11`, `_V2`, `__debug`) do not count.
constexpr bool is_std_name(std::string_view text, std::string_view name) noexcept {
  if (next_component(text) != "std") return false;
  while (!name.empty()) {
    std::string_view part = next_component(text);
    while (part.size() > 1 && part[0] == '_') part = next_component(text);
    if (part != next_component(name)) return false;
  }
  return text.empty() || text[0] == '<';
}

template <class T> inline constexpr bool in_std = type_text<T>().substr(0, 5) == "std::";

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_WIRE_DETAIL_TYPE_TEXT_HPP
