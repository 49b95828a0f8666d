// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_ANY_VALUE_HPP
#define HYPERACTOR_WIRE_ANY_VALUE_HPP

/// @file
/// `any_value`: an encoded value of any type, with the hash of its type. What envelopes carry.
///
/// [ANY-1] A value is decoded as the type that it was encoded from, or as nothing; only `decode_unchecked` does not
///         ask.
/// [ANY-2] An `any_value` in an encoding that this library cannot read (JSON) is still carried and passed on unchanged.

#include <hyperactor/base/result.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/wire/codec.hpp>
#include <hyperactor/wire/encode.hpp>
#include <hyperactor/wire/named.hpp>
#include <hyperactor/wire/part.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace hyperactor::inline v0 {

class any_value;

namespace detail {
std::string_view builtin_type_name(std::uint64_t hash) noexcept;
std::string describe_encoded(const any_value& value);
}  // namespace detail

/// A value of any message type, encoded.
class any_value {
 public:
  /// How the value is encoded; the values are those of the wire.
  enum class encoding : std::uint32_t {
    plain = 0,      ///< one run of bytes, parts inlined
    json = 1,       ///< JSON text: carried, not read
    multipart = 2,  ///< a body and parts: what this library writes
  };

  /// The broken value: decoding it always fails.
  any_value() noexcept = default;
  /// What another process encoded.
  any_value(encoding how, wire::multipart message, std::uint64_t type_hash) noexcept
      : message_(std::move(message)), type_hash_(type_hash), encoding_(how) {}

  /// `message`, encoded with its parts beside the body.
  /// @errors as `wire::encode`
  template <class M> [[nodiscard]] static result<detail::when_used<any_value, M>> encode(const M& message) {
    auto out = wire::encode(message);
    if (!out) return out.error();
    return any_value(encoding::multipart, std::move(*out), hyperactor::type_hash<M>);
  }
  /// `message`, encoded in one piece.
  /// @errors as `wire::encode_plain`
  template <class M> [[nodiscard]] static result<detail::when_used<any_value, M>> encode_plain(const M& message) {
    auto out = wire::encode_plain(message);
    if (!out) return out.error();
    return any_value(encoding::plain, {std::move(*out), {}}, hyperactor::type_hash<M>);
  }

  /// The hash of the wire name of the type; 0 for the broken value.
  [[nodiscard]] std::uint64_t type_hash() const noexcept { return type_hash_; }
  [[nodiscard]] encoding how() const noexcept { return encoding_; }
  [[nodiscard]] bool is_broken() const noexcept {
    return type_hash_ == 0 && encoding_ == encoding::plain && message_.body.empty();
  }
  /// Whether this is an encoded `M`.
  template <class M> [[nodiscard]] bool is() const noexcept { return type_hash_ == hyperactor::type_hash<M>; }
  [[nodiscard]] const wire::multipart& message() const& noexcept { return message_; }
  [[nodiscard]] wire::multipart&& message() && noexcept { return std::move(message_); }
  /// Bytes of the content: body and parts.
  [[nodiscard]] std::size_t size_bytes() const noexcept {
    std::size_t bytes = message_.body.size();
    for (const wire::part& p : message_.parts) bytes += p.bytes.size();
    return bytes;
  }

  /// The value, if this is an `M`. [ANY-1]
  /// @errors wire_error: type_mismatch, broken_value, unsupported (JSON), and those of the content
  template <class M> [[nodiscard]] result<M> decode() const& {
    detail::explain_remote_message<M>();
    return open<M>().template take_message<M>();
  }
  /// The same; parts are moved, not copied.
  template <class M> [[nodiscard]] result<M> decode() && {
    if (error e = check(hyperactor::type_hash<M>, wire_name<M>)) return detail::failed_as<M>(e);
    return std::move(*this).template decode_unchecked<M>();
  }
  /// Hands the value to `use`, if this is an `M`; false where it is none. As `decode`, without a result.
  template <class M, class F> bool decode_to(F&& use) const {
    auto d = open<M>();
    if constexpr (reading_codec<M>) {
      bool is_decoded = false;
      try {
        M value = d.template read_message<M>();
        if (d.failed()) return false;
        is_decoded = true;
        std::forward<F>(use)(std::move(value));
        return true;
      } catch (...) {  // [WIR-8], but what `use` throws is the caller's
        if (is_decoded) throw;
        return false;
      }
    } else {
      auto value = d.template take_message<M>();
      if (value) std::forward<F>(use)(std::move(*value));
      return value.has_value();
    }
  }
  /// The value read as an `M`, whatever it says it is: where the destination already implies the type.
  template <class M> [[nodiscard]] result<M> decode_unchecked() const& {
    if (error e = check_readable()) return detail::failed_as<M>(e);
    return encoding_ == encoding::multipart ? wire::decode<M>(message_) : wire::decode_plain<M>(message_.body.span());
  }
  template <class M> [[nodiscard]] result<M> decode_unchecked() && {
    if (error e = check_readable()) return detail::failed_as<M>(e);
    return encoding_ == encoding::multipart ? wire::decode<M>(std::move(message_))
                                            : wire::decode_plain<M>(message_.body.span());
  }

  /// Encoding, checksum and first bytes, for people: `Encoded::Multipart(body=CRC:a505df1b 1)`.
  [[nodiscard]] std::string to_string() const { return detail::describe_encoded(*this); }

  bool operator==(const any_value&) const = default;

 private:
  /// Onto the content; failed already where this is no `M`.
  template <class M, class Decoder = wire::decoder> [[nodiscard]] Decoder open() const {
    error e = check(hyperactor::type_hash<M>, wire_name<M>);
    if (!e) e = check_readable();
    if (e) return Decoder(std::move(e));
    return encoding_ == encoding::multipart ? Decoder(message_) : Decoder(message_.body.span());
  }
  [[nodiscard]] error check_readable() const {
    if (is_broken()) return wire_error::broken_value;
    if (encoding_ == encoding::json) return {wire_error::unsupported, "values in JSON encoding cannot be decoded"};
    return {};
  }
  [[nodiscard]] error check(std::uint64_t hash, std::string_view name) const {
    if (is_broken()) return wire_error::broken_value;
    if (hash != type_hash_) return detail::wire_type_mismatch(name, detail::builtin_type_name(type_hash_));
    return {};
  }

  wire::multipart message_;
  std::uint64_t type_hash_ = 0;
  encoding encoding_ = encoding::plain;
};

template <> struct named<any_value> {
  static constexpr std::string_view value = "wirevalue::Any";
};

/// {variant index of the encoding, content, type hash}.
template <std::same_as<any_value> T> struct codec<T> {
  static constexpr bool carries_parts = true;
  static void encode(wire::encoder& e, const T& value) {
    e.put_u32(static_cast<std::uint32_t>(value.how()));
    if (value.how() == T::encoding::multipart) {
      e.put(value.message());
    } else {
      e.put(value.message().body);
    }
    e.put_u64(value.type_hash());
  }
  static T read(wire::decoder& d) {
    const auto how = static_cast<typename T::encoding>(d.take_index(3));
    detail::when_used<wire::multipart, T> message;
    if (how == T::encoding::multipart) {
      message = d.read<decltype(message)>();
    } else {
      message.body = wire::buffer(d.take_span());
    }
    const std::uint64_t hash = d.take_u64();
    return T(how, std::move(message), hash);
  }
};

namespace detail {

/// The name behind the hash of a type that every process knows; empty for all others.
HYPERACTOR_COLD inline std::string_view builtin_type_name(std::uint64_t hash) noexcept {
  for (const std::string_view name : {"()", "bool", "i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64",
                                      "String", "std::time::Duration", "std::time::SystemTime", "bytes::Bytes"}) {
    if (city_hash64(name) == hash) return name;
  }
  return {};
}

/// CRC-32 (the one of zlib), to be continued from `crc`.
HYPERACTOR_COLD inline std::uint32_t crc32(const void* data, std::size_t size, std::uint32_t crc = 0) noexcept {
  crc = ~crc;
  for (const auto* p = static_cast<const unsigned char*>(data); size > 0; --size, ++p) {
    crc ^= *p;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

/// Checksum of a value: its body, then of each part the big-endian type hash, if typed, and the bytes.
HYPERACTOR_COLD inline std::uint32_t crc32(const any_value& value) noexcept {
  std::uint32_t crc = crc32(value.message().body.data(), value.message().body.size());
  for (const wire::part& p : value.message().parts) {
    if (p.is_typed) {
      unsigned char hash[8];
      for (int i = 0; i < 8; ++i) hash[i] = static_cast<unsigned char>(p.typehash >> (56 - 8 * i));
      crc = crc32(hash, sizeof hash, crc);
    }
    crc = crc32(p.bytes.data(), p.bytes.size(), crc);
  }
  return crc;
}

inline void append_hex(std::string& out, std::uint32_t v) {
  char digits[8];
  std::size_t n = 0;
  do {
    digits[n++] = "0123456789abcdef"[v & 15U];
    v >>= 4;
  } while (v != 0);
  while (n > 0) out += digits[--n];
}

/// `CRC:7e358018 2 0 0 0 0 0 0 0 [...2 bytes]`.
HYPERACTOR_COLD inline void append_bytes_text(std::string& out, const wire::buffer& bytes) {
  out += "CRC:";
  append_hex(out, crc32(bytes.data(), bytes.size()));
  for (std::size_t i = 0; i < bytes.size() && i < 8; ++i) {
    out += ' ';
    append_hex(out, static_cast<std::uint32_t>(bytes[i]));
  }
  if (bytes.size() > 8) out += " [..." + std::to_string(bytes.size() - 8) + " bytes]";
}

HYPERACTOR_COLD inline std::string describe_encoded(const any_value& value) {
  std::string out = "Encoded::";
  const bool multipart = value.how() == any_value::encoding::multipart;
  out += multipart ? "Multipart(body=" : value.how() == any_value::encoding::json ? "Json(" : "Bincode(";
  append_bytes_text(out, value.message().body);
  std::size_t index = 0;
  for (const wire::part& p : value.message().parts) {
    out += ", part[" + std::to_string(index++) + "]";
    if (p.is_typed) out += "(typehash=" + std::to_string(p.typehash) + ")";
    out += "=";
    append_bytes_text(out, p.bytes);
  }
  out += ')';
  return out;
}

}  // namespace detail
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_WIRE_ANY_VALUE_HPP
