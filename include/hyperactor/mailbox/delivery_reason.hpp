// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_DELIVERY_REASON_HPP
#define HYPERACTOR_MAILBOX_DELIVERY_REASON_HPP

/// @file
/// Why messages do not reach their ports: the reasons, their groups and their texts.

#include <hyperactor/base/platform.hpp>

#include <string>

namespace hyperactor::inline v0 {

/// Why a message did not reach its port. Ask `delivery_failure::kind()` for the four groups.
enum class delivery_reason : unsigned char {
  // the reference is not good: the sender's mistake, or a race with the receiver's end
  actor_does_not_exist,
  handler_not_bound,
  actor_stopped,
  actor_failed,
  port_never_allocated,
  protocol_mismatch,    ///< the bytes are no message of the port's type
  wrong_mailbox_owner,  ///< the envelope was handed to another actor's mailbox
  // the way there
  channel_closed,
  ack_timed_out,
  dial_failed,
  no_route,
  oversized_frame,
  link_unavailable,
  forwarder_unavailable,
  // the port was there once
  port_gone,
  // the message passed too many senders
  expired,
};

/// The four groups of reasons.
enum class delivery_failure_kind : unsigned char {
  invalid_reference,
  transport,
  port_gone,
  expired,
};

namespace detail {

[[nodiscard]] inline delivery_failure_kind kind_of(delivery_reason r) noexcept {
  if (r <= delivery_reason::wrong_mailbox_owner) return delivery_failure_kind::invalid_reference;
  if (r <= delivery_reason::forwarder_unavailable) return delivery_failure_kind::transport;
  return r == delivery_reason::port_gone ? delivery_failure_kind::port_gone : delivery_failure_kind::expired;
}
/// Whether an actor whose message came back for this reason fails, unless its hook decides otherwise: a bad reference,
/// an expired or oversized message does; a port that has gone and other troubles of transport are tolerated.
[[nodiscard]] inline bool fails_sender(delivery_reason r) noexcept {
  const delivery_failure_kind kind = kind_of(r);
  return kind == delivery_failure_kind::invalid_reference || kind == delivery_failure_kind::expired ||
         r == delivery_reason::oversized_frame;
}
/// Whether the actor is what could not be reached, and not one of its ports.
[[nodiscard]] inline bool is_about_actor(delivery_reason r) noexcept {
  return r == delivery_reason::actor_does_not_exist || r == delivery_reason::actor_stopped ||
         r == delivery_reason::actor_failed || r == delivery_reason::wrong_mailbox_owner;
}

/// What a reason says without further facts.
[[nodiscard]] HYPERACTOR_COLD inline const char* reason_sentence(delivery_reason r) noexcept {
  switch (r) {
    case delivery_reason::actor_does_not_exist:
      return "actor does not exist";
    case delivery_reason::handler_not_bound:
      return "handler not bound";
    case delivery_reason::actor_stopped:
      return "actor stopped";
    case delivery_reason::actor_failed:
      return "actor failed";
    case delivery_reason::port_never_allocated:
      return "port never allocated";
    case delivery_reason::protocol_mismatch:
      return "protocol mismatch";
    case delivery_reason::wrong_mailbox_owner:
      return "wrong mailbox owner";
    case delivery_reason::channel_closed:
      return "channel closed";
    case delivery_reason::ack_timed_out:
      return "ack timed out";
    case delivery_reason::dial_failed:
      return "dial failed";
    case delivery_reason::no_route:
      return "no route";
    case delivery_reason::oversized_frame:
      return "rejecting oversize frame";
    case delivery_reason::link_unavailable:
      return "link unavailable";
    case delivery_reason::forwarder_unavailable:
      return "forwarder unavailable";
    case delivery_reason::port_gone:
      return "port gone";
    case delivery_reason::expired:
      break;
  }
  return "ttl expired";
}

/// `transport failure to b.q:7@inproc://1: no route`.
[[nodiscard]] HYPERACTOR_COLD inline std::string failure_message(delivery_reason r, const std::string& target,
                                                                 const std::string& reason) {
  switch (kind_of(r)) {
    case delivery_failure_kind::invalid_reference:
      return "invalid reference " + target + ": " + reason;
    case delivery_failure_kind::transport:
      return "transport failure to " + target + ": " + reason;
    case delivery_failure_kind::port_gone:
      return "port gone: " + target;
    case delivery_failure_kind::expired:
      break;
  }
  return "ttl expired for " + target;
}

}  // namespace detail

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_MAILBOX_DELIVERY_REASON_HPP
