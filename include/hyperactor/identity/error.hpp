// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_ERROR_HPP
#define HYPERACTOR_IDENTITY_ERROR_HPP

/// @file
/// `parse_error`: why a text is no label, id, port, location or address.

#include <hyperactor/base/error.hpp>

namespace hyperactor::inline v0 {

/// What the parsers of identity/ report. The text of an error says where the input is wrong.
enum class parse_error {
  empty_label = 1,       ///< a label has at least one character
  label_too_long,        ///< a label has at most 63 bytes
  invalid_label_start,   ///< a label starts with a lowercase letter
  invalid_label_end,     ///< a label ends with a lowercase letter or digit
  invalid_label_char,    ///< a label consists of `a-z 0-9 - _`
  invalid_uid,           ///< not `label`, `<base58>` or `label<base58>`
  invalid_proc_id,       ///< not a uid
  invalid_actor_id,      ///< not `actor.proc`
  invalid_port_id,       ///< not `actor.proc:port` or `actor.proc!control`
  invalid_port,          ///< not a number, a handler's uid or the name of a control port
  missing_separator,     ///< an address has an `@` between id and location
  invalid_location,      ///< not a url, with or without hops in front
  invalid_channel_addr,  ///< not an address of a known transport
};

namespace detail {

inline constexpr error_category::row parse_error_rows[] = {
    {"empty_label", "label must not be empty"},
    {"label_too_long", "label exceeds 63 characters"},
    {"invalid_label_start", "label must start with a lowercase letter"},
    {"invalid_label_end", "label must end with a lowercase letter or digit"},
    {"invalid_label_char", "label contains an invalid character"},
    {"invalid_uid", "invalid uid syntax"},
    {"invalid_proc_id", "invalid proc id"},
    {"invalid_actor_id", "invalid actor id: expected format `<actor>.<proc>`"},
    {"invalid_port_id", "invalid port id: expected format `<actor>:<port>`"},
    {"invalid_port", "invalid port"},
    {"missing_separator", "missing '@' separator between id and location"},
    {"invalid_location", "invalid location"},
    {"invalid_channel_addr", "invalid channel address"},
};
inline const error_category parse_error_category{"hyperactor.parse", parse_error_rows};

}  // namespace detail

/// Makes `parse_error` a `std::error_code`.
inline std::error_code make_error_code(parse_error e) noexcept {
  return {static_cast<int>(e), detail::parse_error_category};
}

}  // namespace hyperactor::inline v0

template <> struct std::is_error_code_enum<hyperactor::parse_error> : std::true_type {};

#endif  // HYPERACTOR_IDENTITY_ERROR_HPP
