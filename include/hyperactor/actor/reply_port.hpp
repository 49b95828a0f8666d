// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_REPLY_PORT_HPP
#define HYPERACTOR_ACTOR_REPLY_PORT_HPP

/// @file
/// The reply port of a request: the one member of a message by which it is answered, or the message itself.

#include <hyperactor/mailbox/once_port.hpp>
#include <hyperactor/wire/aggregate.hpp>

#include <cstddef>
#include <type_traits>

namespace hyperactor::inline v0::detail {

template <class T> inline constexpr bool is_once_port = false;
template <class R> inline constexpr bool is_once_port<once_port_ref<R>> = true;
template <class R> inline constexpr bool is_once_port<once_port_handle<R>> = true;

template <class M> struct request_members {
  using type = members_of<M>;
};
template <class M>
  requires is_once_port<M>
struct request_members<M> {
  using type = wire_arguments<M>;  // the port is the message
};

template <class... Fs> consteval std::size_t count_once_ports(wire_arguments<Fs...>) {
  return (std::size_t{is_once_port<Fs>} + ... + 0);
}

/// How many once ports message `M` has. Reflects.
template <class M> inline constexpr std::size_t reply_ports = count_once_ports(typename request_members<M>::type{});

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ACTOR_REPLY_PORT_HPP
