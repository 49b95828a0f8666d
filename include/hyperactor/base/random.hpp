// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_RANDOM_HPP
#define HYPERACTOR_BASE_RANDOM_HPP

/// @file
/// Random numbers for fresh identities: a few instructions each, seeded per thread by the system. Not for secrets.
///
/// [RND-1] A thread does not see a number twice before it has seen 2^64 of them; threads have different sequences.

#include <hyperactor/base/platform.hpp>

#include <sys/random.h>
#include <cstddef>
#include <cstdint>
#include <ctime>

namespace hyperactor::inline v0::detail {

struct random_state {
  std::uint64_t position = 0;
  std::uint64_t mask = 0;
  bool is_seeded = false;
};
inline constinit thread_local random_state thread_random{};

/// The finalizer of splitmix64: a permutation of the 64-bit numbers that spreads every bit.
constexpr std::uint64_t mix_bits(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

HYPERACTOR_COLD inline void seed_random(random_state& state) noexcept {
  std::uint64_t seed[2] = {};
  if (::getrandom(seed, sizeof(seed), 0) != static_cast<ssize_t>(sizeof(seed))) {
    // interrupted, or an ancient kernel: time and the address of this thread's state still differ per thread
    std::timespec now{};
    static_cast<void>(std::timespec_get(&now, TIME_UTC));
    seed[0] ^= mix_bits(static_cast<std::uint64_t>(now.tv_nsec) ^ (static_cast<std::uint64_t>(now.tv_sec) << 30U));
    seed[1] ^= mix_bits(reinterpret_cast<std::uintptr_t>(&state));
  }
  state = {seed[0], seed[1], true};
}

/// A random number; a thread does not see one twice before it has seen 2^64 of them.
/// @threadsafe
inline std::uint64_t random_number() noexcept {
  random_state& state = thread_random;
  if (!state.is_seeded) [[unlikely]]
    seed_random(state);
  state.position += 0x9e3779b97f4a7c15U;
  return mix_bits(state.position) ^ state.mask;
}

/// The hash of a pair of hashes.
constexpr std::size_t mix_hashes(std::size_t a, std::size_t b) noexcept {
  return static_cast<std::size_t>(mix_bits(a + 0x9e3779b97f4a7c15U) ^ b) * 0x9fb21c651e98df25U;
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_RANDOM_HPP
