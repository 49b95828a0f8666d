// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_PROC_ERROR_HPP
#define HYPERACTOR_MAILBOX_PROC_ERROR_HPP

/// @file
/// Errors about names and ids of procs and actors. Here and not in proc/, because gateways report them too.

#include <hyperactor/base/error.hpp>

namespace hyperactor::inline v0 {

enum class proc_error {
  name_taken = 1,  ///< a live actor of the proc has this name
  id_taken,        ///< the gateway already has a live proc with this id
  reserved_id,     ///< `service` or `local` outside a host
};

namespace detail {
inline constexpr error_category::row proc_error_rows[] = {
    {"name_taken", "a live actor of the proc has this name"},
    {"id_taken", "the gateway already has a live proc with this id"},
    {"reserved_id", "the proc ids 'service' and 'local' are reserved for hosts"},
};
inline const error_category proc_error_category{"hyperactor.proc", proc_error_rows};
}  // namespace detail

[[nodiscard]] inline std::error_code make_error_code(proc_error e) noexcept {
  return {static_cast<int>(e), detail::proc_error_category};
}

}  // namespace hyperactor::inline v0

template <> struct std::is_error_code_enum<hyperactor::proc_error> : std::true_type {};

#endif  // HYPERACTOR_MAILBOX_PROC_ERROR_HPP
