// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_CARRIED_PORTS_HPP
#define HYPERACTOR_MAILBOX_CARRIED_PORTS_HPP

/// @file
/// The once ports that travel in an encoded value, found without knowing its type: for whoever routes envelopes.

#include <hyperactor/base/when_used.hpp>
#include <hyperactor/mailbox/port_repr.hpp>
#include <hyperactor/wire/decoder.hpp>

#include <utility>

namespace hyperactor::inline v0::detail {

[[nodiscard]] inline bool is_carried_once_port(const wire::part& p) noexcept {
  return p.is_typed && p.typehash == type_hash<once_port_repr>;
}

/// Calls `f(port_addr&&)` for each of them; what does not read as one is left out.
template <class F> void for_each_once_port(const any_value& data, F&& f) {
  for (const wire::part& p : data.message().parts) {
    if (!is_carried_once_port(p)) continue;
    wire::decoder d(p.bytes.span());
    auto repr = d.read<when_used<once_port_repr, F>>();
    if (!d.failed()) f(std::move(repr.port_addr));
  }
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_CARRIED_PORTS_HPP
