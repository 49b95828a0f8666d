// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_ANY_CODEC_HPP
#define HYPERACTOR_IDENTITY_ANY_CODEC_HPP

/// @file
/// How the sum types of this module travel: `any_id`, `any_addr`, `channel_transport`, `bind_spec`.
///
/// [AYC-1] Each is the position of the alternative, as u32, and the alternative.

#include <hyperactor/identity/any_addr_codec.hpp>
#include <hyperactor/identity/any_id.hpp>
#include <hyperactor/identity/bind_spec.hpp>

HYPERACTOR_NAMED("hyperactor::id::Id", hyperactor::any_id);
HYPERACTOR_NAMED("hyperactor::channel::ChannelTransport", hyperactor::channel_transport);
HYPERACTOR_NAMED("hyperactor::channel::BindSpec", hyperactor::bind_spec);

namespace hyperactor::inline v0 {

/// Proc, actor, port.
template <> struct codec<any_id> : detail::sum_codec<any_id, proc_id, actor_id, port_id> {};
/// The kind, and the mode where the kind has one.
template <std::same_as<channel_transport> T> struct codec<T> {
  static void encode(wire::encoder& e, T value) {
    e.put_u32(static_cast<std::uint32_t>(value.which()));
    if (channel_transport::has_mode(value.which())) e.put_u32(static_cast<std::uint32_t>(value.how()));
  }
  static T read(wire::decoder& d) {
    const auto which = static_cast<channel_transport::kind>(d.take_index(7));
    const std::uint32_t how = channel_transport::has_mode(which) ? d.take_index(2) : 0;
    return T(which, static_cast<channel_transport::mode>(how));
  }
};
/// Any, address.
template <> struct codec<bind_spec> : detail::sum_codec<bind_spec, channel_transport, channel_addr> {};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_IDENTITY_ANY_CODEC_HPP
