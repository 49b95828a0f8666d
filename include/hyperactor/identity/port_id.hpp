// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_PORT_ID_HPP
#define HYPERACTOR_IDENTITY_PORT_ID_HPP

/// @file
/// `port_id`: which port of which actor, wherever that is.
///
/// [POI-1] A port is identified by its actor and its number within the kind; order is by actor first.

#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/actor_id.hpp>
#include <hyperactor/identity/port.hpp>

namespace hyperactor::inline v0 {

/// Identity of a port: `actor.proc:port`, or `actor.proc!status`.
/// @threadsafe as a value
class port_id {
 public:
  port_id(hyperactor::actor_id actor, hyperactor::port port) noexcept
      : actor_id_(std::move(actor)), port_(std::move(port)) {}
  /// Reads `actor.proc:port` or `actor.proc!control`.
  /// @errors parse_error::invalid_port_id; parse_error::invalid_port
  template <class T = port_id> [[nodiscard]] static result<T> parse(std::string_view text);

  [[nodiscard]] const hyperactor::actor_id& actor_id() const noexcept { return actor_id_; }
  [[nodiscard]] const hyperactor::proc_id& proc_id() const noexcept { return actor_id_.proc_id(); }
  [[nodiscard]] const hyperactor::port& port() const noexcept { return port_; }

  /// `actor.proc:port` or `actor.proc!control`.
  [[nodiscard]] std::string to_string() const {
    std::string out = actor_id_.to_string();
    out += port_.is_control() ? '!' : ':';
    out += port_.to_string();
    return out;
  }
  /// The text in angle brackets, the labels of actor and proc in front of it.
  [[nodiscard]] std::string debug_string() const { return actor_id_.debug_prefix() + to_string() + ">"; }
  [[nodiscard]] std::size_t hash() const noexcept { return detail::mix_hashes(actor_id_.hash(), port_.hash()); }

  friend bool operator==(const port_id& a, const port_id& b) noexcept {
    return a.port_ == b.port_ && a.actor_id_ == b.actor_id_;
  }
  friend std::strong_ordering operator<=>(const port_id& a, const port_id& b) noexcept {  // [POI-1]
    const auto actor = a.actor_id_ <=> b.actor_id_;
    return actor != 0 ? actor : a.port_ <=> b.port_;
  }

 private:
  hyperactor::actor_id actor_id_;
  hyperactor::port port_;
};

namespace detail {

template <class T = port_id, class Reader> std::optional<T> read_port_id(Reader& reader) {
  auto actor = read_actor_id(reader);
  if (!actor) return std::nullopt;
  auto which = decltype(read_port(reader))();
  if (reader.take_if(id_token_kind::bang)) {
    which = read_control_port(reader);
  } else if (reader.expect(id_token_kind::colon, "\":\" or \"!\"")) {
    which = read_port(reader);
  }
  if (!which) return std::nullopt;
  return T(std::move(*actor), std::move(*which));
}

/// Why a text that the reader refused is no port id.
template <class Id = actor_id> HYPERACTOR_COLD error port_id_error(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || !Id::parse(text.substr(0, colon))) return parse_error::invalid_port_id;
  std::string message = "invalid port: ";
  message += text.substr(colon + 1);
  return {parse_error::invalid_port, std::move(message)};
}

}  // namespace detail

template <class T> result<T> port_id::parse(std::string_view text) {
  detail::when_used<detail::id_reader, T> reader(text);
  std::optional<T> out = detail::read_port_id<T>(reader);
  if (out && reader.expect_end()) return std::move(*out);
  return detail::port_id_error<detail::when_used<hyperactor::actor_id, T>>(text);
}

}  // namespace hyperactor::inline v0

template <> struct std::hash<hyperactor::port_id> {
  std::size_t operator()(const hyperactor::port_id& value) const noexcept { return value.hash(); }
};
template <std::same_as<hyperactor::port_id> T>
struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_PORT_ID_HPP
