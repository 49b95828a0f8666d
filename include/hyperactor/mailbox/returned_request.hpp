// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_RETURNED_REQUEST_HPP
#define HYPERACTOR_MAILBOX_RETURNED_REQUEST_HPP

/// @file
/// A request that came back: whoever awaits its reply learns why there is none.

#include <hyperactor/mailbox/mailbox.hpp>
#include <hyperactor/mailbox/port_repr.hpp>
#include <hyperactor/mailbox/undeliverable.hpp>
#include <hyperactor/wire/encode.hpp>

namespace hyperactor::inline v0::detail {

/// Completes the once ports of `asker` that travelled in the message.
/// @returns true where there was one: the message was a request, and its receiver has the reason
HYPERACTOR_COLD inline bool settle_returned_request(mailbox& asker, undeliverable& u) noexcept {
  message_envelope* const envelope = u.envelope();
  if (envelope == nullptr || envelope->is_local()) return false;
  bool settled = false;
  for (const wire::part& p : envelope->data().message().parts) {
    if (!p.is_typed || p.typehash != type_hash<once_port_repr>) continue;
    auto repr = wire::decode_plain<once_port_repr>(p.bytes.span());
    if (!repr || repr->port_addr.actor_id() != asker.id() || !repr->port_addr.port().is_ephemeral()) continue;
    settled |= asker.close_port(repr->port_addr.port().number(), error(mailbox_error::undeliverable, u.error_message()));
  }
  return settled;
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_RETURNED_REQUEST_HPP
