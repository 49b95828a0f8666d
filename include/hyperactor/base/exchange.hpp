// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_EXCHANGE_HPP
#define HYPERACTOR_BASE_EXCHANGE_HPP

/// @file
/// `exchange`: for pointers and small values in what every program compiles. `std::exchange` costs four functions a
/// type where the compiler does not optimize; this one is always inline.

#include <hyperactor/base/platform.hpp>

#include <type_traits>

namespace hyperactor::inline v0::detail {

/// Gives `object` a new value and returns the one before.
template <class T>
[[nodiscard]] HYPERACTOR_ALWAYS_INLINE constexpr T exchange(T& object, std::type_identity_t<T> value) noexcept {
  static_assert(std::is_trivially_copyable_v<T>);
  const T before = object;
  object = value;
  return before;
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_EXCHANGE_HPP
