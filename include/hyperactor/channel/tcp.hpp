// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_TCP_HPP
#define HYPERACTOR_CHANNEL_TCP_HPP

/// @file
/// `transport::tcp`: numeric IPv4 and IPv6 addresses, `127.0.0.1:1234` and `[::1]:1234`; port 0 means any free one.

#include <hyperactor/base/log.hpp>
#include <hyperactor/base/post.hpp>
#include <hyperactor/channel/error.hpp>
#include <hyperactor/channel/transport.hpp>
#include <hyperactor/config/keys.hpp>
#include <hyperactor/config/store.hpp>

#include <netinet/tcp.h>

#include <asio/ip/tcp.hpp>
#include <cstdio>
#include <string>

namespace hyperactor::inline v0 {

namespace detail {

/// Numeric address and port; nothing else is an endpoint.
[[nodiscard]] HYPERACTOR_COLD inline result<asio::ip::tcp::endpoint> parse_tcp_endpoint(std::string_view text) {
  const auto bad = [&] {
    return error(channel_error::invalid_address, "invalid socket address syntax: '" + std::string(text) + "'");
  };
  const auto colon = text.rfind(':');
  if (colon == text.npos) return bad();
  std::string_view host = text.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const std::string_view digits = text.substr(colon + 1);
  std::uint32_t port = 0;
  if (digits.empty() || digits.size() > 5) return bad();
  for (const char c : digits) {
    if (c < '0' || c > '9') return bad();
    port = port * 10 + static_cast<std::uint32_t>(c - '0');
  }
  if (port > 65535) return bad();
  std::error_code failure;
  const auto address = asio::ip::make_address(std::string(host), failure);
  if (failure) return bad();
  return asio::ip::tcp::endpoint(address, static_cast<unsigned short>(port));
}

[[nodiscard]] HYPERACTOR_COLD inline std::string tcp_text(const asio::ip::tcp::endpoint& e) {
  const std::string host = e.address().to_string();
  return (e.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(e.port());
}

[[nodiscard]] HYPERACTOR_COLD inline std::string allowed_congestion_control() {
  std::string out;
  if (std::FILE* f = std::fopen("/proc/sys/net/ipv4/tcp_allowed_congestion_control", "re")) {
    char text[256];
    const std::size_t n = std::fread(text, 1, sizeof text, f);
    std::fclose(f);
    out.assign(text, n);
    while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  }
  return out;
}

/// What every connected TCP socket gets: no delay, keep-alive, and the congestion control of the configuration.
[[nodiscard]] HYPERACTOR_COLD inline result<void> prepare_tcp_socket(asio::ip::tcp::socket& s) {
  std::error_code ignored;  // best effort
  s.set_option(asio::ip::tcp::no_delay(true), ignored);
  s.set_option(asio::socket_base::keep_alive(true), ignored);
  using namespace std::chrono;
  const auto idle = duration_cast<seconds>(config::get<config::channel_tcp_keepalive_idle>()).count();
  const int numbers[][2] = {
      {TCP_KEEPIDLE, static_cast<int>(idle < 1 ? 1 : idle)}, {TCP_KEEPINTVL, 5}, {TCP_KEEPCNT, 3}};
  for (const auto& [option, value] : numbers) {
    (void)::setsockopt(s.native_handle(), IPPROTO_TCP, option, &value, sizeof value);
  }
  const std::string algorithm = config::get<config::channel_tcp_congestion>();
  if (!algorithm.empty() && ::setsockopt(s.native_handle(), IPPROTO_TCP, TCP_CONGESTION, algorithm.data(),
                                         static_cast<socklen_t>(algorithm.size())) != 0) {
    return error(channel_error::connect_failed,
                 "TCP congestion control '" + algorithm +
                     "' (CHANNEL_TCP_CONGESTION): " + std::error_code(errno, std::system_category()).message() +
                     "; allowed: " + allowed_congestion_control());
  }
  return {};
}

}  // namespace detail

namespace transport {

/// TCP between machines or processes.
struct tcp {
  static constexpr std::string_view name = "tcp";
  using stream = asio::ip::tcp::socket;

  class listener {
   public:
    explicit listener(asio::ip::tcp::acceptor a, channel_addr address)
        : acceptor_(std::move(a)), address_(std::move(address)) {}
    [[nodiscard]] channel_addr address() const { return address_; }
    void accept(stream_handler<stream> h) {
      acceptor_.async_accept([h = std::move(h)](const std::error_code& failure, stream s) mutable {
        if (failure) return h(error(failure));
        if (auto prepared = detail::prepare_tcp_socket(s); !prepared) return h(prepared.error());
        h(std::move(s));
      });
    }
    void close() noexcept {
      std::error_code ignored;
      acceptor_.close(ignored);
    }

   private:
    asio::ip::tcp::acceptor acceptor_;
    channel_addr address_;
  };

  [[nodiscard]] static bool accepts(const channel_addr& a) { return a.which() == channel_addr::kind::tcp; }
  /// `127.0.0.1:0`, `[::1]:8000`.
  [[nodiscard]] static result<channel_addr> parse(std::string_view text) {
    auto endpoint = detail::parse_tcp_endpoint(text);
    if (!endpoint) return endpoint.error();
    return channel_addr::parse_colon("tcp:" + detail::tcp_text(*endpoint));
  }
  /// Any free port of the loopback interface.
  [[nodiscard]] static channel_addr any() { return channel_addr::tcp(ip_address::loopback_v4(), 0); }

  [[nodiscard]] static result<listener> listen(asio::io_context& io, const channel_addr& a) {
    const auto fail = [&](const std::error_code& why) {
      const bool taken = why == asio::error::address_in_use;
      return detail::system_failure(taken ? channel_error::address_in_use : channel_error::listen_failed,
                                    "cannot serve " + a.to_string(), why);
    };
    auto endpoint = endpoint_of(a);
    if (!endpoint) return endpoint.error();
    std::error_code failure;
    asio::ip::tcp::acceptor acceptor(io);
    acceptor.open(endpoint->protocol(), failure);
    if (!failure) acceptor.set_option(asio::socket_base::reuse_address(true), failure);
    if (!failure) acceptor.bind(*endpoint, failure);
    if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
    if (failure) return fail(failure);
    const auto bound = acceptor.local_endpoint(failure);
    if (failure) return fail(failure);
    auto address = parse(detail::tcp_text(bound));
    if (!address) return address.error();
    return listener(std::move(acceptor), std::move(*address));
  }

  static void connect(asio::io_context& io, const channel_addr& a, stream_handler<stream> h) {
    auto endpoint = endpoint_of(a);
    if (!endpoint) return detail::post_to(io, [h = std::move(h), e = endpoint.error()]() mutable { h(std::move(e)); });
    auto socket = std::make_unique<stream>(io);
    stream& s = *socket;
    s.async_connect(*endpoint, [h = std::move(h), socket = std::move(socket)](const std::error_code& failure) mutable {
      if (failure) return h(error(failure));
      if (auto prepared = detail::prepare_tcp_socket(*socket); !prepared) return h(prepared.error());
      h(std::move(*socket));
    });
  }

 private:
  [[nodiscard]] static result<asio::ip::tcp::endpoint> endpoint_of(const channel_addr& a) {
    const std::string text = a.to_string();
    return detail::parse_tcp_endpoint(std::string_view(text).substr(text.find(':') + 1));
  }
};
static_assert(transport_policy<tcp>);

}  // namespace transport
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_CHANNEL_TCP_HPP
