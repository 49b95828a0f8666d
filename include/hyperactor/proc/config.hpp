// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_PROC_CONFIG_HPP
#define HYPERACTOR_PROC_CONFIG_HPP

/// @file
/// Configuration keys of the runtime.

#include <hyperactor/config/keys.hpp>

namespace hyperactor::inline v0::config {

/// Worker threads of the default runtime; 0: as many as the machine has hardware threads. Read at its first use.
struct runtime_threads : detail::count_key<"runtime_threads"> {
  static constexpr value_type default_value = 0;
};
/// How long static destruction waits for the actors to end.
struct runtime_exit_timeout : detail::duration_key<"runtime_exit_timeout"> {
  static constexpr std::chrono::seconds default_value{5};
};

}  // namespace hyperactor::inline v0::config

#endif  // HYPERACTOR_PROC_CONFIG_HPP
