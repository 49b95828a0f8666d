// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ORDERING_SEQUENCE_HPP
#define HYPERACTOR_ORDERING_SEQUENCE_HPP

/// @file
/// Where a message stands in its sender's stream.
///
/// [SEQ-1] Numbers of a session start at 1; 0 is never a valid number of a session.

#include <hyperactor/base/platform.hpp>
#include <hyperactor/identity/uid.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace hyperactor::inline v0 {

/// Identity of one sending instance: 16 bytes, unique across processes.
struct session_id {
  std::array<std::uint8_t, 16> bytes{};
  friend bool operator==(const session_id&, const session_id&) = default;
  /// 8-4-4-4-12 lower-case hexadecimal digits.
  [[nodiscard]] std::string to_string() const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
      out += digits[bytes[i] >> 4];
      out += digits[bytes[i] & 15];
    }
    return out;
  }
};

/// Session and number of a message, or direct: outside of every stream.
struct sequence_info {
  session_id session{};
  std::uint64_t sequence = 0;  ///< 0: direct

  [[nodiscard]] bool is_direct() const noexcept { return sequence == 0; }
  friend bool operator==(const sequence_info&, const sequence_info&) = default;
  /// `direct` or `{uuid}:{number}`.
  [[nodiscard]] std::string to_string() const {
    return is_direct() ? std::string("direct") : session.to_string() + ":" + std::to_string(sequence);
  }
};

namespace detail {

/// Half of every session id of this process: random, drawn once.
HYPERACTOR_SHARED inline std::uint64_t process_nonce() noexcept {
  static const std::uint64_t nonce = uid::anonymous().number();
  return nonce;
}

/// The session id of an instance of this process.
[[nodiscard]] inline session_id session_of_key(std::uint64_t key) noexcept {
  session_id out;
  const std::uint64_t nonce = process_nonce();
  for (int i = 0; i < 8; ++i) {
    out.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(nonce >> (8 * i));
    out.bytes[static_cast<std::size_t>(i + 8)] = static_cast<std::uint8_t>(key >> (8 * i));
  }
  return out;
}

/// The word by which this process tells sessions apart: an instance's key, or a mix of a foreign session id.
[[nodiscard]] inline std::uint64_t key_of_session(const session_id& id) noexcept {
  std::uint64_t nonce = 0;
  std::uint64_t key = 0;
  for (int i = 0; i < 8; ++i) {
    nonce |= std::uint64_t{id.bytes[static_cast<std::size_t>(i)]} << (8 * i);
    key |= std::uint64_t{id.bytes[static_cast<std::size_t>(i + 8)]} << (8 * i);
  }
  if (nonce == process_nonce()) return key;
  std::uint64_t mixed = (nonce ^ (nonce >> 32)) * 0x9e3779b97f4a7c15ULL ^ key;
  mixed ^= mixed >> 29;
  return mixed == 0 ? 1 : mixed;
}

}  // namespace detail

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ORDERING_SEQUENCE_HPP
