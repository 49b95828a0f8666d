// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_TESTS_SUPPORT_RAW_PEER_HPP
#define HYPERACTOR_TESTS_SUPPORT_RAW_PEER_HPP

/// @file
/// The other end of a link by hand: blocking sockets with a limit on every wait, and the pieces of a byte stream.

#include <hyperactor/identity/channel_addr.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace raw {

using bytes = std::vector<unsigned char>;

inline bytes from_hex(std::string_view hex) {
  bytes out;
  int high = -1;
  for (const char c : hex) {
    const int v = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (v < 0) continue;  // blanks and bars
    if (high < 0) {
      high = v;
    } else {
      out.push_back(static_cast<unsigned char>(high * 16 + v));
      high = -1;
    }
  }
  return out;
}
inline std::string to_hex(const bytes& b) {
  std::string out;
  for (const unsigned char c : b) {
    out += "0123456789abcdef"[c >> 4];
    out += "0123456789abcdef"[c & 15];
  }
  return out;
}
inline bytes operator+(bytes a, const bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

inline bytes big(std::uint64_t v, int size) {
  bytes out;
  for (int i = size - 1; i >= 0; --i) out.push_back(static_cast<unsigned char>(v >> (8 * i)));
  return out;
}
inline bytes little(std::uint64_t v, int size) {
  bytes out;
  for (int i = 0; i < size; ++i) out.push_back(static_cast<unsigned char>(v >> (8 * i)));
  return out;
}
inline bytes frame(unsigned tag, const bytes& body) { return big(tag, 1) + big(body.size(), 7) + body; }
inline bytes simplex_init(std::uint64_t session, unsigned stream = 0) {
  return from_hex("534d5000") + big(session, 8) + big(stream, 1);
}
/// A data frame that carries a u64.
inline bytes number_frame(std::uint64_t sequence, std::uint64_t value, unsigned tag = 0) {
  return frame(tag, big(20, 8) + little(0, 4) + little(sequence, 8) + little(value, 8));
}
inline bytes ack(std::uint64_t n) { return frame(0, little(0, 4) + little(n, 8)); }
inline bytes reject(std::string_view text) {
  return frame(0, little(1, 4) + little(text.size(), 8) + bytes(text.begin(), text.end()));
}
inline bytes closed() { return frame(0, little(2, 4)); }

struct socket_address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  explicit socket_address(const hyperactor::channel_addr& a) {
    if (a.which() == hyperactor::channel_addr::kind::unix_socket) {
      auto* to = reinterpret_cast<sockaddr_un*>(&storage);
      to->sun_family = AF_UNIX;
      std::string path(a.path());
      if (path.front() == '@') path.front() = '\0';
      std::memcpy(to->sun_path, path.data(), path.size());
      size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    } else {
      auto* to = reinterpret_cast<sockaddr_in*>(&storage);
      to->sin_family = AF_INET;
      to->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      to->sin_port = htons(a.port());
      size = sizeof(sockaddr_in);
    }
  }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// One connection.
class connection {
 public:
  explicit connection(int fd) : fd_(fd) {}
  explicit connection(const hyperactor::channel_addr& a) {
    const socket_address to(a);
    fd_ = ::socket(to.storage.ss_family, SOCK_STREAM, 0);
    if (::connect(fd_, to.get(), to.size) != 0) throw std::runtime_error("raw peer: connect failed");
  }
  connection(connection&& o) noexcept : fd_(std::exchange(o.fd_, -1)), pending_(std::move(o.pending_)) {}
  connection& operator=(connection&&) = delete;
  ~connection() { close(); }

  void send(const bytes& b) {
    for (std::size_t done = 0; done < b.size();) {
      const auto n = ::send(fd_, b.data() + done, b.size() - done, MSG_NOSIGNAL);
      if (n <= 0) return;  // the other end has closed: the test sees what it answered
      done += static_cast<std::size_t>(n);
    }
  }
  void finish_sending() { ::shutdown(fd_, SHUT_WR); }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

  /// Exactly `count` bytes; fewer at the end of the stream.
  bytes read(std::size_t count) {
    while (pending_.size() < count && fill()) {
    }
    const auto end = pending_.begin() + static_cast<std::ptrdiff_t>(std::min(count, pending_.size()));
    bytes out(pending_.begin(), end);
    pending_.erase(pending_.begin(), end);
    return out;
  }
  /// Everything until the other end closes.
  bytes read_all() {
    while (fill()) {
    }
    return std::exchange(pending_, {});
  }
  /// The next frame with its header; empty at the end of the stream.
  bytes read_frame() {
    bytes head = read(8);
    if (head.size() < 8) return head;
    std::uint64_t length = 0;
    for (std::size_t i = 1; i < 8; ++i) length = length << 8 | head[i];
    return head + read(static_cast<std::size_t>(length));
  }

 private:
  bool fill() {
    pollfd p{fd_, POLLIN, 0};
    if (::poll(&p, 1, 20000) <= 0) throw std::runtime_error("raw peer: nothing came in 20 s");
    unsigned char chunk[65536];
    const auto n = ::recv(fd_, chunk, sizeof chunk, 0);
    if (n <= 0) return false;
    pending_.insert(pending_.end(), chunk, chunk + n);
    return true;
  }
  int fd_ = -1;
  bytes pending_;
};

/// Listens on a unix address.
class listener {
 public:
  explicit listener(const hyperactor::channel_addr& a) {
    const socket_address to(a);
    fd_ = ::socket(to.storage.ss_family, SOCK_STREAM, 0);
    if (::bind(fd_, to.get(), to.size) != 0 || ::listen(fd_, 16) != 0)
      throw std::runtime_error("raw peer: bind failed");
  }
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  ~listener() { close(); }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

  connection accept() {
    pollfd p{fd_, POLLIN, 0};
    if (::poll(&p, 1, 20000) <= 0) throw std::runtime_error("raw peer: nobody connected in 20 s");
    return connection(::accept(fd_, nullptr, nullptr));
  }

 private:
  int fd_ = -1;
};

/// What the serving end has said: its last acknowledgement, and everything else as it came.
struct answers {
  bool has_ack = false;
  bool acks_rise = true;
  std::uint64_t ack = 0;
  bytes others;

  explicit answers(const bytes& stream) {
    for (std::size_t at = 0; at + 8 <= stream.size();) {
      std::uint64_t length = 0;
      for (std::size_t i = 1; i < 8; ++i) length = length << 8 | stream[at + i];
      const std::size_t end = at + 8 + static_cast<std::size_t>(length);
      if (end > stream.size()) throw std::runtime_error("raw peer: a truncated response");
      if (length == 12 && stream[at + 8] == 0) {
        std::uint64_t n = 0;
        for (std::size_t i = 8; i-- > 0;) n = n << 8 | stream[at + 12 + i];
        if (has_ack && n < ack) acks_rise = false;
        has_ack = true;
        ack = n;
      } else {
        others.insert(others.end(), stream.begin() + static_cast<std::ptrdiff_t>(at),
                      stream.begin() + static_cast<std::ptrdiff_t>(end));
      }
      at = end;
    }
  }
};

}  // namespace raw

#endif  // HYPERACTOR_TESTS_SUPPORT_RAW_PEER_HPP
