// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_DETAIL_SCALAR_CODEC_HPP
#define HYPERACTOR_WIRE_DETAIL_SCALAR_CODEC_HPP

/// @file
/// Codecs of numbers, characters, texts, enumerations, durations and times.

#include <hyperactor/wire/codec.hpp>

#include <bit>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

namespace hyperactor::inline v0::detail {

template <std::size_t Bytes>
using unsigned_of_size = std::conditional_t<
    Bytes == 1, std::uint8_t,
    std::conditional_t<Bytes == 2, std::uint16_t, std::conditional_t<Bytes == 4, std::uint32_t, std::uint64_t>>>;

inline void put_unsigned(wire::encoder& e, std::uint8_t v) { e.put_u8(v); }
inline void put_unsigned(wire::encoder& e, std::uint16_t v) { e.put_u16(v); }
inline void put_unsigned(wire::encoder& e, std::uint32_t v) { e.put_u32(v); }
inline void put_unsigned(wire::encoder& e, std::uint64_t v) { e.put_u64(v); }

template <class U> U take_unsigned(wire::decoder& d) {
  if constexpr (sizeof(U) == 1) {
    return d.take_u8();
  } else if constexpr (sizeof(U) == 2) {
    return d.take_u16();
  } else if constexpr (sizeof(U) == 4) {
    return d.take_u32();
  } else {
    return d.take_u64();
  }
}

template <class T> struct default_codec<T, wire_kind::boolean> {
  static void encode(wire::encoder& e, T value) { e.put_u8(value ? 1 : 0); }
  static T read(wire::decoder& d) { return d.take_bool(); }
};

template <class T> struct number_codec {
  using bits = unsigned_of_size<sizeof(T)>;
  static void encode(wire::encoder& e, T value) { put_unsigned(e, std::bit_cast<bits>(value)); }
  static T read(wire::decoder& d) { return std::bit_cast<T>(take_unsigned<bits>(d)); }
};
template <class T> struct default_codec<T, wire_kind::integer> : number_codec<T> {};
template <class T> struct default_codec<T, wire_kind::byte> : number_codec<T> {};
template <class T> struct default_codec<T, wire_kind::floating> : number_codec<T> {};

HYPERACTOR_COLD inline error unencodable(const char* why) { return {wire_error::unsupported, why}; }

inline void put_code_point(wire::encoder& e, char32_t c) {
  const auto tail = [&](unsigned shift) { e.put_u8(static_cast<std::uint8_t>(0x80U | ((c >> shift) & 0x3FU))); };
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) {
    e.fail(unencodable("a char32_t that is no Unicode scalar value cannot be encoded"));
  } else if (c < 0x80) {
    e.put_u8(static_cast<std::uint8_t>(c));
  } else if (c < 0x800) {
    e.put_u8(static_cast<std::uint8_t>(0xC0U | (c >> 6)));
    tail(0);
  } else if (c < 0x10000) {
    e.put_u8(static_cast<std::uint8_t>(0xE0U | (c >> 12)));
    tail(6);
    tail(0);
  } else {
    e.put_u8(static_cast<std::uint8_t>(0xF0U | (c >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
}

inline char32_t take_code_point(wire::decoder& d) {
  const std::uint8_t lead = d.take_u8();
  if (lead < 0x80) return lead;
  const std::size_t more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  char text[4] = {static_cast<char>(lead)};
  char32_t out = lead & (0x3FU >> more);
  const std::byte* const rest = lead < 0xC2 || lead > 0xF4 ? nullptr : d.take_bytes(more);
  if (rest != nullptr) {
    for (std::size_t i = 0; i < more; ++i) {
      text[i + 1] = static_cast<char>(rest[i]);
      out = (out << 6) | (static_cast<char32_t>(rest[i]) & 0x3FU);
    }
    if (is_utf8(std::string_view(text, more + 1))) return out;
  }
  d.fail(error(wire_error::invalid_value, "char is not valid"));
  return 0;
}

template <class T> struct default_codec<T, wire_kind::code_point> {
  static void encode(wire::encoder& e, T value) { put_code_point(e, value); }
  static T read(wire::decoder& d) { return take_code_point(d); }
};

template <class T> struct default_codec<T, wire_kind::text> {
  static void encode(wire::encoder& e, const T& value) { e.put_string(value); }
  static T read(wire::decoder& d) { return d.take_string(); }
};

/// The value of an enumerator is its index: enumerations that travel count 0, 1, 2, ...
template <class T> struct default_codec<T, wire_kind::enumeration> {
  using number = std::underlying_type_t<T>;
  static void encode(wire::encoder& e, T value) {
    const auto wide = static_cast<std::int64_t>(static_cast<number>(value));
    if (wide < 0 || wide > std::int64_t{0xFFFFFFFF}) {
      return e.fail(unencodable("an enumerator that is negative or above 2^32 - 1 cannot be encoded"));
    }
    e.put_u32(static_cast<std::uint32_t>(wide));
  }
  static T read(wire::decoder& d) {
    const std::uint32_t index = d.take_u32();
    if constexpr (std::is_same_v<number, bool>) {
      if (index > 1) d.fail(wire_invalid_value("enumerator", index));
    } else if (index > static_cast<std::uint64_t>(std::numeric_limits<number>::max())) {
      d.fail(wire_invalid_value("enumerator", index));
    }
    return static_cast<T>(static_cast<number>(index));
  }
};

struct wire_time {
  std::uint64_t seconds = 0;
  std::uint32_t nanoseconds = 0;
};

inline constexpr std::uint32_t wire_billion = 1'000'000'000;

inline void put_wire_time(wire::encoder& e, const wire_time& t) {
  e.put_u64(t.seconds);
  e.put_u32(t.nanoseconds);
}

/// Nanoseconds of a second and more carry into the seconds.
inline wire_time take_wire_time(wire::decoder& d) {
  wire_time t;
  t.seconds = d.take_u64();
  t.nanoseconds = d.take_u32();
  const std::uint32_t carry = t.nanoseconds / wire_billion;
  t.nanoseconds %= wire_billion;
  if (t.seconds > std::numeric_limits<std::uint64_t>::max() - carry) {
    d.fail(error(wire_error::invalid_value, "overflow in Duration"));
    return {};
  }
  t.seconds += carry;
  return t;
}

/// `std::chrono::duration` as u64 seconds and u32 nanoseconds. What is no number of nanoseconds is rounded so that it
/// comes back as it was: floating-point counts to the nearest one, units that do not divide (1/60 s) up, since reading
/// cuts off. Units finer than a nanosecond are cut off.
template <class T> struct default_codec<T, wire_kind::duration> {
  using count = typename T::rep;
  static constexpr std::intmax_t num = T::period::num;
  static constexpr std::intmax_t den = T::period::den;
  static constexpr bool is_coarse = static_cast<uint128>(num) * wire_billion >= static_cast<uint128>(den);

  static void encode(wire::encoder& e, const T& value) {
    if (!(value.count() >= count{})) return e.fail(unencodable("a negative duration cannot be encoded"));
    if constexpr (std::is_floating_point_v<count>) {
      const auto seconds = static_cast<long double>(value.count()) * num / den;
      if (!(seconds < 18446744073709551615.0L)) return e.fail(unencodable("a duration that long cannot be encoded"));
      const auto whole = static_cast<std::uint64_t>(seconds);
      const auto nanos = static_cast<std::uint32_t>((seconds - static_cast<long double>(whole)) * wire_billion + 0.5L);
      put_wire_time(e, {whole + nanos / wire_billion, nanos % wire_billion});
    } else {
      constexpr uint128 up = is_coarse ? static_cast<uint128>(den) - 1 : 0;
      const uint128 total = static_cast<uint128>(value.count()) * static_cast<uint128>(num);
      const uint128 rest = (total % static_cast<uint128>(den) * wire_billion + up) / static_cast<uint128>(den);
      const uint128 seconds = total / static_cast<uint128>(den) + rest / wire_billion;
      if (seconds > std::numeric_limits<std::uint64_t>::max()) {
        return e.fail(unencodable("a duration that long cannot be encoded"));
      }
      put_wire_time(e, {static_cast<std::uint64_t>(seconds), static_cast<std::uint32_t>(rest % wire_billion)});
    }
  }

  static T read(wire::decoder& d) {
    const wire_time t = take_wire_time(d);
    if constexpr (std::is_floating_point_v<count>) {
      const long double seconds =
          static_cast<long double>(t.seconds) + static_cast<long double>(t.nanoseconds) / wire_billion;
      return T(static_cast<count>(seconds * den / num));
    } else {
      const uint128 scaled = static_cast<uint128>(t.seconds) * static_cast<uint128>(den);
      const uint128 whole = scaled / static_cast<uint128>(num);
      const uint128 rest = (scaled % static_cast<uint128>(num) * wire_billion +
                            static_cast<uint128>(t.nanoseconds) * static_cast<uint128>(den)) /
                           (static_cast<uint128>(num) * wire_billion);
      if (whole + rest > static_cast<uint128>(std::numeric_limits<count>::max())) {
        d.fail(error(wire_error::invalid_value, "a duration does not fit its type"));
        return T(count{});
      }
      return T(static_cast<count>(whole + rest));
    }
  }
};

/// `std::chrono::system_clock::time_point`, not before 1970.
template <class T> struct default_codec<T, wire_kind::system_time> {
  using since_epoch = default_codec<typename T::duration, wire_kind::duration>;
  static void encode(wire::encoder& e, const T& value) {
    if (value.time_since_epoch() < T::duration::zero()) {
      return e.fail(unencodable("a time before 1970 cannot be encoded"));
    }
    since_epoch::encode(e, value.time_since_epoch());
  }
  static T read(wire::decoder& d) { return T(since_epoch::read(d)); }
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_WIRE_DETAIL_SCALAR_CODEC_HPP
