// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_DECODER_HPP
#define HYPERACTOR_WIRE_DECODER_HPP

/// @file
/// `wire::decoder`: what a `codec<T>` reads from.
///
/// [WIR-5] Nothing in the input makes a decoder read beyond it, or allocate more than a small multiple of it.
/// [WIR-6] A failure sticks: numbers read after it are zero, texts empty, and `take<T>()` returns the first failure
///         whatever a codec made of it. So `return point{d.take_u32(), d.take_u32()};` is a complete read function.
/// [WIR-7] Values nest at most 500 deep; encoders refuse what is deeper, so that it does not cost its link.
/// [WIR-8] What a codec throws while a whole message is decoded is a failure of the message: nothing that another
///         process sends ends a thread of the library.

#include <hyperactor/base/result.hpp>
#include <hyperactor/wire/encoder.hpp>
#include <hyperactor/wire/error.hpp>
#include <hyperactor/wire/part.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0 {

namespace wire {
class decoder;
}

/// `codec<T>` reads without a result: `static T read(wire::decoder&)` gives a value in any case, and the decoder keeps
/// the failure. The library's own codecs do, since a result costs the compiler a hundred functions for every type.
template <class T>
concept reading_codec = requires(wire::decoder& d) {
  { codec<T>::read(d) } -> std::same_as<T>;
};

namespace detail {

/// A failed `result<T>`, also for a `T` that an `error` converts to (`bool`).
template <class T> [[nodiscard]] result<T> failed_as(const error& e) {
  return result<T>(boost::system::in_place_error, e);
}
/// Makes a failure of `r`, whose `T` need not be assignable. Functions that return one object in all cases return it
/// without a move.
template <class T> HYPERACTOR_COLD void turn_into_failure(result<T>& r, error why) noexcept {
  using whole = result<T>;
  r.~whole();
  ::new (static_cast<void*>(&r)) whole(boost::system::in_place_error, std::move(why));
}

/// Whether `text` is UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
inline bool is_utf8(std::string_view text) noexcept {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = p + text.size();
  while (p != end) {
    while (end - p >= 8) {  // eight ASCII characters at once
      std::uint64_t word;
      std::memcpy(&word, p, 8);
      if ((word & 0x8080808080808080U) != 0) break;
      p += 8;
    }
    if (p == end) return true;
    const unsigned char lead = *p++;
    if (lead < 0x80) continue;
    int more = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      more = 1;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      more = 2;
      if (lead == 0xE0) low = 0xA0;
      if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      more = 3;
      if (lead == 0xF0) low = 0x90;
      if (lead == 0xF4) high = 0x8F;
    } else {
      return false;
    }
    if (end - p < more) return false;
    if (*p < low || *p > high) return false;
    for (++p; --more > 0; ++p) {
      if ((*p & 0xC0) != 0x80) return false;
    }
  }
  return true;
}

/// `type mismatch: expected E, found F`; an empty `found` is "unknown".
HYPERACTOR_COLD inline error wire_type_mismatch(std::string_view expected, std::string_view found) {
  std::string text = "type mismatch: expected ";
  text += expected;
  text += ", found ";
  text += found.empty() ? std::string_view("unknown") : found;
  return {wire_error::type_mismatch, std::move(text)};
}

/// `invalid value: what`, with the offending number.
HYPERACTOR_COLD inline error wire_invalid_value(std::string_view what, std::uint64_t value) {
  std::string text = "invalid ";
  text += what;
  text += ": ";
  text += std::to_string(value);
  return {wire_error::invalid_value, std::move(text)};
}

}  // namespace detail

namespace wire {

/// Reads one value from bytes that nobody vouches for. The input must outlive the decoder.
class decoder {
 public:
  /// Plain input: parts stand in the body.
  explicit decoder(std::span<const std::byte> input) noexcept : at_(input.data()), end_(input.data() + input.size()) {}
  /// A message; its parts are moved out as they are taken.
  explicit decoder(multipart&& message) noexcept : decoder(message, true) {}
  /// A message; its parts are copied as they are taken.
  explicit decoder(const multipart& message) noexcept : decoder(message, false) {}
  /// A message whose body stands elsewhere; its parts are moved out as they are taken.
  decoder(std::span<const std::byte> body, std::span<part> parts) noexcept
      : at_(body.data()),
        end_(body.data() + body.size()),
        part_(parts.data()),
        part_end_(parts.data() + parts.size()),
        has_parts_(true),
        owns_parts_(true) {}
  /// One that has failed already.
  explicit decoder(error why) noexcept : failure_(std::move(why)) {}
  decoder(const decoder&) = delete;
  decoder& operator=(const decoder&) = delete;
  ~decoder() = default;

  [[nodiscard]] std::uint8_t take_u8() {
    const std::byte* const p = take_bytes(1);
    return p == nullptr ? std::uint8_t{0} : static_cast<std::uint8_t>(*p);
  }
  [[nodiscard]] std::uint16_t take_u16() { return take_number<std::uint16_t>(); }
  [[nodiscard]] std::uint32_t take_u32() { return take_number<std::uint32_t>(); }
  [[nodiscard]] std::uint64_t take_u64() { return take_number<std::uint64_t>(); }
  /// A byte that must be 0 or 1.
  [[nodiscard]] bool take_bool() {
    const std::uint8_t v = take_u8();
    if (v > 1) fail(hyperactor::detail::wire_invalid_value("bool", v));
    return v == 1;
  }
  /// An enum or variant index below `count`.
  [[nodiscard]] std::uint32_t take_index(std::uint32_t count) {
    const std::uint32_t v = take_u32();
    if (v < count) return v;
    fail(hyperactor::detail::wire_invalid_value("variant index", v));
    return 0;
  }

  /// The next `size` bytes of the input; null and a failure where there are fewer (null too for none of an empty
  /// input).
  [[nodiscard]] const std::byte* take_bytes(std::size_t size) {
    if (remaining() < size) {
      fail(wire_error::truncated);
      return nullptr;
    }
    return std::exchange(at_, at_ + size);
  }
  /// A u64 length and that many bytes, as a view into the input.
  [[nodiscard]] std::span<const std::byte> take_span() {
    const std::uint64_t size = take_u64();
    if (size > remaining()) {
      fail(wire_error::truncated);
      return {};
    }
    return {std::exchange(at_, at_ + size), static_cast<std::size_t>(size)};
  }
  /// A u64 length and that much UTF-8, as a view into the input.
  [[nodiscard]] std::string_view take_text() {
    const std::span<const std::byte> bytes = take_span();
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (hyperactor::detail::is_utf8(text)) return text;
    fail(error(wire_error::invalid_value, "string is not valid UTF-8"));
    return {};
  }
  /// The same as a string.
  [[nodiscard]] std::string take_string() { return std::string(take_text()); }
  /// A u64 count of elements, which the rest of the input must be able to hold. [WIR-5]
  /// @param element_bytes  of each, where that is known; 0: at least one byte or part each, or nothing at all
  [[nodiscard]] std::size_t take_count(std::size_t element_bytes = 0) {
    const std::uint64_t count = take_u64();
    if (count <= (element_bytes > 0 ? remaining() / element_bytes : elements_left_)) {
      if (element_bytes == 0) elements_left_ -= count;
      return static_cast<std::size_t>(count);
    }
    fail(wire_error::truncated);
    return 0;
  }

  /// Decodes a `T` by `codec<T>`: the value, or the first failure.
  template <class T> [[nodiscard]] result<T> take() {
    if constexpr (reading_codec<T>) {
      return or_failure(read<T>());
    } else {
      enter();
      if (failed()) [[unlikely]] {
        --depth_;
        return hyperactor::detail::failed_as<T>(failure_);
      }
      return decode_value<T>();
    }
  }
  /// Decodes a `T` by `codec<T>`: the value, or any value where this decoder has failed ([WIR-6]).
  template <reading_codec T> [[nodiscard]] T read() {
    enter();
    T out = codec<T>::read(*this);
    --depth_;
    return out;
  }

  /// The next part, typed or not; from plain input an inlined one.
  [[nodiscard]] part take_part() {
    if (!has_parts_) return take_inlined_part();
    if (part_ == part_end_) {
      fail(wire_error::missing_part);
      return {};
    }
    const part* const p = part_++;
    if (!owns_parts_) return *p;
    return std::move(const_cast<part&>(*p));  // the message was given up to us by rvalue
  }

  /// The counterpart of `encoder::put_repr`: a part with exactly this type hash, decoded as `Repr`.
  /// @param name  the wire name that belongs to the hash, for the error
  template <reading_codec Repr> [[nodiscard]] Repr read_repr(std::uint64_t typehash, std::string_view name) {
    if (!has_parts_) return read<Repr>();
    const part p = take_typed_part(typehash, name);
    decoder inner(p.bytes.span());
    inner.depth_ = depth_;
    Repr out = inner.read<Repr>();
    if (inner.failed()) fail(std::move(inner.failure_));
    return out;
  }

  /// The same as a result.
  template <reading_codec Repr> [[nodiscard]] result<Repr> take_repr(std::uint64_t typehash, std::string_view name) {
    return or_failure(read_repr<Repr>(typehash, name));
  }

  /// Whether parts stand in the body.
  [[nodiscard]] bool inlines_parts() const noexcept { return !has_parts_; }
  /// Bytes that were not read yet.
  [[nodiscard]] std::size_t remaining() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  [[nodiscard]] std::size_t remaining_parts() const noexcept { return static_cast<std::size_t>(part_end_ - part_); }

  /// Makes the decoding fail; the first failure counts. [WIR-6]
  HYPERACTOR_COLD void fail(error e) {
    if (!failure_) failure_ = std::move(e);
    at_ = end_;
  }
  [[nodiscard]] bool failed() const noexcept { return static_cast<bool>(failure_); }
  [[nodiscard]] const error& failure() const noexcept { return failure_; }

  /// Decodes a whole message: every part must have been used; trailing bytes of the body are ignored.
  template <class T> [[nodiscard]] result<T> take_message() {
    try {
      if constexpr (reading_codec<T>) {
        return or_failure(read_message<T>());
      } else {
        result<T> out = take<T>();
        if (out && part_ != part_end_) hyperactor::detail::turn_into_failure(out, wire_error::unused_part);
        return out;
      }
    } catch (...) {  // [WIR-8]
      fail_with_exception();
      return hyperactor::detail::failed_as<T>(failure_);
    }
  }
  /// The same without a result, as `read`; what a codec throws passes through.
  template <reading_codec T> [[nodiscard]] T read_message() {
    T out = read<T>();
    if (part_ != part_end_) fail(wire_error::unused_part);
    return out;
  }
  /// Makes the decoding fail with what the exception that is being handled says. [WIR-8]
  HYPERACTOR_COLD void fail_with_exception() { fail(hyperactor::detail::codec_exception(wire_error::invalid_value)); }

 private:
  static constexpr std::uint64_t empty_elements = 65536;

  decoder(const multipart& message, bool owned) noexcept
      : at_(message.body.data()),
        end_(message.body.data() + message.body.size()),
        part_(message.parts.data()),
        part_end_(message.parts.data() + message.parts.size()),
        has_parts_(true),
        owns_parts_(owned) {}

  void enter() {
    if (++depth_ > max_wire_depth) fail(error(wire_error::invalid_value, "values nest too deep"));
  }
  template <class T> result<T> or_failure(T value) {
    if (failed()) [[unlikely]] {
      return hyperactor::detail::failed_as<T>(failure_);
    }
    return result<T>(boost::system::in_place_value, std::move(value));
  }
  template <class T> result<T> decode_value() {
    result<T> out = codec<T>::decode(*this);
    --depth_;
    if (!out) fail(out.error());
    if (failed()) [[unlikely]] {
      if (out) hyperactor::detail::turn_into_failure(out, failure_);
    }
    return out;
  }
  template <class T> T take_number() {
    const std::byte* const p = take_bytes(sizeof(T));
    if (p == nullptr) return 0;
    T v;
    std::memcpy(&v, p, sizeof v);
    return hyperactor::detail::little_endian(v);
  }

  /// A part with this type hash; a failure and an empty part where the next one has another.
  HYPERACTOR_NOINLINE part take_typed_part(std::uint64_t typehash, std::string_view name) {
    part p = take_part();
    if (failed()) return {};
    if (p.is_typed && p.typehash == typehash) return p;
    fail(hyperactor::detail::wire_type_mismatch(name, p.is_typed ? std::to_string(p.typehash) : std::string()));
    return {};
  }
  HYPERACTOR_NOINLINE part take_inlined_part() {
    part out;
    out.is_typed = take_bool();
    if (out.is_typed) out.typehash = take_u64();
    for (std::size_t n = take_count(8); n > 0; --n) {
      const std::span<const std::byte> fragment = take_span();
      out.bytes.append(fragment.data(), fragment.size());
    }
    return out;
  }

  const std::byte* at_ = nullptr;
  const std::byte* end_ = nullptr;
  const part* part_ = nullptr;
  const part* part_end_ = nullptr;
  /// All lists together: each element has a byte or part of its own, except so many that have nothing. [WIR-5]
  std::uint64_t elements_left_ = remaining() + remaining_parts() + empty_elements;
  error failure_;
  unsigned depth_ = 0;
  bool has_parts_ = false;
  bool owns_parts_ = false;
};

}  // namespace wire
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_WIRE_DECODER_HPP
