// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_MESSAGE_FRAME_HPP
#define HYPERACTOR_CHANNEL_MESSAGE_FRAME_HPP

/// @file
/// Messages as the body of a data frame: variant 0, sequence number, message, in multipart segments. A body is decoded
/// where it stands, without a copy; parts are copied once.

#include <hyperactor/base/result.hpp>
#include <hyperactor/channel/frame.hpp>
#include <hyperactor/wire/codec.hpp>
#include <hyperactor/wire/part.hpp>
#include <hyperactor/wire/remote_message.hpp>

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace hyperactor::inline v0::detail {

/// The message with room for its sequence number, which is written when the message is queued.
template <class M> [[nodiscard]] result<wire::multipart> encode_message(const M& message) {
  if constexpr (remote_message<M>) {  // otherwise serve and dial have explained it
    wire::encoder e;
    e.reserve(message_head_bytes + (sizeof(M) < 500 ? sizeof(M) + 16 : 0));  // what most messages need, at once
    e.put_u32(0);
    e.put_u64(0);
    e.put_message(message);
    return e.finish();
  } else {
    return error(channel_error::encode_failed);
  }
}

[[nodiscard]] HYPERACTOR_COLD inline error encode_failure(const error& why) {
  return error(channel_error::encode_failed, "the message cannot be encoded: " + why.message());
}
[[nodiscard]] HYPERACTOR_COLD inline error decode_failure(const error& why) {
  return error(channel_error::decode_failed, "undecodable message: " + why.message());
}
[[nodiscard]] HYPERACTOR_COLD inline error truncated_segment() {
  return error(channel_error::decode_failed, "a segment goes beyond its frame");
}

/// A data frame without variant and number, in place.
struct message_view {
  std::span<const std::byte> body;   ///< of the message
  std::span<const std::byte> parts;  ///< the segments of its parts
};
/// @pre is_data_frame(frame)
[[nodiscard]] inline message_view view_message(std::span<const std::byte> frame) noexcept {
  const auto first = static_cast<std::size_t>(load_big<8>(frame.data()));
  return {frame.subspan(segment_head_bytes + message_head_bytes, first - message_head_bytes),
          frame.subspan(segment_head_bytes + first)};
}
/// Copies the parts out of their segments.
/// @errors channel_error::decode_failed
[[nodiscard]] inline result<void> split_parts(std::span<const std::byte> segments, std::vector<wire::part>& into) {
  while (!segments.empty()) {
    if (segments.size() < segment_head_bytes) return truncated_segment();
    const std::uint64_t tagword = load_big<8>(segments.data());
    const bool is_typed = (tagword & typed_segment_bit) != 0;
    const std::uint64_t length = tagword & ~typed_segment_bit;
    const std::size_t head = is_typed ? typed_segment_head_bytes : segment_head_bytes;
    if (segments.size() < head || length > segments.size() - head) return truncated_segment();
    const auto size = static_cast<std::size_t>(length);
    wire::buffer content(segments.data() + head, size);
    if (is_typed) {
      into.emplace_back(std::move(content), load_big<8>(segments.data() + segment_head_bytes));
    } else {
      into.emplace_back(std::move(content));
    }
    segments = segments.subspan(head + size);
  }
  return {};
}

template <class M> [[nodiscard]] result<M> decode_viewed(std::span<const std::byte> body, std::span<wire::part> parts) {
  wire::decoder d(body, parts);
  result<M> out = d.take_message<M>();
  if (!out) turn_into_failure(out, decode_failure(out.error()));
  return out;
}

/// Memory for the parts of one message after the other.
using part_scratch = std::vector<wire::part>;

/// The message of a data frame, decoded from where it stands.
/// @errors channel_error::decode_failed
template <class M>
[[nodiscard]] result<M> decode_message_frame(std::span<const std::byte> frame, part_scratch& scratch) {
  if constexpr (remote_message<M>) {
    if (!is_data_frame(frame)) return failed_as<M>(data_frame_error(frame));
    const message_view message = view_message(frame);
    scratch.clear();
    if (!message.parts.empty()) {
      if (auto split = split_parts(message.parts, scratch); !split) return failed_as<M>(split.error());
    }
    return decode_viewed<M>(message.body, scratch);
  } else {
    return failed_as<M>(channel_error::decode_failed);
  }
}
template <class M> [[nodiscard]] result<M> decode_message_frame(std::span<const std::byte> body) {
  part_scratch scratch;
  return decode_message_frame<M>(body, scratch);
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_CHANNEL_MESSAGE_FRAME_HPP
