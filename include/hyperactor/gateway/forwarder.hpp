// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_GATEWAY_FORWARDER_HPP
#define HYPERACTOR_GATEWAY_FORWARDER_HPP

/// @file
/// Forwarders: what a gateway does with a message that is for none of its procs. A forwarder is any `mailbox_sender`;
/// these two come with the library.

#include <hyperactor/gateway/dial_router.hpp>

namespace hyperactor::inline v0 {

/// Dials the location in the destination's address, over one of these transports. Costs one channel for each address in
/// use. Choose it for procs that are to reach other processes.
template <class... Transports> using dial_forwarder = dial_router<transports<Transports...>>;

/// Sends nothing out: what is for no proc of the gateway comes back with "no route". Costs nothing. Choose it for procs
/// that are to stay among themselves.
using unroutable_forwarder = unroutable_sender;

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_GATEWAY_FORWARDER_HPP
