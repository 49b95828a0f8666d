// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_ONCE_PORT_HPP
#define HYPERACTOR_MAILBOX_ONCE_PORT_HPP

/// @file
/// Ports for one message: the reply of a request.
///
/// [ONC-3] A once port that is destroyed unanswered completes its receiver with `mailbox_error::reply_dropped`, naming
///         the actor and how it ended. Serialization passes the obligation on.
/// [ONC-4] A second post is a mistake of the caller: `misuse_error`.

#include <hyperactor/base/async_operation.hpp>
#include <hyperactor/mailbox/once_state.hpp>

#include <asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace hyperactor::inline v0 {

template <class M> class once_port_ref;

namespace detail {

/// Operation that an asynchronous receive waits for.
template <class R> struct once_wait {
  intrusive_ptr<once_state<R>> state;
  [[nodiscard]] std::optional<result<R>> poll() {
    if (!state) return once_state<R>::failed(mailbox_error::closed);
    return state->poll();
  }
  [[nodiscard]] bool arm(waiter& w) { return state && state->arm(w); }
  [[nodiscard]] bool disarm(waiter& w) { return state && state->disarm(w); }
  [[nodiscard]] result<R> cancelled() {
    state->abandon();
    return once_state<R>::failed(cancelled_error());
  }
};

[[noreturn]] HYPERACTOR_COLD inline void throw_posted_twice() {
  throw misuse_error("hyperactor: a once port takes one message; this one was posted to, moved or sent already");
}

/// The obligation to answer: a reference to the state that completes it when it goes.
template <class R> class reply_obligation {
 public:
  reply_obligation() noexcept = default;
  explicit reply_obligation(once_state<R>* s) noexcept : state_(s) {}
  reply_obligation(reply_obligation&& o) noexcept : state_(std::exchange(o.state_, nullptr)) {}
  reply_obligation& operator=(reply_obligation&& o) noexcept {
    std::swap(state_, o.state_);
    return *this;
  }
  ~reply_obligation() {
    if (state_ != nullptr) drop_unanswered(state_);
  }
  explicit operator bool() const noexcept { return state_ != nullptr; }
  [[nodiscard]] once_state<R>* get() const noexcept { return state_; }
  template <class Arg> void answer(Arg&& arg) {
    once_state<R>* s = std::exchange(state_, nullptr);
    s->complete(std::forward<Arg>(arg));
    s->release();
  }
  void fail(error reason) noexcept {
    once_state<R>* s = std::exchange(state_, nullptr);
    s->fail(std::move(reason));
    s->release();
  }

 private:
  once_state<R>* state_ = nullptr;
};

}  // namespace detail

/// The receiving end of a once port.
/// @note move-only; dropping it gives the reply up
template <class R> class once_receiver {
 public:
  using value_type = R;

  explicit once_receiver(detail::intrusive_ptr<detail::once_state<R>> state) noexcept : state_(std::move(state)) {}
  once_receiver(once_receiver&&) noexcept = default;
  once_receiver& operator=(once_receiver o) noexcept {
    state_.swap(o.state_);
    return *this;
  }
  ~once_receiver() {
    if (state_) state_->abandon();
  }

  /// Blocks for the value.
  /// @errors mailbox_error: why there is none; `closed` once it was taken. Throws `misuse_error` on a runtime thread
  [[nodiscard]] result<R> recv() {
    detail::require_blocking_allowed("recv", "async_recv");
    return wait_until(detail::no_deadline);
  }
  /// Blocks for the value, `timeout` at most; after `mailbox_error::timed_out` it may be tried again.
  template <class Rep, class Period> [[nodiscard]] result<R> recv_for(std::chrono::duration<Rep, Period> timeout) {
    detail::require_blocking_allowed("recv_for", "async_recv");
    return wait_until(detail::deadline_after(timeout));
  }
  /// The value, for any completion token of signature `void(result<R>)`. The operation owns what it waits for; after it
  /// this receiver is `closed`.
  template <class CompletionToken = asio::use_awaitable_t<>>
  [[nodiscard]] auto async_recv(CompletionToken&& token = {}) {
    // the operation takes over this receiver's part, so that dropping the receiver does not give the reply up
    return detail::async_wait_for<result<R>>(detail::once_wait<R>{std::exchange(state_, nullptr)},
                                             std::forward<CompletionToken>(token));
  }

 private:
  [[nodiscard]] result<R> wait_until(detail::steady_time deadline) {
    if (!state_) return detail::once_state<R>::failed(mailbox_error::closed);
    return state_->wait_until(deadline);
  }

  detail::intrusive_ptr<detail::once_state<R>> state_;
};

/// The sending end of a once port within this process; needs no codec.
/// @note move-only
template <class M> class once_port_handle {
 public:
  using message_type = M;

  explicit once_port_handle(detail::reply_obligation<M> o) noexcept : obligation_(std::move(o)) {}
  once_port_handle(once_port_handle&&) noexcept = default;
  once_port_handle& operator=(once_port_handle&&) noexcept = default;

  /// Completes the receiver. Never blocks.
  /// @errors throws `misuse_error` when it was posted to before ([ONC-4])
  template <class T>
    requires std::constructible_from<M, T&&>
  void post(sender&, T&& message) {
    if (!obligation_) detail::throw_posted_twice();
    obligation_.answer(std::forward<T>(message));
  }
  /// A reference that other processes can answer too. The obligation goes with it.
  [[nodiscard]] once_port_ref<M> bind() { return once_port_ref<M>(std::move(obligation_)); }

 private:
  detail::reply_obligation<M> obligation_;
};

template <class M> std::pair<once_port_handle<M>, once_receiver<M>> sender::open_once_port() {
  auto* state = detail::once_state<M>::make(mailbox_->session());
  return {once_port_handle<M>(detail::reply_obligation<M>(state)),
          once_receiver<M>(detail::intrusive_ptr<detail::once_state<M>>::adopt(state))};
}

}  // namespace hyperactor::inline v0

#include <hyperactor/mailbox/once_port_ref.hpp>

#endif  // HYPERACTOR_MAILBOX_ONCE_PORT_HPP
