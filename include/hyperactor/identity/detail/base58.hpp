// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_DETAIL_BASE58_HPP
#define HYPERACTOR_IDENTITY_DETAIL_BASE58_HPP

/// @file
/// Numbers of 64 bits as base 58 text: Flickr's alphabet, most significant digit first, no padding, 0 is `1`.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace hyperactor::inline v0::detail {

inline constexpr std::string_view base58_alphabet = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";

/// At most 11 characters.
inline std::string encode_base58(std::uint64_t value) {
  char digits[11];
  std::size_t first = sizeof(digits);
  do {
    digits[--first] = base58_alphabet[static_cast<std::size_t>(value % 58)];
    value /= 58;
  } while (value != 0);
  return {digits + first, sizeof(digits) - first};
}

/// Nothing where the text is empty, has a foreign character or exceeds 64 bits; leading `1`s are accepted.
template <class Number = std::uint64_t> constexpr std::optional<Number> decode_base58(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  Number value = 0;
  for (const char c : text) {
    const std::size_t digit = base58_alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / 58) return std::nullopt;
    value = value * 58 + digit;
  }
  return value;
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_IDENTITY_DETAIL_BASE58_HPP
