// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_MAILBOX_SENDER_HPP
#define HYPERACTOR_MAILBOX_MAILBOX_SENDER_HPP

/// @file
/// `mailbox_sender`: what takes envelopes and brings them nearer to their mailbox: a mailbox, a muxer, a router, a
/// gateway, a policy of your own.
///
/// Laws, for every model `p`:
/// [MBS-1] `p.post_unchecked(envelope, back)` does not block and does not throw; the envelope is delivered, handed on,
///         or given to `back` exactly once.
/// [MBS-2] Through `post` each sender costs one unit of TTL; an envelope that has none left comes back as expired.
/// [MBS-3] `p.flush(done)`, where it exists, calls `done` once, when everything that was posted before through `p` was
///         delivered, acknowledged or returned.

#include <hyperactor/base/result.hpp>
#include <hyperactor/base/unique_function.hpp>
#include <hyperactor/mailbox/return_port.hpp>

#include <concepts>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {
/// What `flush` calls at its end.
using flush_callback = unique_function<void(result<void>)>;
}  // namespace detail

/// Takes envelopes: `void post_unchecked(message_envelope, return_port) const`. Optional: `void post(message_envelope,
/// return_port) const`, which checks the TTL itself, `void flush(callback) const`, and `bool is_expired() const`, which
/// says that what it delivers to is gone for good.
template <class P>
concept mailbox_sender = std::move_constructible<P> && requires(const P& p, message_envelope m, return_port back) {
  { p.post_unchecked(std::move(m), std::move(back)) } -> std::same_as<void>;
};

namespace detail {

/// One readable error where `P` is no mailbox_sender: `static_assert(sizeof(explained_sender<P>) != 0)`.
template <class P> struct explained_sender {
  static constexpr bool has_post =
      requires(const P& p, message_envelope m, return_port back) { p.post_unchecked(std::move(m), std::move(back)); };
  static constexpr bool has_mutable_post =
      requires(P& p, message_envelope m, return_port back) { p.post_unchecked(std::move(m), std::move(back)); };
  static_assert(has_post || !has_mutable_post,
                "hyperactor: post_unchecked of policy P is not const; policies are shared between threads: write "
                "'void post_unchecked(hyperactor::message_envelope, hyperactor::return_port) const'");
  static_assert(has_post || has_mutable_post,
                "hyperactor: policy P does not take envelopes; give it a public "
                "'void post_unchecked(hyperactor::message_envelope, hyperactor::return_port) const'");
  static_assert(
      !has_post || mailbox_sender<P>,
      "hyperactor: policy P must be movable and its post_unchecked must return void; what cannot be delivered "
      "goes to the return_port");
};

/// The same as a statement: `detail::explain_mailbox_sender<P>();`.
template <class P> consteval bool explain_mailbox_sender() {
  static_assert(sizeof(explained_sender<P>) != 0);
  return mailbox_sender<P>;
}

/// Posts with the TTL check ([MBS-2]): `p.post` where the policy has one, otherwise the default.
template <mailbox_sender P> void post_through(const P& p, message_envelope m, return_port back) {
  if constexpr (requires { p.post(std::move(m), std::move(back)); }) {
    p.post(std::move(m), std::move(back));
  } else {
    if (m.ttl() == 0) return back.undeliverable(std::move(m), delivery_failure::expired());
    m.set_ttl(static_cast<std::uint8_t>(m.ttl() - 1));
    p.post_unchecked(std::move(m), std::move(back));
  }
}

/// Flushes where the policy can; otherwise there is nothing to wait for.
template <mailbox_sender P> void flush_through(const P& p, flush_callback done) {
  if constexpr (requires { p.flush(std::move(done)); }) {
    p.flush(std::move(done));
  } else {
    done(result<void>());
  }
}

}  // namespace detail

/// Delivers nothing: every envelope comes back with "no route". The forwarder of isolated procs.
struct unroutable_sender {
  void post_unchecked(message_envelope m, const return_port& back) const {
    back.undeliverable(std::move(m), delivery_failure::no_route());
  }
};
static_assert(mailbox_sender<unroutable_sender>);

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_MAILBOX_MAILBOX_SENDER_HPP
