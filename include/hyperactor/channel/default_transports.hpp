// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_DEFAULT_TRANSPORTS_HPP
#define HYPERACTOR_CHANNEL_DEFAULT_TRANSPORTS_HPP

/// @file
/// The table of transports that addresses are looked up in.

#include <hyperactor/channel/local.hpp>
#include <hyperactor/channel/tcp.hpp>
#include <hyperactor/channel/unix_socket.hpp>

namespace hyperactor::inline v0 {

/// What `serve` and `dial` use unless they are told otherwise.
using default_transports = transports<transport::local, transport::unix_socket, transport::tcp>;

namespace detail {

[[nodiscard]] HYPERACTOR_COLD inline error no_transport(const channel_addr& a) {
  return error(channel_error::invalid_address, "no transport of the table takes " + a.to_string());
}

}  // namespace detail
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_CHANNEL_DEFAULT_TRANSPORTS_HPP
