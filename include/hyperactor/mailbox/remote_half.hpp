// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_REMOTE_HALF_HPP
#define HYPERACTOR_MAILBOX_REMOTE_HALF_HPP

/// @file
/// What mailboxes do with serialized messages. Instantiated by whatever lets such messages in or out, and found through
/// `remote_half`.
///
/// [RMH-1] A message that cannot be delivered goes back with the reason; a mismatch consumes no port.
/// [RMH-2] A reply of the right type that cannot be decoded completes its receiver: no other one will come.

#include <hyperactor/base/when_used.hpp>
#include <hyperactor/mailbox/carried_ports.hpp>
#include <hyperactor/mailbox/dropped_reply.hpp>
#include <hyperactor/mailbox/header_keys.hpp>
#include <hyperactor/mailbox/mailbox.hpp>
#include <hyperactor/mailbox/pending_asks.hpp>
#include <hyperactor/mailbox/undeliverable.hpp>

#include <atomic>
#include <utility>

namespace hyperactor::inline v0::detail {

/// The handlers' part; set by the actor module.
using handler_delivery = void (*)(mailbox& to, message_envelope message, return_port back);
HYPERACTOR_SHARED inline constinit std::atomic<handler_delivery> deliver_to_handler{nullptr};

template <class Tag> struct remote_half_of_mailboxes {
  static void deliver(mailbox& to, message_envelope message, return_port back) {
    if (message.dest().actor_id() != to.id()) {
      return back.undeliverable(std::move(message), delivery_failure::wrong_mailbox_owner());
    }
    const decoding_scope scope(to);
    const port& p = message.dest().port();
    if (p.is_handler()) return deliver_handler(to, std::move(message), std::move(back));
    if (!p.is_ephemeral()) return back.undeliverable(std::move(message), delivery_failure::port_never_allocated());
    const std::uint64_t index = p.number();
    const auto entry = to.find_port(index);
    if (!entry) {
      if (to.state() != mailbox_state::open) return back.undeliverable(std::move(message), closed_failure(to.state()));
      return back.undeliverable(std::move(message), to.was_allocated(index) ? delivery_failure::port_gone()
                                                                            : delivery_failure::port_never_allocated());
    }
    switch (entry->deliver(message)) {
      case port_entry::outcome::accepted:
        return;
      case port_entry::outcome::exhausted:
        return to.remove_port(index);
      case port_entry::outcome::gone:
        to.remove_port(index);
        return back.undeliverable(std::move(message), port_failure(to));
      case port_entry::outcome::mismatch:
        if (message.consume<when_used<reply_dropped, Tag>>([&](auto&& dropped) {
              if (entry->drop(error(mailbox_error::reply_dropped, std::move(dropped.why)))) to.remove_port(index);
            })) {
          return;
        }
        if (message.consume<when_used<reply_debtor, Tag>>([&](auto&& debtor) { hear(entry->awaited(), debtor); }))
          return;
        return back.undeliverable(std::move(message), delivery_failure::protocol_mismatch());
    }
  }

  static void hear(awaited_reply* reply, const reply_debtor& debtor) {
    if (reply == nullptr) return;
    auto& pending = pending_asks::instance();
    if (debtor.lost.empty()) {
      pending.moved(*reply, debtor.proc);
    } else {
      pending.lost_with(*reply, debtor.proc, debtor.lost);
    }
  }

  static void deliver_handler(mailbox& to, message_envelope message, return_port back) {
    if (message.dest().port().number() == type_hash<undeliverable>) {
      if (message.consume<when_used<undeliverable, Tag>>([&](auto&& u) { to.returned(std::move(u)); })) return;
      return back.undeliverable(std::move(message), delivery_failure::protocol_mismatch());
    }
    const handler_delivery handlers = deliver_to_handler.load(std::memory_order_acquire);
    if (to.is_actor() && handlers != nullptr) return handlers(to, std::move(message), std::move(back));
    back.undeliverable(std::move(message), to.state() == mailbox_state::open ? delivery_failure::handler_not_bound()
                                                                             : closed_failure(to.state()));
  }

  /// What came back from the way took a number with it: an empty message takes its place in the stream, so that what
  /// follows does not wait for it. What the receiver refused was counted there.
  static void fill_gap(mailbox& sender, const message_envelope& returned) {
    const delivery_failure* const root = returned.root_delivery_failure();
    if (root == nullptr || root->kind() != delivery_failure_kind::transport) return;
    if (returned.sender().id() != sender.id()) return;
    const auto sequence = returned.headers().get<when_used<header::seq_info, Tag>>();
    if (!sequence || sequence->is_direct()) return;
    headers h;
    h.set<header::seq_info>(*sequence);
    message_envelope filler(returned.sender(), returned.dest(), any_value(), std::move(h));
    filler.set_return_undeliverable(false);
    sender.office().post(std::move(filler), return_port());
  }

  /// What the asker learns about a request that came back. Where the link broke, the request may have arrived: its
  /// receiver is lost, and whether it was handled is not known.
  [[nodiscard]] static mailbox_error code_of(const message_envelope& returned) noexcept {
    const delivery_failure* const root = returned.root_delivery_failure();
    const bool was_sent = root != nullptr && (root->reason() == delivery_reason::channel_closed ||
                                              root->reason() == delivery_reason::ack_timed_out);
    return was_sent ? mailbox_error::peer_lost : mailbox_error::undeliverable;
  }

  /// Completes the once ports of `asker` that travelled in the message, and tells those of others that it did not
  /// arrive.
  static bool settle_returned(mailbox& asker, undeliverable& u) noexcept {
    message_envelope* const envelope = u.is_bare() ? nullptr : u.envelope();
    if (envelope == nullptr || envelope->is_local()) return false;
    fill_gap(asker, *envelope);
    bool settled = false;
    for_each_once_port(envelope->data(), [&](auto&& port) {
      if (!port.port().is_ephemeral()) return;
      if (port.actor_id() == asker.id()) {
        settled |= asker.close_port(port.port().number(), error(code_of(*envelope), u.error_message()));
      } else {
        tell_once_port(asker, std::move(port),
                       when_used<reply_debtor, Tag>{proc_addr(envelope->dest().proc_id(), envelope->dest().location()),
                                                    u.error_message()});
      }
    });
    return settled;
  }

  static constexpr remote_operations operations{&deliver, &settle_returned};
};

/// Names the remote half, so that it is there: for templates through which serialized messages come or go.
template <class Tag = void> void use_remote_half() noexcept {
  // relaxed look: once set it stays
  if (remote_half.load(std::memory_order_relaxed) != nullptr) return;
  remote_half.store(&remote_half_of_mailboxes<Tag>::operations, std::memory_order_release);
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_REMOTE_HALF_HPP
