// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_GATEWAY_SERVE_HANDLE_HPP
#define HYPERACTOR_GATEWAY_SERVE_HANDLE_HPP

/// @file
/// `serve_handle`: one server of a gateway.
///
/// [SVH-1] A stop takes the location off the gateway's list at once, and exactly once, in whatever order servers stop.
/// [SVH-2] Dropping the handle detaches: the server runs on, and its location stays.
/// [SVH-3] A handle keeps its gateway alive; a server without handles does not, and returns what arrives after its end.

#include <hyperactor/gateway/dial_router.hpp>
#include <hyperactor/gateway/gateway_core.hpp>
#include <hyperactor/gateway/mailbox_server.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

/// The way back for what arrives for a gateway that is gone.
[[nodiscard]] HYPERACTOR_SHARED inline const any_sender& returns_without_gateway() {
  static const auto* const self =
      new any_sender(any_sender::of(dial_router<>()));  // never freed: servers may outlast statics
  return *self;
}

}  // namespace detail

/// One server of a gateway. Copies refer to the same server.
/// @threadsafe
class serve_handle {
 public:
  /// Serves `addr` for the gateway.
  /// @errors channel_error::address_in_use, invalid_address, listen_failed
  [[nodiscard]] static result<serve_handle> start(const detail::intrusive_ptr<detail::gateway_core>& core,
                                                  const detail::transport_row* row, const channel_addr& addr) {
    const any_sender inward = any_sender::of(weak_gateway(*core));  // [SVH-3]
    const channel_addr to_bind = core->resolve(addr);
    auto server = mailbox_server::start(row, to_bind, inward, detail::returns_without_gateway());
    if (!server && to_bind != addr && server.error() == channel_error::address_in_use) {
      // the previous server of that number has not ended yet
      server = mailbox_server::start(row, addr, inward, detail::returns_without_gateway());
    }
    if (!server) return server.error();
    hyperactor::location where(server->addr());
    const std::uint64_t number = core->add_server(where);
    return serve_handle(
        detail::intrusive_ptr<state>::adopt(new state(core, std::move(*server), std::move(where), number)));
  }

  /// Where the gateway is reached by this server.
  [[nodiscard]] const hyperactor::location& location() const noexcept { return state_->where; }
  /// The same as an address to dial.
  [[nodiscard]] const channel_addr& addr() const noexcept { return state_->server.addr(); }
  /// Takes no further messages and tells the peers; the gateway's default location falls back at once. Only the first
  /// call counts.
  void stop(std::string_view reason) const {
    state_->server.stop(reason);
    state_->withdraw();
  }
  /// Blocks until the peers were told and the address is free.
  /// @pre `stop` was called, or will be
  /// @errors channel_error::closed, where the runtime ended first, which is also logged; throws `misuse_error` on a
  /// runtime
  ///         thread
  result<void> join() const {  // NOLINT(modernize-use-nodiscard)
    auto out = state_->server.join();
    state_->withdraw();
    return out;
  }
  /// The same with a limit.
  /// @errors as `join`, and channel_error::timed_out, after which it may be tried again
  template <class Rep, class Period> result<void> join_for(std::chrono::duration<Rep, Period> timeout) const {
    auto out = state_->server.join_for(timeout);
    if (out) state_->withdraw();
    return out;
  }
  /// The same for any completion token of signature `void(bool)`.
  template <class CompletionToken = asio::use_awaitable_t<>>
  [[nodiscard]] auto async_join(CompletionToken&& token = {}) const {
    return state_->server.async_join(std::forward<CompletionToken>(token));
  }

 private:
  struct state : detail::ref_counted<state> {
    state(detail::intrusive_ptr<detail::gateway_core> c, mailbox_server s, hyperactor::location l, std::uint64_t n)
        : core(std::move(c)), server(std::move(s)), where(std::move(l)), number(n) {}
    void withdraw() {
      // relaxed: the list has its own lock; here only the first one counts
      if (!is_withdrawn.exchange(true, std::memory_order_relaxed)) core->remove_server(number);  // [SVH-1]
    }
    const detail::intrusive_ptr<detail::gateway_core> core;
    const mailbox_server server;
    const hyperactor::location where;
    const std::uint64_t number;
    std::atomic<bool> is_withdrawn{false};
  };

  explicit serve_handle(detail::intrusive_ptr<state> s) noexcept : state_(std::move(s)) {}

  detail::intrusive_ptr<state> state_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_GATEWAY_SERVE_HANDLE_HPP
