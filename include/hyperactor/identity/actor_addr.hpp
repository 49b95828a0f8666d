// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_ACTOR_ADDR_HPP
#define HYPERACTOR_IDENTITY_ACTOR_ADDR_HPP

/// @file
/// `actor_addr`: which actor, and where its proc is.

#include <hyperactor/identity/actor_id.hpp>
#include <hyperactor/identity/port.hpp>
#include <hyperactor/identity/proc_addr.hpp>

namespace hyperactor::inline v0 {

class port_addr;

/// Address of an actor: `actor.proc@tcp://127.0.0.1:80`.
/// @threadsafe as a value
class actor_addr {
 public:
  actor_addr(actor_id id, hyperactor::location location) noexcept
      : id_(std::move(id)), location_(std::move(location)) {}

  /// The root actor of this name.
  [[nodiscard]] static actor_addr root(const hyperactor::proc_addr& proc, hyperactor::label name) noexcept {
    return {actor_id::singleton(std::move(name), proc.id()), proc.location()};
  }
  /// Reads `actor.proc@location`.
  /// @errors parse_error::missing_separator; those of `actor_id::parse` and `location::parse`
  template <class T = actor_addr> [[nodiscard]] static result<T> parse(std::string_view text) {
    return detail::parse_address<hyperactor::actor_id, T>(text);
  }

  [[nodiscard]] const actor_id& id() const noexcept { return id_; }
  [[nodiscard]] const hyperactor::location& location() const noexcept { return location_; }
  /// The channel at the end of the location.
  [[nodiscard]] const channel_addr& addr() const noexcept { return location_.addr(); }
  [[nodiscard]] const hyperactor::uid& uid() const noexcept { return id_.uid(); }
  /// The label of the actor's uid, or `label::none()`.
  [[nodiscard]] const hyperactor::label& label() const noexcept { return id_.label(); }
  /// The label, or `?`.
  [[nodiscard]] std::string log_name() const { return label() ? label().to_string() : "?"; }
  /// Whether this is a named root of its proc.
  [[nodiscard]] bool is_root() const noexcept { return id_.is_root(); }
  [[nodiscard]] const hyperactor::proc_id& proc_id() const noexcept { return id_.proc_id(); }
  [[nodiscard]] hyperactor::proc_addr proc_addr() const noexcept { return {id_.proc_id(), location_}; }
  /// A fresh actor without a label in the same proc.
  [[nodiscard]] actor_addr anonymous_child() const noexcept { return {actor_id::anonymous(id_.proc_id()), location_}; }
  /// A port of this actor. Needs identity/port_addr.hpp, as the next three.
  [[nodiscard]] hyperactor::port_addr port_addr(hyperactor::port port) const noexcept;
  [[nodiscard]] hyperactor::port_addr introspect_port() const noexcept;
  [[nodiscard]] hyperactor::port_addr signal_port() const noexcept;
  [[nodiscard]] hyperactor::port_addr status_port() const noexcept;

  /// `actor.proc@location`.
  [[nodiscard]] std::string to_string() const { return id_.to_string() + "@" + location_.to_string(); }
  /// `<'labels' actor.proc@location>`.
  [[nodiscard]] std::string debug_string() const { return id_.debug_prefix() + to_string() + ">"; }
  /// `<actor actor.proc@location>`: how logs name it.
  [[nodiscard]] std::string subject() const { return "<actor " + to_string() + ">"; }
  [[nodiscard]] std::size_t hash() const noexcept { return detail::mix_hashes(id_.hash(), location_.hash()); }

  friend bool operator==(const actor_addr&, const actor_addr&) noexcept = default;
  friend std::strong_ordering operator<=>(const actor_addr&, const actor_addr&) noexcept = default;

 private:
  actor_id id_;
  hyperactor::location location_;
};

inline actor_addr proc_addr::actor_addr(std::string_view name) const {
  return hyperactor::actor_addr::root(*this, hyperactor::label::strip(name));
}
inline actor_addr proc_addr::actor_addr_uid(hyperactor::uid uid) const {
  return {actor_id(std::move(uid), id_), location_};
}

}  // namespace hyperactor::inline v0

template <> struct std::hash<hyperactor::actor_addr> {
  std::size_t operator()(const hyperactor::actor_addr& value) const noexcept { return value.hash(); }
};
template <std::same_as<hyperactor::actor_addr> T>
struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_ACTOR_ADDR_HPP
