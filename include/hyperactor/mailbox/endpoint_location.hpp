// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_ENDPOINT_LOCATION_HPP
#define HYPERACTOR_MAILBOX_ENDPOINT_LOCATION_HPP

/// @file
/// `endpoint_location`: what a message without envelope was sent to.

#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/actor_addr.hpp>
#include <hyperactor/identity/codec.hpp>
#include <hyperactor/identity/port_addr.hpp>
#include <hyperactor/wire/codec.hpp>

#include <optional>
#include <string>
#include <utility>

namespace hyperactor::inline v0 {

/// An actor, a port, or a local handle onto an actor for one type of message.
/// @threadsafe as a value
class endpoint_location {
 public:
  [[nodiscard]] static endpoint_location actor(hyperactor::actor_addr addr) {
    return {std::move(addr), std::nullopt, std::nullopt};
  }
  [[nodiscard]] static endpoint_location port(hyperactor::port_addr addr) {
    hyperactor::actor_addr owner = addr.actor_addr();
    return {std::move(owner), std::move(addr), std::nullopt};
  }
  [[nodiscard]] static endpoint_location local(hyperactor::actor_addr addr, std::string message_type) {
    return {std::move(addr), std::nullopt, std::move(message_type)};
  }

  /// The actor that owns it.
  [[nodiscard]] const hyperactor::actor_addr& actor_addr() const noexcept { return actor_; }
  /// The port, where it is one.
  [[nodiscard]] const std::optional<hyperactor::port_addr>& port_addr() const noexcept { return port_; }
  /// The type of the message, where it is a local handle.
  [[nodiscard]] const std::optional<std::string>& message_type() const noexcept { return message_type_; }

  /// The address; a local handle shows its type in angle brackets behind it.
  template <class = void> [[nodiscard]] std::string to_string() const {
    if (port_) return port_->to_string();
    return message_type_ ? actor_.to_string() + "<" + *message_type_ + ">" : actor_.to_string();
  }

  friend bool operator==(const endpoint_location&, const endpoint_location&) = default;

 private:
  endpoint_location(hyperactor::actor_addr actor, std::optional<hyperactor::port_addr> port,
                    std::optional<std::string> message_type)
      : actor_(std::move(actor)), port_(std::move(port)), message_type_(std::move(message_type)) {}

  hyperactor::actor_addr actor_;
  std::optional<hyperactor::port_addr> port_;
  std::optional<std::string> message_type_;
};

template <std::same_as<endpoint_location> T> struct codec<T> {
  static void encode(wire::encoder& e, const T& l) {
    e.put_u32(l.port_addr() ? 1 : l.message_type() ? 2 : 0);
    if (l.port_addr()) {
      e.put(*l.port_addr());
      return;
    }
    e.put(l.actor_addr());
    if (l.message_type()) e.put_string(*l.message_type());
  }
  static T read(wire::decoder& d) {
    const std::uint32_t index = d.take_index(3);
    if (index == 1) return T::port(d.read<detail::when_used<port_addr, T>>());
    auto actor = d.read<detail::when_used<actor_addr, T>>();
    if (index == 0) return T::actor(std::move(actor));
    return T::local(std::move(actor), d.take_string());
  }
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_MAILBOX_ENDPOINT_LOCATION_HPP
