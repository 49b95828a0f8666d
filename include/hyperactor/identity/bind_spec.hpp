// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_BIND_SPEC_HPP
#define HYPERACTOR_IDENTITY_BIND_SPEC_HPP

/// @file
/// `bind_spec`: where to serve, as configurations say it: any address of a transport, or this one.
///
/// [BSP-1] A text is read as a transport first, then as a url, then as an address in colon form.

#include <hyperactor/identity/channel_addr.hpp>

#include <variant>

namespace hyperactor::inline v0 {

/// A transport or an address.
class bind_spec {
 public:
  using variant = std::variant<channel_transport, channel_addr>;

  bind_spec(channel_transport any) noexcept : value_(any) {}          // NOLINT(google-explicit-constructor)
  bind_spec(channel_addr addr) noexcept : value_(std::move(addr)) {}  // NOLINT(google-explicit-constructor)
  /// Reads the name of a transport or an address in either form.
  /// @errors parse_error::invalid_channel_addr
  template <class T = bind_spec> [[nodiscard]] static result<T> parse(std::string_view text) {
    if (const auto transport = channel_transport::parse(text)) return T(*transport);
    if (auto addr = channel_addr::parse_url(text)) return T(std::move(*addr));
    auto addr = channel_addr::parse_colon(text);
    if (!addr) return addr.error();
    return T(std::move(*addr));
  }

  [[nodiscard]] const variant& value() const noexcept { return value_; }
  /// The transport if any address will do, else null.
  [[nodiscard]] const channel_transport* as_any() const noexcept { return std::get_if<channel_transport>(&value_); }
  /// The address, else null.
  [[nodiscard]] const channel_addr* as_addr() const noexcept { return std::get_if<channel_addr>(&value_); }
  /// The text of what is inside.
  [[nodiscard]] std::string to_string() const {
    return std::visit([](const auto& v) { return v.to_string(); }, value_);
  }
  /// `Any(...)` or `Addr(...)`.
  [[nodiscard]] std::string debug_string() const {
    return (as_any() != nullptr ? "Any(" : "Addr(") +
           std::visit([](const auto& v) { return v.debug_string(); }, value_) + ")";
  }

  friend bool operator==(const bind_spec&, const bind_spec&) noexcept = default;
  friend std::strong_ordering operator<=>(const bind_spec&, const bind_spec&) noexcept = default;

 private:
  variant value_;
};

}  // namespace hyperactor::inline v0

template <> struct fmt::formatter<hyperactor::bind_spec> : hyperactor::detail::text_formatter<hyperactor::bind_spec> {};

#endif  // HYPERACTOR_IDENTITY_BIND_SPEC_HPP
