// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_CHANNEL_TRANSPORT_HPP
#define HYPERACTOR_IDENTITY_CHANNEL_TRANSPORT_HPP

/// @file
/// `channel_transport`: the kind of transport that an address needs, as a value.
///
/// [CTR-1] The properties are those of the table: remote (crosses hosts), net (a socket of the kernel), tls, duplex.

#include <hyperactor/base/format.hpp>
#include <hyperactor/base/result.hpp>
#include <hyperactor/identity/error.hpp>

#include <compare>
#include <cstdint>

namespace hyperactor::inline v0 {

/// How two processes talk, without saying where.
class channel_transport {
 public:
  enum class kind : std::uint8_t {
    tcp,          ///< sockets of the internet
    meta_tls,     ///< TLS with the certificates of one company
    tls,          ///< TLS over tcp
    quic,         ///< QUIC
    meta_quic,    ///< QUIC with the certificates of one company
    local,        ///< inside one process
    unix_socket,  ///< sockets of one host
  };
  /// How a fresh address of the transport is chosen.
  enum class mode : std::uint8_t {
    first,    ///< tcp: the loopback address; TLS and QUIC of a company: an IPv6 address
    hostname  ///< an address that other hosts reach
  };

  constexpr channel_transport(kind which, mode how = mode::first) noexcept  // NOLINT(google-explicit-constructor)
      : kind_(which), mode_(has_mode(which) ? how : mode::first) {}
  /// Reads the text form; `tcp` alone is `tcp(Hostname)`.
  /// @errors parse_error::invalid_channel_addr
  template <class T = channel_transport> [[nodiscard]] static result<T> parse(std::string_view text) {
    if (text == "tcp") return T(kind::tcp, mode::hostname);
    for (unsigned i = 0; i <= static_cast<unsigned>(kind::unix_socket); ++i) {
      for (const mode how : {mode::first, mode::hostname}) {
        const T candidate(static_cast<kind>(i), how);
        if (candidate.to_string() == text) return candidate;
      }
    }
    return error(parse_error::invalid_channel_addr, "unknown channel transport: " + std::string(text));
  }

  [[nodiscard]] constexpr kind which() const noexcept { return kind_; }
  [[nodiscard]] constexpr mode how() const noexcept { return mode_; }
  [[nodiscard]] static constexpr bool has_mode(kind which) noexcept {
    return which == kind::tcp || which == kind::meta_tls || which == kind::meta_quic;
  }
  /// Whether it crosses hosts.
  [[nodiscard]] constexpr bool is_remote() const noexcept { return kind_ < kind::local; }
  /// Whether it is a stream socket of the kernel.
  [[nodiscard]] constexpr bool is_net() const noexcept {
    return kind_ <= kind::tls || kind_ == kind::unix_socket;  // [CTR-1]
  }
  /// Whether it is TLS on a stream.
  [[nodiscard]] constexpr bool is_tls() const noexcept { return kind_ == kind::meta_tls || kind_ == kind::tls; }
  /// Whether one connection can carry messages in both directions.
  [[nodiscard]] constexpr bool supports_duplex() const noexcept { return is_net() || kind_ == kind::local; }

  /// `tcp(Localhost)`, `metatls(IpV6)`, `tls`, `quic`, `metaquic(Hostname)`, `local`, `unix`.
  [[nodiscard]] std::string to_string() const { return text(false); }
  /// `Tcp(Localhost)`, `MetaTls(IpV6)`, `Tls`, ...
  [[nodiscard]] std::string debug_string() const { return text(true); }

  friend constexpr bool operator==(const channel_transport&, const channel_transport&) noexcept = default;
  friend constexpr std::strong_ordering operator<=>(const channel_transport&,
                                                    const channel_transport&) noexcept = default;

 private:
  [[nodiscard]] std::string text(bool is_debug) const {
    constexpr const char* names[] = {"tcp", "metatls", "tls", "quic", "metaquic", "local", "unix"};
    constexpr const char* debug_names[] = {"Tcp", "MetaTls", "Tls", "Quic", "MetaQuic", "Local", "Unix"};
    std::string out = (is_debug ? debug_names : names)[static_cast<unsigned>(kind_)];
    if (!has_mode(kind_)) return out;
    out += mode_ == mode::hostname ? "(Hostname)" : kind_ == kind::tcp ? "(Localhost)" : "(IpV6)";
    return out;
  }

  kind kind_;
  mode mode_;
};

}  // namespace hyperactor::inline v0

template <std::same_as<hyperactor::channel_transport> T>
struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_CHANNEL_TRANSPORT_HPP
