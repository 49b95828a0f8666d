// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_ASSERT_HPP
#define HYPERACTOR_BASE_ASSERT_HPP

/// @file
/// HYPERACTOR_ASSERT: a bug of the library or of its caller ends the process with a sentence that says what to do.
///
/// [AST-1] Nothing that another process sends can reach an assertion: bad input is an error value.

#include <hyperactor/base/platform.hpp>

#include <cstdio>
#include <cstdlib>

namespace hyperactor::inline v0::detail {

[[noreturn]] HYPERACTOR_COLD inline void assertion_failed(const char* condition, const char* remedy, const char* file,
                                                          int line) noexcept {
  std::fprintf(stderr, "hyperactor: assertion failed: %s; %s (%s:%d)\n", condition, remedy, file, line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace hyperactor::inline v0::detail

/// Aborts with condition, remedy and place when `condition` is false; checked in every build type.
#define HYPERACTOR_ASSERT(condition, remedy) \
  ((condition) ? void() : ::hyperactor::detail::assertion_failed(#condition, remedy, __FILE__, __LINE__))

#endif  // HYPERACTOR_BASE_ASSERT_HPP
