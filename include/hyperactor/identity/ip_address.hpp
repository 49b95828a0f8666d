// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_IP_ADDRESS_HPP
#define HYPERACTOR_IDENTITY_IP_ADDRESS_HPP

/// @file
/// `ip_address`: an address of the internet protocol as a value; no socket header is needed for it.
///
/// [IPA-1] The text is canonical: equal addresses have equal texts.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyperactor::inline v0 {

/// An IPv4 or IPv6 address; every IPv4 address sorts before every IPv6 address.
struct ip_address {
  bool is_v6 = false;
  /// In network order; an IPv4 address is in the first four.
  std::array<std::uint8_t, 16> bytes{};

  [[nodiscard]] static constexpr ip_address v4(std::uint8_t a, std::uint8_t b, std::uint8_t c,
                                               std::uint8_t d) noexcept {
    return {false, {a, b, c, d}};
  }
  /// `127.0.0.1`
  [[nodiscard]] static constexpr ip_address loopback_v4() noexcept { return v4(127, 0, 0, 1); }
  /// `::1`
  [[nodiscard]] static constexpr ip_address loopback_v6() noexcept {
    return {true, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
  }
  /// `::`
  [[nodiscard]] static constexpr ip_address any_v6() noexcept { return {true, {}}; }
  /// Reads `1.2.3.4` or `::1`, without brackets and scope; nothing for any other text.
  template <class T = ip_address> [[nodiscard]] static std::optional<T> parse(std::string_view text) noexcept {
    T out;
    if (!out.read(text)) return std::nullopt;
    return out;
  }
  /// The same, into this object; false, and the object is unspecified, where the text is no address.
  [[nodiscard]] bool read(std::string_view text) noexcept;

  [[nodiscard]] bool is_loopback() const noexcept { return is_v6 ? *this == loopback_v6() : bytes[0] == 127; }
  /// `1.2.3.4` or `2001:db8::1`.
  [[nodiscard]] std::string to_string() const;

  friend constexpr bool operator==(const ip_address&, const ip_address&) noexcept = default;
  friend constexpr std::strong_ordering operator<=>(const ip_address&, const ip_address&) noexcept = default;
};

namespace detail {

inline bool read_ipv4(std::string_view text, std::uint8_t* out) noexcept {
  for (int part = 0; part < 4; ++part) {
    std::size_t digits = 0;
    unsigned value = 0;
    while (digits < text.size() && digits < 4 && text[digits] >= '0' && text[digits] <= '9') {
      value = value * 10 + static_cast<unsigned>(text[digits++] - '0');
    }
    if (digits == 0 || digits > 3 || value > 255 || (digits > 1 && text[0] == '0')) return false;
    out[part] = static_cast<std::uint8_t>(value);
    text.remove_prefix(digits);
    if (part < 3) {
      if (text.empty() || text[0] != '.') return false;
      text.remove_prefix(1);
    }
  }
  return text.empty();
}

inline bool read_ipv6(std::string_view text, std::uint8_t* out) noexcept {
  std::uint8_t bytes[16] = {};
  std::size_t size = 0;
  std::size_t gap = 17;  // where `::` stands
  if (text.substr(0, 2) == "::") {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    std::size_t digits = 0;
    unsigned value = 0;
    for (; digits < text.size() && digits < 5; ++digits) {
      const char c = text[digits];
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) break;
      value = value * 16 + static_cast<unsigned>(digit);
    }
    if (digits < text.size() && text[digits] == '.') {  // the last 32 bits, written as IPv4
      if (size > 12 || !read_ipv4(text, bytes + size)) return false;
      size += 4;
      text = {};
      break;
    }
    if (digits == 0 || digits > 4 || size > 14) return false;
    bytes[size++] = static_cast<std::uint8_t>(value >> 8U);
    bytes[size++] = static_cast<std::uint8_t>(value & 0xffU);
    text.remove_prefix(digits);
    if (text.empty()) break;
    if (text[0] != ':') return false;
    text.remove_prefix(1);
    if (!text.empty() && text[0] == ':') {
      if (gap != 17) return false;
      gap = size;
      text.remove_prefix(1);
    } else if (text.empty()) {
      return false;
    }
  }
  if (gap == 17 ? size != 16 : size > 14) return false;
  const std::size_t head = gap == 17 ? size : gap;
  for (std::size_t i = 0; i < 16; ++i) out[i] = 0;
  for (std::size_t i = 0; i < head; ++i) out[i] = bytes[i];
  for (std::size_t i = head; i < size; ++i) out[16 - size + i] = bytes[i];
  return true;
}

}  // namespace detail

inline bool ip_address::read(std::string_view text) noexcept {
  is_v6 = text.find(':') != std::string_view::npos;
  return is_v6 ? detail::read_ipv6(text, bytes.data()) : detail::read_ipv4(text, bytes.data());
}

inline std::string ip_address::to_string() const {
  std::string out;
  const auto dotted = [&](std::size_t first) {
    for (std::size_t i = first; i < first + 4; ++i) {
      if (i != first) out += '.';
      out += std::to_string(bytes[i]);
    }
  };
  if (!is_v6) {
    dotted(0);
    return out;
  }
  bool is_mapped = bytes[10] == 0xff && bytes[11] == 0xff;
  for (std::size_t i = 0; i < 10; ++i) is_mapped = is_mapped && bytes[i] == 0;
  if (is_mapped) {
    out = "::ffff:";
    dotted(12);
    return out;
  }
  const auto group = [&](std::size_t i) { return static_cast<unsigned>(bytes[2 * i] << 8U | bytes[2 * i + 1]); };
  std::size_t gap = 8;  // the first longest run of at least two zero groups
  std::size_t gap_groups = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t run = 0;
    while (i + run < 8 && group(i + run) == 0) ++run;
    if (run > gap_groups) {
      gap = i;
      gap_groups = run;
    }
  }
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == gap) {
      out += "::";
      i += gap_groups - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    bool has_started = false;
    for (unsigned shift = 16; shift != 0;) {
      shift -= 4;
      const unsigned digit = (group(i) >> shift) & 0xfU;
      has_started = has_started || digit != 0 || shift == 0;
      if (has_started) out += "0123456789abcdef"[digit];
    }
  }
  return out;
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_IDENTITY_IP_ADDRESS_HPP
