// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_ERROR_HPP
#define HYPERACTOR_WIRE_ERROR_HPP

/// @file
/// What can be wrong with bytes that came from elsewhere, or with a value that shall become bytes.

#include <hyperactor/base/error.hpp>

#include <system_error>
#include <type_traits>

namespace hyperactor::inline v0 {

/// Errors of encoding and decoding.
enum class wire_error {
  truncated = 1,  ///< a length or a value goes beyond the input
  invalid_value,  ///< a bool, option, variant index, UTF-8 text or label that no encoder writes
  type_mismatch,  ///< the type hash is that of another type
  broken_value,   ///< a value with type hash 0: its sender could not encode it
  missing_part,   ///< the value has more parts than the message
  unused_part,    ///< the message has more parts than the value
  unsupported,    ///< the encoding cannot carry the value (a negative duration)
};

namespace detail {
inline constexpr error_category::row wire_error_rows[] = {
    {"truncated", "unexpected end of input"},
    {"invalid_value", "invalid value"},
    {"type_mismatch", "type mismatch"},
    {"broken_value", "attempted to deserialize a broken Any value"},
    {"missing_part", "multipart underrun while decoding"},
    {"unused_part", "multipart overrun while decoding"},
    {"unsupported", "the encoding cannot carry this value"},
};
inline const error_category wire_error_category{"hyperactor.wire", wire_error_rows};
}  // namespace detail

/// The code of `e`, in category `hyperactor.wire`.
inline std::error_code make_error_code(wire_error e) noexcept {
  return {static_cast<int>(e), detail::wire_error_category};
}

}  // namespace hyperactor::inline v0

template <> struct std::is_error_code_enum<hyperactor::wire_error> : std::true_type {};

#endif  // HYPERACTOR_WIRE_ERROR_HPP
