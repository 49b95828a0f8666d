// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_DIRECT_HPP
#define HYPERACTOR_HOST_DIRECT_HPP

/// @file
/// `proc::direct`: a proc with a gateway of its own. Here, because procs and channels meet in this module.

#include <hyperactor/gateway/gateway.hpp>
#include <hyperactor/proc/proc.hpp>

#include <string_view>

namespace hyperactor::inline v0 {

/// A proc with a fresh id, labelled with the label nearest to `name`, that serves `addr` and dials for what goes out.
/// @errors channel_error::address_in_use, invalid_address, listen_failed
HYPERACTOR_COLD inline result<proc> proc::direct(const channel_addr& addr, std::string_view name) {
  const hyperactor::gateway network;
  auto serving = network.serve(addr);
  if (!serving) return serving.error();
  return builder{}.id(proc_id::instance(label::strip(name))).gateway(network).build();
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_HOST_DIRECT_HPP
