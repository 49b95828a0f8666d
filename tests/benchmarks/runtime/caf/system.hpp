// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BENCHMARKS_CAF_SYSTEM_HPP
#define HYPERACTOR_BENCHMARKS_CAF_SYSTEM_HPP

/// @file
/// CAF's actor system with as many workers as the options say; everything else as CAF ships it.

#include "../bench.hpp"

#include <caf/all.hpp>

namespace bench {

/// A configuration for `caf::actor_system`.
class caf_config : public caf::actor_system_config {
 public:
  explicit caf_config(const options& given) { set("scheduler.max-threads", static_cast<std::size_t>(given.threads())); }
};

/// Fails the program unless CAF really runs that many workers.
inline void expect_workers(caf::actor_system& system, const options& given) {
  expect(system.scheduler().num_workers() == given.threads(), "number of CAF workers");
}

}  // namespace bench

#endif  // HYPERACTOR_BENCHMARKS_CAF_SYSTEM_HPP
