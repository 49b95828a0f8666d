// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_PORT_ADDR_HPP
#define HYPERACTOR_IDENTITY_PORT_ADDR_HPP

/// @file
/// `port_addr`: which port of which actor, and where its proc is.

#include <hyperactor/identity/actor_addr.hpp>
#include <hyperactor/identity/port_id.hpp>

namespace hyperactor::inline v0 {

/// Address of a port: `actor.proc:7@tcp://127.0.0.1:80`.
/// @threadsafe as a value
class port_addr {
 public:
  port_addr(port_id id, hyperactor::location location) noexcept : id_(std::move(id)), location_(std::move(location)) {}
  /// Reads `actor.proc:port@location` or `actor.proc!control@location`.
  /// @errors parse_error::missing_separator; those of `port_id::parse` and `location::parse`
  template <class T = port_addr> [[nodiscard]] static result<T> parse(std::string_view text) {
    return detail::parse_address<hyperactor::port_id, T>(text);
  }

  [[nodiscard]] const port_id& id() const noexcept { return id_; }
  [[nodiscard]] const hyperactor::location& location() const noexcept { return location_; }
  /// The channel at the end of the location.
  [[nodiscard]] const channel_addr& addr() const noexcept { return location_.addr(); }
  [[nodiscard]] const hyperactor::actor_id& actor_id() const noexcept { return id_.actor_id(); }
  [[nodiscard]] const hyperactor::proc_id& proc_id() const noexcept { return id_.proc_id(); }
  [[nodiscard]] hyperactor::actor_addr actor_addr() const noexcept { return {id_.actor_id(), location_}; }
  [[nodiscard]] const hyperactor::port& port() const noexcept { return id_.port(); }
  /// `port().number()`: not a key.
  [[nodiscard]] std::uint64_t index() const noexcept { return port().number(); }
  /// The number of an ephemeral port; nothing for the other kinds.
  [[nodiscard]] std::optional<std::uint64_t> ephemeral_index() const noexcept {
    return port().is_ephemeral() ? std::optional<std::uint64_t>(port().number()) : std::nullopt;
  }

  /// `actor.proc:port@location` or `actor.proc!control@location`.
  [[nodiscard]] std::string to_string() const { return id_.to_string() + "@" + location_.to_string(); }
  /// `<'labels' actor.proc:port@location>`.
  [[nodiscard]] std::string debug_string() const { return actor_id().debug_prefix() + to_string() + ">"; }
  [[nodiscard]] std::size_t hash() const noexcept { return detail::mix_hashes(id_.hash(), location_.hash()); }

  friend bool operator==(const port_addr&, const port_addr&) noexcept = default;
  friend std::strong_ordering operator<=>(const port_addr&, const port_addr&) noexcept = default;

 private:
  port_id id_;
  hyperactor::location location_;
};

inline port_addr actor_addr::port_addr(hyperactor::port port) const noexcept {
  return {port_id(id_, std::move(port)), location_};
}
inline port_addr actor_addr::introspect_port() const noexcept {
  return port_addr(hyperactor::port::control(control_port::introspect));
}
inline port_addr actor_addr::signal_port() const noexcept {
  return port_addr(hyperactor::port::control(control_port::signal));
}
inline port_addr actor_addr::status_port() const noexcept {
  return port_addr(hyperactor::port::control(control_port::status));
}

}  // namespace hyperactor::inline v0

template <> struct std::hash<hyperactor::port_addr> {
  std::size_t operator()(const hyperactor::port_addr& value) const noexcept { return value.hash(); }
};
template <std::same_as<hyperactor::port_addr> T>
struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_PORT_ADDR_HPP
