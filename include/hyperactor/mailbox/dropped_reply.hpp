// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_DROPPED_REPLY_HPP
#define HYPERACTOR_MAILBOX_DROPPED_REPLY_HPP

/// @file
/// What a once port of another process is told besides its message: that whoever had to answer will not, or who has to
/// answer from now on.
///
/// [DRP-1] A reply that is owed to another process follows the rules of a local one: dropped in a handler, it is told
///         when the handler has ended, with how it ended; dropped at an actor's end, with how the actor ended.
/// [DRP-2] Whoever hands a once port of another process on in a message tells the port first, so that the loss of a
///         proc is the loss of those replies only that it still owes.
/// [DRP-3] A reply that cannot be encoded is told to whoever waits, as one that was dropped.

#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/port_addr.hpp>
#include <hyperactor/mailbox/header_keys.hpp>
#include <hyperactor/mailbox/mailbox.hpp>
#include <hyperactor/mailbox/once_state.hpp>
#include <hyperactor/wire/any_value.hpp>
#include <hyperactor/wire/named.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Sent to a once port in the place of its message. Who does not know it refuses it, and nobody minds.
struct reply_dropped {
  std::string why;
};
/// Sent to a once port in the same way: who owes its message from now on, or that it was lost with that proc.
struct reply_debtor {
  proc_addr proc;
  std::string lost;  // empty: it was not
};

/// Sends `what` to a once port of another process by `out`, which has `post(message_envelope, return_port)`.
template <class M, class Out>
HYPERACTOR_COLD void tell_once_port(actor_addr from, port_addr to, const M& what, Out& out) {
  auto data = any_value::encode(what);
  if (!data) return;  // all of it can travel
  headers h;
  h.set<header::seq_info>(sequence_info{});
  message_envelope envelope(std::move(from), std::move(to), std::move(*data), std::move(h));
  envelope.set_return_undeliverable(false);
  out.post(std::move(envelope), return_port());
}
/// The same, from an instance.
template <class M> void tell_once_port(mailbox& from, port_addr to, const M& what) {
  tell_once_port(from.addr(), std::move(to), what, from.office());
}

/// The instance that a serialized message is being decoded for: whoever answers is answerable there.
inline constinit thread_local mailbox* decoding_instance = nullptr;
class decoding_scope {
 public:
  explicit decoding_scope(mailbox& to) noexcept : before_(std::exchange(decoding_instance, &to)) {}
  decoding_scope(const decoding_scope&) = delete;
  decoding_scope& operator=(const decoding_scope&) = delete;
  ~decoding_scope() { decoding_instance = before_; }

 private:
  mailbox* before_;
};

/// Values are being destroyed that somebody else has a copy of: what they owe is not dropped.
inline constinit thread_local bool dropping_copies = false;

/// Stands for the receiver in the other process: hears that the reply was dropped, and tells it. Owns itself.
/// A template, so that a program without messages of other processes does not pay for it.
template <class Tag = void> class dropped_reply final : public once_core, public waiter {
 public:
  /// The reply that the instance with this session word owes to `to` is dropped. Tells nothing when the instance has
  /// gone: its end was told by others.
  static void drop(std::uint64_t debtor, port_addr to) noexcept {
    if (dropping_copies) return;
    auto from = instance_registry::instance().find(debtor);
    if (!from) return;
    auto* self = new dropped_reply(std::move(from), std::move(to));
    if (self->arm(*self)) drop_unanswered(self);
  }
  /// The instance with this session word is about to send the reply that it owes to `to` on to an actor of `next`.
  static void hand_on(std::uint64_t debtor, const port_addr& to, const proc_addr& next) noexcept {  // [DRP-2]
    if (auto from = instance_registry::instance().find(debtor)) {
      tell_once_port(*from, to, when_used<reply_debtor, Tag>{next, {}});
    }
  }

 private:
  void tell() noexcept {
    tell_once_port(*from_, std::move(to_), when_used<reply_dropped, Tag>{error_.message()});
    release();  // the receiver's reference
  }

  dropped_reply(intrusive_ptr<mailbox> from, port_addr to) noexcept
      : once_core([](once_core* c) noexcept {
          auto* self = static_cast<dropped_reply*>(c);
          self->error_.~error();  // it has failed: nothing else ends it
          delete self;
        }),
        waiter([](waiter& w) noexcept { static_cast<dropped_reply&>(w).tell(); }),
        from_(std::move(from)),
        to_(std::move(to)) {}

  intrusive_ptr<mailbox> from_;
  port_addr to_;
};

}  // namespace hyperactor::inline v0::detail

HYPERACTOR_NAMED("hyperactor::mailbox::ReplyDropped", hyperactor::detail::reply_dropped);
HYPERACTOR_NAMED("hyperactor::mailbox::ReplyDebtor", hyperactor::detail::reply_debtor);

#endif  // HYPERACTOR_MAILBOX_DROPPED_REPLY_HPP
