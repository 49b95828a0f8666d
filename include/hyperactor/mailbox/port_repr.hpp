// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_PORT_REPR_HPP
#define HYPERACTOR_MAILBOX_PORT_REPR_HPP

/// @file
/// What port references are on the wire: values that relays can read and rewrite without knowing the message.

#include <hyperactor/base/when_used.hpp>
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
template <class Value = any_value> struct basic_reducer_spec {
  std::uint64_t type_hash = 0;
  std::optional<Value> parameters;
};
using reducer_spec = basic_reducer_spec<>;
template <std::same_as<reducer_spec> T> struct codec<T> {
  static void encode(wire::encoder& e, const T& s) {
    e.put_u64(s.type_hash);
    e.put(s.parameters);
  }
  static T read(wire::decoder& d) {
    T out;
    out.type_hash = d.take_u64();
    out.parameters = d.read<detail::when_used<std::optional<any_value>, T>>();
    return out;
  }
};

namespace detail {

// templates with one use each, so that who serializes no port does not pay for them
template <class Spec = hyperactor::reducer_spec> struct basic_once_port_repr {
  hyperactor::port_addr port_addr;
  std::optional<Spec> reducer_spec;
  bool return_undeliverable = true;
  bool unsplit = false;
};
template <class Spec = hyperactor::reducer_spec> struct basic_port_repr {
  hyperactor::port_addr port_addr;
  std::optional<Spec> reducer_spec;
  std::optional<std::chrono::nanoseconds> max_update_interval;
  std::optional<std::chrono::nanoseconds> initial_update_interval;
  bool return_undeliverable = true;
  bool unsplit = false;
};
using once_port_repr = basic_once_port_repr<>;
using port_repr = basic_port_repr<>;

}  // namespace detail

template <std::same_as<detail::once_port_repr> T> struct codec<T> {
  static void encode(wire::encoder& e, const T& r) {
    e.put(r.port_addr);
    e.put(r.reducer_spec);
    e.put(r.return_undeliverable);
    e.put(r.unsplit);
  }
  static T read(wire::decoder& d) {
    T out{d.read<detail::when_used<port_addr, T>>(), d.read<detail::when_used<std::optional<reducer_spec>, T>>()};
    out.return_undeliverable = d.take_bool();
    out.unsplit = d.take_bool();
    return out;
  }
};

template <std::same_as<detail::port_repr> T> struct codec<T> {
  static void encode(wire::encoder& e, const T& r) {
    e.put(r.port_addr);
    e.put(r.reducer_spec);
    e.put(r.max_update_interval);
    e.put(r.initial_update_interval);
    e.put(r.return_undeliverable);
    e.put(r.unsplit);
  }
  static T read(wire::decoder& d) {
    using interval = detail::when_used<std::optional<std::chrono::nanoseconds>, T>;
    // members of a braced list are read in order
    T out{d.read<detail::when_used<port_addr, T>>(), d.read<detail::when_used<std::optional<reducer_spec>, T>>(),
          d.read<interval>(), d.read<interval>()};
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
