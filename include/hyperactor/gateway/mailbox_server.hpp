// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_GATEWAY_MAILBOX_SERVER_HPP
#define HYPERACTOR_GATEWAY_MAILBOX_SERVER_HPP

/// @file
/// `mailbox_server`: hands the envelopes that arrive at a channel address to a mailbox sender.
///
/// [MSV-1] Envelopes are posted on the reactor as they arrive, those of one connection in order; there is no thread and
///         no queue in between.
/// [MSV-2] What cannot be delivered goes back to its sender as an `undeliverable` for that handler port, through the
///         same mailbox sender. A return is never returned: it goes to the log.
/// [MSV-4] Whoever awaits an answer to a message that nobody takes back is told.
/// [MSV-3] A server that was stopped tells its peers, takes nothing more, and frees its address; `join` waits for that.

#include <hyperactor/base/log.hpp>
#include <hyperactor/channel/serve.hpp>
#include <hyperactor/identity/handler_port.hpp>
#include <hyperactor/mailbox/any_sender.hpp>
#include <hyperactor/mailbox/carried_ports.hpp>
#include <hyperactor/mailbox/dropped_reply.hpp>
#include <hyperactor/mailbox/header_keys.hpp>

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

/// The return port of what came by wire: sends it back by wire ([MSV-2]).
class server_returns final : public return_sink {
 public:
  server_returns(any_sender through, any_sender afterwards)
      : through_(std::move(through)), afterwards_(std::move(afterwards)) {}

  void returned(undeliverable message) noexcept override {
    try {
      if (message.is_returned()) return send_back(std::move(*message.envelope()));
      log_undelivered(message);
    } catch (const std::exception& e) {  // out of memory
      log::write(log::severity::error, std::string("a message could not be returned: ") + e.what());
    }
  }

 private:
  HYPERACTOR_COLD void send_back(message_envelope m) const {
    m.ensure_root_delivery_failure([] { return delivery_failure::link_unavailable("message was undeliverable"); });
    const any_sender& way = afterwards_ && through_.is_expired().value_or(false) ? afterwards_ : through_;
    if (m.type_hash() == type_hash<undeliverable>) return abandon(std::move(m), way);
    port_addr dest = m.sender().port_addr(handler_port<undeliverable>());
    headers h;
    h.set<header::seq_info>(sequence_info{});  // outside of every stream
    auto data = any_value::encode(undeliverable::returned(std::move(m)));
    if (!data)
      return log::write(log::severity::error,
                        "a message cannot be returned to " + dest.to_string() + ": " + data.error().what());
    actor_addr from = supervisor(dest.location());
    way.post(message_envelope(std::move(from), std::move(dest), std::move(*data), std::move(h)), return_port());
  }
  /// What nobody takes back is logged: the message inside, not the return. Whoever waits for an answer to it, which may
  /// be somebody else than its sender, is told ([MSV-4]).
  HYPERACTOR_COLD static void abandon(message_envelope m, const any_sender& way) {
    if (m.consume<undeliverable>([&](undeliverable&& inner) {
          log_undelivered(inner);
          if (const message_envelope* lost = inner.envelope()) tell_askers(*lost, way);
        })) {
      return;
    }
    log_undelivered(undeliverable::returned(std::move(m)));
  }
  static void tell_askers(const message_envelope& lost, const any_sender& way) {
    for_each_once_port(lost.data(), [&](port_addr&& asker) {
      const proc_addr owes(lost.dest().proc_id(), lost.dest().location());
      actor_addr from = supervisor(asker.location());
      tell_once_port(std::move(from), std::move(asker), reply_debtor{owes, lost.error_message()}, way);
    });
  }
  /// The sender of all returns of this process; nobody is there.
  [[nodiscard]] static actor_addr supervisor(const location& where) {
    static const actor_id id = make_supervisor();
    return {id, where};
  }
  /// A function of its own: clang 16 destroys the labels in the initializer of a function's static at every call.
  [[nodiscard]] static actor_id make_supervisor() {
    return actor_id::instance("undeliverable_supervisor", proc_id::instance("mailbox_server"));
  }

  const any_sender through_;
  const any_sender afterwards_;
};

/// Puts what arrives into a mailbox sender.
class envelope_entry {
 public:
  envelope_entry(any_sender to, any_sender afterwards)
      : back_(intrusive_ptr<return_sink>::adopt(new server_returns(to, std::move(afterwards)))), to_(std::move(to)) {}

  void operator()(message_envelope m) const noexcept {
    try {
      to_.post(std::move(m), back_);
    } catch (const std::exception& e) {  // a sender does not throw; the reactor belongs to everybody
      log::write(log::severity::error, std::string("a mailbox sender threw: ") + e.what());
    }
  }

 private:
  return_port back_;
  any_sender to_;
};

}  // namespace detail

/// A handle of a server. Copies refer to the same server; dropping them does nothing.
/// @threadsafe
class mailbox_server {
 public:
  explicit mailbox_server(channel_server server) noexcept : server_(std::move(server)) {}
  /// Serves `addr` and posts what arrives to `to`, until it is stopped.
  /// @errors channel_error::address_in_use, invalid_address, listen_failed
  template <detail::transport_list Transports = default_transports>
  [[nodiscard]] static result<mailbox_server> serve(const channel_addr& addr, any_sender to) {
    return start(detail::transport_table<Transports>::find(addr.bind_addr()), addr, std::move(to));
  }
  /// The same for a transport that was looked up already.
  /// @param afterwards  takes returns when what is behind `to` is gone
  [[nodiscard]] static result<mailbox_server> start(const detail::transport_row* row, const channel_addr& addr,
                                                    any_sender to, any_sender afterwards = {}) {
    using sink = detail::callback_sink<message_envelope, detail::envelope_entry>;
    auto server = detail::start_server(
        row, addr, std::make_unique<sink>(detail::envelope_entry(std::move(to), std::move(afterwards))));
    if (!server) return server.error();
    return mailbox_server(channel_server(std::move(*server)));
  }

  /// The address that reaches the server.
  [[nodiscard]] const channel_addr& addr() const noexcept { return server_.addr(); }
  /// Takes no further messages and tells the peers. Returns at once; the first reason counts.
  void stop(std::string_view reason) const { server_.stop(reason); }
  /// Blocks until the peers were told and the address is free.
  /// @errors channel_error::closed, where the runtime ended first; throws `misuse_error` on a runtime thread
  result<void> join() const {  // NOLINT(modernize-use-nodiscard): a failure is also logged
    server_.join();
    return outcome();
  }
  /// The same with a limit.
  /// @errors as `join`, and channel_error::timed_out, after which it may be tried again
  template <class Rep, class Period> result<void> join_for(std::chrono::duration<Rep, Period> timeout) const {
    if (!server_.join_for(timeout)) return channel_error::timed_out;
    return outcome();
  }
  /// As `join_for`, for the library: allowed on any thread. @returns whether it has stopped
  bool await_stopped(detail::steady_time deadline) const { return server_.await_stopped(deadline); }
  /// The same for any completion token of signature `void(bool)`.
  template <class CompletionToken = asio::use_awaitable_t<>>
  [[nodiscard]] auto async_join(CompletionToken&& token = {}) const {
    return server_.async_join(std::forward<CompletionToken>(token));
  }

 private:
  [[nodiscard]] result<void> outcome() const {
    if (!detail::reactor::instance().is_shut_down()) return {};
    error why(channel_error::closed, addr().to_string() + ": the runtime ended before the server");
    log::write(log::severity::warning, why.what());
    return why;
  }

  channel_server server_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_GATEWAY_MAILBOX_SERVER_HPP
