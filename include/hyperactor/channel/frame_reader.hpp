// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_FRAME_READER_HPP
#define HYPERACTOR_CHANNEL_FRAME_READER_HPP

/// @file
/// Cuts a byte stream into frames: many per read, in place.
///
/// [FRD-1] Memory grows with the bytes that came, not with the length that a header announces.
/// [FRD-2] A frame over the limit is refused when its header has arrived; a frame of exactly the limit is taken.

#include <hyperactor/channel/frame.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

namespace hyperactor::inline v0::detail {

struct frame_view {
  std::uint8_t tag = 0;
  std::span<const std::byte> body;
};

class frame_reader {
 public:
  static constexpr std::size_t first_capacity = 4 * 1024;
  static constexpr std::size_t usual_capacity = 256 * 1024;

  explicit frame_reader(std::uint64_t max_frame) noexcept : max_frame_(max_frame) {}
  frame_reader(const frame_reader&) = delete;
  frame_reader& operator=(const frame_reader&) = delete;
  ~frame_reader() { std::free(data_); }

  /// Room for the next read. Views of earlier frames end here.
  [[nodiscard]] std::span<std::byte> prepare() {
    const std::size_t held = end_ - begin_;
    if (held == 0) {
      begin_ = end_ = 0;
      if (capacity_ > 4 * usual_capacity) resize(usual_capacity);
    }
    std::size_t wanted = capacity_;
    if (capacity_ == 0) {
      wanted = first_capacity;
    } else if (was_filled_ && capacity_ < usual_capacity) {
      wanted = capacity_ * 2;  // the peer sends faster than we look
    }
    const std::size_t frame = frame_bytes();
    if (frame > wanted && held + frame_header_bytes >= wanted / 2) {  // [FRD-1]
      wanted = std::min(frame, std::max<std::size_t>(wanted * 2, std::size_t{1} << 20));
    }
    if (wanted != capacity_) resize(wanted);
    if (begin_ != 0 && (capacity_ - end_ < capacity_ / 4 || begin_ + frame > capacity_)) {
      std::memmove(data_, data_ + begin_, held);
      begin_ = 0;
      end_ = held;
    }
    if (end_ == capacity_) resize(capacity_ * 2);
    return {data_ + end_, capacity_ - end_};
  }
  void commit(std::size_t bytes) noexcept {
    end_ += bytes;
    was_filled_ = end_ == capacity_;
  }

  /// The next whole frame; nothing when more bytes are needed.
  /// @errors channel_error::frame_too_large
  [[nodiscard]] result<std::optional<frame_view>> next() {
    if (end_ - begin_ < frame_header_bytes) return std::optional<frame_view>{};
    const frame_header h = load_frame_header(data_ + begin_);
    if (h.length > max_frame_) return oversized_input_error(h.length, max_frame_);  // [FRD-2]
    if (end_ - begin_ - frame_header_bytes < h.length) return std::optional<frame_view>{};
    frame_view out{h.tag, {data_ + begin_ + frame_header_bytes, static_cast<std::size_t>(h.length)}};
    begin_ += frame_header_bytes + static_cast<std::size_t>(h.length);
    return std::optional<frame_view>(out);
  }

  /// The first `count` bytes of the stream, where they have arrived.
  [[nodiscard]] const std::byte* take_raw(std::size_t count) noexcept {
    if (end_ - begin_ < count) return nullptr;
    const std::byte* const at = data_ + begin_;
    begin_ += count;
    return at;
  }
  /// What is missing of the frame of which a part is there: 0 between frames.
  [[nodiscard]] std::size_t missing_bytes() const noexcept {
    const std::size_t held = end_ - begin_;
    if (held == 0) return 0;
    return held < frame_header_bytes ? frame_header_bytes - held : frame_bytes() - held;
  }
  /// True between frames: the end of the stream is clean here.
  [[nodiscard]] bool is_at_boundary() const noexcept { return begin_ == end_; }

 private:
  /// Bytes of the frame that is arriving, header included; 0 while unknown.
  [[nodiscard]] std::size_t frame_bytes() const noexcept {
    if (end_ - begin_ < frame_header_bytes) return 0;
    const std::uint64_t length = load_frame_header(data_ + begin_).length;
    return length > max_frame_ ? 0 : frame_header_bytes + static_cast<std::size_t>(length);
  }
  void resize(std::size_t capacity) {
    if (begin_ != 0) {
      std::memmove(data_, data_ + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    auto* const fresh = static_cast<std::byte*>(std::realloc(data_, capacity));
    if (fresh == nullptr) throw std::bad_alloc{};
    data_ = fresh;
    capacity_ = capacity;
  }

  std::byte* data_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t max_frame_;
  bool was_filled_ = false;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_CHANNEL_FRAME_READER_HPP
