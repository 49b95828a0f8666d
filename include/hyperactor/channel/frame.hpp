// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_FRAME_HPP
#define HYPERACTOR_CHANNEL_FRAME_HPP

/// @file
/// The bytes of a link: the handshake, frame headers, the head of a data frame and the responses.
///
/// [FRM-1] Every function here takes any bytes: what is malformed is an error, never undefined.
/// [FRM-2] The layout is that of the original: big-endian headers, little-endian values.

#include <hyperactor/base/result.hpp>
#include <hyperactor/channel/error.hpp>
#include <hyperactor/wire/buffer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hyperactor::inline v0::detail {

template <std::size_t N> inline void store_big(std::byte* at, std::uint64_t v) noexcept {
  for (std::size_t i = 0; i < N; ++i) at[i] = static_cast<std::byte>(v >> (8 * (N - 1 - i)));
}
template <std::size_t N> [[nodiscard]] inline std::uint64_t load_big(const std::byte* at) noexcept {
  std::uint64_t v = 0;
  for (std::size_t i = 0; i < N; ++i) v = v << 8 | std::to_integer<std::uint64_t>(at[i]);
  return v;
}
template <std::size_t N> inline void store_little(std::byte* at, std::uint64_t v) noexcept {
  for (std::size_t i = 0; i < N; ++i) at[i] = static_cast<std::byte>(v >> (8 * i));
}
template <std::size_t N> [[nodiscard]] inline std::uint64_t load_little(const std::byte* at) noexcept {
  std::uint64_t v = 0;
  for (std::size_t i = N; i-- > 0;) v = v << 8 | std::to_integer<std::uint64_t>(at[i]);
  return v;
}

// ---- the handshake: 13 bytes from the side that dials

enum class link_kind : unsigned char { simplex, duplex };

struct link_init {
  link_kind kind = link_kind::simplex;
  std::uint64_t session = 0;
  std::uint8_t stream = 0;  ///< 0: one ordered stream; others are streams of an unordered session
};

inline constexpr std::size_t link_init_bytes = 13;

[[nodiscard]] inline std::array<std::byte, link_init_bytes> encode_link_init(const link_init& i) noexcept {
  std::array<std::byte, link_init_bytes> out{};
  store_big<4>(out.data(), i.kind == link_kind::simplex ? 0x534d5000 : 0x44505800);
  store_big<8>(out.data() + 4, i.session);
  out[12] = std::byte{i.stream};
  return out;
}
/// @pre 13 bytes
[[nodiscard]] inline result<link_init> decode_link_init(const std::byte* at) {
  const auto magic = load_big<4>(at);
  if (magic != 0x534d5000 && magic != 0x44505800) {
    return error(channel_error::handshake_failed, "the peer does not begin with the magic of a link");
  }
  return link_init{magic == 0x534d5000 ? link_kind::simplex : link_kind::duplex, load_big<8>(at + 4),
                   std::to_integer<std::uint8_t>(at[12])};
}

// ---- frames: a header of 8 bytes and a body

struct frame_header {
  std::uint8_t tag = 0;
  std::uint64_t length = 0;
};

inline constexpr std::size_t frame_header_bytes = 8;
inline constexpr std::uint64_t max_encodable_frame = (std::uint64_t{1} << 56) - 1;

inline void store_frame_header(std::byte* at, const frame_header& h) noexcept {
  at[0] = std::byte{h.tag};
  store_big<7>(at + 1, h.length);
}
[[nodiscard]] inline frame_header load_frame_header(const std::byte* at) noexcept {
  return {std::to_integer<std::uint8_t>(at[0]), load_big<7>(at + 1)};
}

// ---- data frames: the body segment begins with variant 0 and the sequence number

inline constexpr std::size_t segment_head_bytes = 8;
inline constexpr std::size_t typed_segment_head_bytes = 16;
inline constexpr std::size_t message_head_bytes = 12;
inline constexpr std::uint64_t typed_segment_bit = std::uint64_t{1} << 63;
/// Where the sequence number of a data frame stands, counted from the frame's first byte.
inline constexpr std::size_t sequence_offset = frame_header_bytes + segment_head_bytes + 4;

/// Whether the head of a data frame is in order, so that its sequence number may be loaded.
/// @param body  the frame without its header
[[nodiscard]] inline bool is_data_frame(std::span<const std::byte> body) noexcept {
  if (body.size() < segment_head_bytes + message_head_bytes) return false;
  const std::uint64_t length = load_big<8>(body.data());  // that of a typed segment is too long as well
  return length >= message_head_bytes && length <= body.size() - segment_head_bytes &&
         load_little<4>(body.data() + segment_head_bytes) == 0;
}
/// @pre is_data_frame(body)
[[nodiscard]] inline std::uint64_t load_sequence(std::span<const std::byte> body) noexcept {
  return load_little<8>(body.data() + segment_head_bytes + 4);
}
/// What is wrong with the head. @pre !is_data_frame(body)
[[nodiscard]] HYPERACTOR_COLD inline error data_frame_error(std::span<const std::byte> body) {
  if (body.size() < segment_head_bytes + message_head_bytes) {
    return error(channel_error::decode_failed,
                 "a data frame of " + std::to_string(body.size()) + " bytes has no message");
  }
  const std::uint64_t length = load_big<8>(body.data());
  if (length < message_head_bytes || length > body.size() - segment_head_bytes) {
    return error(channel_error::decode_failed, "the first segment of a data frame is malformed");
  }
  return error(channel_error::decode_failed,
               "unknown kind of data frame: " + std::to_string(load_little<4>(body.data() + segment_head_bytes)));
}
/// The sequence number of a data frame.
/// @param body  the frame without its header
[[nodiscard]] inline result<std::uint64_t> data_frame_sequence(std::span<const std::byte> body) {
  if (!is_data_frame(body)) return data_frame_error(body);
  return load_sequence(body);
}

// ---- responses

enum class response_kind : std::uint32_t { ack = 0, reject = 1, closed = 2 };

struct response {
  response_kind kind = response_kind::closed;
  std::uint64_t ack = 0;
  std::string text;
};

/// Appends the whole frame.
inline void append_response(wire::buffer& out, std::uint8_t tag, const response& r) {
  const std::size_t body = r.kind == response_kind::ack ? 12 : r.kind == response_kind::reject ? 12 + r.text.size() : 4;
  std::byte* at = out.extend(frame_header_bytes + body);
  store_frame_header(at, {tag, body});
  at += frame_header_bytes;
  store_little<4>(at, static_cast<std::uint32_t>(r.kind));
  if (r.kind == response_kind::ack) store_little<8>(at + 4, r.ack);
  if (r.kind == response_kind::reject) {
    store_little<8>(at + 4, r.text.size());
    for (std::size_t i = 0; i < r.text.size(); ++i) at[12 + i] = static_cast<std::byte>(r.text[i]);
  }
}

/// @param body  the frame without its header
[[nodiscard]] inline result<response> decode_response(std::span<const std::byte> body) {
  const auto malformed = [&] {
    return error(channel_error::decode_failed, "malformed response of " + std::to_string(body.size()) + " bytes");
  };
  if (body.size() < 4) return malformed();
  response out;
  switch (load_little<4>(body.data())) {
    case 0:
      if (body.size() < 12) return malformed();
      out.kind = response_kind::ack;
      out.ack = load_little<8>(body.data() + 4);
      return out;
    case 1: {
      if (body.size() < 12) return malformed();
      const auto length = load_little<8>(body.data() + 4);
      if (length > body.size() - 12) return malformed();
      out.kind = response_kind::reject;
      out.text.assign(reinterpret_cast<const char*>(body.data() + 12), static_cast<std::size_t>(length));
      return out;
    }
    case 2:
      return out;
    default:
      return malformed();
  }
}

[[nodiscard]] inline std::string out_of_sequence_reason(std::uint64_t expected, std::uint64_t got) {
  return "out-of-sequence message, expected seq " + std::to_string(expected) + ", got " + std::to_string(got);
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_CHANNEL_FRAME_HPP
