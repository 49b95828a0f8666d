// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_HANDLER_PORT_HPP
#define HYPERACTOR_IDENTITY_HANDLER_PORT_HPP

/// @file
/// `handler_port<M>()`: the port at which every actor takes messages of type `M`.
///
/// [HPT-1] Its number is the hash of the wire name, its label the last word of that name; both are computed while
///         compiling.

#include <hyperactor/identity/port.hpp>
#include <hyperactor/wire/named.hpp>

namespace hyperactor::inline v0 {

namespace detail {

template <class M> inline constexpr stripped_label handler_label_of = handler_label(wire_name<M>);

}  // namespace detail

/// The handler port of messages of type `M`.
/// @complexity O(1), no allocation
template <class M> [[nodiscard]] port handler_port() noexcept {
  return port::handler(type_hash<M>, detail::label_access::of_static(detail::handler_label_of<M>.text));
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_IDENTITY_HANDLER_PORT_HPP
