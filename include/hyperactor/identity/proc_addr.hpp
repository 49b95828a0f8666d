// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_PROC_ADDR_HPP
#define HYPERACTOR_IDENTITY_PROC_ADDR_HPP

/// @file
/// `proc_addr`: which proc, and where.
///
/// [ADR-1] An address is an id and a location; the same id at another location is another address.

#include <hyperactor/identity/location.hpp>
#include <hyperactor/identity/proc_id.hpp>

namespace hyperactor::inline v0 {

class actor_addr;

/// Address of a proc: `proc@tcp://127.0.0.1:80`.
/// @threadsafe as a value
class proc_addr {
 public:
  proc_addr(proc_id id, hyperactor::location location) noexcept : id_(std::move(id)), location_(std::move(location)) {}

  /// A fresh proc without a label.
  [[nodiscard]] static proc_addr anonymous(hyperactor::location location) noexcept {
    return {proc_id::anonymous(), std::move(location)};
  }
  /// A fresh proc, labelled with the label nearest to `name`.
  [[nodiscard]] static proc_addr instance(hyperactor::location location, std::string_view name) {
    return {proc_id::instance(hyperactor::label::strip(name)), std::move(location)};
  }
  /// The proc that is the label nearest to `name`.
  [[nodiscard]] static proc_addr singleton(hyperactor::location location, std::string_view name) {
    return {proc_id::singleton(hyperactor::label::strip(name)), std::move(location)};
  }
  /// The proc with this name, by the rules of `proc_id::from_name`.
  [[nodiscard]] static proc_addr from_name(hyperactor::location location, std::string_view name) {
    return {proc_id::from_name(name), std::move(location)};
  }
  /// Reads `proc-id@location`.
  /// @errors parse_error::missing_separator; those of `proc_id::parse` and `location::parse`
  template <class T = proc_addr> [[nodiscard]] static result<T> parse(std::string_view text) {
    return detail::parse_address<hyperactor::proc_id, T>(text);
  }

  [[nodiscard]] const proc_id& id() const noexcept { return id_; }
  [[nodiscard]] const hyperactor::location& location() const noexcept { return location_; }
  /// The channel at the end of the location.
  [[nodiscard]] const channel_addr& addr() const noexcept { return location_.addr(); }
  [[nodiscard]] const hyperactor::uid& uid() const noexcept { return id_.uid(); }
  /// The label of the uid, or `label::none()`.
  [[nodiscard]] const hyperactor::label& label() const noexcept { return id_.label(); }
  /// The label, or `?`.
  [[nodiscard]] std::string log_name() const { return label() ? label().to_string() : "?"; }
  /// The root actor of this proc whose name is the label nearest to `name`. Needs identity/actor_addr.hpp.
  [[nodiscard]] hyperactor::actor_addr actor_addr(std::string_view name) const;
  /// The actor of this proc with this uid. Needs identity/actor_addr.hpp.
  [[nodiscard]] hyperactor::actor_addr actor_addr_uid(hyperactor::uid uid) const;

  /// `proc-id@location`.
  [[nodiscard]] std::string to_string() const { return id_.to_string() + "@" + location_.to_string(); }
  /// `<'label' proc-id@location>`.
  [[nodiscard]] std::string debug_string() const {
    std::string out = id_.debug_string();
    out.back() = '@';
    return out + location_.to_string() + ">";
  }
  /// `<proc proc-id@location>`: how logs name it.
  [[nodiscard]] std::string subject() const { return "<proc " + to_string() + ">"; }
  [[nodiscard]] std::size_t hash() const noexcept { return detail::mix_hashes(id_.hash(), location_.hash()); }

  friend bool operator==(const proc_addr&, const proc_addr&) noexcept = default;  // [ADR-1]
  friend std::strong_ordering operator<=>(const proc_addr&, const proc_addr&) noexcept = default;

 private:
  proc_id id_;
  hyperactor::location location_;
};

}  // namespace hyperactor::inline v0

template <> struct std::hash<hyperactor::proc_addr> {
  std::size_t operator()(const hyperactor::proc_addr& value) const noexcept { return value.hash(); }
};
template <std::same_as<hyperactor::proc_addr> T>
struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_PROC_ADDR_HPP
