// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_HASH_HPP
#define HYPERACTOR_BASE_HASH_HPP

/// @file
/// The two hash functions of the wire: CityHash64 v1.1 for type names, FNV-1a for the keys of headers.
///
/// [HSH-1] Both give the same value at compile time and at run time, on every machine.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace hyperactor::inline v0::detail {

/// 64-bit FNV-1a of the bytes of `text`.
constexpr std::uint64_t fnv1a64(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

/// The steps of CityHash64 v1.1, for `city_hash64` alone.
namespace city {

inline constexpr std::uint64_t k0 = 0xc3a5c85c97cb3127U;
inline constexpr std::uint64_t k1 = 0xb492b66fbe98f273U;
inline constexpr std::uint64_t k2 = 0x9ae16a3b2f90404fU;

/// A little-endian number of `Bytes` bytes at `s`.
template <std::size_t Bytes> constexpr std::uint64_t load(const char* s) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    if (!std::is_constant_evaluated()) {
      std::uint64_t out = 0;
      std::memcpy(&out, s, Bytes);
      return out;
    }
  }
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < Bytes; ++i) out |= std::uint64_t{static_cast<unsigned char>(s[i])} << (8 * i);
  return out;
}

constexpr std::uint64_t shift_mix(std::uint64_t v) noexcept { return v ^ (v >> 47); }

constexpr std::uint64_t mix(std::uint64_t u, std::uint64_t v, std::uint64_t mul = 0x9ddfea08eb382d69U) noexcept {
  const std::uint64_t a = shift_mix((u ^ v) * mul);
  return shift_mix((v ^ a) * mul) * mul;
}

struct pair {
  std::uint64_t first;
  std::uint64_t second;
};

constexpr pair weak_hash32(const char* s, std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t z = load<8>(s + 24);
  a += load<8>(s);
  b = std::rotr(b + a + z, 21);
  const std::uint64_t c = a;
  a += load<8>(s + 8) + load<8>(s + 16);
  b += std::rotr(a, 44);
  return {a + z, b + c};
}

constexpr std::uint64_t upto16(const char* s, std::uint64_t n) noexcept {
  const std::uint64_t mul = k2 + n * 2;
  if (n >= 8) {
    const std::uint64_t a = load<8>(s) + k2;
    const std::uint64_t b = load<8>(s + n - 8);
    return mix(std::rotr(b, 37) * mul + a, (std::rotr(a, 25) + b) * mul, mul);
  }
  if (n >= 4) return mix(n + (load<4>(s) << 3), load<4>(s + n - 4), mul);
  if (n == 0) return k2;
  const std::uint64_t y = load<1>(s) + (load<1>(s + n / 2) << 8);
  const std::uint64_t z = n + (load<1>(s + n - 1) << 2);
  return shift_mix(y * k2 ^ z * k0) * k2;
}

constexpr std::uint64_t upto32(const char* s, std::uint64_t n) noexcept {
  const std::uint64_t mul = k2 + n * 2;
  const std::uint64_t a = load<8>(s) * k1;
  const std::uint64_t b = load<8>(s + 8);
  const std::uint64_t c = load<8>(s + n - 8) * mul;
  const std::uint64_t d = load<8>(s + n - 16) * k2;
  return mix(std::rotr(a + b, 43) + std::rotr(c, 30) + d, a + std::rotr(b + k2, 18) + c, mul);
}

constexpr std::uint64_t swap_bytes(std::uint64_t v) noexcept { return __builtin_bswap64(v); }

constexpr std::uint64_t upto64(const char* s, std::uint64_t n) noexcept {
  const std::uint64_t mul = k2 + n * 2;
  const std::uint64_t a = load<8>(s) * k2;
  const std::uint64_t b = load<8>(s + 8);
  const std::uint64_t c = load<8>(s + n - 24);
  const std::uint64_t d = load<8>(s + n - 32);
  const std::uint64_t e = load<8>(s + 16) * k2;
  const std::uint64_t f = load<8>(s + 24) * 9;
  const std::uint64_t g = load<8>(s + n - 8);
  const std::uint64_t h = load<8>(s + n - 16) * mul;
  const std::uint64_t u = std::rotr(a + g, 43) + (std::rotr(b, 30) + c) * 9;
  const std::uint64_t v = ((a + g) ^ d) + f + 1;
  const std::uint64_t w = swap_bytes((u + v) * mul) + h;
  const std::uint64_t x = std::rotr(e + f, 42) + c;
  const std::uint64_t y = (swap_bytes((v + w) * mul) + g) * mul;
  const std::uint64_t z = e + f + c;
  const std::uint64_t last = swap_bytes((x + z) * mul + y) + b;
  return shift_mix((z + last) * mul + d + h) * mul + x;
}

constexpr std::uint64_t above64(const char* s, std::uint64_t n) noexcept {
  std::uint64_t x = load<8>(s + n - 40);
  std::uint64_t y = load<8>(s + n - 16) + load<8>(s + n - 56);
  std::uint64_t z = mix(load<8>(s + n - 48) + n, load<8>(s + n - 24));
  pair v = weak_hash32(s + n - 64, n, z);
  pair w = weak_hash32(s + n - 32, y + k1, x);
  x = x * k1 + load<8>(s);
  for (const char* const end = s + ((n - 1) & ~std::uint64_t{63}); s != end; s += 64) {
    x = std::rotr(x + y + v.first + load<8>(s + 8), 37) * k1;
    y = std::rotr(y + v.second + load<8>(s + 48), 42) * k1;
    x ^= w.second;
    y += v.first + load<8>(s + 40);
    z = std::rotr(z + w.first, 33) * k1;
    v = weak_hash32(s, v.second * k1, x + w.first);
    w = weak_hash32(s + 32, z + w.second, y + load<8>(s + 16));
    const std::uint64_t old_z = z;
    z = x;
    x = old_z;
  }
  return mix(mix(v.first, w.first) + shift_mix(y) * k1 + z, mix(v.second, w.second) + x);
}

}  // namespace city

/// CityHash64 v1.1 of `text`, without a seed.
/// @complexity linear; about 1 ns for eight bytes at run time
constexpr std::uint64_t city_hash64(std::string_view text) noexcept {
  const std::uint64_t n = text.size();
  if (n <= 16) return city::upto16(text.data(), n);
  if (n <= 32) return city::upto32(text.data(), n);
  if (n <= 64) return city::upto64(text.data(), n);
  return city::above64(text.data(), n);
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_HASH_HPP
