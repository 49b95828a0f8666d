// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_LINK_HPP
#define HYPERACTOR_CHANNEL_LINK_HPP

/// @file
/// What sessions know of a transport: a connected byte stream and a place that accepts them, with erased types. One
/// virtual call per system call; nothing here runs per message.
///
/// All functions of links and listeners are called on the reactor's thread, except `listener_base::address` and
/// `link_base::write_now`.
///
/// [LNK-1] `close` ends pending operations; their handlers still run, later, or are destroyed.
/// [LNK-2] `write_now` never waits and reports no failure: the next `write_some` finds it.

#include <hyperactor/base/reactor.hpp>
#include <hyperactor/base/result.hpp>
#include <hyperactor/base/unique_function.hpp>
#include <hyperactor/identity/channel_addr.hpp>

#include <sys/socket.h>

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/socket_base.hpp>
#include <concepts>
#include <memory>
#include <span>
#include <system_error>
#include <utility>

namespace hyperactor::inline v0 {

/// What `connect` and `accept` of a transport complete: a connected stream or the reason.
template <class Stream> using stream_handler = detail::unique_function<void(result<Stream>)>;

namespace detail {

using io_handler = unique_function<void(const std::error_code&, std::size_t)>;

/// A connected byte stream.
class link_base {
 public:
  link_base() = default;
  link_base(const link_base&) = delete;
  link_base& operator=(const link_base&) = delete;
  virtual ~link_base() = default;

  virtual void read_some(void* data, std::size_t size, io_handler h) = 0;
  /// Gathers all buffers into one system call where the system takes them. The buffers' array outlives the operation.
  virtual void write_some(std::span<const asio::const_buffer> buffers, io_handler h) = 0;
  /// Writes what the system takes at once, on the calling thread.
  /// @pre no `write_some` is pending, and neither that nor `close` is called meanwhile
  /// @returns how many bytes were taken: none where the stream needs the reactor for it
  [[nodiscard]] virtual std::size_t write_now(asio::const_buffer) noexcept { return 0; }
  /// Tells the peer that nothing more will come; reading goes on.
  virtual void finish_sending() noexcept = 0;
  virtual void close() noexcept = 0;
};

using link_ptr = std::unique_ptr<link_base>;
using link_handler = unique_function<void(result<link_ptr>)>;

/// A place where links arrive.
class listener_base {
 public:
  listener_base() = default;
  listener_base(const listener_base&) = delete;
  listener_base& operator=(const listener_base&) = delete;
  virtual ~listener_base() = default;

  [[nodiscard]] virtual channel_addr address() const = 0;
  virtual void accept(link_handler h) = 0;
  virtual void close() noexcept = 0;
};

/// A stream of the system with nothing on top: what is written to its descriptor is what Asio would write.
template <class Stream>
concept plain_socket = requires { typename Stream::protocol_type::socket; } &&
                       std::same_as<Stream, typename Stream::protocol_type::socket>;

/// Any Asio stream as a link.
template <class Stream> class stream_link final : public link_base {
 public:
  explicit stream_link(Stream s) : stream_(std::move(s)) {}

  void read_some(void* data, std::size_t size, io_handler h) override {
    stream_.async_read_some(asio::mutable_buffer(data, size), std::move(h));
  }
  void write_some(std::span<const asio::const_buffer> buffers, io_handler h) override {
    stream_.async_write_some(buffers, std::move(h));
  }
  [[nodiscard]] std::size_t write_now(asio::const_buffer b) noexcept override {
    if constexpr (plain_socket<Stream>) {
      const ssize_t n = ::send(stream_.native_handle(), b.data(), b.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      return n > 0 ? static_cast<std::size_t>(n) : 0;
    } else {
      return 0;
    }
  }
  void finish_sending() noexcept override {
    std::error_code ignored;
    if constexpr (requires { stream_.shutdown(asio::socket_base::shutdown_send, ignored); }) {
      stream_.shutdown(asio::socket_base::shutdown_send, ignored);
    } else if constexpr (requires { stream_.lowest_layer().shutdown(asio::socket_base::shutdown_send, ignored); }) {
      stream_.lowest_layer().shutdown(asio::socket_base::shutdown_send, ignored);
    }
  }
  void close() noexcept override {
    std::error_code ignored;
    if constexpr (requires { stream_.close(ignored); }) {
      stream_.close(ignored);
    } else {
      stream_.lowest_layer().close(ignored);
    }
  }

 private:
  Stream stream_;
};

template <class Stream> result<link_ptr> to_link(result<Stream> r) {
  if (!r) return r.error();
  return link_ptr(std::make_unique<stream_link<Stream>>(std::move(*r)));
}

/// A transport's listener with erased type.
template <class Transport> class transport_listener final : public listener_base {
 public:
  explicit transport_listener(typename Transport::listener l) : listener_(std::move(l)) {}

  [[nodiscard]] channel_addr address() const override { return listener_.address(); }
  void accept(link_handler h) override {
    listener_.accept([h = std::move(h)](result<typename Transport::stream> r) mutable { h(to_link(std::move(r))); });
  }
  void close() noexcept override { listener_.close(); }

 private:
  typename Transport::listener listener_;
};

/// The functions of one transport: a row of the table that an address is looked up in.
struct transport_row {
  std::string_view name;
  bool (*accepts)(const channel_addr&);
  result<void> (*check)(const channel_addr&);
  void (*connect)(asio::io_context&, const channel_addr&, link_handler);
  result<std::unique_ptr<listener_base>> (*listen)(asio::io_context&, const channel_addr&);
};

template <class Transport>
inline constexpr transport_row transport_row_of{
    Transport::name, [](const channel_addr& a) { return Transport::accepts(a); },
    [](const channel_addr& a) -> result<void> {
      if constexpr (requires { Transport::check(a); }) {
        return Transport::check(a);
      } else {
        return {};
      }
    },
    [](asio::io_context& io, const channel_addr& a, link_handler h) {
      Transport::connect(
          io, a, [h = std::move(h)](result<typename Transport::stream> r) mutable { h(to_link(std::move(r))); });
    },
    [](asio::io_context& io, const channel_addr& a) -> result<std::unique_ptr<listener_base>> {
      auto l = Transport::listen(io, a);
      if (!l) return l.error();
      return std::unique_ptr<listener_base>(std::make_unique<transport_listener<Transport>>(std::move(*l)));
    }};

}  // namespace detail
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_CHANNEL_LINK_HPP
