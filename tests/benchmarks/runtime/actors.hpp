// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BENCHMARKS_ACTORS_HPP
#define HYPERACTOR_BENCHMARKS_ACTORS_HPP

/// @file
/// What the programs that measure this library share.

#include "bench.hpp"

#include <hyperactor/proc.hpp>

namespace bench {

namespace ha = hyperactor;

/// Stops the actors, in this order, and waits for each.
template <class... Handles> void finish(Handles&... handles) {
  (handles.stop("done"), ...);
  (handles.join(), ...);
}

}  // namespace bench

#endif  // HYPERACTOR_BENCHMARKS_ACTORS_HPP
