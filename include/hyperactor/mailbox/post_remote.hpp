// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_POST_REMOTE_HPP
#define HYPERACTOR_MAILBOX_POST_REMOTE_HPP

/// @file
/// The serialized way out of an instance: encode, number, put into an envelope, hand to the proc.

#include <hyperactor/base/platform.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/port_addr.hpp>
#include <hyperactor/mailbox/dropped_reply.hpp>
#include <hyperactor/mailbox/header_keys.hpp>
#include <hyperactor/mailbox/numbering.hpp>
#include <hyperactor/mailbox/pending_asks.hpp>
#include <hyperactor/mailbox/remote_half.hpp>
#include <hyperactor/mailbox/sender.hpp>
#include <hyperactor/ordering/sequence.hpp>
#include <hyperactor/wire/any_value.hpp>
#include <hyperactor/wire/remote_message.hpp>

#include <utility>

namespace hyperactor::inline v0::detail {

/// The stream by which a sender numbers what it serializes to an instance; the same as for local posts to it, because
/// the receiver tells streams apart by their sender only.
[[nodiscard]] inline std::uint64_t stream_of(const port_addr& dest) noexcept {
  std::uint64_t key = dest.actor_id().uid().number();
  if (dest.port().is_ephemeral()) key ^= (dest.port().number() + 1) * 0x9e3779b97f4a7c15ULL;
  return key == 0 ? 1 : key;
}
/// Whether what is serialized to `dest` is numbered. A name may belong to another incarnation by now, which would wait
/// for numbers that the one before it got; messages to names are in order as far as their way keeps it.
[[nodiscard]] inline bool is_numbered(const port_addr& dest) noexcept {
  return !dest.port().is_control() && dest.actor_id().uid().is_instance();
}

/// How many messages a destination takes.
enum class takes : bool { one, many };

/// Sends what is encoded already. What goes to a port of one message is not numbered: its stream would be kept for
/// nothing.
template <class Tag = void>
HYPERACTOR_COLD void post_encoded(sender& cx, const port_addr& dest, any_value data, std::string_view type,
                                  bool return_undeliverable, takes messages) {
  use_remote_half();
  mailbox& from = detail_sender_access::mailbox(cx);
  when_used<headers, Tag> h;
  h.template set<header::send_timestamp>(std::chrono::system_clock::now());
  if (messages == takes::many) h.template set<header::rust_message_type>(std::string(type));
  if (messages == takes::many && is_numbered(dest)) {
    h.template set<header::seq_info>(
        sequence_info{session_of_key(from.session()), next_sequence(from, stream_of(dest))});
    stamp_sender(h, from.addr(), dest);
  } else {
    h.template set<header::seq_info>(sequence_info{});
  }
  message_envelope envelope(from.addr(), dest, std::move(data), std::move(h));
  envelope.set_return_undeliverable(return_undeliverable);
  from.office().post(std::move(envelope), return_port_of(from));
}

/// A message that could not be encoded: its sender learns why; the message itself is still the caller's. Whoever waits
/// for it as a reply is told.
template <class Tag = void>
HYPERACTOR_COLD void report_unsendable(sender& cx, const port_addr& dest, std::string_view type, const error& why,
                                       takes messages) {
  mailbox& from = detail_sender_access::mailbox(cx);
  if (messages == takes::one) {  // [DRP-3]
    tell_once_port(
        from, dest,
        when_used<reply_dropped, Tag>{"actor " + from.addr().to_string() + " cannot send its reply: " + why.what()});
  }
  auto failure = when_used<delivery_failure, Tag>::link_unavailable(why.what());
  failure.complete(dest);
  when_used<delivery_failure_report, Tag> report{from.addr(), endpoint_location::port(dest), std::string(type), {}};
  report.delivery_failures.push_back(std::move(failure));
  from.returned(undeliverable::report(std::move(report)));
}

/// Encodes and sends. Once ports inside pass their obligation on when the encoding succeeds.
template <class M>
HYPERACTOR_USES_THREAD_LOCALS void post_remote(sender& cx, const port_addr& dest, const M& value,
                                               bool return_undeliverable, takes messages = takes::many) {
  const proc_addr owes(dest.proc_id(), dest.location());
  const proc_addr* before = std::exchange(encoding_for, &owes);
  auto data = any_value::encode(value);
  encoding_for = before;
  if (!data) return report_unsendable(cx, dest, wire_name<M>, data.error(), messages);
  post_encoded(cx, dest, std::move(*data), wire_name<M>, return_undeliverable, messages);
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_POST_REMOTE_HPP
