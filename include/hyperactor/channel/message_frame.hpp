// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_MESSAGE_FRAME_HPP
#define HYPERACTOR_CHANNEL_MESSAGE_FRAME_HPP

/// @file
/// Messages as the body of a data frame: variant 0, sequence number, message, in multipart segments.

#include <hyperactor/base/result.hpp>
#include <hyperactor/channel/frame.hpp>
#include <hyperactor/wire/codec.hpp>
#include <hyperactor/wire/part.hpp>
#include <hyperactor/wire/remote_message.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace hyperactor::inline v0::detail {

/// The message with room for its sequence number, which is written when the message is queued.
template <class M> [[nodiscard]] result<wire::multipart> encode_message(const M& message) {
  if constexpr (remote_message<M>) {  // otherwise serve and dial have explained it
    wire::encoder e;
    e.put_u32(0);
    e.put_u64(0);
    e.put(message);
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

/// Splits the body of a data frame into its segments; the body segment without variant and number. `into` keeps its
/// memory.
/// @errors channel_error::decode_failed
[[nodiscard]] inline result<void> split_message_frame(std::span<const std::byte> body, wire::multipart& into) {
  into.body.clear();
  into.parts.clear();
  if (auto sequence = data_frame_sequence(body); !sequence) return sequence.error();
  const auto first = static_cast<std::size_t>(load_big<8>(body.data()));
  into.body.append(body.data() + segment_head_bytes + message_head_bytes, first - message_head_bytes);
  body = body.subspan(segment_head_bytes + first);
  while (!body.empty()) {
    if (body.size() < segment_head_bytes) return truncated_segment();
    const std::uint64_t tagword = load_big<8>(body.data());
    const bool is_typed = (tagword & typed_segment_bit) != 0;
    const std::uint64_t length = tagword & ~typed_segment_bit;
    const std::size_t head = is_typed ? typed_segment_head_bytes : segment_head_bytes;
    if (body.size() < head || length > body.size() - head) return truncated_segment();
    const auto size = static_cast<std::size_t>(length);
    wire::buffer content(body.data() + head, size);
    if (is_typed) {
      into.parts.emplace_back(std::move(content), load_big<8>(body.data() + segment_head_bytes));
    } else {
      into.parts.emplace_back(std::move(content));
    }
    body = body.subspan(head + size);
  }
  return {};
}

/// The message of a data frame. `scratch` is memory that is used again and again.
/// @errors channel_error::decode_failed
template <class M>
[[nodiscard]] result<M> decode_message_frame(std::span<const std::byte> body, wire::multipart& scratch) {
  if (auto split = split_message_frame(body, scratch); !split) return failed_as<M>(split.error());
  if constexpr (remote_message<M>) {
    wire::decoder d(std::move(scratch));  // moves the parts; the body stays where it is
    result<M> out = d.take_message<M>();
    if (!out) return failed_as<M>(decode_failure(out.error()));
    return out;
  } else {
    return failed_as<M>(channel_error::decode_failed);
  }
}
template <class M> [[nodiscard]] result<M> decode_message_frame(std::span<const std::byte> body) {
  wire::multipart scratch;
  return decode_message_frame<M>(body, scratch);
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_CHANNEL_MESSAGE_FRAME_HPP
