// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_PROC_WORK_QUEUE_HPP
#define HYPERACTOR_PROC_WORK_QUEUE_HPP

/// @file
/// The queues of a worker: a ring with one producer and many takers, and a slot for what it runs next.

#include <hyperactor/base/platform.hpp>
#include <hyperactor/mailbox/post_office.hpp>

#include <atomic>
#include <cstdint>

namespace hyperactor::inline v0::detail {

/// First in, first out. The owner pushes; the owner and thieves take.
class work_ring {
 public:
  static constexpr std::uint32_t capacity = 256;

  /// @owner_thread
  /// @returns false when it is full
  [[nodiscard]] bool push(schedulable* s) noexcept {
    const std::uint32_t tail = tail_.load(std::memory_order_relaxed);
    // acquire: a place is written again only after its taker has read it
    if (tail - head_.load(std::memory_order_acquire) >= capacity) return false;
    places_[tail % capacity].store(s, std::memory_order_relaxed);
    // seq_cst: the place, and before the look at the sleepers
    tail_.store(tail + 1, std::memory_order_seq_cst);
    return true;
  }
  /// @threadsafe
  [[nodiscard]] schedulable* take() noexcept {
    std::uint32_t head = head_.load(std::memory_order_acquire);
    for (;;) {
      // acquire: the place that the tail covers
      if (head == tail_.load(std::memory_order_acquire)) return nullptr;
      schedulable* s = places_[head % capacity].load(std::memory_order_relaxed);
      // release: the owner may write the place again after this
      if (head_.compare_exchange_weak(head, head + 1, std::memory_order_acq_rel, std::memory_order_acquire)) return s;
    }
  }
  [[nodiscard]] bool empty() const noexcept {
    return head_.load(std::memory_order_seq_cst) == tail_.load(std::memory_order_seq_cst);
  }

 private:
  alignas(cache_line_bytes) std::atomic<std::uint32_t> head_{0};
  alignas(cache_line_bytes) std::atomic<std::uint32_t> tail_{0};
  std::atomic<schedulable*> places_[capacity]{};
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_PROC_WORK_QUEUE_HPP
