// SPDX-License-Identifier: BSD-3-Clause
#pragma once
// Whether this process has children: tests that start processes end with a look at it.

#include <sys/wait.h>

#include <cerrno>

namespace test {

/// True when no child is left, not even a dead one that nobody reaped.
inline bool has_no_children() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD;
}

}  // namespace test
