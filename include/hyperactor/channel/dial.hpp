// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_DIAL_HPP
#define HYPERACTOR_CHANNEL_DIAL_HPP

/// @file
/// `dial`: a transmitter for an address.

#include <hyperactor/channel/default_transports.hpp>
#include <hyperactor/channel/transmitter.hpp>
#include <hyperactor/wire/remote_message.hpp>

namespace hyperactor::inline v0 {

/// A transmitter of messages of type `M`. Connects when the first message is posted, so an address that nobody serves
/// is noticed then; only `local` addresses are looked at here.
/// @tparam Transports  the table in which the address is looked up; a transport of your own joins it here:
///                     `dial<M, transports<mine, transport::tcp>>(addr)`
/// @errors channel_error::invalid_address; connect_failed (local addresses)
/// @threadsafe
template <class M, detail::transport_list Transports = default_transports>
[[nodiscard]] result<transmitter<M>> dial(const channel_addr& addr) {
  detail::explain_remote_message<M>();
  const channel_addr& to = addr.dial_addr();
  const detail::transport_row* const row = detail::transport_table<Transports>::find(to);
  if (row == nullptr) return detail::no_transport(to);
  if (auto possible = row->check(to); !possible) return possible.error();
  auto* const session = new detail::outbound_session(*row, to);
  return transmitter<M>(detail::intrusive_ptr<detail::outbound_session>::adopt(session));
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_CHANNEL_DIAL_HPP
