// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_NUMBERING_HPP
#define HYPERACTOR_MAILBOX_NUMBERING_HPP

/// @file
/// Numbers of what an instance sends, made with the first one. Kept out of the mailbox, so that programs in which
/// nothing is numbered do not compile it.

#include <hyperactor/base/owner.hpp>
#include <hyperactor/mailbox/mailbox.hpp>
#include <hyperactor/ordering/sequencer.hpp>

#include <atomic>
#include <cstdint>

namespace hyperactor::inline v0::detail {

/// Owner: the sending mailbox.
struct numbered_streams final : stream_numbers {
  sequencer numbers;

  /// The streams of an instance. @threadsafe
  [[nodiscard]] static sequencer& of(mailbox& from) {
    // acquire: another thread of the same client may have made them
    stream_numbers* s = from.numbers_.load(std::memory_order_acquire);
    if (s == nullptr) {
      owner<numbered_streams> fresh(new numbered_streams);
      if (from.numbers_.compare_exchange_strong(s, fresh.get(), std::memory_order_acq_rel, std::memory_order_acquire)) {
        s = fresh.release();
      }
    }
    return static_cast<numbered_streams*>(s)->numbers;
  }

 private:
  numbered_streams() noexcept
      : stream_numbers{[](stream_numbers* s) noexcept { delete static_cast<numbered_streams*>(s); }} {}
  friend class owner<numbered_streams>;
  ~numbered_streams() = default;
};

/// The next number of the instance's stream to `destination`.
[[nodiscard]] inline std::uint64_t next_sequence(mailbox& from, std::uint64_t destination) {
  return numbered_streams::of(from).next(destination);
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_NUMBERING_HPP
