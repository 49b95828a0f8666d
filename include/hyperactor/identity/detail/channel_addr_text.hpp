// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_DETAIL_CHANNEL_ADDR_TEXT_HPP
#define HYPERACTOR_IDENTITY_DETAIL_CHANNEL_ADDR_TEXT_HPP

/// @file
/// Text forms of channel addresses. Included by channel_addr.hpp; include that one.

#include <hyperactor/base/random.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/channel_addr.hpp>
#include <hyperactor/identity/parse.hpp>

#include <unistd.h>
#include <optional>

namespace hyperactor::inline v0 {

namespace detail {

struct channel_alias : ref_counted<channel_alias> {
  channel_alias(channel_addr dial, channel_addr bind) : dial_to(std::move(dial)), bind_to(std::move(bind)) {}
  channel_addr dial_to;
  channel_addr bind_to;
};

HYPERACTOR_COLD inline std::string random_socket_name() {
  constexpr std::string_view characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out = "@";
  for (int i = 0; i < 24; ++i) out += characters[static_cast<std::size_t>(random_number() % characters.size())];
  return out;
}

HYPERACTOR_COLD inline std::string own_host_name() {
  char name[256] = {};
  if (::gethostname(name, sizeof(name) - 1) != 0 || name[0] == '\0') return "localhost";
  return name;
}

HYPERACTOR_COLD inline error channel_addr_error(std::string_view what, std::string_view text = {},
                                                std::string_view end = {}) {
  std::string message(what);
  message += text;
  message += end;
  return {parse_error::invalid_channel_addr, std::move(message)};
}

template <class T = std::uint16_t> std::optional<T> read_port_number(std::string_view text) noexcept {
  const decimal number = read_decimal(text);
  if (number.fault != nullptr || number.value > 0xffff) return std::nullopt;
  return static_cast<T>(number.value);
}

/// A text cut at its last colon; `port` has no `data()` where there is none.
struct host_and_port {
  std::string_view host;
  std::string_view port;
};
inline host_and_port split_host_and_port(std::string_view text) noexcept {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

inline std::string_view without_brackets(std::string_view host) noexcept {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') return host.substr(1, host.size() - 2);
  return host;
}

template <class Address = channel_addr>
std::optional<typename Address::kind> hosted_kind(std::string_view scheme) noexcept {
  using kind = typename Address::kind;
  if (scheme == "metatls") return kind::meta_tls;
  if (scheme == "tls") return kind::tls;
  if (scheme == "quic") return kind::quic;
  if (scheme == "metaquic") return kind::meta_quic;
  return std::nullopt;
}

}  // namespace detail

inline channel_addr channel_addr::tcp(const ip_address& ip, std::uint16_t port) {
  channel_addr out(kind::tcp);
  out.ip_ = ip;
  out.port_ = port;
  return out;
}

inline channel_addr channel_addr::local(std::uint64_t number) {
  channel_addr out(kind::local);
  out.number_ = number;
  return out;
}

inline channel_addr channel_addr::meta_tls(std::string_view host, std::uint16_t port) {
  return hosted(kind::meta_tls, host, port);
}
inline channel_addr channel_addr::tls(std::string_view host, std::uint16_t port) {
  return hosted(kind::tls, host, port);
}
inline channel_addr channel_addr::quic(std::string_view host, std::uint16_t port) {
  return hosted(kind::quic, host, port);
}
inline channel_addr channel_addr::meta_quic(std::string_view host, std::uint16_t port) {
  return hosted(kind::meta_quic, host, port);
}

inline channel_addr channel_addr::hosted(kind which, std::string_view host, std::uint16_t port) {
  channel_addr out(which);
  host = detail::without_brackets(host);
  ip_address ip;
  out.text_ = ip.read(host) ? ip.to_string() : std::string(host);
  out.port_ = port;
  return out;
}

inline channel_addr channel_addr::unix_socket(std::string_view path) {
  channel_addr out(kind::unix_socket);
  if (path.empty()) {
    out.text_ = detail::random_socket_name();
  } else {
    while (path.substr(0, 2) == "@@") path.remove_prefix(1);
    out.text_ = path;
  }
  return out;
}

inline channel_addr channel_addr::alias(channel_addr dial_to, channel_addr bind_to) {
  channel_addr out(kind::alias);
  out.alias_ = detail::intrusive_ptr<const detail::channel_alias>::adopt(
      new detail::channel_alias(std::move(dial_to), std::move(bind_to)));
  return out;
}

inline const channel_addr& channel_addr::dial_to() const noexcept {
  return kind_ == kind::alias ? alias_->dial_to : *this;
}
inline const channel_addr& channel_addr::bind_to() const noexcept {
  return kind_ == kind::alias ? alias_->bind_to : *this;
}
inline const channel_addr& channel_addr::dial_addr() const noexcept {
  const channel_addr* at = this;
  while (at->kind_ == kind::alias) at = &at->alias_->dial_to;
  return *at;
}

inline const channel_addr& channel_addr::bind_addr() const noexcept {
  const channel_addr* at = this;
  while (at->kind_ == kind::alias) at = &at->alias_->bind_to;
  return *at;
}

inline channel_transport channel_addr::transport() const noexcept {
  const channel_addr& bound = bind_addr();
  using mode = channel_transport::mode;
  mode how = mode::first;
  if (bound.kind_ == kind::tcp && !bound.ip_.is_loopback()) how = mode::hostname;
  if (bound.kind_ == kind::meta_tls || bound.kind_ == kind::meta_quic) {
    ip_address ip;
    how = ip.read(bound.text_) && ip.is_v6 ? mode::first : mode::hostname;
  }
  return {static_cast<channel_transport::kind>(bound.kind_), how};
}

inline std::strong_ordering channel_addr::compare(const channel_addr& o) const noexcept {
  if (const auto by_kind = kind_ <=> o.kind_; by_kind != 0) return by_kind;
  switch (kind_) {
    case kind::local:
      return number_ <=> o.number_;
    case kind::alias: {
      if (alias_ == o.alias_) return std::strong_ordering::equal;
      const auto dial = alias_->dial_to <=> o.alias_->dial_to;
      return dial != 0 ? dial : alias_->bind_to <=> o.alias_->bind_to;
    }
    default:
      break;
  }
  if (const auto by_ip = ip_ <=> o.ip_; by_ip != 0) return by_ip;
  if (const int by_text = text_.compare(o.text_); by_text != 0) return by_text <=> 0;
  return port_ <=> o.port_;
}

inline std::size_t channel_addr::hash() const noexcept {
  if (kind_ == kind::alias) return detail::mix_hashes(alias_->dial_to.hash(), alias_->bind_to.hash());
  std::size_t out = detail::mix_hashes(static_cast<std::size_t>(number_),
                                       static_cast<std::size_t>(port_) << 8U | static_cast<std::size_t>(kind_));
  const auto& ip = ip_.bytes;
  const std::string_view bytes(reinterpret_cast<const char*>(ip.data()), ip.size());
  return detail::mix_hashes(out, std::hash<std::string_view>{}(kind_ == kind::tcp ? bytes : text_));
}

inline std::string channel_addr::authority() const {
  std::string out = kind_ == kind::tcp ? ip_.to_string() : text_;
  if (kind_ == kind::tcp && ip_.is_v6) out = "[" + out + "]";
  out += ':';
  out += std::to_string(std::uint64_t{port_});
  return out;
}

inline std::string channel_addr::to_string() const {
  constexpr const char* schemes[] = {"tcp:", "metatls:", "tls:", "quic:", "metaquic:", "local:", "unix:", "alias:"};
  std::string out = schemes[static_cast<std::size_t>(kind_)];
  switch (kind_) {
    case kind::local:
      return out + std::to_string(number_);
    case kind::unix_socket:
      return out + text_;
    case kind::alias:
      out += "dial_to=" + alias_->dial_to.to_string();
      return out + ";bind_to=" + alias_->bind_to.to_string();
    default:
      return out + authority();
  }
}

inline std::string channel_addr::to_url() const {
  constexpr const char* schemes[] = {"tcp://",      "metatls://", "tls://", "quic://",
                                     "metaquic://", "inproc://",  "ipc://", ""};
  std::string out = schemes[static_cast<std::size_t>(kind_)];
  switch (kind_) {
    case kind::local:
      return out + std::to_string(number_);
    case kind::unix_socket:
      return out + text_;
    case kind::alias:
      return alias_->dial_to.to_url() + "@" + alias_->bind_to.to_url();
    default:
      return out + authority();
  }
}

inline std::string channel_addr::debug_string() const {
  constexpr const char* names[] = {"Tcp(", "MetaTls(", "Tls(", "Quic(", "MetaQuic(", "Local(", "Unix(", "Alias { "};
  std::string out = names[static_cast<std::size_t>(kind_)];
  switch (kind_) {
    case kind::tcp:
      return out + authority() + ")";
    case kind::local:
      return out + std::to_string(number_) + ")";
    case kind::unix_socket:
      out += "Bound(\"" + text_;
      return out + (is_abstract() ? "\" (abstract)))" : "\" (pathname)))");
    case kind::alias:
      out += "dial_to: " + alias_->dial_to.debug_string();
      return out + ", bind_to: " + alias_->bind_to.debug_string() + " }";
    default:
      out += "TlsAddr { hostname: \"" + text_;
      return out + "\", port: " + std::to_string(port_) + " })";
  }
}

template <class T> result<T> channel_addr::parse(std::string_view text) {
  const std::size_t mark = text.find("://");
  if (mark != std::string_view::npos) {
    const std::string_view scheme = text.substr(0, mark);
    if (scheme == "tcp" || scheme == "inproc" || scheme == "ipc" || detail::hosted_kind<T>(scheme))
      return parse_url<T>(text);
  }
  return parse_colon<T>(text);
}

template <class T> result<T> channel_addr::parse_colon(std::string_view text) {
  const std::size_t delimiter = text.find_first_of(":!");
  if (delimiter == std::string_view::npos) return detail::channel_addr_error("no channel type specified");
  const std::string_view scheme = text.substr(0, delimiter);
  const std::string_view rest = text.substr(delimiter + 1);
  if (scheme == "tcp") {
    const auto [host, port_text] = detail::split_host_and_port(rest);
    const std::string_view bare = detail::without_brackets(host);
    ip_address ip;
    const bool is_ip = ip.read(bare);
    const auto port = detail::read_port_number<detail::when_used<std::uint16_t, T>>(port_text);
    // brackets belong to IPv6 addresses, and those need them
    if (!is_ip || !port || ip.is_v6 != (bare.size() != host.size()) || !detail::is_decimal(port_text)) {
      return detail::channel_addr_error("invalid socket address syntax");
    }
    return tcp(ip, *port);
  }
  if (scheme == "local") {
    const detail::decimal number = detail::read_decimal(rest);
    if (number.fault != nullptr) return detail::channel_addr_error(number.fault);
    return local(number.value);
  }
  if (scheme == "unix") return unix_socket(rest);
  if (const auto hosted_scheme = detail::hosted_kind<T>(scheme)) {
    const auto [host, port_text] = detail::split_host_and_port(rest);
    const auto port = detail::read_port_number<detail::when_used<std::uint16_t, T>>(port_text);
    if (!port) return detail::channel_addr_error("invalid address \"", rest, "\"");
    return hosted(*hosted_scheme, host, *port);
  }
  if (scheme == "alias") {
    return detail::channel_addr_error(
        "detect possible alias address, but we currently do not support parsing alias' string representation since we "
        "only want to support parsing its zmq url format.");
  }
  return detail::channel_addr_error("no such channel type: ", scheme);
}

template <class T> result<T> channel_addr::parse_url(std::string_view text) {
  const std::size_t mark = text.find("://");
  if (mark == std::string_view::npos) {
    return detail::channel_addr_error("address must be in url form scheme://endppoint ", text);
  }
  constexpr std::string_view tcp_url = "tcp://";
  const std::string_view scheme = text.substr(0, mark);
  const std::string_view rest = text.substr(mark + 3);
  if (const std::size_t at = text.find('@'); scheme == "tcp" && at != std::string_view::npos) {
    const std::string_view bind_text = text.substr(at + 1);
    if (bind_text.substr(0, tcp_url.size()) != tcp_url) {
      return detail::channel_addr_error("alias format is only supported for TCP addresses, got bind_to: ", bind_text);
    }
    if (bind_text.find('@') != std::string_view::npos)
      return detail::channel_addr_error("invalid address format: ", bind_text);
    result<T> dial = parse_url<T>(text.substr(0, at));
    if (!dial) return dial;
    result<T> bind = parse_url<T>(bind_text);
    if (!bind) return bind;
    return alias(std::move(*dial), std::move(*bind));
  }
  if (scheme == "inproc") {
    const detail::decimal number = detail::read_decimal(rest);
    if (number.fault != nullptr) {
      return detail::channel_addr_error("inproc endpoint must be a valid port number: ", rest);
    }
    return local(number.value);
  }
  if (scheme == "ipc") return unix_socket(rest);
  const auto hosted_scheme = detail::hosted_kind<T>(scheme);
  if (scheme != "tcp" && !hosted_scheme) return detail::channel_addr_error("unsupported ZMQ scheme: ", scheme);
  const auto [host, port_text] = detail::split_host_and_port(rest);
  if (port_text.data() == nullptr) return detail::channel_addr_error("invalid address format: ", rest);
  const auto port = detail::read_port_number<detail::when_used<std::uint16_t, T>>(port_text);
  if (!port) return detail::channel_addr_error("invalid port: ", port_text);
  if (hosted_scheme) return hosted(*hosted_scheme, host == "*" ? "::" : host, *port);
  if (host == "*") return tcp(ip_address::any_v6(), *port);
  ip_address ip;
  if (!ip.read(detail::without_brackets(host))) {
    return detail::channel_addr_error("a tcp address takes an ip address, not a host name: ", host);
  }
  return tcp(ip, *port);
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_IDENTITY_DETAIL_CHANNEL_ADDR_TEXT_HPP
