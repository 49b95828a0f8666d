// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_HEADERS_HPP
#define HYPERACTOR_MAILBOX_HEADERS_HPP

/// @file
/// `headers`: typed values that travel with a message beside it.
///
/// They are kept in the form in which they travel: a u16 count, then per entry the 64-bit hash of the key's name, a u32
/// length and the value in plain encoding. Keys are types; see mailbox/header_keys.hpp for those of the library.
///
/// [HDR-1] Setting a key again overwrites: in place where the length is the same, otherwise at the end. The order of
///         insertion is kept.
/// [HDR-2] Nothing in a buffer that came from elsewhere makes reading go beyond it; what is cut off is dropped.

#include <hyperactor/base/hash.hpp>
#include <hyperactor/base/result.hpp>
#include <hyperactor/wire/codec.hpp>
#include <hyperactor/wire/error.hpp>
#include <hyperactor/wire/part.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0 {

/// A type that names one header. Members: `value_type`, which has a codec, and `static constexpr std::string_view
/// name`, lower case and unique: its hash is the key on the wire.
template <class K>
concept header_key = requires {
  typename K::value_type;
  { K::name } -> std::convertible_to<std::string_view>;
};

/// The number by which a header travels: FNV-1a of the key's name.
template <header_key Key> inline constexpr std::uint64_t header_hash = detail::fnv1a64(Key::name);

/// Headers of a message.
/// @note without entries no memory is held
/// @threadsafe as a value
class headers {
 public:
  headers() noexcept = default;

  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// Number of entries.
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.empty() ? 0 : load<std::uint16_t>(0); }
  void clear() noexcept { bytes_ = {}; }

  /// The value of `Key`; nothing where it is missing or not decodable.
  template <header_key Key> [[nodiscard]] std::optional<typename Key::value_type> get() const {
    const std::byte* value = nullptr;
    std::size_t length = 0;
    if (!find(header_hash<Key>, value, length)) return std::nullopt;
    wire::decoder d(std::span(value, length));
    auto out = d.take<typename Key::value_type>();
    if (!out) return std::nullopt;
    return std::move(*out);
  }
  /// Sets `Key`; a value that cannot be encoded removes it ([HDR-1]).
  template <header_key Key> void set(const typename Key::value_type& value) {
    wire::encoder e = wire::encoder::plain();
    e.put(value);
    if (auto encoded = e.finish()) {
      set_raw(header_hash<Key>, encoded->body.span());
    } else {
      erase_raw(header_hash<Key>);
    }
  }
  template <header_key Key> [[nodiscard]] bool contains() const noexcept { return contains_raw(header_hash<Key>); }
  template <header_key Key> bool erase() noexcept { return erase_raw(header_hash<Key>); }

  [[nodiscard]] bool contains_raw(std::uint64_t hash) const noexcept {
    const std::byte* value = nullptr;
    std::size_t length = 0;
    return find(hash, value, length);
  }
  /// The encoded value of a key; nothing where it is missing.
  [[nodiscard]] std::optional<std::span<const std::byte>> find_raw(std::uint64_t hash) const noexcept {
    const std::byte* value = nullptr;
    std::size_t length = 0;
    if (!find(hash, value, length)) return std::nullopt;
    return std::span(value, length);
  }
  /// Sets a key whose value is encoded already ([HDR-1]). `value` may not stand in these headers.
  void set_raw(std::uint64_t hash, std::span<const std::byte> value) {
    const std::byte* old = nullptr;
    std::size_t length = 0;
    if (find(hash, old, length)) {
      if (length == value.size()) {
        if (length != 0) std::memcpy(bytes_.data() + (old - bytes_.data()), value.data(), length);
        return;
      }
      erase_raw(hash);
    }
    if (size() == 0xFFFF) return;  // no entry more fits the count
    if (bytes_.empty()) store<std::uint16_t>(append_room(2), 0);
    const std::size_t at = append_room(entry_bytes + value.size());
    store<std::uint64_t>(at, hash);
    store<std::uint32_t>(at + 8, static_cast<std::uint32_t>(value.size()));
    if (!value.empty()) std::memcpy(bytes_.data() + at + entry_bytes, value.data(), value.size());
    store<std::uint16_t>(0, static_cast<std::uint16_t>(size() + 1));
  }
  bool erase_raw(std::uint64_t hash) noexcept {
    const std::byte* value = nullptr;
    std::size_t length = 0;
    if (!find(hash, value, length)) return false;
    std::byte* const start = bytes_.data() + (value - bytes_.data()) - entry_bytes;
    const std::size_t removed = entry_bytes + length;
    const std::size_t after = bytes_.size() - static_cast<std::size_t>(start - bytes_.data()) - removed;
    if (after != 0) std::memmove(start, start + removed, after);
    bytes_.resize(bytes_.size() - removed);
    store<std::uint16_t>(0, static_cast<std::uint16_t>(size() - 1));
    return true;
  }

  /// Calls `f(hash, encoded value)` for every entry, in their order.
  template <class F> void for_each(F&& f) const {
    walk(bytes_.span(), [&](std::uint64_t hash, std::span<const std::byte> value) {
      f(hash, value);
      return true;
    });
  }

  /// `name=value,...`; a key that this program does not know prints as its hash and the number of bytes.
  /// Defined in mailbox/header_keys.hpp.
  [[nodiscard]] std::string to_string() const;

  /// The bytes as they travel; without entries `00 00`.
  [[nodiscard]] wire::buffer wire_bytes() const {
    if (!bytes_.empty()) return bytes_;
    constexpr std::byte none[2]{};
    return wire::buffer(none, sizeof none);
  }
  /// Headers from bytes that came from elsewhere: the complete entries ([HDR-2]).
  [[nodiscard]] static headers from_wire(wire::buffer bytes) {
    headers out;
    if (!is_valid(bytes.span())) {
      std::size_t count = 0;
      const std::size_t end = walk(bytes.span(), [&](std::uint64_t, std::span<const std::byte>) {
        ++count;
        return true;
      });
      bytes.resize(count == 0 ? 0 : end);
      out.bytes_ = std::move(bytes);
      if (count != 0) out.store<std::uint16_t>(0, static_cast<std::uint16_t>(count));
      return out;
    }
    if (bytes.size() > 2) out.bytes_ = std::move(bytes);
    return out;
  }
  /// Whether `bytes` is exactly what its count declares.
  /// @errors wire_error::truncated, wire_error::invalid_value
  [[nodiscard]] static result<void> validate(std::span<const std::byte> bytes) {
    if (bytes.size() < 2) return error(wire_error::truncated, "flattrs buffer is missing its entry-count header");
    std::size_t count = 0;
    const std::size_t end = walk(bytes, [&](std::uint64_t, std::span<const std::byte>) {
      ++count;
      return true;
    });
    std::uint16_t declared = 0;
    std::memcpy(&declared, bytes.data(), 2);
    declared = detail::little_endian(declared);
    if (count != declared) {
      return error(wire_error::truncated, "flattrs declares " + std::to_string(declared) + " entries but contains " +
                                              std::to_string(count) + " complete entries");
    }
    if (end != bytes.size()) {
      return error(wire_error::invalid_value,
                   "flattrs buffer has " + std::to_string(bytes.size() - end) + " trailing bytes");
    }
    return {};
  }

  /// The same entries in the same order.
  friend bool operator==(const headers& a, const headers& b) noexcept {
    return (a.empty() && b.empty()) || a.bytes_ == b.bytes_;
  }

 private:
  static constexpr std::size_t entry_bytes = 12;

  /// Calls `f` for each complete entry until it returns false; returns where it stopped.
  template <class F> static std::size_t walk(std::span<const std::byte> bytes, F&& f) {
    if (bytes.size() < 2) return 0;
    std::uint16_t count = 0;
    std::memcpy(&count, bytes.data(), 2);
    count = detail::little_endian(count);
    std::size_t at = 2;
    for (; count != 0; --count) {
      if (bytes.size() - at < entry_bytes) return at;
      std::uint64_t hash = 0;
      std::uint32_t length = 0;
      std::memcpy(&hash, bytes.data() + at, 8);
      std::memcpy(&length, bytes.data() + at + 8, 4);
      length = detail::little_endian(length);
      if (bytes.size() - at - entry_bytes < length) return at;
      if (!f(detail::little_endian(hash), bytes.subspan(at + entry_bytes, length))) return at;
      at += entry_bytes + length;
    }
    return at;
  }
  [[nodiscard]] static bool is_valid(std::span<const std::byte> bytes) {
    std::size_t count = 0;
    const std::size_t end = walk(bytes, [&](std::uint64_t, std::span<const std::byte>) {
      ++count;
      return true;
    });
    std::uint16_t declared = 0;
    if (bytes.size() < 2) return false;
    std::memcpy(&declared, bytes.data(), 2);
    return count == detail::little_endian(declared) && end == bytes.size();
  }
  [[nodiscard]] bool find(std::uint64_t hash, const std::byte*& value, std::size_t& length) const noexcept {
    bool is_found = false;
    walk(bytes_.span(), [&](std::uint64_t key, std::span<const std::byte> bytes) {
      if (key != hash) return true;
      is_found = true;
      value = bytes.data();
      length = bytes.size();
      return false;
    });
    return is_found;
  }
  std::size_t append_room(std::size_t bytes) {
    const std::size_t at = bytes_.size();
    bytes_.extend(bytes);
    return at;
  }
  template <class T> [[nodiscard]] T load(std::size_t at) const noexcept {
    T value;
    std::memcpy(&value, bytes_.data() + at, sizeof value);
    return detail::little_endian(value);
  }
  template <class T> void store(std::size_t at, T value) noexcept {
    value = detail::little_endian(value);
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }

  wire::buffer bytes_;  // empty, or a count and that many complete entries
};

/// Headers travel as one untyped part.
template <> struct codec<headers> {
  static constexpr bool carries_parts = true;
  static void encode(wire::encoder& e, const headers& h) { e.put_part(wire::part(h.wire_bytes())); }
  static result<headers> decode(wire::decoder& d) { return headers::from_wire(std::move(d.take_part().bytes)); }
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_MAILBOX_HEADERS_HPP
