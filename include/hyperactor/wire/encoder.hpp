// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_ENCODER_HPP
#define HYPERACTOR_WIRE_ENCODER_HPP

/// @file
/// `wire::encoder`: what a `codec<T>` writes to.
///
/// [WIR-3] A failure sticks: what is put after it has no effect on the outcome, so codecs need not check.
/// [WIR-4] Obligations that were handed over by `on_commit` pass on only when the whole encoding succeeded.
/// [WIR-9] What a codec throws while a whole message is encoded is a failure of the message: posting never throws it.

#include <hyperactor/base/result.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/wire/detail/kind.hpp>
#include <hyperactor/wire/error.hpp>
#include <hyperactor/wire/part.hpp>

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hyperactor::inline v0 {

template <class T> struct codec;

namespace detail {

/// What the exception that is being handled says about the codec that threw it.
HYPERACTOR_COLD inline error codec_exception(wire_error code) {
  try {
    throw;
  } catch (const std::exception& e) {
    return {code, std::string("the codec threw: ") + e.what()};
  } catch (...) {
    return {code, "the codec threw"};
  }
}

/// Little-endian to native and back.
template <std::unsigned_integral T> constexpr T little_endian(T value) noexcept {
  if constexpr (std::endian::native == std::endian::little || sizeof(T) == 1) {
    return value;
  } else {
    T out = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) out = static_cast<T>((out << 8) | ((value >> (8 * i)) & 0xFF));
    return out;
  }
}

}  // namespace detail

namespace wire {

/// How deep values may nest; numbers and texts do not count. [WIR-7]
inline constexpr unsigned max_wire_depth = 500;

/// Writes one value: little-endian, fixed width, parts beside the body or, in plain mode, inline.
class encoder {
 public:
  /// Extracts parts.
  encoder() noexcept = default;
  encoder(const encoder&) = delete;
  encoder& operator=(const encoder&) = delete;
  ~encoder() = default;

  /// An encoder that writes parts into the body.
  [[nodiscard]] static encoder plain() noexcept { return encoder(true); }

  void put_u8(std::uint8_t v) { *body_.extend(1) = static_cast<std::byte>(v); }
  void put_u16(std::uint16_t v) { put_number(v); }
  void put_u32(std::uint32_t v) { put_number(v); }
  void put_u64(std::uint64_t v) { put_number(v); }
  /// The bytes as they are, without a length.
  void put_bytes(const void* data, std::size_t size) { body_.append(data, size); }
  /// A u64 length and the bytes of `text`.
  void put_string(std::string_view text) {
    put_u64(text.size());
    put_bytes(text.data(), text.size());
  }
  /// Room for `size` bytes of the body, to be written by the caller.
  [[nodiscard]] std::byte* extend(std::size_t size) { return body_.extend(size); }

  /// Memory for a body of this size.
  void reserve(std::size_t bytes) { body_.reserve(bytes); }

  /// Encodes `value` by `codec<T>`, unless it stands deeper than any decoder looks. [WIR-7]
  template <class T> void put(const T& value) {
    if constexpr (hyperactor::detail::is_flat<std::remove_cv_t<T>>) {
      codec<std::remove_cv_t<T>>::encode(*this, value);
    } else {
      if (++depth_ <= max_wire_depth) {
        codec<std::remove_cv_t<T>>::encode(*this, value);
      } else {
        fail_too_deep();
      }
      --depth_;
    }
  }
  /// The same for a whole message. [WIR-9]
  template <class T> void put_message(const T& value) {
    try {
      put(value);
    } catch (...) {
      fail(hyperactor::detail::codec_exception(wire_error::unsupported));
    }
  }

  /// Puts `p` beside the body; in plain mode inline, as (option of type hash, list of one fragment).
  template <class Self = encoder> void put_part(part p) {
    if (!plain_) {
      static_cast<Self&>(*this).parts_.push_back(std::move(p));
      return;
    }
    put_u8(p.is_typed ? 1 : 0);
    if (p.is_typed) put_u64(p.typehash);
    put_u64(1);
    put_u64(p.bytes.size());
    put_bytes(p.bytes.data(), p.bytes.size());
  }

  /// Encodes `repr` as a part with this type hash; in plain mode inline and without hash, as any other value.
  template <class Repr> void put_repr(std::uint64_t typehash, const Repr& repr) {
    if (plain_) return put(repr);
    encoder inner(true);
    inner.depth_ = depth_;
    inner.put(repr);
    adopt(inner);
    static_cast<hyperactor::detail::when_used<encoder, Repr>&>(*this).parts_.push_back(
        part(std::move(inner.body_), typehash));
  }

  /// Whether parts are written into the body.
  [[nodiscard]] bool inlines_parts() const noexcept { return plain_; }

  /// Makes the encoding fail; the first failure counts. [WIR-3]
  void fail(error e) {
    if (!failure_) failure_ = std::move(e);
  }
  [[nodiscard]] bool failed() const noexcept { return static_cast<bool>(failure_); }
  [[nodiscard]] const error& failure() const noexcept { return failure_; }

  /// Calls `action(context)` when the whole encoding has succeeded, and never otherwise. [WIR-4]
  template <class Self = encoder> void on_commit(void (*action)(void*) noexcept, void* context) {
    static_cast<Self&>(*this).commits_.push_back({action, context});
  }

  /// Ends the encoding: the message, or the first failure.
  template <class Message = multipart, class Self = encoder> [[nodiscard]] result<Message> finish() {
    if (failure_) return failure_;
    auto& self =
        static_cast<Self&>(*this);  // dependent: the parts of vectors that this needs are compiled where it is used
    Message out{std::move(self.body_), std::move(self.parts_)};
    for (const auto& c : self.commits_) c.action(c.context);
    self.commits_.clear();
    return out;
  }

 private:
  struct commit {
    void (*action)(void*) noexcept;
    void* context;
  };

  explicit encoder(bool plain) noexcept : plain_(plain) {}

  HYPERACTOR_COLD void fail_too_deep() { fail({wire_error::unsupported, "values nest too deep"}); }

  template <class T> void put_number(T v) {
    v = hyperactor::detail::little_endian(v);
    std::memcpy(body_.extend(sizeof v), &v, sizeof v);
  }
  template <class Encoder = encoder> void adopt(Encoder& inner) {
    if (inner.failure_) fail(std::move(inner.failure_));
    auto& all = static_cast<Encoder&>(*this).commits_;
    for (const commit& c : inner.commits_) all.push_back(c);
  }

  buffer body_;
  std::vector<part> parts_;
  std::vector<commit> commits_;
  error failure_;
  unsigned depth_ = 0;
  bool plain_ = false;
};

}  // namespace wire
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_WIRE_ENCODER_HPP
