// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_PORT_REPR_HPP
#define HYPERACTOR_MAILBOX_PORT_REPR_HPP

/// @file
/// What port references are on the wire: values that relays can read and rewrite without knowing the message.

#include <hyperactor/identity/codec.hpp>
#include <hyperactor/identity/port_addr.hpp>
#include <hyperactor/wire/any_value.hpp>
#include <hyperactor/wire/codec.hpp>
#include <hyperactor/wire/named.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace hyperactor::inline v0 {

/// Which reducer folds the messages of a split port. Kept as it came; this library splits no ports yet.
struct reducer_spec {
  std::uint64_t type_hash = 0;
  std::optional<any_value> parameters;
};
template <>
struct codec<reducer_spec> {
  static void encode(wire::encoder& e, const reducer_spec& s) {
    e.put_u64(s.type_hash);
    e.put(s.parameters);
  }
  static result<reducer_spec> decode(wire::decoder& d) {
    reducer_spec out;
    out.type_hash = d.take_u64();
    auto parameters = d.take<std::optional<any_value>>();
    if (!parameters) return parameters.error();
    out.parameters = std::move(*parameters);
    return out;
  }
};

namespace detail {

struct once_port_repr {
  hyperactor::port_addr port_addr;
  std::optional<hyperactor::reducer_spec> reducer_spec;
  bool return_undeliverable = true;
  bool unsplit = false;
};
struct port_repr {
  hyperactor::port_addr port_addr;
  std::optional<hyperactor::reducer_spec> reducer_spec;
  std::optional<std::chrono::nanoseconds> max_update_interval;
  std::optional<std::chrono::nanoseconds> initial_update_interval;
  bool return_undeliverable = true;
  bool unsplit = false;
};

}  // namespace detail

template <>
struct codec<detail::once_port_repr> {
  static void encode(wire::encoder& e, const detail::once_port_repr& r) {
    e.put(r.port_addr);
    e.put(r.reducer_spec);
    e.put(r.return_undeliverable);
    e.put(r.unsplit);
  }
  static result<detail::once_port_repr> decode(wire::decoder& d) {
    auto addr = d.take<port_addr>();
    if (!addr) return addr.error();
    auto spec = d.take<std::optional<reducer_spec>>();
    if (!spec) return spec.error();
    detail::once_port_repr out{std::move(*addr), std::move(*spec)};
    out.return_undeliverable = d.take_bool();
    out.unsplit = d.take_bool();
    return out;
  }
};

template <>
struct codec<detail::port_repr> {
  static void encode(wire::encoder& e, const detail::port_repr& r) {
    e.put(r.port_addr);
    e.put(r.reducer_spec);
    e.put(r.max_update_interval);
    e.put(r.initial_update_interval);
    e.put(r.return_undeliverable);
    e.put(r.unsplit);
  }
  static result<detail::port_repr> decode(wire::decoder& d) {
    auto addr = d.take<port_addr>();
    if (!addr) return addr.error();
    auto spec = d.take<std::optional<reducer_spec>>();
    if (!spec) return spec.error();
    detail::port_repr out{std::move(*addr), std::move(*spec), {}, {}};
    auto longest = d.take<std::optional<std::chrono::nanoseconds>>();
    if (!longest) return longest.error();
    auto initial = d.take<std::optional<std::chrono::nanoseconds>>();
    if (!initial) return initial.error();
    out.max_update_interval = *longest;
    out.initial_update_interval = *initial;
    out.return_undeliverable = d.take_bool();
    out.unsplit = d.take_bool();
    return out;
  }
};

}  // namespace hyperactor::inline v0

HYPERACTOR_NAMED("hyperactor::accum::ReducerSpec", hyperactor::reducer_spec);
HYPERACTOR_NAMED("hyperactor::ref_::OncePortRefRepr", hyperactor::detail::once_port_repr);
HYPERACTOR_NAMED("hyperactor::ref_::PortRefRepr", hyperactor::detail::port_repr);

#endif  // HYPERACTOR_MAILBOX_PORT_REPR_HPP
