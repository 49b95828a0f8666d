// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_CHANNEL_ADDR_HPP
#define HYPERACTOR_IDENTITY_CHANNEL_ADDR_HPP

/// @file
/// `channel_addr`: where a channel is served: `tcp:127.0.0.1:80`, `unix:@name`, `local:3`. A value; no socket is
/// touched and no name is looked up.
///
/// [CAD-1] Two text forms, both parsed: the colon form, which `to_string` gives, and the url, which locations use.
/// [CAD-2] Order is by kind, in the order of `kind`, then by content.
/// [CAD-3] Reserved local numbers are never 0 and never given twice in one process.

#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/identity/channel_transport.hpp>
#include <hyperactor/identity/ip_address.hpp>

#include <atomic>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0 {

/// The transports; their definitions are in channel/.
namespace transport {
struct local;
struct unix_socket;
struct tcp;
struct tls;
}  // namespace transport

namespace detail {

inline HYPERACTOR_SHARED constinit std::atomic<std::uint64_t> local_numbers{1};

/// A number for a local address that this process has not used yet.
/// @threadsafe
inline std::uint64_t next_local_number() noexcept { return local_numbers.fetch_add(1, std::memory_order_relaxed); }
/// Keeps a number that somebody chose from being given out later.
/// @threadsafe
inline void skip_local_number(std::uint64_t number) noexcept {
  if (number >> 63U != 0) return;  // counting never gets there, and must not start again at 0
  std::uint64_t next = local_numbers.load(std::memory_order_relaxed);
  while (next <= number && !local_numbers.compare_exchange_weak(next, number + 1, std::memory_order_relaxed)) {
  }
}

struct channel_alias;
[[nodiscard]] std::string random_socket_name();
[[nodiscard]] std::string own_host_name();

}  // namespace detail

/// An address of one of the transports.
/// @threadsafe as a value
class channel_addr {
 public:
  enum class kind : std::uint8_t {
    tcp,          ///< an ip address and a port
    meta_tls,     ///< a host and a port
    tls,          ///< a host and a port
    quic,         ///< a host and a port
    meta_quic,    ///< a host and a port
    local,        ///< a number, inside one process
    unix_socket,  ///< a path, or an abstract name behind `@`
    alias,        ///< one address to dial and another one to bind
  };

  /// @param port  0 is "any free one" when serving
  [[nodiscard]] static channel_addr tcp(const ip_address& ip, std::uint16_t port);
  [[nodiscard]] static channel_addr meta_tls(std::string_view host, std::uint16_t port);
  [[nodiscard]] static channel_addr tls(std::string_view host, std::uint16_t port);
  [[nodiscard]] static channel_addr quic(std::string_view host, std::uint16_t port);
  [[nodiscard]] static channel_addr meta_quic(std::string_view host, std::uint16_t port);
  /// One of the four kinds above; the brackets of an IPv6 address go away.
  /// @pre `which` is meta_tls, tls, quic or meta_quic
  [[nodiscard]] static channel_addr hosted(kind which, std::string_view host, std::uint16_t port);
  /// @param number  0 is "any free one" when serving
  [[nodiscard]] static channel_addr local(std::uint64_t number);
  /// A path, or `@name` for an abstract socket; the empty text makes a fresh abstract name. Names do not start with
  /// `@`: further ones are dropped.
  [[nodiscard]] static channel_addr unix_socket(std::string_view path);
  /// Serve at `bind_to`, be known as `dial_to`.
  [[nodiscard]] static channel_addr alias(channel_addr dial_to, channel_addr bind_to);
  /// An address to serve that is free: `local:0`, a fresh abstract name, `tcp:127.0.0.1:0`, or `tls:<own host>:0`. A
  /// transport of your own gives it as `Transport::any()`.
  template <class Transport> [[nodiscard]] static channel_addr any() {
    if constexpr (std::is_same_v<Transport, transport::local>) {
      return local(0);
    } else if constexpr (std::is_same_v<Transport, transport::unix_socket>) {
      return unix_socket({});
    } else if constexpr (std::is_same_v<Transport, transport::tcp>) {
      return tcp(ip_address::loopback_v4(), 0);
    } else if constexpr (std::is_same_v<Transport, transport::tls>) {
      return tls(detail::own_host_name(), 0);
    } else {
      return Transport::any();
    }
  }

  /// Reads the colon form (`tcp:127.0.0.1:80`; `!` may stand for the first `:`) or the url (`tcp://127.0.0.1:80`).
  /// @errors parse_error::invalid_channel_addr
  template <class T = channel_addr> [[nodiscard]] static result<T> parse(std::string_view text);
  /// Reads the colon form only.
  /// @errors parse_error::invalid_channel_addr
  template <class T = channel_addr> [[nodiscard]] static result<T> parse_colon(std::string_view text);
  /// Reads the url only.
  /// @errors parse_error::invalid_channel_addr
  template <class T = channel_addr> [[nodiscard]] static result<T> parse_url(std::string_view text);

  [[nodiscard]] kind which() const noexcept { return kind_; }
  /// The address of a tcp address.
  [[nodiscard]] const ip_address& ip() const noexcept { return ip_; }
  /// The port of a tcp, TLS or QUIC address.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// The host of a TLS or QUIC address, without brackets.
  [[nodiscard]] std::string_view host() const noexcept { return text_; }
  /// The number of a local address.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  /// The path of a unix socket, or `@name`.
  [[nodiscard]] std::string_view path() const noexcept { return text_; }
  /// Whether this is a unix socket without a file.
  [[nodiscard]] bool is_abstract() const noexcept { return kind_ == kind::unix_socket && text_.substr(0, 1) == "@"; }
  /// The first address of an alias, any other address itself.
  [[nodiscard]] const channel_addr& dial_to() const noexcept;
  /// The second address of an alias, any other address itself.
  [[nodiscard]] const channel_addr& bind_to() const noexcept;
  /// Where to dial: what an alias names so, any other address itself.
  [[nodiscard]] const channel_addr& dial_addr() const noexcept;
  /// Where to bind: what an alias names so, any other address itself.
  [[nodiscard]] const channel_addr& bind_addr() const noexcept;
  /// The transport that this address needs; that of the bound one for an alias.
  [[nodiscard]] channel_transport transport() const noexcept;

  /// The colon form: `tcp:127.0.0.1:80`.
  [[nodiscard]] std::string to_string() const;
  /// The url: `tcp://127.0.0.1:80`, `inproc://3`, `ipc://@name`.
  [[nodiscard]] std::string to_url() const;
  /// `Tcp(127.0.0.1:80)`, `Local(3)`, ...
  [[nodiscard]] std::string debug_string() const;
  [[nodiscard]] std::size_t hash() const noexcept;

  friend bool operator==(const channel_addr& a, const channel_addr& b) noexcept { return (a <=> b) == 0; }
  friend std::strong_ordering operator<=>(const channel_addr& a, const channel_addr& b) noexcept {  // [CAD-2]
    return a.compare(b);
  }

 private:
  explicit channel_addr(kind which) noexcept : kind_(which) {}
  [[nodiscard]] std::strong_ordering compare(const channel_addr& o) const noexcept;
  /// `ip:port` or `host:port`.
  [[nodiscard]] std::string authority() const;

  kind kind_;
  std::uint16_t port_ = 0;
  ip_address ip_;
  std::uint64_t number_ = 0;
  std::string text_;
  detail::intrusive_ptr<const detail::channel_alias> alias_;
};

}  // namespace hyperactor::inline v0

#include <hyperactor/identity/detail/channel_addr_text.hpp>

template <> struct std::hash<hyperactor::channel_addr> {
  std::size_t operator()(const hyperactor::channel_addr& value) const noexcept { return value.hash(); }
};
template <std::same_as<hyperactor::channel_addr> T>
struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_CHANNEL_ADDR_HPP
