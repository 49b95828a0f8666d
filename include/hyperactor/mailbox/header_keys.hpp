// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_HEADER_KEYS_HPP
#define HYPERACTOR_MAILBOX_HEADER_KEYS_HPP

/// @file
/// The headers that the library itself sets and reads, their text, and the rules for stamping them.
///
/// [HKY-1] The sender's address travels with the first four numbers of a session to a handler port, and replaces a
///         stale one; later messages do without.

#include <hyperactor/identity/actor_addr.hpp>
#include <hyperactor/identity/codec.hpp>
#include <hyperactor/identity/port_addr.hpp>
#include <hyperactor/mailbox/headers.hpp>
#include <hyperactor/ordering/sequence.hpp>
#include <hyperactor/wire/named.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>

HYPERACTOR_NAMED("hyperactor::ordering::SeqInfo", hyperactor::sequence_info);

namespace hyperactor::inline v0 {

/// A session with a number is variant 0, direct variant 1. A session with number 0 is no value.
template <std::same_as<sequence_info> T> struct codec<T> {
  static void encode(wire::encoder& e, const T& s) {
    e.put_u32(s.is_direct() ? 1 : 0);
    if (s.is_direct()) return;
    e.put_u64(s.session.bytes.size());
    e.put_bytes(s.session.bytes.data(), s.session.bytes.size());
    e.put_u64(s.sequence);
  }
  static T read(wire::decoder& d) {
    T out;
    if (d.take_index(2) == 1) return out;
    const auto session = d.take_span();
    if (session.size() != out.session.bytes.size()) {
      d.fail(error(wire_error::invalid_value, "a session id has 16 bytes"));
      return out;
    }
    std::memcpy(out.session.bytes.data(), session.data(), session.size());
    out.sequence = d.take_u64();
    if (out.sequence == 0) d.fail(error(wire_error::invalid_value, "sequence number 0 in a session"));
    return out;
  }
};

/// Keys of headers. A key of your own is a struct like these, with a name of your own.
namespace header {

/// Where the message stands in its sender's stream.
struct seq_info {
  using value_type = sequence_info;
  static constexpr std::string_view name = "hyperactor::ordering::seq_info";
};
/// When it was sent.
struct send_timestamp {
  using value_type = std::chrono::system_clock::time_point;
  static constexpr std::string_view name = "hyperactor::mailbox::headers::send_timestamp";
};
/// Name of its type, for people.
struct rust_message_type {
  using value_type = std::string;
  static constexpr std::string_view name = "hyperactor::mailbox::headers::rust_message_type";
};
/// Who sent it ([HKY-1]).
struct sender_actor_id {
  using value_type = actor_addr;
  static constexpr std::string_view name = "hyperactor::mailbox::headers::sender_actor_id";
};
/// A hash of the sender that is good within one process.
struct sender_actor_id_hash {
  using value_type = std::uint64_t;
  static constexpr std::string_view name = "hyperactor::mailbox::headers::sender_actor_id_hash";
};
/// Numbers of telemetry.
struct telemetry_message_id {
  using value_type = std::uint64_t;
  static constexpr std::string_view name = "hyperactor::mailbox::headers::telemetry_message_id";
};
struct telemetry_port_index {
  using value_type = std::uint64_t;
  static constexpr std::string_view name = "hyperactor::mailbox::headers::telemetry_port_index";
};
/// The operation of an upper layer that the message belongs to; replies carry it too.
struct operation_endpoint {
  using value_type = std::string;
  static constexpr std::string_view name = "hyperactor::mailbox::headers::operation_endpoint";
};
struct operation_adverb {
  using value_type = std::string;
  static constexpr std::string_view name = "hyperactor::mailbox::headers::operation_adverb";
};

}  // namespace header

/// Copies the headers of the operation to which a message belongs to a message that continues it: a reply, a split.
template <class Headers = headers> void copy_operation_context(const Headers& from, Headers& to) {
  for (const std::uint64_t hash : {header_hash<header::operation_endpoint>, header_hash<header::operation_adverb>}) {
    if (const auto value = from.find_raw(hash)) to.set_raw(hash, *value);
  }
}

namespace detail {

/// Stamps the sender's address where the receiver needs it: see [HKY-1]. `seq_info` must have been set before.
template <class Sequence = header::seq_info>
void stamp_sender(headers& h, const actor_addr& sender, const port_addr& dest) {
  constexpr std::uint64_t last_stamped = 4;
  if (!dest.port().is_handler()) return;
  const auto sequence = h.get<Sequence>();
  if (!sequence || sequence->is_direct()) return;
  if (sequence->sequence <= last_stamped || h.contains<header::sender_actor_id>())
    h.set<header::sender_actor_id>(sender);
}

/// A time as RFC 3339 with as many digits as it needs: `1970-01-01T00:00:01.000000002+00:00`.
template <class Time> HYPERACTOR_COLD std::string rfc3339(Time time) {
  // the C library's calendar: that of <chrono> is sixty functions to compile
  const std::int64_t since = std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
  constexpr std::int64_t billion = 1'000'000'000;
  const std::int64_t fraction = (since % billion + billion) % billion;
  const auto seconds = static_cast<std::time_t>((since - fraction) / billion);
  std::tm date{};
  ::gmtime_r(&seconds, &date);
  char text[80];
  int used = std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", date.tm_year + 1900, date.tm_mon + 1,
                           date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec);
  std::string out(text, static_cast<std::size_t>(used));
  if (fraction != 0) {
    const int digits = fraction % 1'000'000 == 0 ? 3 : fraction % 1000 == 0 ? 6 : 9;
    used = std::snprintf(text, sizeof text, ".%09lld", static_cast<long long>(fraction));
    out.append(text, static_cast<std::size_t>(digits + 1));
  }
  out += "+00:00";
  return out;
}

/// Appends a value of `Key`, encoded.
template <class Key> void print_header(std::span<const std::byte> encoded, std::string& out) {
  using value_type = typename Key::value_type;
  wire::decoder d(encoded);
  const value_type value = d.read<value_type>();
  out += Key::name;
  out += '=';
  if (d.failed()) {
    out += "(not decodable)";
  } else if constexpr (std::is_same_v<value_type, std::string>) {
    out += value;
  } else if constexpr (std::is_same_v<value_type, std::uint64_t>) {
    out += std::to_string(value);
  } else if constexpr (std::is_same_v<value_type, std::chrono::system_clock::time_point>) {
    out += rfc3339(value);
  } else {
    out += value.to_string();
  }
}

/// Appends the header with this hash, if it is one of `Keys`.
template <class... Keys>
bool print_known_header(std::uint64_t hash, std::span<const std::byte> encoded, std::string& out) {
  return ((hash == header_hash<Keys> && (print_header<Keys>(encoded, out), true)) || ...);
}

}  // namespace detail

template <class> HYPERACTOR_COLD std::string headers::to_string() const {
  std::string out;
  for_each([&](std::uint64_t hash, std::span<const std::byte> value) {
    if (!out.empty()) out += ',';
    if (detail::print_known_header<header::seq_info, header::send_timestamp, header::rust_message_type,
                                   header::sender_actor_id, header::sender_actor_id_hash, header::telemetry_message_id,
                                   header::telemetry_port_index, header::operation_endpoint, header::operation_adverb>(
            hash, value, out)) {
      return;
    }
    char text[32];
    std::snprintf(text, sizeof text, "0x%016llx", static_cast<unsigned long long>(hash));
    out += text;
    out += "=(" + std::to_string(value.size()) + " bytes)";
  });
  return out;
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_MAILBOX_HEADER_KEYS_HPP
