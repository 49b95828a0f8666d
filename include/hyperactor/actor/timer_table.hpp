// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_TIMER_TABLE_HPP
#define HYPERACTOR_ACTOR_TIMER_TABLE_HPP

/// @file
/// The timers that an actor started and that did not ring yet.

#include <cstdint>

namespace hyperactor::inline v0::detail {

/// A set of words, and how to cancel them: whoever has no timers does not know how. Owner: one actor; its turns
/// only.
class timer_table {
 public:
  using cancel_function = void (*)(void* of, std::uint64_t timer) noexcept;

  timer_table() noexcept = default;
  timer_table(const timer_table&) = delete;
  timer_table& operator=(const timer_table&) = delete;
  ~timer_table() { delete[] places_; }

  /// @param timer  not 0
  /// @returns what `remove` takes
  /// @complexity O(1), as `remove`
  std::uint32_t add(std::uint64_t timer, cancel_function cancel) {
    if (first_free_ == capacity_) grow();
    const std::uint32_t at = first_free_;
    first_free_ = places_[at].next_free;
    places_[at].timer = timer;
    cancel_ = cancel;
    return at;
  }
  void remove(std::uint32_t at) noexcept {
    places_[at] = {0, first_free_};
    first_free_ = at;
  }

  /// Calls what `add` was given, with `of`, for each.
  void cancel_all(void* of) const noexcept {
    for (std::uint32_t i = 0; i < capacity_; ++i) {
      if (places_[i].timer != 0) cancel_(of, places_[i].timer);
    }
  }

 private:
  struct place {
    std::uint64_t timer;  // 0: free
    std::uint32_t next_free;
  };
  void grow() {
    const std::uint32_t capacity = capacity_ == 0 ? 4 : 2 * capacity_;
    auto* const larger = new place[capacity];
    for (std::uint32_t i = 0; i < capacity; ++i) larger[i] = i < capacity_ ? places_[i] : place{0, i + 1};
    delete[] places_;
    places_ = larger;
    capacity_ = capacity;
  }

  place* places_ = nullptr;
  cancel_function cancel_ = nullptr;
  std::uint32_t first_free_ = 0;  // `capacity_`: none
  std::uint32_t capacity_ = 0;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ACTOR_TIMER_TABLE_HPP
