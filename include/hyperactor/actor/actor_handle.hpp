// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_ACTOR_HANDLE_HPP
#define HYPERACTOR_ACTOR_ACTOR_HANDLE_HPP

/// @file
/// `actor_handle<A>`: the local, typed way to an actor. A cheap shared value; dropping it never stops the actor.
///
/// [HND-1] A post takes no lock, changes no reference count and takes one block from the pool.

#include <hyperactor/actor/actor_core.hpp>
#include <hyperactor/actor/actor_ref.hpp>
#include <hyperactor/actor/behavior.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/mailbox/message.hpp>

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

/// A local send that the mailbox refused: closed, or ending.
HYPERACTOR_COLD inline void refused(sender& cx, const actor_core& dest, message_node* n) {
  const char* const text = dest.state() == mailbox_state::draining ? "actor is stopping"
                           : dest.state() == mailbox_state::failed ? "actor failed"
                                                                   : "actor stopped";
  return_sent(cx, owned_message(n), {dest.addr(), delivery_reason::link_unavailable, text});
}

/// Sends a node that is built already.
HYPERACTOR_ALWAYS_INLINE void post_node(sender& cx, actor_core& dest, message_node* n, std::uint32_t slot) {
  if (!push_numbered(detail_sender_access::mailbox(cx), dest, n, slot)) [[unlikely]] {
    refused(cx, dest, n);
  }
}

/// The slot of `A`'s handler for `M`; `not_found` where there is none.
template <class A, class M> inline constexpr std::size_t handler_slot = not_found;
template <has_handlers A, class M>
inline constexpr std::size_t handler_slot<A, M> = message_index<M, messages_in<typename A::handlers>>;

template <class A, class M, class... Listed> consteval void explain_unlisted(type_list<Listed...>) {
  static_assert(
      handles<A, M>,
      "hyperactor: A does not list message M in its handlers, which are named behind A and M in the notes; post one "
      "of them, spelled with exactly that type, or add M to A::handlers");
}
/// Says in one error why an `M`, built from `Args`, cannot be posted to `A`.
template <class A, class M, class... Args> consteval void explain_post() {
  if constexpr (!has_handlers<A>) {
    explain_no_handlers<A>();
  } else if constexpr (!handles<A, M>) {
    explain_unlisted<A, M>(messages_in<typename A::handlers>{});
  } else {
    explain_build<M, Args...>();
  }
}

/// Copied into messages that `ask` makes.
struct request_access;

}  // namespace detail

template <class A> class actor_handle {
 public:
  using actor_type = A;

  explicit actor_handle(detail::intrusive_ptr<detail::actor_core> core) noexcept : core_(std::move(core)) {}

  /// Queues the message. Never blocks, never fails here: what cannot be delivered returns to `cx`.
  /// @complexity O(1), no lock, one block ([HND-1])
  /// @threadsafe
  template <class M> void post(sender& cx, M&& message) const {
    using T = std::remove_cvref_t<M>;
    constexpr std::size_t slot = detail::handler_slot<A, T>;
    if constexpr (slot == detail::not_found || !std::is_constructible_v<T, M&&>) {
      detail::explain_post<A, T, M&&>();
    } else {
      detail::post_node(cx, *core_, detail::typed_message<T>::make(std::forward<M>(message)),
                        static_cast<std::uint32_t>(slot));
    }
  }
  /// The same, built in place: no move, no temporary.
  template <class M, class... Args>
    requires(sizeof...(Args) != 1 || !(std::is_same_v<std::remove_cvref_t<Args>, M> || ...))
  void post(sender& cx, Args&&... args) const {
    constexpr std::size_t slot = detail::handler_slot<A, M>;
    if constexpr (slot == detail::not_found || !detail::built_from<M, Args&&...>) {
      detail::explain_post<A, M, Args&&...>();
    } else {
      detail::post_node(cx, *core_, detail::typed_message<M>::make(std::forward<Args>(args)...),
                        static_cast<std::uint32_t>(slot));
    }
  }

  [[nodiscard]] actor_addr addr() const { return core_->addr(); }

  /// Stops the actor after the handler that runs; queued messages return to their senders. @threadsafe
  void stop(std::string reason) const { core_->send_stop(detail::signal_kind::stop, std::move(reason)); }
  /// Stops the actor after all that it accepted is handled. @threadsafe
  void drain_and_stop(std::string reason) const {
    core_->send_stop(detail::signal_kind::drain_and_stop, std::move(reason));
  }
  /// Fails the actor after the handler that runs; one that awaits is cancelled. @threadsafe
  void kill(std::string reason) const { core_->send_stop(detail::signal_kind::kill, std::move(reason)); }

  [[nodiscard]] watch<actor_status> status() const {
    return watch<actor_status>(detail::intrusive_ptr<const detail::watch_source<actor_status>>(core_.get()));
  }
  /// Blocks until the actor is terminal.
  /// @errors throws `misuse_error` on a runtime thread
  actor_status join() const {
    detail::require_blocking_allowed("join", "async_join");
    return status().wait(&detail::is_terminal_status);
  }
  /// Blocks until the actor is terminal, `timeout` at most.
  /// @errors mailbox_error::timed_out; throws `misuse_error` on a runtime thread
  template <class Rep, class Period>
  [[nodiscard]] result<detail::when_used<actor_status, Rep>> join_for(
      std::chrono::duration<Rep, Period> timeout) const {
    detail::require_blocking_allowed("join_for", "async_join");
    if (!status().wait_for(&detail::is_terminal_status, timeout)) return error(mailbox_error::timed_out);
    return status().get();
  }
  /// The terminal status, for any completion token of signature `void(actor_status)`.
  template <class CompletionToken = asio::use_awaitable_t<>>
  [[nodiscard]] auto async_join(CompletionToken&& token = {}) const {
    return status().async_wait(&detail::is_terminal_status, std::forward<CompletionToken>(token));
  }

  /// A reference that may send what `A` exports.
  [[nodiscard]] actor_ref<A> bind() const;
  /// A reference that may send the messages of behaviour `B`.
  template <class B> [[nodiscard]] actor_ref<B> bind() const;

  friend bool operator==(const actor_handle& a, const actor_handle& b) noexcept { return a.core_ == b.core_; }

 private:
  template <class B> friend class actor_ref;
  friend struct detail::request_access;

  detail::intrusive_ptr<detail::actor_core> core_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_ACTOR_HANDLE_HPP
