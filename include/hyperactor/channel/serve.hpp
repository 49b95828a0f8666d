// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_SERVE_HPP
#define HYPERACTOR_CHANNEL_SERVE_HPP

/// @file
/// `serve`: a receiver for what is sent to an address.

#include <hyperactor/channel/default_transports.hpp>
#include <hyperactor/channel/receiver.hpp>
#include <hyperactor/wire/remote_message.hpp>

namespace hyperactor::inline v0 {

/// What `serve` makes: `auto [addr, rx] = serve<ping>(...).value();`
template <class M> struct served_channel {
  channel_addr addr;       ///< what to dial
  channel_receiver<M> rx;  ///< what arrives
};

namespace detail {

[[nodiscard]] HYPERACTOR_COLD inline result<intrusive_ptr<server_core>> start_server(const transport_row* row,
                                                                                     const channel_addr& addr,
                                                                                     std::unique_ptr<frame_sink> sink) {
  if (row == nullptr) return no_transport(addr.bind_addr());
  auto listener = row->listen(reactor::instance().context(), addr.bind_addr());
  if (!listener) return listener.error();
  channel_addr known_as = addr.which() == channel_addr::kind::alias ? addr.dial_addr() : (*listener)->address();
  auto server =
      intrusive_ptr<server_core>::adopt(new server_core(std::move(*listener), std::move(known_as), std::move(sink)));
  server->start();
  return server;
}

template <class M>
[[nodiscard]] result<served_channel<M>> serve_queue(const transport_row* row, const channel_addr& addr) {
  auto queue = intrusive_ptr<channel_queue<M>>::adopt(new channel_queue<M>);
  auto server = start_server(row, addr, std::make_unique<queue_sink<M>>(queue));
  if (!server) return server.error();
  queue->set_server(*server);
  const channel_server handle(std::move(*server));
  return served_channel<M>{handle.addr(), channel_receiver<M>(std::move(queue), handle)};
}

}  // namespace detail

/// Serves an address.
/// @tparam Transports  the table in which the address is looked up
/// @errors channel_error::address_in_use, invalid_address, listen_failed
/// @threadsafe
template <class M, detail::transport_list Transports = default_transports>
[[nodiscard]] result<served_channel<M>> serve(const channel_addr& addr) {
  detail::explain_remote_message<M>();
  if constexpr (remote_message<M>) {
    return detail::serve_queue<M>(detail::transport_table<Transports>::find(addr.bind_addr()), addr);
  } else {
    return error(channel_error::encode_failed);
  }
}

/// Serves an address in the transport's own spelling: `serve<ping, transport::tcp>("127.0.0.1:0")`.
/// @errors as above
/// @threadsafe
template <class M, class Transport> [[nodiscard]] result<served_channel<M>> serve(std::string_view text) {
  detail::explain_remote_message<M>();
  detail::explain_transport<Transport>();
  if constexpr (remote_message<M> && transport_policy<Transport>) {
    auto addr = Transport::parse(text);
    if (!addr) return error(channel_error::invalid_address, addr.error().message());
    return detail::serve_queue<M>(&detail::transport_row_of<Transport>, *addr);
  } else {
    return error(channel_error::invalid_address);
  }
}

/// Serves any free address of a transport.
/// @errors as above
/// @threadsafe
template <class M, class Transport> [[nodiscard]] result<served_channel<M>> serve() {
  detail::explain_remote_message<M>();
  detail::explain_transport<Transport>();
  if constexpr (remote_message<M> && transport_policy<Transport>) {
    return detail::serve_queue<M>(&detail::transport_row_of<Transport>, Transport::any());
  } else {
    return error(channel_error::invalid_address);
  }
}

/// Serves an address and calls `on_message(M)` for each message on the library's own thread, where it must not block:
/// what a message takes no second hop with. The returned handle stops the server; dropping it does not.
/// @errors as above
/// @threadsafe
template <class M, detail::transport_list Transports = default_transports, class F>
  requires std::invocable<std::decay_t<F>&, M>
[[nodiscard]] result<channel_server> serve_each(const channel_addr& addr, F&& on_message) {
  detail::explain_remote_message<M>();
  auto server =
      detail::start_server(detail::transport_table<Transports>::find(addr.bind_addr()), addr,
                           std::make_unique<detail::callback_sink<M, std::decay_t<F>>>(std::forward<F>(on_message)));
  if (!server) return server.error();
  return channel_server(std::move(*server));
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_CHANNEL_SERVE_HPP
