// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_CODEC_HPP
#define HYPERACTOR_WIRE_CODEC_HPP

/// @file
/// `codec<T>`: how a `T` becomes bytes. The library has one for numbers, enumerations, texts, the containers of the
/// standard library and (with wire/remote_message.hpp) aggregates and adapted structs; specialise it for anything else.
///
///   template <> struct hyperactor::codec<shop::money> {
///     static void encode(wire::encoder& e, const shop::money& m) { e.put_u64(m.cents()); }
///     static result<shop::money> decode(wire::decoder& d) { return shop::money::of_cents(d.take_u64()); }
///   };
///
/// Instead of `decode` there may be `static shop::money read(wire::decoder&)`, which returns a value in any case and
/// says by `fail` that the bytes are none: `reading_codec`.
///
/// A type with a codec of its own needs a wire name as well: its qualified name, or `HYPERACTOR_NAMED`. Where the codec
/// writes parts, it says so by `static constexpr bool carries_parts = true;`, so that the type is refused inside maps.

#include <hyperactor/base/result.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/wire/decoder.hpp>
#include <hyperactor/wire/detail/kind.hpp>
#include <hyperactor/wire/encoder.hpp>

#include <concepts>

namespace hyperactor::inline v0 {

namespace detail {

/// What the library knows to do with a kind of type: detail/scalar_codec.hpp, detail/container_codec.hpp.
template <class T, wire_kind Kind> struct default_codec {};

/// Aggregates and adapted structs: aggregate.hpp.
template <class T> struct structure_codec;

template <class T> struct default_codec<T, wire_kind::structure> {
  static void encode(wire::encoder& e, const T& value) { structure_codec<T>::encode(e, value); }
  static T read(wire::decoder& d)
    requires requires { structure_codec<T>::read(d); }
  {
    return structure_codec<T>::read(d);
  }
  static result<T> decode(wire::decoder& d) { return structure_codec<T>::decode(d); }
};

}  // namespace detail

/// Customization point: `encode` and `decode` of `T`. The primary template is the library's own, by kind of type.
template <class T> struct codec : detail::default_codec<T, detail::wire_kind_of<T>> {
  using library_default = void;
};

/// `codec<T>` was specialised: the type says itself how it travels.
template <class T>
concept custom_codec =
    !requires { typename codec<T>::library_default; } && requires(wire::encoder& e, wire::decoder& d, const T& value) {
      codec<T>::encode(e, value);
      requires reading_codec<T> || requires {
        { codec<T>::decode(d) } -> std::same_as<result<T>>;
      };
    };

// The library's own codecs are constrained partial specialisations, not full ones: who sends no values of a type does
// not pay for its codec while compiling.

/// A buffer travels as a list of bytes, like `std::vector<std::byte>`.
template <std::same_as<wire::buffer> T> struct codec<T> {
  static void encode(wire::encoder& e, const T& value) {
    e.put_u64(value.size());
    e.put_bytes(value.data(), value.size());
  }
  static T read(wire::decoder& d) { return T(d.take_span()); }
};

/// A part keeps out of the body and keeps its type hash.
template <std::same_as<wire::part> T> struct codec<T> {
  static constexpr bool carries_parts = true;
  static void encode(wire::encoder& e, const T& value) { e.put_part(value); }
  static T read(wire::decoder& d) { return d.take_part(); }
};

/// A message inside a message: its body as a part, the number of its parts, its parts.
template <std::same_as<wire::multipart> T> struct codec<T> {
  static constexpr bool carries_parts = true;
  static void encode(wire::encoder& e, const T& value) {
    e.put_part(wire::part(value.body));
    e.put_u64(value.parts.size());
    for (const wire::part& p : value.parts) e.put_part(p);
  }
  static T read(wire::decoder& d) {
    T out;
    out.body = d.take_part().bytes;
    for (std::size_t n = d.take_count(); n > 0 && !d.failed(); --n) out.parts.push_back(d.take_part());
    return out;
  }
};

}  // namespace hyperactor::inline v0

#include <hyperactor/wire/detail/container_codec.hpp>
#include <hyperactor/wire/detail/scalar_codec.hpp>

#endif  // HYPERACTOR_WIRE_CODEC_HPP
