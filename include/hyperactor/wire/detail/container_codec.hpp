// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_DETAIL_CONTAINER_CODEC_HPP
#define HYPERACTOR_WIRE_DETAIL_CONTAINER_CODEC_HPP

/// @file
/// Codecs of the standard library's containers and vocabulary types. No header of a container is included: the types
/// are recognised by name, and whoever sends one has included it.

#include <hyperactor/wire/codec.hpp>

#include <cstddef>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Whether a run of `T` is one memcpy.
template <class T> inline constexpr bool is_bulk = is_wire_number<T> && std::endian::native == std::endian::little;

/// Types as which any memory may be read.
template <class T>
inline constexpr bool is_any_byte =
    std::is_same_v<T, std::byte> || std::is_same_v<T, unsigned char> || std::is_same_v<T, char>;

/// A member or an element.
template <reading_codec T> [[nodiscard]] T read_inner(wire::decoder& d) {
  if constexpr (is_flat<T>) {
    return codec<T>::read(d);
  } else {
    return d.read<T>();
  }
}
/// Reads a `T` and hands it to `use`, unless that fails.
template <class T, class F> void take_to(wire::decoder& d, F&& use) {
  if constexpr (reading_codec<T>) {
    T v = read_inner<T>(d);
    if (!d.failed()) use(std::move(v));
  } else if (result<T> v = d.take<T>(); v.has_value()) {
    use(std::move(*v));
  }
}

/// Room for a member until all are there.
template <class T> struct member_slot {
  explicit member_slot(wire::decoder& d) : value(d.take<T>()) {}
  [[nodiscard]] T&& get() noexcept { return std::move(*value); }
  result<T> value;
};
template <reading_codec T> struct member_slot<T> {
  explicit member_slot(wire::decoder& d) : value(read_inner<T>(d)) {}
  [[nodiscard]] T&& get() noexcept { return std::move(value); }
  T value;
};

template <std::size_t I, class T> struct indexed_slot : member_slot<T> {
  using member_slot<T>::member_slot;
};
template <class Indices, class... Es> struct member_slots;
/// Bases are constructed in order, so members are read in order.
template <std::size_t... Is, class... Es>
struct member_slots<std::index_sequence<Is...>, Es...> : indexed_slot<Is, Es>... {
  explicit member_slots(wire::decoder& d) : indexed_slot<Is, Es>(d)... {}
  template <class T> [[nodiscard]] T build() { return T{indexed_slot<Is, Es>::get()...}; }
};

/// Decodes `Es...` in order and builds `T{...}` from them; they need be neither default-constructible nor copyable.
template <class T, reading_codec... Es> T read_product([[maybe_unused]] wire::decoder& d) {
  member_slots<std::index_sequence_for<Es...>, Es...> members(d);
  return members.template build<T>();
}
template <class T, class... Es> result<T> take_product(wire::decoder& d) {
  if constexpr (sizeof...(Es) == 0) {
    return T{};
  } else {
    member_slots<std::index_sequence_for<Es...>, Es...> members(d);
    if (d.failed()) return failed_as<T>(d.failure());
    return members.template build<T>();
  }
}

template <class T> struct default_codec<T, wire_kind::sequence> {
  using element = typename T::value_type;

  static void encode(wire::encoder& e, const T& value) {
    e.put_u64(value.size());
    if constexpr (is_bulk<element> && requires { value.data(); }) {
      e.put_bytes(value.data(), value.size() * sizeof(element));
    } else {
      for (const auto& v : value) e.put(static_cast<const element&>(v));
    }
  }

  static T read(wire::decoder& d) {
    T out;
    if constexpr (is_bulk<element> && requires { out.data(); }) {
      const std::size_t count = d.take_count(sizeof(element));
      const std::byte* const bytes = d.take_bytes(count * sizeof(element));
      if (bytes == nullptr || count == 0) return out;
      if constexpr (is_any_byte<element> && requires(const element* p) { out.assign(p, p); }) {
        const auto* const first = reinterpret_cast<const element*>(bytes);
        out.assign(first, first + count);  // without writing zeros first
      } else {
        out.resize(count);
        std::memcpy(out.data(), bytes, count * sizeof(element));
      }
    } else {
      const std::size_t count = d.take_count();
      if constexpr (requires { out.reserve(count); }) {
        constexpr std::size_t trusted = (std::size_t{1} << 16) / sizeof(element) + 1;
        out.reserve(count < trusted ? count : trusted);
      }
      for (std::size_t i = 0; i < count && !d.failed(); ++i) {
        take_to<element>(d, [&](element&& v) { out.push_back(std::move(v)); });
      }
    }
    return out;
  }
};

template <class T> struct default_codec<T, wire_kind::set> {
  using element = typename T::value_type;

  static void encode(wire::encoder& e, const T& value) {
    e.put_u64(value.size());
    for (const element& v : value) e.put(v);
  }
  static T read(wire::decoder& d) {
    T out;
    for (std::size_t n = d.take_count(); n > 0 && !d.failed(); --n) {
      take_to<element>(d, [&](element&& v) { out.insert(std::move(v)); });
    }
    return out;
  }
};

template <class T> struct default_codec<T, wire_kind::map> {
  using key = typename T::key_type;
  using mapped = typename T::mapped_type;

  static void encode(wire::encoder& e, const T& value) {
    e.put_u64(value.size());
    for (const auto& entry : value) {
      e.put(entry.first);
      e.put(entry.second);
    }
  }
  /// Of entries with the same key the last one counts.
  static T read(wire::decoder& d) {
    T out;
    for (std::size_t n = d.take_count(); n > 0 && !d.failed(); --n) {
      take_to<key>(d, [&](key&& k) { take_to<mapped>(d, [&](mapped&& v) { put(out, std::move(k), std::move(v)); }); });
    }
    return out;
  }

 private:
  static void put(T& out, key&& k, mapped&& v) {
    const auto [at, fresh] = out.try_emplace(std::move(k), std::move(v));
    if (!fresh) {
      if constexpr (std::is_move_assignable_v<mapped>) at->second = std::move(v);
    }
  }
};

template <class T> struct default_codec<T, wire_kind::optional> {
  using element = typename T::value_type;

  static void encode(wire::encoder& e, const T& value) {
    e.put_u8(value ? 1 : 0);
    if (value) e.put(*value);
  }
  static T read(wire::decoder& d) {
    const std::uint8_t tag = d.take_u8();
    if (tag > 1) d.fail(wire_invalid_value("option", tag));
    T out;
    if (tag == 1) take_to<element>(d, [&](element&& v) { out.emplace(std::move(v)); });
    return out;
  }
};

template <class T, class Arguments> struct tuple_codec;
template <class T, class... Es> struct tuple_codec<T, wire_arguments<Es...>> {
  static void encode(wire::encoder& e, const T& value) {
    std::apply([&](const Es&... v) { (e.put(v), ...); }, value);
  }
  static T read(wire::decoder& d)
    requires(reading_codec<Es> && ...)
  {
    return read_product<T, Es...>(d);
  }
  static result<T> decode(wire::decoder& d) { return take_product<T, Es...>(d); }
};
template <class T> struct default_codec<T, wire_kind::tuple> : tuple_codec<T, typename wire_arguments_of<T>::type> {};

template <class T> struct default_codec<T, wire_kind::array> {
  using element = typename T::value_type;
  static constexpr std::size_t count = std::tuple_size<T>::value;

  static void encode(wire::encoder& e, const T& value) {
    if constexpr (is_bulk<element>) {
      e.put_bytes(value.data(), count * sizeof(element));
    } else {
      for (const element& v : value) e.put(v);
    }
  }
  static constexpr bool is_filled_later =
      std::is_default_constructible_v<element> && std::is_move_assignable_v<element>;

  static T read(wire::decoder& d)
    requires(is_filled_later || reading_codec<element>)
  {
    if constexpr (is_bulk<element>) {
      const std::byte* const bytes = d.take_bytes(count * sizeof(element));
      T out;  // without writing zeros first
      if (bytes == nullptr) {
        out = T{};
      } else if constexpr (count != 0) {
        std::memcpy(out.data(), bytes, count * sizeof(element));
      }
      return out;
    } else if constexpr (is_filled_later) {
      T out{};
      for (std::size_t i = 0; i < count && !d.failed(); ++i) {
        take_to<element>(d, [&](element&& v) { out[i] = std::move(v); });
      }
      return out;
    } else {
      return read_elements(d, std::make_index_sequence<count>());
    }
  }
  static result<T> decode(wire::decoder& d) { return take_elements(d, std::make_index_sequence<count>()); }

 private:
  template <std::size_t, class E> using repeat = E;
  template <std::size_t... Is> static T read_elements(wire::decoder& d, std::index_sequence<Is...>) {
    return read_product<T, repeat<Is, element>...>(d);
  }
  template <std::size_t... Is> static result<T> take_elements(wire::decoder& d, std::index_sequence<Is...>) {
    return take_product<T, repeat<Is, element>...>(d);
  }
};

template <class T, class Arguments> struct variant_codec;
template <class T, class... Es> struct variant_codec<T, wire_arguments<Es...>> {
  static void encode(wire::encoder& e, const T& value) {
    if (value.valueless_by_exception()) {
      return e.fail(error(wire_error::unsupported, "a variant without a value cannot be encoded"));
    }
    e.put_u32(static_cast<std::uint32_t>(value.index()));
    put_alternative(e, value, std::index_sequence_for<Es...>());
  }
  /// Where an alternative has no value without its bytes, nor has the variant.
  static T read(wire::decoder& d)
    requires(reading_codec<Es> && ...)
  {
    return read_alternative(d, d.take_index(sizeof...(Es)), std::index_sequence_for<Es...>());
  }
  static result<T> decode(wire::decoder& d) {
    const std::uint32_t index = d.take_index(sizeof...(Es));
    if (d.failed()) return failed_as<T>(d.failure());
    return take_alternative(d, index, std::index_sequence_for<Es...>());
  }

 private:
  template <std::size_t I, class E> static T read_one(wire::decoder& d) {
    return T(std::in_place_index<I>, read_inner<E>(d));
  }
  template <std::size_t... Is>
  static T read_alternative(wire::decoder& d, std::uint32_t index, std::index_sequence<Is...>) {
    constexpr T (*table[])(wire::decoder&) = {&read_one<Is, Es>...};
    return table[index](d);
  }
  template <std::size_t... Is>
  static void put_alternative(wire::encoder& e, const T& value, std::index_sequence<Is...>) {
    ((value.index() == Is ? e.put(*get_if<Is>(&value)) : void()), ...);
  }
  template <std::size_t I, class E> static result<T> take_one(wire::decoder& d) {
    result<E> v = d.take<E>();
    if (!v) return failed_as<T>(v.error());
    return T(std::in_place_index<I>, std::move(*v));
  }
  template <std::size_t... Is>
  static result<T> take_alternative(wire::decoder& d, std::uint32_t index, std::index_sequence<Is...>) {
    constexpr result<T> (*table[])(wire::decoder&) = {&take_one<Is, Es>...};
    return table[index](d);
  }
};
template <class T>
struct default_codec<T, wire_kind::variant> : variant_codec<T, typename wire_arguments_of<T>::type> {};

template <class T> struct default_codec<T, wire_kind::unit> {
  static void encode(wire::encoder&, const T&) {}
  static T read(wire::decoder&) { return T{}; }
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_WIRE_DETAIL_CONTAINER_CODEC_HPP
