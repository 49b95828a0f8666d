// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_BLOCK_POOL_HPP
#define HYPERACTOR_BASE_BLOCK_POOL_HPP

/// @file
/// Memory for messages: blocks of a few sizes from per-thread free lists.
///
/// Each thread owns a list per size. A thread that frees more than it allocates hands whole batches to a process-wide
/// stack, from which threads that allocate more than they free take everything that is there. Nothing is returned to
/// the system before the process ends; a burst keeps its peak.
///
/// [BLK-1] A block may be freed on another thread than it was allocated on.
/// [BLK-2] In steady state neither allocation nor deallocation reaches the system allocator.

#include <hyperactor/base/platform.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

#if HYPERACTOR_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace hyperactor::inline v0::detail {

class block_pool {
 public:
  /// Sizes of blocks in bytes; what is larger goes to the system allocator.
  static constexpr std::size_t sizes[] = {64, 128, 256, 384, 512};
  static constexpr std::uint8_t classes = 5;
  static constexpr std::uint8_t unpooled = classes;

  [[nodiscard]] static constexpr std::uint8_t class_of(std::size_t bytes) noexcept {
    for (std::uint8_t c = 0; c < classes; ++c) {
      if (bytes <= sizes[c]) return c;
    }
    return unpooled;
  }

  /// A block of `Bytes` or more, aligned for any object of that size up to 64 bytes of alignment.
  template <std::size_t Bytes> [[nodiscard]] static HYPERACTOR_ALWAYS_INLINE void* allocate() {
    constexpr std::uint8_t c = class_of(Bytes);
    if constexpr (c == unpooled) {
      return ::operator new(Bytes, std::align_val_t{cache_line_bytes});
    } else {
      return take(c);
    }
  }
  template <std::size_t Bytes> static HYPERACTOR_ALWAYS_INLINE void deallocate(void* p) noexcept {
    constexpr std::uint8_t c = class_of(Bytes);
    if constexpr (c == unpooled) {
      ::operator delete(p, std::align_val_t{cache_line_bytes});
    } else {
      give(c, p);
    }
  }

 private:
  static constexpr std::uint32_t batch_blocks = 64;

  struct free_block {
    free_block* next;
    // both valid in the first block of a batch only
    free_block* next_batch;
    std::uint32_t count;
  };
  struct free_list {
    free_block* head;
    free_block* spare;  // whole batches, linked by next_batch: what this thread took from the shared stack
    std::uint32_t count;
  };
  struct thread_lists {
    free_list of[classes];
  };
  struct alignas(cache_line_bytes) shared_stack {
    std::atomic<free_block*> batches;
  };

  HYPERACTOR_USES_THREAD_LOCALS static void* take(std::uint8_t c) {
    free_list& list = local_.of[c];
    free_block* b = list.head;
    if (b == nullptr) [[unlikely]] {
      b = refill(c);
    }
    unpoison(b, sizes[c]);
    list.head = b->next;
    --list.count;
    return b;
  }
  HYPERACTOR_USES_THREAD_LOCALS static void give(std::uint8_t c, void* p) noexcept {
    free_list& list = local_.of[c];
    auto* b = static_cast<free_block*>(p);
    b->next = list.head;
    list.head = b;
    const std::uint32_t count = ++list.count;
    poison(b, sizes[c]);
    if (count >= batch_blocks) [[unlikely]] {
      surrender(c);
    }
  }

  HYPERACTOR_NOINLINE static free_block* refill(std::uint8_t c) {
    register_thread();
    free_list& list = local_.of[c];
    if (list.spare == nullptr) {
      // acquire: the links inside the batches were written by the threads that pushed them. Everything is taken in one
      // exchange and stays with this thread, so there is no ABA and nothing to give back.
      list.spare = shared_[c].batches.exchange(nullptr, std::memory_order_acquire);
      if (list.spare == nullptr) list.spare = carve(c);
    }
    free_block* batch = list.spare;
    list.spare = batch->next_batch;
    list.head = batch;
    list.count = batch->count;
    return batch;
  }

  HYPERACTOR_NOINLINE static void surrender(std::uint8_t c) noexcept {
    register_thread();
    free_list& list = local_.of[c];
    free_block* batch = list.head;
    batch->count = list.count;
    list.head = nullptr;
    list.count = 0;
    if (list.spare == nullptr) {
      // one batch is kept back, so that a thread at the edge does not go to and fro
      batch->next_batch = nullptr;
      list.spare = batch;
    } else {
      push_batch(c, batch);
    }
  }

  static void push_batch(std::uint8_t c, free_block* batch) noexcept {
    free_block* top = shared_[c].batches.load(std::memory_order_relaxed);
    do {
      batch->next_batch = top;
      // release: the links of the batch are visible to the thread that takes it
    } while (
        !shared_[c].batches.compare_exchange_weak(top, batch, std::memory_order_release, std::memory_order_relaxed));
  }

  static free_block* carve(std::uint8_t c) {
    const std::size_t bytes = sizes[c];
    auto* chunk = static_cast<std::byte*>(::operator new(bytes * batch_blocks, std::align_val_t{cache_line_bytes}));
    keep_reachable(chunk);
    for (std::uint32_t i = 0; i < batch_blocks; ++i) {
      auto* b = ::new (static_cast<void*>(chunk + i * bytes)) free_block;
      b->next = i + 1 < batch_blocks ? reinterpret_cast<free_block*>(chunk + (i + 1) * bytes) : nullptr;
      b->next_batch = nullptr;
      b->count = batch_blocks;
      poison(b, bytes);
    }
    return reinterpret_cast<free_block*>(chunk);
  }

#if HYPERACTOR_ASAN
  static void poison(void* p, std::size_t bytes) noexcept {
    // the first words are the lists' links
    if (bytes > sizeof(free_block)) {
      ASAN_POISON_MEMORY_REGION(static_cast<std::byte*>(p) + sizeof(free_block), bytes - sizeof(free_block));
    }
  }
  static void unpoison(void* p, std::size_t bytes) noexcept { ASAN_UNPOISON_MEMORY_REGION(p, bytes); }
#else
  static void poison(void*, std::size_t) noexcept {}
  static void unpoison(void*, std::size_t) noexcept {}
#endif

  // Chunks are linked from a root so that leak checkers see them: they live as long as the process.
  struct chunk_record {
    void* chunk;
    chunk_record* next;
  };
  static void keep_reachable(void* chunk) {
    auto* record = new chunk_record{chunk, chunks_.load(std::memory_order_relaxed)};
    // release: a reader of the list sees whole records
    while (!chunks_.compare_exchange_weak(record->next, record, std::memory_order_release, std::memory_order_relaxed)) {
    }
  }

  /// Gives a thread's blocks to the others when it ends.
  struct at_thread_exit {
    bool registered = false;
    ~at_thread_exit() {
      for (std::uint8_t c = 0; c < classes; ++c) {
        free_list& list = local_.of[c];
        while (list.spare != nullptr) {
          free_block* batch = list.spare;
          list.spare = batch->next_batch;
          push_batch(c, batch);
        }
        if (list.head != nullptr) {
          list.head->count = list.count;
          push_batch(c, list.head);
          list.head = nullptr;
          list.count = 0;
        }
      }
    }
  };
  static void register_thread() noexcept {
    thread_local at_thread_exit guard;
    guard.registered = true;
  }

  HYPERACTOR_SHARED static inline constinit thread_local thread_lists local_{};
  HYPERACTOR_SHARED static inline constinit shared_stack shared_[classes]{};
  HYPERACTOR_SHARED static inline constinit std::atomic<chunk_record*> chunks_{nullptr};
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_BLOCK_POOL_HPP
