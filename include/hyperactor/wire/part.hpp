// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_PART_HPP
#define HYPERACTOR_WIRE_PART_HPP

/// @file
/// `wire::part` and `wire::multipart`: a message as it travels, its body and the parts that were taken out of it.
///
/// [WIR-2] Parts stand in the order in which the value that holds them was encoded.

#include <hyperactor/wire/buffer.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace hyperactor::inline v0::wire {

/// Bytes that travel beside the body of a message, with the type hash of what they are or without.
struct part {
  buffer bytes;
  std::uint64_t typehash = 0;
  bool is_typed = false;

  part() noexcept = default;
  /// An untyped part.
  explicit part(buffer content) noexcept : bytes(std::move(content)) {}
  /// A typed part.
  part(buffer content, std::uint64_t hash) noexcept : bytes(std::move(content)), typehash(hash), is_typed(true) {}

  bool operator==(const part&) const = default;
};

/// An encoded value.
struct multipart {
  buffer body;
  std::vector<part> parts;

  /// Bytes of the framed form: eight a segment, eight more where it is typed, and the content.
  [[nodiscard]] std::size_t framed_bytes() const noexcept {
    std::size_t bytes = 8 + body.size();
    for (const part& p : parts) bytes += (p.is_typed ? 16U : 8U) + p.bytes.size();
    return bytes;
  }

  bool operator==(const multipart&) const = default;
};

}  // namespace hyperactor::inline v0::wire

#endif  // HYPERACTOR_WIRE_PART_HPP
