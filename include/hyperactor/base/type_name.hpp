// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_TYPE_NAME_HPP
#define HYPERACTOR_BASE_TYPE_NAME_HPP

/// @file
/// The compiler's own spelling of a type: for texts that people read, never for the wire.

#include <string_view>

namespace hyperactor::inline v0::detail {

template <class T> consteval std::string_view spelled_type_name() noexcept {
  std::string_view text = __PRETTY_FUNCTION__;
  const auto begin = text.find("T = ") + 4;
  const auto end = text.find_first_of(";]", begin);
  return text.substr(begin, end - begin);
}

/// `T` as the compiler prints it.
template <class T> inline constexpr std::string_view type_name = spelled_type_name<T>();

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_TYPE_NAME_HPP
