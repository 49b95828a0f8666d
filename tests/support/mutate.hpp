// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_TESTS_SUPPORT_MUTATE_HPP
#define HYPERACTOR_TESTS_SUPPORT_MUTATE_HPP

/// @file
/// Deterministic mutations of byte strings, for tests of decoders: the same seed gives the same inputs everywhere.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fuzz {

using bytes = std::vector<unsigned char>;

/// splitmix64: small, and the same on every standard library.
class random {
 public:
  explicit random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  /// A number below `bound`; 0 for a bound of 0.
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : static_cast<std::size_t>(next() % bound); }

 private:
  std::uint64_t state_;
};

/// `input` with one to four changes: flipped bits, other bytes, extreme numbers, cuts, insertions, copies.
inline bytes mutate(bytes input, random& rng) {
  static constexpr unsigned char interesting[] = {0, 1, 2, 0x7f, 0x80, 0xff};
  const auto any = [&] { return interesting[rng.below(sizeof interesting)]; };
  for (std::size_t changes = 1 + rng.below(4); changes > 0; --changes) {
    const std::size_t at = rng.below(input.size());
    const auto where = input.begin() + static_cast<std::ptrdiff_t>(at);
    switch (rng.below(7)) {
      case 0:
        if (!input.empty()) input[at] = static_cast<unsigned char>(input[at] ^ (1U << rng.below(8)));
        break;
      case 1:
        if (!input.empty()) input[at] = any();
        break;
      case 2:  // an extreme length or count
        for (std::size_t i = at; i < input.size() && i < at + 8; ++i) input[i] = any();
        break;
      case 3:
        input.erase(where, input.end());
        break;
      case 4:
        input.insert(where, any());
        break;
      case 5: {
        const bytes copy(where, input.end());
        input.insert(where, copy.begin(), copy.begin() + static_cast<std::ptrdiff_t>(rng.below(copy.size())));
        break;
      }
      default:
        if (!input.empty()) input.erase(where);
        break;
    }
  }
  return input;
}

}  // namespace fuzz

#endif  // HYPERACTOR_TESTS_SUPPORT_MUTATE_HPP
