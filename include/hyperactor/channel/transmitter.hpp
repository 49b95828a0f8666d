// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_TRANSMITTER_HPP
#define HYPERACTOR_CHANNEL_TRANSMITTER_HPP

/// @file
/// The dialling end of a channel.
///
/// [CTX-1] Posting never blocks and never connects; the first message does, in the background.
/// [CTX-2] Messages are delivered in the order of the posts of each thread, and acknowledged.
/// [CTX-3] A message that cannot be delivered goes to its hook with the reason, those of a channel that ends in order.
/// [CTX-4] Dropping the transmitter delivers what was posted.

#include <hyperactor/base/log.hpp>
#include <hyperactor/base/post.hpp>
#include <hyperactor/base/watch.hpp>
#include <hyperactor/channel/message_frame.hpp>
#include <hyperactor/channel/session.hpp>

#include <asio/async_result.hpp>
#include <asio/use_awaitable.hpp>
#include <concepts>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0 {

using std::in_place;
using std::in_place_t;

namespace detail {

template <class Token>
concept send_token = asio::completion_token_for<std::decay_t<Token>, void(result<void>)>;

template <class T> inline constexpr bool is_use_awaitable = false;
template <class Executor> inline constexpr bool is_use_awaitable<asio::use_awaitable_t<Executor>> = true;

/// g++ before 13 destroys such a temporary twice when the call stands in a co_await expression.
template <class M, class Token>
inline constexpr bool is_destroyed_twice =
    HYPERACTOR_CO_AWAIT_DESTROYS_TWICE != 0 && std::is_aggregate_v<M> && !std::is_trivially_destructible_v<M> &&
    is_use_awaitable<std::decay_t<Token>>;

HYPERACTOR_COLD inline void log_unencodable(const channel_addr& to, const error& why) {
  log::limited(log::severity::warning, to.hash(),
               [&] { return "a message for " + to.to_string() + " was dropped: " + encode_failure(why).message(); });
}

}  // namespace detail

/// Sends messages of type `M` to one address.
/// @note movable; share it by reference
/// @threadsafe posting and sending
template <class M> class transmitter {
 public:
  using value_type = M;

  explicit transmitter(detail::intrusive_ptr<detail::outbound_session> s) noexcept : session_(std::move(s)) {}
  transmitter(transmitter&&) noexcept = default;
  transmitter& operator=(transmitter&& o) noexcept {
    if (this != &o) {
      release();
      session_ = std::move(o.session_);
    }
    return *this;
  }
  ~transmitter() { release(); }

  /// The address that was dialled.
  [[nodiscard]] const channel_addr& addr() const noexcept { return session_->address(); }

  /// `active`, or `closed` with a reason, for good.
  [[nodiscard]] watch<channel_status> status() const {
    return watch<channel_status>(detail::intrusive_ptr<const detail::watch_source<channel_status>>(session_.get()));
  }

  /// Sends a message and forgets it: what cannot be delivered is lost, unless the status says so.
  /// @threadsafe
  void post(const M& message) const {
    auto frame = detail::encode_message(message);
    if (!frame) return detail::log_unencodable(session_->address(), frame.error());
    session_->post(std::move(*frame), nullptr);
  }
  /// The same, built in place.
  template <std::same_as<M> T, class... Args> void post(std::in_place_t, Args&&... args) const {
    post(M{std::forward<Args>(args)...});
  }
  /// Sends a message; where it cannot be delivered, `on_returned(M, error)` is called on the library's own thread,
  /// where it must not block. A message whose acknowledgement was lost comes back too, though it may have arrived.
  /// @errors in the hook: channel_error::closed, connect_failed, connect_timed_out, timed_out, frame_too_large,
  /// encode_failed
  /// @threadsafe
  template <class Hook>
    requires std::invocable<std::decay_t<Hook>&, M, const error&>
  void post(M message, Hook&& on_returned) const {
    using hook = detail::return_hook<M, std::decay_t<Hook>>;
    auto completion = std::make_unique<hook>(std::forward<Hook>(on_returned));
    auto frame = detail::encode_message(message);
    if (frame) return session_->post(std::move(*frame), std::move(completion));
    detail::post_to(detail::reactor::instance().context(),
                    [c = std::move(completion), m = std::move(message),
                     why = detail::encode_failure(frame.error())]() mutable { c->returned_unsent(std::move(m), why); });
  }

  /// Sends a message and completes when the other end has acknowledged it: it stands in the receiver's queue.
  /// @param token  any completion token of signature `void(result<void>)`
  /// @errors as with `post`; `std::errc::operation_canceled` when the wait was cancelled
  /// @threadsafe
  template <class CompletionToken = asio::use_awaitable_t<>>
    requires detail::send_token<CompletionToken>
  [[nodiscard]] auto send(const M& message, CompletionToken&& token = {}) const {
    return start_send(detail::encode_message(message), std::forward<CompletionToken>(token));
  }
  template <class CompletionToken = asio::use_awaitable_t<>>
    requires detail::send_token<CompletionToken>
  [[nodiscard]] auto send(M&& message, CompletionToken&& token = {}) const {
    static_assert(!detail::is_destroyed_twice<M, CompletionToken>,
                  "hyperactor: g++ before 13 destroys a temporary aggregate twice in a co_await expression; write "
                  "'co_await tx.send<M>(hyperactor::in_place, args...)', or send a named object without std::move");
    return start_send(detail::encode_message(message), std::forward<CompletionToken>(token));
  }
  /// The same with the message built inside: `co_await tx.send<ping>(ha::in_place, 3)`. The last argument may be a
  /// completion token.
  template <std::same_as<M> T, class... Args> [[nodiscard]] auto send(std::in_place_t, Args&&... args) const {
    if constexpr (sizeof...(Args) != 0) {
      if constexpr (detail::send_token<last<Args...>>) {
        auto all = std::forward_as_tuple(std::forward<Args>(args)...);
        return [&]<std::size_t... Is>(std::index_sequence<Is...>) {
          return start_send(encode_in_place(std::get<Is>(std::move(all))...), std::get<sizeof...(Args) - 1>(all));
        }(std::make_index_sequence<sizeof...(Args) - 1>());
      } else {
        return send_in_place(std::forward<Args>(args)...);
      }
    } else {
      return send_in_place();
    }
  }

 private:
  template <class... Args> using last = std::tuple_element_t<sizeof...(Args) - 1, std::tuple<Args...>>;

  template <class... Args> static result<wire::multipart> encode_in_place(Args&&... args) {
    const M message{std::forward<Args>(args)...};
    return detail::encode_message(message);
  }
  template <class... Args> auto send_in_place(Args&&... args) const {
    asio::use_awaitable_t<> token;
    return start_send(encode_in_place(std::forward<Args>(args)...), token);
  }
  template <class CompletionToken> auto start_send(result<wire::multipart> frame, CompletionToken&& token) const {
    return asio::async_initiate<CompletionToken, void(result<void>)>(
        [](auto handler, detail::intrusive_ptr<detail::outbound_session> session, result<wire::multipart> f) {
          using handler_type = decltype(handler);
          auto* raw = new detail::send_operation<handler_type>(std::move(handler));
          auto operation = detail::intrusive_ptr<detail::send_operation<handler_type>>::adopt(raw);
          operation->connect_cancellation();
          if (!f) return operation->finish(detail::encode_failure(f.error()));
          session->post(std::move(*f), std::make_unique<detail::send_completion<handler_type>>(std::move(operation)));
        },
        token, session_, std::move(frame));
  }
  void release() noexcept {
    if (session_) std::exchange(session_, nullptr)->release_handle();  // [CTX-4]
  }

  detail::intrusive_ptr<detail::outbound_session> session_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_CHANNEL_TRANSMITTER_HPP
