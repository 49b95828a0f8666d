// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ORDERING_SEQUENCER_HPP
#define HYPERACTOR_ORDERING_SEQUENCER_HPP

/// @file
/// The sender's side of ordering: one counter per destination stream.
///
/// [SQR-1] Numbers of a stream start at 1 and grow by one; two threads never get the same number.
/// [SQR-2] Taking a number of a known stream takes no lock.

#include <hyperactor/base/platform.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace hyperactor::inline v0::detail {

/// Counters by stream key. Owner: one sending instance.
/// @threadsafe
class sequencer {
 public:
  sequencer() noexcept = default;
  sequencer(const sequencer&) = delete;
  sequencer& operator=(const sequencer&) = delete;
  ~sequencer() {
    for (table* t = current_.load(std::memory_order_relaxed); t != nullptr;) {
      table* older = t->older;
      delete t;
      t = older;
    }
    for (counter* c = counters_; c != nullptr;) {
      counter* rest = c->next;
      delete c;
      c = rest;
    }
  }

  /// The next number of the stream `key`, which is not 0. O(1)
  [[nodiscard]] std::uint64_t next(std::uint64_t key) {
    counter* c = find(key);
    if (c == nullptr) [[unlikely]] {
      c = insert(key);
    }
    // relaxed: the number travels inside the message; the message's queue orders it
    return c->last.fetch_add(1, std::memory_order_relaxed) + 1;
  }
  /// The last number taken of the stream; 0 where there was none.
  [[nodiscard]] std::uint64_t last(std::uint64_t key) const noexcept {
    const counter* c = find(key);
    return c == nullptr ? 0 : c->last.load(std::memory_order_relaxed);
  }

 private:
  struct counter {
    std::uint64_t key;
    std::atomic<std::uint64_t> last{0};
    counter* next;
  };
  struct table {
    explicit table(std::size_t n) : capacity(n), slots(new std::atomic<counter*>[n]()) {}
    table(const table&) = delete;
    table& operator=(const table&) = delete;
    ~table() { delete[] slots; }
    std::size_t capacity;  // a power of two
    std::atomic<counter*>* const slots;
    table* older = nullptr;  // kept: readers may still look into it
  };

  [[nodiscard]] counter* find(std::uint64_t key) const noexcept {
    // acquire: the table's slots and the counters behind them
    table* t = current_.load(std::memory_order_acquire);
    return t == nullptr ? nullptr : find_in(*t, key);
  }
  [[nodiscard]] static counter* find_in(const table& t, std::uint64_t key) noexcept {
    for (std::size_t i = spread(key);; ++i) {
      counter* c = t.slots[i & (t.capacity - 1)].load(std::memory_order_acquire);
      if (c == nullptr || c->key == key) return c;
    }
  }
  HYPERACTOR_NOINLINE counter* insert(std::uint64_t key) {
    const std::lock_guard lock(growing_);
    table* t = current_.load(std::memory_order_relaxed);
    if (t != nullptr) {
      if (counter* c = find_in(*t, key)) return c;  // another thread was faster
    }
    if (t == nullptr || (size_ + 1) * 2 > t->capacity) {
      auto* larger = new table(t == nullptr ? 8 : t->capacity * 2);
      for (counter* c = counters_; c != nullptr; c = c->next) put(*larger, c);
      larger->older = t;
      t = larger;
      current_.store(t, std::memory_order_release);
    }
    auto* c = new counter{key, {}, counters_};
    counters_ = c;
    ++size_;
    put(*t, c);
    return c;
  }
  static void put(table& t, counter* c) noexcept {
    for (std::size_t i = spread(c->key);; ++i) {
      auto& slot = t.slots[i & (t.capacity - 1)];
      if (slot.load(std::memory_order_relaxed) == nullptr) {
        slot.store(c, std::memory_order_release);  // release: the counter's key
        return;
      }
    }
  }
  [[nodiscard]] static std::size_t spread(std::uint64_t key) noexcept {
    return static_cast<std::size_t>((key * 0x9e3779b97f4a7c15ULL) >> 32);
  }

  std::atomic<table*> current_{nullptr};
  std::mutex growing_;
  counter* counters_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ORDERING_SEQUENCER_HPP
