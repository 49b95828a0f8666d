// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_MESSAGE_ORIGIN_HPP
#define HYPERACTOR_MAILBOX_MESSAGE_ORIGIN_HPP

/// @file
/// Where a message that came from another process came from, and the way back. Only what lets such messages in makes
/// one.

#include <hyperactor/identity/actor_addr.hpp>
#include <hyperactor/mailbox/headers.hpp>
#include <hyperactor/mailbox/message.hpp>
#include <hyperactor/mailbox/return_port.hpp>

#include <utility>

namespace hyperactor::inline v0::detail {

/// Owner: its message.
struct message_origin final : message_origin_base {
  message_origin(actor_addr from, hyperactor::headers h, return_port way_back, bool wants_return)
      : message_origin_base{[](message_origin_base* o) noexcept { delete static_cast<message_origin*>(o); }},
        sender(std::move(from)),
        headers(std::move(h)),
        back(std::move(way_back)),
        return_undeliverable(wants_return) {}

  actor_addr sender;
  hyperactor::headers headers;
  return_port back;
  bool return_undeliverable;
};

/// @pre the message has an origin
[[nodiscard]] inline message_origin& origin_of(const message_node& n) noexcept {
  return static_cast<message_origin&>(*n.origin);
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_MESSAGE_ORIGIN_HPP
