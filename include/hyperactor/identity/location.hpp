// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_LOCATION_HPP
#define HYPERACTOR_IDENTITY_LOCATION_HPP

/// @file
/// `location`: how to get to a proc: a channel address, or a way through gateways that ends at one.
///
/// [LOC-1] A location is one pointer to an immutable record; copies share it and compare equal at once.
/// [LOC-2] Hops compare as uids do; every terminal sorts before every way through hops.

#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/channel_addr.hpp>
#include <hyperactor/identity/uid.hpp>

#include <new>
#include <span>
#include <vector>

namespace hyperactor::inline v0 {

/// Where a proc is: `tcp://127.0.0.1:80`, or `<2>.tcp://127.0.0.1:80`: the gateway there passes on to `<2>`'s way.
/// @threadsafe as a value
class location {
 public:
  /// The end of every way.
  location(channel_addr addr)  // NOLINT(google-explicit-constructor)
      : location(record::make(std::move(addr), nullptr, nullptr, 0)) {}
  /// A way: outermost hop first, then the channel.
  location(std::span<const uid> hops, channel_addr addr)
      : location(record::make(std::move(addr), nullptr, hops.data(), hops.size())) {}
  /// Reads `{ uid "." } url`.
  /// @errors parse_error::invalid_location
  template <class T = location> [[nodiscard]] static result<T> parse(std::string_view text);

  /// The channel at the end of the way.
  [[nodiscard]] const channel_addr& addr() const noexcept { return record_->addr; }
  /// The hops, outermost first; none for a terminal. Valid as long as this location or a copy of it.
  [[nodiscard]] std::span<const uid> hops() const noexcept { return {record_->first_hop(), record_->size}; }
  /// Whether there is at least one hop.
  [[nodiscard]] bool is_via() const noexcept { return record_->size != 0; }
  /// The way that starts with one more hop.
  [[nodiscard]] location with_via(const uid& hop) const {
    return location(record::make(addr(), &hop, record_->first_hop(), record_->size));
  }
  /// The way behind the outermost hop; `hops().front()` is that hop.
  /// @pre is_via()
  [[nodiscard]] location pop_via() const {
    return location(record::make(addr(), nullptr, record_->first_hop() + 1, record_->size - 1));
  }

  /// The hops, each with a dot behind it, and the url.
  [[nodiscard]] std::string to_string() const {
    std::string out;
    for (std::size_t i = 0; i < record_->size; ++i) {
      out += record_->first_hop()[i].to_string();
      out += '.';
    }
    out += addr().to_url();
    return out;
  }
  /// The text.
  [[nodiscard]] std::string debug_string() const { return to_string(); }
  [[nodiscard]] std::size_t hash() const noexcept { return record_->hash; }

  friend bool operator==(const location& a, const location& b) noexcept {  // [LOC-1]
    return a.record_ == b.record_ || (a.record_->hash == b.record_->hash && a.compare(b) == 0);
  }
  friend std::strong_ordering operator<=>(const location& a, const location& b) noexcept {  // [LOC-2]
    return a.record_ == b.record_ ? std::strong_ordering::equal : a.compare(b);
  }

 private:
  /// What all copies share; the hops stand behind it in the same block.
  struct record : detail::ref_counted<record> {
    [[nodiscard]] static record* make(channel_addr addr, const uid* outermost, const uid* hops, std::size_t count) {
      const std::size_t size = count + (outermost != nullptr ? 1 : 0);
      void* block = ::operator new(sizeof(record) + size * sizeof(uid));
      auto* out = ::new (block) record(std::move(addr), size);
      uid* at = reinterpret_cast<uid*>(out + 1);
      if (outermost != nullptr) ::new (static_cast<void*>(at++)) uid(*outermost);
      for (std::size_t i = 0; i < count; ++i) ::new (static_cast<void*>(at++)) uid(hops[i]);
      for (std::size_t i = 0; i < size; ++i) out->hash = detail::mix_hashes(out->hash, out->first_hop()[i].hash());
      return out;
    }
    static void destroy(record* self) noexcept {
      for (std::size_t i = 0; i < self->size; ++i) self->first_hop()[i].~uid();
      self->~record();
      ::operator delete(static_cast<void*>(self));
    }
    record(channel_addr end, std::size_t hop_count) noexcept
        : addr(std::move(end)), size(hop_count), hash(addr.hash()) {}
    [[nodiscard]] const uid* first_hop() const noexcept { return std::launder(reinterpret_cast<const uid*>(this + 1)); }

    channel_addr addr;
    std::size_t size;
    std::size_t hash;
  };

  explicit location(const record* fresh) noexcept : record_(detail::intrusive_ptr<const record>::adopt(fresh)) {}
  [[nodiscard]] std::strong_ordering compare(const location& o) const noexcept {
    const record& x = *record_;
    const record& y = *o.record_;
    for (std::size_t i = 0; i < x.size && i < y.size; ++i) {
      if (const auto by_hop = x.first_hop()[i] <=> y.first_hop()[i]; by_hop != 0) return by_hop;
    }
    return x.size != y.size ? x.size <=> y.size : x.addr <=> y.addr;
  }

  detail::intrusive_ptr<const record> record_;
};

static_assert(sizeof(location) == sizeof(void*));

namespace detail {

/// Reads a location that stands at `offset` of the input. Tells the reason where there is none.
/// @param at_end  what the complaint about an empty text is about
template <class T = location, class Hop = uid>
std::optional<T> read_location(std::string_view text, std::size_t offset, text_span at_end, syntax_error& fault) {
  const text_span whole{offset, offset + text.size()};
  if (text.empty()) {
    fault = {syntax_fault::expected, at_end, "expected location, found end of input"};
    return std::nullopt;
  }
  const std::size_t mark = text.find("://");
  if (mark == std::string_view::npos) {
    fault = {syntax_fault::invalid_location, whole, "invalid location: expected ZMQ URL with `://`"};
    return std::nullopt;
  }
  std::size_t url = mark;
  while (url != 0 && ((text[url - 1] | 0x20) >= 'a' && (text[url - 1] | 0x20) <= 'z')) --url;
  auto addr = channel_addr::parse_url<when_used<channel_addr, T>>(text.substr(url));
  if (!addr) {
    fault = {syntax_fault::invalid_location, whole, "invalid location: " + addr.error().message()};
    return std::nullopt;
  }
  when_used<id_reader, T> reader(text.substr(0, url), offset);
  std::vector<Hop> hops;
  while (!reader.at(id_token_kind::end)) {
    auto hop = read_uid<Hop>(reader);
    if (!hop || !reader.expect(id_token_kind::dot, "\".\"")) {
      fault = *reader.error();
      return std::nullopt;
    }
    hops.push_back(std::move(*hop));
  }
  return T(std::span<const Hop>(hops.data(), hops.size()), std::move(*addr));
}

/// Cuts an address at its `@`, reads both halves, and names the one that is wrong.
template <class Id, class Address> [[nodiscard]] result<Address> parse_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return parse_error::missing_separator;
  result<Id> id = Id::parse(text.substr(0, at));
  if (!id) return error(id.error().code(), "invalid id: " + id.error().message());
  auto where = location::parse<when_used<location, Address>>(text.substr(at + 1));
  if (!where) return error(where.error().code(), "invalid location: " + where.error().message());
  return Address(std::move(*id), std::move(*where));
}

}  // namespace detail

template <class T> result<T> location::parse(std::string_view text) {
  detail::syntax_error fault;
  std::optional<T> out = detail::read_location<T>(text, 0, {}, fault);
  if (out) return std::move(*out);
  return error(parse_error::invalid_location, std::move(fault.text));
}

}  // namespace hyperactor::inline v0

template <> struct std::hash<hyperactor::location> {
  std::size_t operator()(const hyperactor::location& value) const noexcept { return value.hash(); }
};
template <std::same_as<hyperactor::location> T>
struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_LOCATION_HPP
