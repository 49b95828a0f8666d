// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_UNIX_SOCKET_HPP
#define HYPERACTOR_CHANNEL_UNIX_SOCKET_HPP

/// @file
/// `transport::unix_socket`: a path, or `@name` in Linux's abstract name space.
///
/// [UNX-1] A socket file that nobody listens on is removed when its path is served; one that somebody listens on, or
///         that is no socket, never.
/// [UNX-2] A server removes its own socket file when it closes, and no file that took its place.
/// [UNX-3] Whoever connects while the server's backlog is full waits for room, as TCP does, for
///         config::channel_reconnect_timeout at most.

#include <hyperactor/base/context_timer.hpp>
#include <hyperactor/base/post.hpp>
#include <hyperactor/channel/error.hpp>
#include <hyperactor/channel/transport.hpp>
#include <hyperactor/config/keys.hpp>
#include <hyperactor/config/store.hpp>

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <asio/local/stream_protocol.hpp>
#include <string>

namespace hyperactor::inline v0 {

namespace detail {

inline constexpr std::size_t unix_path_bytes = sizeof(sockaddr_un::sun_path) - 1;

[[nodiscard]] HYPERACTOR_COLD inline result<asio::local::stream_protocol::endpoint> parse_unix_endpoint(
    std::string_view text) {
  if (text.size() > unix_path_bytes) {
    return error(channel_error::invalid_address, "the unix socket address '" + std::string(text) + "' is " +
                                                     std::to_string(text.size()) + " bytes long; at most " +
                                                     std::to_string(unix_path_bytes) + " are possible");
  }
  if (text.empty() || text.find('\0') != text.npos) {
    return error(channel_error::invalid_address, "'" + std::string(text) + "' is no path of a unix socket");
  }
  std::string path(text);
  if (path.front() == '@') path.front() = '\0';
  return asio::local::stream_protocol::endpoint(path);
}

/// Device and inode of a path; zeros when there is none.
struct file_identity {
  dev_t device = 0;
  ino_t inode = 0;
  bool is_socket = false;

  [[nodiscard]] static file_identity of(const std::string& path) noexcept {
    struct stat s{};
    if (::lstat(path.c_str(), &s) != 0) return {};
    return {s.st_dev, s.st_ino, S_ISSOCK(s.st_mode)};
  }
  bool operator==(const file_identity&) const = default;
};

}  // namespace detail

namespace transport {

/// Unix domain sockets between the processes of one machine.
struct unix_socket {
  static constexpr std::string_view name = "unix";
  using stream = asio::local::stream_protocol::socket;

  class listener {
   public:
    listener(asio::local::stream_protocol::acceptor a, channel_addr address, std::string path)
        : acceptor_(std::move(a)),
          address_(std::move(address)),
          path_(std::move(path)),
          file_(path_.empty() ? detail::file_identity{} : detail::file_identity::of(path_)) {}
    listener(listener&& o) noexcept
        : acceptor_(std::move(o.acceptor_)),
          address_(std::move(o.address_)),
          path_(std::exchange(o.path_, {})),
          file_(o.file_) {}
    listener& operator=(listener&&) = delete;
    ~listener() { close(); }

    [[nodiscard]] channel_addr address() const { return address_; }
    void accept(stream_handler<stream> h) {
      acceptor_.async_accept([h = std::move(h)](const std::error_code& failure, stream s) mutable {
        if (failure) return h(error(failure));
        h(std::move(s));
      });
    }
    void close() noexcept {
      if (!path_.empty() && detail::file_identity::of(path_) == file_) ::unlink(path_.c_str());  // [UNX-2]
      path_.clear();
      std::error_code ignored;
      acceptor_.close(ignored);
    }

   private:
    asio::local::stream_protocol::acceptor acceptor_;
    channel_addr address_;
    std::string path_;  // empty: an abstract name, or closed
    detail::file_identity file_;
  };

  [[nodiscard]] static bool accepts(const channel_addr& a) { return a.which() == channel_addr::kind::unix_socket; }
  /// A path, `@name`, or nothing for a fresh abstract name.
  [[nodiscard]] static result<channel_addr> parse(std::string_view text) { return channel_addr::unix_socket(text); }
  /// A fresh abstract name.
  [[nodiscard]] static channel_addr any() { return channel_addr::unix_socket({}); }

  [[nodiscard]] static result<listener> listen(asio::io_context& io, const channel_addr& a) {
    const std::string path = path_of(a);
    auto endpoint = detail::parse_unix_endpoint(path);
    if (!endpoint) return endpoint.error();
    const bool is_abstract = path.front() == '@';
    std::error_code failure;
    asio::local::stream_protocol::acceptor acceptor(io);
    acceptor.open(endpoint->protocol(), failure);
    if (!failure) acceptor.bind(*endpoint, failure);
    if (failure == asio::error::address_in_use && !is_abstract && is_stale(io, *endpoint, path)) {
      ::unlink(path.c_str());  // [UNX-1]
      acceptor.bind(*endpoint, failure);
    }
    const bool is_bound = !failure;
    if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
    if (failure) {
      if (is_bound && !is_abstract) ::unlink(path.c_str());
      const bool taken = failure == asio::error::address_in_use;
      return detail::system_failure(taken ? channel_error::address_in_use : channel_error::listen_failed,
                                    "cannot serve " + a.to_string(), failure);
    }
    return listener(std::move(acceptor), a, is_abstract ? std::string() : path);
  }

  static void connect(asio::io_context& io, const channel_addr& a, stream_handler<stream> h) {
    auto endpoint = detail::parse_unix_endpoint(path_of(a));
    if (!endpoint) return detail::post_to(io, [h = std::move(h), e = endpoint.error()]() mutable { h(std::move(e)); });
    attempt(io, *endpoint, std::move(h), detail::deadline_after(config::get<config::channel_reconnect_timeout>()));
  }

  /// Refuses what can be no address before anything is connected.
  [[nodiscard]] static result<void> check(const channel_addr& a) {
    if (auto endpoint = detail::parse_unix_endpoint(path_of(a)); !endpoint) return endpoint.error();
    return {};
  }

 private:
  static constexpr std::chrono::milliseconds look_again{10};  // the system does not tell when there is room

  static void attempt(asio::io_context& io, const asio::local::stream_protocol::endpoint& to, stream_handler<stream> h,
                      detail::steady_time until) {
    auto socket = std::make_unique<stream>(io);
    stream& s = *socket;
    s.async_connect(
        to, [&io, to, until, h = std::move(h), socket = std::move(socket)](const std::error_code& failure) mutable {
          // Asio's word for the EAGAIN of a full backlog
          const bool is_full = failure == asio::error::no_buffer_space;
          if (is_full && std::chrono::steady_clock::now() < until) return attempt_later(io, to, std::move(h), until);
          if (failure) return h(error(failure));
          h(std::move(*socket));
        });
  }
  static void attempt_later(asio::io_context& io, const asio::local::stream_protocol::endpoint& to,
                            stream_handler<stream> h, detail::steady_time until) {  // [UNX-3]
    auto timer = std::make_unique<detail::context_timer>(io);
    detail::context_timer& t = *timer;
    t.expires_after(look_again);
    t.async_wait([&io, to, until, h = std::move(h), timer = std::move(timer)](const std::error_code&) mutable {
      attempt(io, to, std::move(h), until);
    });
  }
  [[nodiscard]] static std::string path_of(const channel_addr& a) { return std::string(a.path()); }
  [[nodiscard]] static bool is_stale(asio::io_context& io, const asio::local::stream_protocol::endpoint& e,
                                     const std::string& path) {
    if (!detail::file_identity::of(path).is_socket) return false;
    std::error_code failure;
    stream probe(io);
    probe.open(e.protocol(), failure);
    if (failure) return false;
    probe.native_non_blocking(true, failure);  // a full backlog means that somebody listens: do not wait for room
    if (::connect(probe.native_handle(), e.data(), static_cast<socklen_t>(e.size())) == 0) return false;
    return errno == ECONNREFUSED;
  }
};
static_assert(transport_policy<unix_socket>);

}  // namespace transport
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_CHANNEL_UNIX_SOCKET_HPP
