// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_TESTS_UNIT_MAILBOX_VECTOR_ENVELOPES_HPP
#define HYPERACTOR_TESTS_UNIT_MAILBOX_VECTOR_ENVELOPES_HPP

/// @file
/// The envelopes of envelope.json, made from values.

#include <hyperactor/mailbox/envelope.hpp>

#include "unit/mailbox/vector_check.hpp"

namespace vectors {

inline const json::value& envelopes() {
  static const json::value root = json::load_vectors("envelope.json");
  return root;
}

/// The data of a case, whatever its encoding: u64 42.
inline ha::any_value data_of(std::string_view name) {
  if (name != "bincode-data" && name != "json-data") return ha::any_value::encode(std::uint64_t{42}).value();
  // variant, length and bytes, then the hash of u64
  std::string bytes = name == "json-data" ? std::string(
                                                "\1\0\0\0\2\0\0\0\0\0\0\0"
                                                "42",
                                                14)
                                          : std::string("\0\0\0\0\10\0\0\0\0\0\0\0*\0\0\0\0\0\0\0", 20);
  bytes += "\x76\x50\x26\x6b\x44\x28\x5a\x8d";
  ha::wire::decoder d(std::as_bytes(std::span(bytes.data(), bytes.size())));
  return d.take<ha::any_value>().value();
}

inline ha::message_envelope make_envelope(std::string_view name) {
  ha::sequence_info sequence;
  for (std::uint8_t i = 0; i < 16; ++i) sequence.session.bytes[i] = i;
  sequence.sequence = 1;
  ha::message_envelope m(ha::actor_addr::parse("a.p@ipc://@yolo").value(),
                         ha::port_addr::parse("b.q:u64<pDi1gahZSVC>@ipc://@yolo").value(), data_of(name));
  if (name == "bincode-data" || name == "json-data") return m;
  m.set_ttl(63);
  m.headers().set<ha::header::seq_info>(sequence);
  if (name == "with-two-failures") {
    auto first = ha::delivery_failure::actor_does_not_exist();
    first.set_target(m.dest());
    m.push_delivery_failure(std::move(first));
    auto second = ha::delivery_failure::expired();
    second.attributes().set<ha::header::operation_endpoint>("e");
    m.push_delivery_failure(std::move(second));
  }
  if (name == "with-next-hop") m.set_next_hop(ha::port_addr::parse("b.q:9@<2>.inproc://1").value());
  return m;
}

}  // namespace vectors

#endif  // HYPERACTOR_TESTS_UNIT_MAILBOX_VECTOR_ENVELOPES_HPP
