// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CONFIG_ERROR_HPP
#define HYPERACTOR_CONFIG_ERROR_HPP

/// @file
/// What can be wrong with configuration that is read at run time.

#include <hyperactor/base/error.hpp>

namespace hyperactor::inline v0 {

/// Errors of configuration texts.
enum class config_error {
  unknown_key = 1,  ///< no key of this program has that name
  invalid_value,    ///< the text is no value of the key's type; where a layer has such a text, the next one counts
};

namespace detail {
inline constexpr error_category::row config_error_rows[] = {
    {"unknown_key", "unknown configuration key"},
    {"invalid_value", "invalid configuration value"},
};
inline const error_category config_error_category{"hyperactor.config", config_error_rows};
}  // namespace detail

inline std::error_code make_error_code(config_error e) noexcept {
  return {static_cast<int>(e), detail::config_error_category};
}

}  // namespace hyperactor::inline v0

template <> struct std::is_error_code_enum<hyperactor::config_error> : std::true_type {};

#endif  // HYPERACTOR_CONFIG_ERROR_HPP
