// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_LOCAL_HPP
#define HYPERACTOR_CHANNEL_LOCAL_HPP

/// @file
/// `transport::local`: numbered ports of this process. Each connection is a pair of sockets, so that everything above
/// behaves as it does on a network.
///
/// [LCL-1] Dialling a number that nobody serves fails at once.
/// [LCL-2] A number is free again when its server has closed.

#include <hyperactor/base/post.hpp>
#include <hyperactor/channel/error.hpp>
#include <hyperactor/channel/transport.hpp>

#include <asio/local/connect_pair.hpp>
#include <asio/local/stream_protocol.hpp>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

namespace hyperactor::inline v0 {

namespace detail {

/// Who serves which number of this process.
/// @threadsafe
class local_registry {
 public:
  using stream = asio::local::stream_protocol::socket;

  struct port {
    std::deque<stream> arrived;
    stream_handler<stream> accepting;
  };

  /// Never destroyed: servers of static duration may outlive everything.
  HYPERACTOR_SHARED static local_registry& instance() {
    static local_registry* const self = new local_registry;
    return *self;
  }

  [[nodiscard]] bool bind(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    return ports_.try_emplace(number).second;
  }
  [[nodiscard]] bool is_bound(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    return ports_.contains(number);
  }
  void unbind(std::uint64_t number) {
    port gone;  // destroyed after unlocking
    const std::lock_guard lock(mutex_);
    const auto at = ports_.find(number);
    if (at == ports_.end()) return;
    gone = std::move(at->second);
    ports_.erase(at);
  }
  /// Hands the next connection to `h`, now or when it arrives. The caller is the reactor.
  void accept(std::uint64_t number, asio::io_context& io, stream_handler<stream> h) {
    std::unique_lock lock(mutex_);
    const auto at = ports_.find(number);
    if (at == ports_.end()) {
      lock.unlock();
      return post_to(io, [h = std::move(h)]() mutable { h(error(asio::error::operation_aborted)); });
    }
    if (at->second.arrived.empty()) {
      at->second.accepting = std::move(h);
      return;
    }
    deliver(io, std::move(h), std::move(at->second.arrived.front()));
    at->second.arrived.pop_front();
  }
  /// False: nobody serves the number; `s` is unchanged.
  [[nodiscard]] bool connect(std::uint64_t number, asio::io_context& io, stream& s) {
    const std::lock_guard lock(mutex_);
    const auto at = ports_.find(number);
    if (at == ports_.end()) return false;
    if (at->second.accepting) {
      deliver(io, std::exchange(at->second.accepting, nullptr), std::move(s));
    } else {
      at->second.arrived.push_back(std::move(s));
    }
    return true;
  }

 private:
  static void deliver(asio::io_context& io, stream_handler<stream> h, stream s) {
    post_to(io, [h = std::move(h), s = std::move(s)]() mutable { h(std::move(s)); });
  }

  std::mutex mutex_;
  std::unordered_map<std::uint64_t, port> ports_;
};

[[nodiscard]] HYPERACTOR_COLD inline error nobody_serves(const channel_addr& a) {
  return error(channel_error::connect_failed, "channel closed: nobody serves " + a.to_string());
}

}  // namespace detail

namespace transport {

/// Channels within one process.
struct local {
  static constexpr std::string_view name = "local";
  using stream = asio::local::stream_protocol::socket;

  class listener {
   public:
    listener(asio::io_context& io, channel_addr address, std::uint64_t number)
        : io_(&io), address_(std::move(address)), number_(number) {}
    listener(listener&& o) noexcept
        : io_(o.io_), address_(std::move(o.address_)), number_(std::exchange(o.number_, 0)) {}
    listener& operator=(listener&&) = delete;
    ~listener() { close(); }

    [[nodiscard]] channel_addr address() const { return address_; }
    void accept(stream_handler<stream> h) { detail::local_registry::instance().accept(number_, *io_, std::move(h)); }
    void close() noexcept {
      if (number_ != 0) detail::local_registry::instance().unbind(std::exchange(number_, 0));  // [LCL-2]
    }

   private:
    asio::io_context* io_;
    channel_addr address_;
    std::uint64_t number_;
  };

  [[nodiscard]] static bool accepts(const channel_addr& a) { return a.which() == channel_addr::kind::local; }
  /// A decimal number; 0 means any free one.
  [[nodiscard]] static result<channel_addr> parse(std::string_view text) {
    return channel_addr::parse_colon("local:" + std::string(text));
  }
  [[nodiscard]] static channel_addr any() { return channel_addr::local(0); }

  [[nodiscard]] static result<listener> listen(asio::io_context& io, const channel_addr& a) {
    const std::uint64_t wanted = a.number();
    const std::uint64_t number = wanted != 0 ? wanted : detail::next_local_number();
    if (wanted != 0) detail::skip_local_number(wanted);
    if (!detail::local_registry::instance().bind(number)) {
      return error(channel_error::address_in_use, "local addr already bound: " + std::to_string(number));
    }
    return listener(io, channel_addr::local(number), number);
  }

  static void connect(asio::io_context& io, const channel_addr& a, stream_handler<stream> h) {
    stream here(io);
    stream there(io);
    std::error_code failure;
    asio::local::connect_pair(here, there, failure);
    error why;
    if (failure) {
      why = error(failure);
    } else if (!detail::local_registry::instance().connect(a.number(), io, there)) {
      why = detail::nobody_serves(a);
    }
    if (why) return detail::post_to(io, [h = std::move(h), why]() mutable { h(why); });
    detail::post_to(io, [h = std::move(h), s = std::move(here)]() mutable { h(std::move(s)); });
  }

  /// [LCL-1]
  [[nodiscard]] static result<void> check(const channel_addr& a) {
    if (!detail::local_registry::instance().is_bound(a.number())) return detail::nobody_serves(a);
    return {};
  }
};
static_assert(transport_policy<local>);

}  // namespace transport

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_CHANNEL_LOCAL_HPP
