// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_SEGMENTS_HPP
#define HYPERACTOR_WIRE_SEGMENTS_HPP

/// @file
/// A message as one run of bytes: its segments one after another, as in the body of a frame.
///
/// [SEG-1] segment = u64 BE (bit 63: typed; the rest: length), u64 BE type hash where typed, content.
/// [SEG-2] `parse_segments(frame_segments(m)) == m`.

#include <hyperactor/base/result.hpp>
#include <hyperactor/wire/decoder.hpp>
#include <hyperactor/wire/error.hpp>
#include <hyperactor/wire/part.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

inline constexpr std::uint64_t typed_segment = std::uint64_t{1} << 63;

constexpr std::uint64_t big_endian(std::uint64_t v) noexcept {
  return std::endian::native == std::endian::little ? __builtin_bswap64(v) : v;
}

inline void append_big_endian(wire::buffer& out, std::uint64_t v) {
  v = big_endian(v);
  out.append(&v, sizeof v);
}

}  // namespace detail

namespace wire {

/// The head of a segment, 8 or 16 bytes: for those who write head and content with one gathering call.
inline void append_segment_head(buffer& out, std::size_t bytes, bool is_typed = false, std::uint64_t typehash = 0) {
  hyperactor::detail::append_big_endian(out, bytes | (is_typed ? hyperactor::detail::typed_segment : 0));
  if (is_typed) hyperactor::detail::append_big_endian(out, typehash);
}

/// Appends the segments of `message` to `out`: the body, untyped, then the parts.
inline void frame_segments_into(buffer& out, const multipart& message) {
  out.reserve(out.size() + message.framed_bytes());
  append_segment_head(out, message.body.size());
  out.append(message.body.data(), message.body.size());
  for (const part& p : message.parts) {
    append_segment_head(out, p.bytes.size(), p.is_typed, p.typehash);
    out.append(p.bytes.data(), p.bytes.size());
  }
}

/// The segments of `message`.
[[nodiscard]] inline buffer frame_segments(const multipart& message) {
  buffer out;
  frame_segments_into(out, message);
  return out;
}

/// The message whose segments `frame` holds, and nothing else. A type hash of the body is accepted and dropped.
/// @errors wire_error::truncated: a segment is not complete, or there is none
[[nodiscard]] inline result<multipart> parse_segments(std::span<const std::byte> frame) {
  multipart out;
  bool first = true;
  const auto short_frame = [] { return error(wire_error::truncated, "UnexpectedEof"); };
  const auto take_u64 = [&frame] {
    std::uint64_t v = 0;
    std::memcpy(&v, frame.data(), sizeof v);
    frame = frame.subspan(sizeof v);
    return hyperactor::detail::big_endian(v);
  };
  do {
    if (frame.size() < 8) return short_frame();
    const std::uint64_t word = take_u64();
    part p;
    p.is_typed = (word & hyperactor::detail::typed_segment) != 0;
    if (p.is_typed) {
      if (frame.size() < 8) return short_frame();
      p.typehash = take_u64();
    }
    const std::uint64_t bytes = word & ~hyperactor::detail::typed_segment;
    if (bytes > frame.size()) return short_frame();
    p.bytes = buffer(frame.data(), static_cast<std::size_t>(bytes));
    frame = frame.subspan(static_cast<std::size_t>(bytes));
    if (std::exchange(first, false)) {
      out.body = std::move(p.bytes);
    } else {
      out.parts.push_back(std::move(p));
    }
  } while (!frame.empty());
  return out;
}

}  // namespace wire
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_WIRE_SEGMENTS_HPP
