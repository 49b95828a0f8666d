// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BENCHMARKS_COUNTING_NEW_HPP
#define HYPERACTOR_BENCHMARKS_COUNTING_NEW_HPP

/// @file
/// Counts every allocation of the process, whether by `operator new` (libstdc++'s calls `malloc`), by `malloc` or by
/// one of its relatives, so that a library that goes past `operator new` is counted as well. Under a sanitizer, which
/// has put its own functions there, nothing is counted. Replaces global functions: include it in exactly one file of a
/// program.

#include <malloc.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HYPERACTOR_BENCHMARKS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define HYPERACTOR_BENCHMARKS_SANITIZED 1
#endif
#endif

namespace bench {

inline constinit std::atomic<std::uint64_t> allocation_count{0};
inline constinit std::atomic<std::int64_t> allocated_bytes{0};

/// What the process has asked the system for since it started.
struct allocations {
  std::uint64_t count;
  std::int64_t bytes_in_use;

  static allocations now() {
    return {allocation_count.load(std::memory_order_relaxed), allocated_bytes.load(std::memory_order_relaxed)};
  }
};

inline void* counted(void* block) noexcept {
  if (block != nullptr) {
    allocation_count.fetch_add(1, std::memory_order_relaxed);
    allocated_bytes.fetch_add(static_cast<std::int64_t>(::malloc_usable_size(block)), std::memory_order_relaxed);
  }
  return block;
}

inline void discounted(void* block) noexcept {
  if (block != nullptr) {
    allocated_bytes.fetch_sub(static_cast<std::int64_t>(::malloc_usable_size(block)), std::memory_order_relaxed);
  }
}

}  // namespace bench

#ifndef HYPERACTOR_BENCHMARKS_SANITIZED

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* block);

void* malloc(std::size_t size) noexcept { return bench::counted(__libc_malloc(size)); }
void* calloc(std::size_t count, std::size_t size) noexcept { return bench::counted(__libc_calloc(count, size)); }
void* realloc(void* block, std::size_t size) noexcept {
  bench::discounted(block);
  return bench::counted(__libc_realloc(block, size));
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return bench::counted(__libc_memalign(alignment, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return bench::counted(__libc_memalign(alignment, size));
}
int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept {
  *block = bench::counted(__libc_memalign(alignment, size));
  return *block != nullptr ? 0 : ENOMEM;
}
void free(void* block) noexcept {
  bench::discounted(block);
  __libc_free(block);
}
}  // extern "C"

#endif

#endif  // HYPERACTOR_BENCHMARKS_COUNTING_NEW_HPP
