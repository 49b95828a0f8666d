// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_ROUTING_HPP
#define HYPERACTOR_MAILBOX_ROUTING_HPP

/// @file
/// The ways of serialized messages in a proc: definitions of `post_office`. Templates, so that a program whose messages
/// stay as they are does not make code of them.

#include <hyperactor/base/when_used.hpp>
#include <hyperactor/mailbox/mailbox.hpp>
#include <hyperactor/mailbox/network.hpp>

#include <cstdint>
#include <utility>

namespace hyperactor::inline v0::detail {

template <class Tag> void post_office::post(message_envelope message, return_port back) {
  if (message.next_hop().proc_id() == id() && !is_pseudo_singleton_elsewhere<Tag>(message)) {
    if (message.ttl() == 0) return std::move(message).refuse(delivery_reason::expired, back);
    message.set_ttl(static_cast<std::uint8_t>(message.ttl() - 1));
    return deliver<Tag>(std::move(message), std::move(back));
  }
  if (detail::network* const out = gateway()) return out->post(std::move(message), std::move(back));
  std::move(message).refuse(delivery_reason::no_route, back);
}

template <class Tag> void post_office::deliver(message_envelope message, return_port back) {
  auto ended = mailbox_state::open;
  if (auto m = find<Tag>(message.dest().actor_id(), ended)) return m->deliver(std::move(message), std::move(back));
  if (ended == mailbox_state::open) return std::move(message).refuse(delivery_reason::actor_does_not_exist, back);
  const closed_reason why = why_closed(ended);
  std::move(message).refuse(why.reason, back, why.text);
}

template <class Tag> intrusive_ptr<mailbox> post_office::find(const actor_id& id, mailbox_state& ended) const {
  const uid& u = id.uid();
  if (u.is_singleton()) return find_named(u.label(), ended);
  auto m = instance_registry::instance().find(u.number());
  if (!m) ended = instance_registry::instance().how_ended(u.number());
  return m && m->id() == id ? m : nullptr;
}

template <class Tag> bool post_office::is_pseudo_singleton_elsewhere(const message_envelope& m) const {
  const uid& u = id().uid();
  if (!u.is_singleton()) return false;
  const auto name = u.label().view();
  return (name == "service" || name == "local") && m.next_hop().location() != default_location();
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_ROUTING_HPP
