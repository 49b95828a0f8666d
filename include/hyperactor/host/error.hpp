// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_ERROR_HPP
#define HYPERACTOR_HOST_ERROR_HPP

/// @file
/// What hosts, proc managers and handles of procs can answer.
///
/// [HER-1] Texts are stable: those of the original where it has one, with the figures and the configuration key to
///         change.

#include <hyperactor/base/error.hpp>

#include <string>
#include <string_view>
#include <system_error>

namespace hyperactor::inline v0 {

/// Errors of hosts, proc managers and handles of procs.
enum class host_error {
  already_serving = 1,           ///< `serve` was called a second time
  proc_exists,                   ///< a child that has not ended has this name
  child_not_booted,              ///< this process was started by a host and has not called `boot`
  process_spawn_failed,          ///< the program could not be started
  process_configuration_failed,  ///< started, but not ready: died, timed out, or sent no usable report
  agent_spawn_failed,            ///< the function given to `boot` or to the local manager failed
  missing_parameter,             ///< a variable of the handshake is missing
  invalid_parameter,             ///< a variable of the handshake cannot be read
  terminate_unsupported,         ///< the manager cannot terminate its procs
  already_terminated,            ///< the proc had ended before
  lifecycle_closed,              ///< the state of the proc cannot be observed any more
};

namespace detail {

inline constexpr error_category::row host_error_rows[] = {
    {"already_serving", "host is already serving"},
    {"proc_exists", "a proc with this name already exists"},
    {"child_not_booted",
     "this process was started by a host and has not booted: begin main with 'if (manager::is_child()) return "
     "manager::boot(...);'"},
    {"process_spawn_failed", "failed to spawn process"},
    {"process_configuration_failed", "failed to configure process"},
    {"agent_spawn_failed", "failed to spawn agent"},
    {"missing_parameter", "a parameter of the bootstrap is missing"},
    {"invalid_parameter", "a parameter of the bootstrap is invalid"},
    {"terminate_unsupported", "terminate/kill unsupported by manager"},
    {"already_terminated", "proc already terminated"},
    {"lifecycle_closed", "lifecycle channel closed; cannot observe state"},
};
inline const error_category host_error_category{"hyperactor.host", host_error_rows};

}  // namespace detail

[[nodiscard]] inline std::error_code make_error_code(host_error e) noexcept {
  return {static_cast<int>(e), detail::host_error_category};
}

}  // namespace hyperactor::inline v0

template <> struct std::is_error_code_enum<hyperactor::host_error> : std::true_type {};

namespace hyperactor::inline v0::detail {

[[nodiscard]] HYPERACTOR_COLD inline error proc_exists_error(std::string_view name) {
  return {host_error::proc_exists, "proc '" + std::string(name) + "' already exists"};
}
[[nodiscard]] HYPERACTOR_COLD inline error spawn_failed_error(std::string_view proc, std::string_view command,
                                                              std::string_view reason) {
  return {host_error::process_spawn_failed, "proc '" + std::string(proc) + "' (command: " + std::string(command) +
                                                ") failed to spawn process: " + std::string(reason)};
}
[[nodiscard]] HYPERACTOR_COLD inline error configuration_failed_error(std::string_view proc, std::string_view reason) {
  return {host_error::process_configuration_failed,
          "proc '" + std::string(proc) + "' failed to configure process: " + std::string(reason)};
}
[[nodiscard]] HYPERACTOR_COLD inline error agent_failed_error(std::string_view proc, std::string_view reason) {
  return {host_error::agent_spawn_failed,
          "failed to spawn agent on proc '" + std::string(proc) + "': " + std::string(reason)};
}
[[nodiscard]] HYPERACTOR_COLD inline error missing_parameter_error(std::string_view name) {
  return {host_error::missing_parameter,
          "parameter '" + std::string(name) + "' missing: environment variable not found"};
}
[[nodiscard]] HYPERACTOR_COLD inline error invalid_parameter_error(std::string_view name, std::string_view reason) {
  return {host_error::invalid_parameter, "parameter '" + std::string(name) + "' invalid: " + std::string(reason)};
}
[[nodiscard]] HYPERACTOR_COLD inline error already_terminated_error(std::string_view status) {
  return {host_error::already_terminated, "proc already terminated (status: " + std::string(status) + ")"};
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_HOST_ERROR_HPP
