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
#include <hyperactor/base/when_used.hpp>
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
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.empty() ? 0 : load_at<std::uint16_t>(bytes_.data()); }
  void clear() noexcept { bytes_ = {}; }

  /// The value of `Key`; nothing where it is missing or not decodable.
  template <header_key Key> [[nodiscard]] std::optional<typename Key::value_type> get() const {
    const std::byte* value = nullptr;
    std::size_t length = 0;
    if (!find(header_hash<Key>, value, length)) return std::nullopt;
    wire::decoder d(std::span(value, length));
    std::optional<typename Key::value_type> out;
    detail::take_to<typename Key::value_type>(d, [&](typename Key::value_type&& v) { out.emplace(std::move(v)); });
    return out;
  }
  /// Sets `Key`; a value that cannot be encoded removes it ([HDR-1]).
  template <header_key Key> void set(const typename Key::value_type& value) {
    auto e = detail::when_used<wire::encoder, Key>::plain();
    e.put(value);
    if (auto encoded = e.finish(); encoded.has_value()) {
      set_raw(header_hash<Key>, encoded->body.span());
    } else {
      erase_raw(header_hash<Key>);
    }
  }
  template <header_key Key> [[nodiscard]] bool contains() const noexcept { return contains_raw(header_hash<Key>); }
  template <header_key Key> bool erase() noexcept { return erase_raw(header_hash<Key>); }

  /// The value of a key whose values are texts; false where it is missing or not decodable.
  template <header_key Key> [[nodiscard]] bool get_text(std::string& out) const {
    static_assert(std::is_same_v<typename Key::value_type, std::string>);
    return find_text(header_hash<Key>, out);
  }
  [[nodiscard]] bool contains_raw(std::uint64_t hash) const noexcept {
    const std::byte* value = nullptr;
    std::size_t length = 0;
    return find(hash, value, length);
  }
  /// The encoded value of a key; nothing where it is missing.
  template <class Bytes = std::span<const std::byte>>
  [[nodiscard]] std::optional<Bytes> find_raw(std::uint64_t hash) const noexcept {
    const std::byte* value = nullptr;
    std::size_t length = 0;
    if (!find(hash, value, length)) return std::nullopt;
    return Bytes(value, length);
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
    for (cursor c(bytes_); c.next();) f(c.hash, std::span(c.value, c.length));
  }

  /// `name=value,...`; a key that this program does not know prints as its hash and the number of bytes.
  /// Defined in mailbox/header_keys.hpp.
  template <class = void> [[nodiscard]] std::string to_string() const;

  /// The bytes as they travel; without entries `00 00`.
  [[nodiscard]] wire::buffer wire_bytes() const {
    if (!bytes_.empty()) return bytes_;
    constexpr std::byte none[2]{};
    return wire::buffer(none, sizeof none);
  }
  /// Headers from bytes that came from elsewhere: the complete entries ([HDR-2]).
  [[nodiscard]] static headers from_wire(wire::buffer bytes) {
    const extent complete = measure(bytes.span());
    headers out;
    if (complete.is_exact(bytes.size())) {
      if (bytes.size() > 2) out.bytes_ = std::move(bytes);
      return out;
    }
    bytes.resize(complete.count == 0 ? 0 : complete.end);
    out.bytes_ = std::move(bytes);
    if (complete.count != 0) out.store<std::uint16_t>(0, static_cast<std::uint16_t>(complete.count));
    return out;
  }
  /// Whether `bytes` is exactly what its count declares.
  /// @errors wire_error::truncated, wire_error::invalid_value
  template <class Value = void> [[nodiscard]] static result<Value> validate(std::span<const std::byte> bytes) {
    if (bytes.size() < 2) return error(wire_error::truncated, "flattrs buffer is missing its entry-count header");
    const extent complete = measure(bytes);
    if (complete.count != complete.declared) {
      return error(wire_error::truncated, "flattrs declares " + std::to_string(complete.declared) +
                                              " entries but contains " + std::to_string(complete.count) +
                                              " complete entries");
    }
    if (complete.end != bytes.size()) {
      return error(wire_error::invalid_value,
                   "flattrs buffer has " + std::to_string(bytes.size() - complete.end) + " trailing bytes");
    }
    return {};
  }

  /// The same entries in the same order.
  friend bool operator==(const headers& a, const headers& b) noexcept {
    return (a.empty() && b.empty()) || a.bytes_ == b.bytes_;
  }

 private:
  static constexpr std::size_t entry_bytes = 12;

  /// Goes through the complete entries of a buffer.
  struct cursor {
    explicit cursor(const wire::buffer& bytes) noexcept : cursor(bytes.data(), bytes.size()) {}
    cursor(const std::byte* data, std::size_t count) noexcept : base(data), size(count) {
      if (size >= 2) declared = left = load_at<std::uint16_t>(data);
    }
    [[nodiscard]] bool next() noexcept {
      if (left == 0 || size - end < entry_bytes) return false;
      const std::byte* const entry = base + end;
      const auto value_bytes = load_at<std::uint32_t>(entry + 8);
      if (size - end - entry_bytes < value_bytes) return false;
      hash = load_at<std::uint64_t>(entry);
      value = entry + entry_bytes;
      length = value_bytes;
      end += entry_bytes + value_bytes;
      --left;
      return true;
    }

    const std::byte* base;
    std::size_t size;
    std::size_t end = 2;  // of the entries seen so far
    std::uint16_t declared = 0;
    std::uint16_t left = 0;
    std::uint64_t hash = 0;
    const std::byte* value = nullptr;
    std::size_t length = 0;
  };
  /// How far the complete entries of a buffer go.
  struct extent {
    std::size_t count = 0;
    std::size_t declared = 0;
    std::size_t end = 0;
    [[nodiscard]] bool is_exact(std::size_t bytes) const noexcept {
      return bytes >= 2 && count == declared && end == bytes;
    }
  };
  [[nodiscard]] static extent measure(std::span<const std::byte> bytes) noexcept {
    cursor c(bytes.data(), bytes.size());
    extent out;
    while (c.next()) ++out.count;
    out.declared = c.declared;
    out.end = c.end;
    return out;
  }
  [[nodiscard]] bool find(std::uint64_t hash, const std::byte*& value, std::size_t& length) const noexcept {
    for (cursor c(bytes_); c.next();) {
      if (c.hash != hash) continue;
      value = c.value;
      length = c.length;
      return true;
    }
    return false;
  }
  [[nodiscard]] bool find_text(std::uint64_t hash, std::string& out) const {
    const std::byte* value = nullptr;
    std::size_t length = 0;
    if (!find(hash, value, length)) return false;
    wire::decoder d(std::span(value, length));
    const std::string_view text = d.take_text();
    if (d.failed()) return false;
    out = text;
    return true;
  }
  std::size_t append_room(std::size_t bytes) {
    const std::size_t at = bytes_.size();
    bytes_.extend(bytes);
    return at;
  }
  template <class T> [[nodiscard]] static T load_at(const std::byte* from) noexcept {
    T value;
    std::memcpy(&value, from, sizeof value);
    return detail::little_endian(value);
  }
  template <class T> void store(std::size_t at, T value) noexcept {
    value = detail::little_endian(value);
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }

  wire::buffer bytes_;  // empty, or a count and that many complete entries
};

/// Headers travel as one untyped part.
template <std::same_as<headers> T> struct codec<T> {
  static constexpr bool carries_parts = true;
  static void encode(wire::encoder& e, const T& h) { e.put_part(wire::part(h.wire_bytes())); }
  static T read(wire::decoder& d) { return T::from_wire(std::move(d.take_part().bytes)); }
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_MAILBOX_HEADERS_HPP
