// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_TERMINATION_HPP
#define HYPERACTOR_HOST_TERMINATION_HPP

/// @file
/// How procs are asked to end, and what came of it.
///
/// [TRM-1] `ok + failed == attempted`; `ok` includes procs that had ended before.

#include <hyperactor/base/format.hpp>
#include <hyperactor/config/keys.hpp>
#include <hyperactor/config/store.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace hyperactor::inline v0 {

/// How to end one proc, or all of a host.
struct termination_options {
  /// How long each has to end by itself before it is ended by force; default `config::process_exit_timeout`.
  std::chrono::nanoseconds timeout = config::get<config::process_exit_timeout>();
  /// How many are being ended at a time; 0 counts as 1. Used where there are several.
  std::size_t max_in_flight = 16;
  /// Told to the actors that stop.
  std::string reason = "terminated by the host";
};

/// What `terminate_children` did.
struct termination_summary {
  std::size_t attempted = 0;  ///< procs that had not been released yet
  std::size_t ok = 0;         ///< those that have ended
  std::size_t failed = 0;     ///< those that could not be ended

  /// `attempted=3 ok=3 failed=0`.
  [[nodiscard]] std::string to_string() const {
    return "attempted=" + std::to_string(attempted) + " ok=" + std::to_string(ok) + " failed=" + std::to_string(failed);
  }
  friend bool operator==(const termination_summary&, const termination_summary&) = default;
};

}  // namespace hyperactor::inline v0

template <>
struct fmt::formatter<hyperactor::termination_summary>
    : hyperactor::detail::text_formatter<hyperactor::termination_summary> {};

#endif  // HYPERACTOR_HOST_TERMINATION_HPP
