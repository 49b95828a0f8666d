// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_TIMER_TABLE_HPP
#define HYPERACTOR_ACTOR_TIMER_TABLE_HPP

/// @file
/// The timers that an actor started and that did not ring yet.

#include <cstdint>

namespace hyperactor::inline v0::detail {

/// A small set of words, and how to cancel them: whoever has no timers does not know how. Owner: one actor; its turns
/// only.
class timer_table {
 public:
  using cancel_function = void (*)(void* of, std::uint64_t timer) noexcept;

  timer_table() noexcept = default;
  timer_table(const timer_table&) = delete;
  timer_table& operator=(const timer_table&) = delete;
  ~timer_table() { delete[] words_; }

  void add(std::uint64_t timer, cancel_function cancel) {
    if (size_ == capacity_) grow();
    words_[size_++] = timer;
    cancel_ = cancel;
  }
  /// @complexity O(size)
  void remove(std::uint64_t timer) noexcept {
    for (std::uint32_t i = 0; i < size_; ++i) {
      if (words_[i] != timer) continue;
      words_[i] = words_[--size_];
      return;
    }
  }

  /// Calls what `add` was given, with `of`, for each.
  void cancel_all(void* of) const noexcept {
    for (std::uint32_t i = 0; i < size_; ++i) cancel_(of, words_[i]);
  }

 private:
  void grow() {
    const std::uint32_t capacity = capacity_ == 0 ? 4 : 2 * capacity_;
    auto* const larger = new std::uint64_t[capacity];
    for (std::uint32_t i = 0; i < size_; ++i) larger[i] = words_[i];
    delete[] words_;
    words_ = larger;
    capacity_ = capacity;
  }

  std::uint64_t* words_ = nullptr;
  cancel_function cancel_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ACTOR_TIMER_TABLE_HPP
