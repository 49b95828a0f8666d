// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_FRAME_BATCH_HPP
#define HYPERACTOR_CHANNEL_FRAME_BATCH_HPP

/// @file
/// Frames that wait to be written or acknowledged. Small frames stand one behind the other in one piece of memory, so
/// that thousands go out with one system call; a large one keeps the buffers of its message and is gathered.
///
/// [BAT-1] Bytes of a batch do not move once it was handed to a link.
/// [BAT-2] The bytes of large bodies and parts are never copied.

#include <hyperactor/base/waiter.hpp>
#include <hyperactor/channel/frame.hpp>
#include <hyperactor/wire/buffer.hpp>
#include <hyperactor/wire/part.hpp>

#include <asio/buffer.hpp>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

namespace hyperactor::inline v0::detail {

/// Frames with consecutive numbers; owner: a queue of the session.
class frame_batch {
 public:
  static constexpr std::size_t full_bytes = 64 * 1024;
  /// From this size on a frame's buffers are kept instead of copied.
  static constexpr std::size_t large_bytes = 16 * 1024;

  explicit frame_batch(std::uint64_t first_sequence, steady_time now) : first_(first_sequence), oldest_(now) {}

  [[nodiscard]] bool has_room(std::size_t frame_bytes) const noexcept {
    return !is_large_ && bytes_.size() + frame_bytes <= full_bytes;
  }
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }

  /// Appends a copy of a small frame.
  void append(std::uint8_t tag, std::uint64_t sequence, const wire::multipart& m, std::size_t body_bytes) {
    std::byte* at = bytes_.extend(frame_header_bytes + body_bytes);
    store_frame_header(at, {tag, body_bytes});
    store_big<8>(at + frame_header_bytes, m.body.size());
    std::byte* to = at + frame_header_bytes + segment_head_bytes;
    std::memcpy(to, m.body.data(), m.body.size());
    store_little<8>(at + sequence_offset, sequence);
    to += m.body.size();
    for (const wire::part& p : m.parts) {
      to = store_part_head(to, p);
      if (!p.bytes.empty()) std::memcpy(to, p.bytes.data(), p.bytes.size());
      to += p.bytes.size();
    }
    ++frames_;
  }

  /// Takes over a large frame; the batch has no other.
  void append_large(std::uint8_t tag, std::uint64_t sequence, wire::multipart m, std::size_t body_bytes) {
    is_large_ = true;
    ++frames_;
    large_ = std::move(m);
    store_little<8>(large_.body.data() + 4, sequence);
    std::size_t heads = frame_header_bytes + segment_head_bytes;
    for (const wire::part& p : large_.parts) heads += p.is_typed ? typed_segment_head_bytes : segment_head_bytes;
    bytes_.resize(heads);
    std::byte* at = bytes_.data();
    store_frame_header(at, {tag, body_bytes});
    store_big<8>(at + frame_header_bytes, large_.body.size());
    pieces_.reserve(2 + 2 * large_.parts.size());
    add_piece(at, frame_header_bytes + segment_head_bytes);
    add_piece(large_.body.data(), large_.body.size());
    at += frame_header_bytes + segment_head_bytes;
    for (const wire::part& p : large_.parts) {
      std::byte* const rest = store_part_head(at, p);
      add_piece(at, static_cast<std::size_t>(rest - at));
      add_piece(p.bytes.data(), p.bytes.size());
      at = rest;
    }
    total_ = frame_header_bytes + body_bytes;
  }

  [[nodiscard]] std::size_t total_bytes() const noexcept { return is_large_ ? total_ : bytes_.size(); }
  [[nodiscard]] std::uint64_t first_sequence() const noexcept { return first_; }
  [[nodiscard]] std::uint64_t last_sequence() const noexcept { return first_ + frames_ - 1; }
  [[nodiscard]] steady_time oldest() const noexcept { return oldest_; }
  /// Memory that is worth being used again.
  [[nodiscard]] bool is_reusable() const noexcept { return !is_large_; }
  [[nodiscard]] std::size_t filled_bytes() const noexcept { return bytes_.size(); }
  void reset(std::uint64_t first_sequence, steady_time now) noexcept {
    bytes_.clear();
    first_ = first_sequence;
    frames_ = 0;
    oldest_ = now;
  }

  /// Puts what follows the first `offset` bytes into `to`, up to `room` buffers.
  /// @returns how many were put there
  std::size_t gather(std::size_t offset, asio::const_buffer* to, std::size_t room) const noexcept {
    if (room == 0) return 0;
    if (!is_large_) {
      to[0] = asio::const_buffer(bytes_.data() + offset, bytes_.size() - offset);
      return 1;
    }
    std::size_t count = 0;
    for (const asio::const_buffer& piece : pieces_) {
      if (offset >= piece.size()) {
        offset -= piece.size();
        continue;
      }
      if (count == room) break;
      to[count++] = piece + offset;
      offset = 0;
    }
    return count;
  }

  /// Calls `visit(sequence, frame body)` for each frame, in order.
  template <class F> void for_each(F&& visit) const {
    if (is_large_) {  // rare: a message that comes back
      std::vector<std::byte> whole;
      whole.reserve(total_);
      for (const asio::const_buffer& piece : pieces_) {
        const auto* from = static_cast<const std::byte*>(piece.data());
        whole.insert(whole.end(), from, from + piece.size());
      }
      visit(first_, std::span<const std::byte>(whole).subspan(frame_header_bytes));
      return;
    }
    std::uint64_t sequence = first_;
    for (std::size_t at = 0; at < bytes_.size();) {
      const auto length = static_cast<std::size_t>(load_frame_header(bytes_.data() + at).length);
      visit(sequence++, std::span<const std::byte>(bytes_.data() + at + frame_header_bytes, length));
      at += frame_header_bytes + length;
    }
  }

  std::unique_ptr<frame_batch> next;

 private:
  static std::byte* store_part_head(std::byte* at, const wire::part& p) noexcept {
    store_big<8>(at, p.bytes.size() | (p.is_typed ? typed_segment_bit : 0));
    if (!p.is_typed) return at + segment_head_bytes;
    store_big<8>(at + segment_head_bytes, p.typehash);
    return at + typed_segment_head_bytes;
  }
  void add_piece(const std::byte* at, std::size_t size) {
    if (size != 0) pieces_.emplace_back(at, size);
  }

  wire::buffer bytes_;  // frames, or the heads of the large one
  std::uint64_t first_;
  std::uint32_t frames_ = 0;
  bool is_large_ = false;
  steady_time oldest_;  // when the first frame was posted
  wire::multipart large_;
  std::vector<asio::const_buffer> pieces_;
  std::size_t total_ = 0;
};

/// Batches in the order of their numbers.
class batch_list {
 public:
  batch_list() = default;
  batch_list(const batch_list&) = delete;
  batch_list& operator=(const batch_list&) = delete;
  ~batch_list() {
    while (first_) pop();  // not by recursion
  }

  [[nodiscard]] bool empty() const noexcept { return !first_; }
  [[nodiscard]] frame_batch* front() const noexcept { return first_.get(); }
  [[nodiscard]] frame_batch* back() const noexcept { return last_; }
  void push(std::unique_ptr<frame_batch> b) noexcept {
    frame_batch* const raw = b.get();
    (last_ == nullptr ? first_ : last_->next) = std::move(b);
    last_ = raw;
  }
  std::unique_ptr<frame_batch> pop() noexcept {
    std::unique_ptr<frame_batch> out = std::move(first_);
    first_ = std::move(out->next);
    if (!first_) last_ = nullptr;
    return out;
  }
  /// Moves everything of `o` behind what is here.
  void append(batch_list& o) noexcept {
    if (!o.first_) return;
    (last_ == nullptr ? first_ : last_->next) = std::move(o.first_);
    last_ = std::exchange(o.last_, nullptr);
  }

 private:
  std::unique_ptr<frame_batch> first_;
  frame_batch* last_ = nullptr;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_CHANNEL_FRAME_BATCH_HPP
