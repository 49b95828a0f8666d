// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_BIND_SPEC_HPP
#define HYPERACTOR_IDENTITY_BIND_SPEC_HPP

/// @file
/// `bind_spec`: where to serve, as configurations say it: any address of a transport, or this one.
///
/// [BSP-1] A text is read as a transport first, then as a url, then as an address in colon form.

#include <hyperactor/identity/channel_addr.hpp>

#include <optional>

namespace hyperactor::inline v0 {

/// A transport or an address.
class bind_spec {
 public:
  bind_spec(channel_transport any) noexcept : any_(any) {}           // NOLINT(google-explicit-constructor)
  bind_spec(channel_addr addr) noexcept : addr_(std::move(addr)) {}  // NOLINT(google-explicit-constructor)
  /// Reads the name of a transport or an address in either form.
  /// @errors parse_error::invalid_channel_addr
  template <class T = bind_spec> [[nodiscard]] static result<T> parse(std::string_view text) {
    if (const auto transport = channel_transport::parse(text)) return T(*transport);
    if (auto addr = channel_addr::parse_url(text)) return T(std::move(*addr));
    auto addr = channel_addr::parse_colon(text);
    if (!addr) return addr.error();
    return T(std::move(*addr));
  }

  /// 0: any address of a transport, 1: an address.
  [[nodiscard]] unsigned index() const noexcept { return addr_ ? 1 : 0; }
  /// Calls `f` with what is inside.
  template <class F> decltype(auto) visit(F&& f) const { return addr_ ? f(*addr_) : f(any_); }
  /// The transport if any address will do, else null.
  [[nodiscard]] const channel_transport* as_any() const noexcept { return addr_ ? nullptr : &any_; }
  /// The address, else null.
  [[nodiscard]] const channel_addr* as_addr() const noexcept { return addr_ ? &*addr_ : nullptr; }
  /// The text of what is inside.
  [[nodiscard]] std::string to_string() const { return addr_ ? addr_->to_string() : any_.to_string(); }
  /// `Any(...)` or `Addr(...)`.
  [[nodiscard]] std::string debug_string() const {
    return addr_ ? "Addr(" + addr_->debug_string() + ")" : "Any(" + any_.debug_string() + ")";
  }

  friend bool operator==(const bind_spec&, const bind_spec&) noexcept = default;
  friend std::strong_ordering operator<=>(const bind_spec& a, const bind_spec& b) noexcept {
    if (a.index() != b.index()) return a.index() <=> b.index();
    return a.addr_ ? *a.addr_ <=> *b.addr_ : a.any_ <=> b.any_;
  }

 private:
  channel_transport any_ = channel_transport::kind::tcp;  // where there is no address
  std::optional<channel_addr> addr_;
};

}  // namespace hyperactor::inline v0

template <std::same_as<hyperactor::bind_spec> T>
struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_BIND_SPEC_HPP
