// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_PLATFORM_HPP
#define HYPERACTOR_BASE_PLATFORM_HPP

/// @file
/// Compiler and standard library differences. The only header that tests macros of the compiler; include it before
/// any header of Asio.
///
/// [PLT-1] No macro of this header changes the layout of a type or an overload set.

#if !defined(__cplusplus) || __cplusplus < 202002L
#error "hyperactor: C++20 is needed; compile with -std=c++20"
#endif

// Debian 12's Asio looks for <experimental/coroutine> under clang unless it is told that coroutines are there.
#if defined(__clang__) && defined(__cpp_impl_coroutine) && !defined(ASIO_HAS_CO_AWAIT)
#if defined(ASIO_DETAIL_CONFIG_HPP)
#error "hyperactor: include <hyperactor/...> before Asio, or compile with -DASIO_HAS_CO_AWAIT=1"
#endif
#define ASIO_HAS_CO_AWAIT 1
#endif
#if !defined(ASIO_STANDALONE) && !defined(ASIO_DETAIL_CONFIG_HPP)
#define ASIO_STANDALONE 1
#endif

/// True for g++ before 13, which destroys aggregate temporaries of a co_await expression twice.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
#define HYPERACTOR_CO_AWAIT_DESTROYS_TWICE 1
#else
#define HYPERACTOR_CO_AWAIT_DESTROYS_TWICE 0
#endif

#if defined(__SANITIZE_ADDRESS__)
#define HYPERACTOR_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HYPERACTOR_ASAN 1
#endif
#endif
#if !defined(HYPERACTOR_ASAN)
#define HYPERACTOR_ASAN 0
#endif

// Optimizing, clang before 17 keeps the address of a thread's variable across the suspensions of a coroutine, which
// then uses that of another thread. Asio reads such a variable where it allocates frames, unless it asks the system for
// it.
#if defined(__clang__) && __clang_major__ < 17
#define HYPERACTOR_USES_THREAD_LOCALS __attribute__((noinline))
#if !defined(ASIO_DISABLE_THREAD_KEYWORD_EXTENSION)
#if defined(ASIO_DETAIL_CONFIG_HPP)
#error \
    "hyperactor: include <hyperactor/...> before Asio, or compile with -DASIO_DISABLE_THREAD_KEYWORD_EXTENSION, which clang 16 needs"
#endif
#define ASIO_DISABLE_THREAD_KEYWORD_EXTENSION 1
#endif
#else
/// For functions that use a thread's variable and that coroutines may call.
#define HYPERACTOR_USES_THREAD_LOCALS
#endif

#define HYPERACTOR_COLD __attribute__((noinline, cold))
#define HYPERACTOR_NOINLINE __attribute__((noinline))
#define HYPERACTOR_ALWAYS_INLINE inline __attribute__((always_inline))
/// Shared by every shared object of a process, also where they are built with hidden visibility.
#define HYPERACTOR_SHARED __attribute__((visibility("default")))

#include <cstddef>

namespace hyperactor::inline v0::detail {

/// Distance that keeps two objects on different cache lines. A constant of our own: clang 16 lacks the standard's.
inline constexpr std::size_t cache_line_bytes = 64;

/// Tells the processor that this is a spin loop.
inline void cpu_relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_PLATFORM_HPP
