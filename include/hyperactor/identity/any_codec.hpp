// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_ANY_CODEC_HPP
#define HYPERACTOR_IDENTITY_ANY_CODEC_HPP

/// @file
/// How the sum types of this module travel: `any_id`, `any_addr`, `channel_transport`, `bind_spec`.
///
/// [AYC-1] Each is the position of the alternative, as u32, and the alternative.

#include <hyperactor/identity/any_addr.hpp>
#include <hyperactor/identity/bind_spec.hpp>
#include <hyperactor/identity/codec.hpp>

HYPERACTOR_NAMED("hyperactor::id::Id", hyperactor::any_id);
HYPERACTOR_NAMED("hyperactor::addr::Addr", hyperactor::any_addr);
HYPERACTOR_NAMED("hyperactor::channel::ChannelTransport", hyperactor::channel_transport);
HYPERACTOR_NAMED("hyperactor::channel::BindSpec", hyperactor::bind_spec);

namespace hyperactor::inline v0 {

namespace detail {

/// A value around a variant that converts from each alternative.
template <class T, class Variant> struct sum_codec;
template <class T, class... Alternatives> struct sum_codec<T, std::variant<Alternatives...>> {
  static void encode(wire::encoder& e, const T& value) {
    e.put_u32(static_cast<std::uint32_t>(value.value().index()));
    std::visit([&e](const auto& inside) { e.put(inside); }, value.value());
  }
  static result<T> decode(wire::decoder& d) {
    using decode_alternative = result<T> (*)(wire::decoder&);
    constexpr decode_alternative table[] = {[](wire::decoder& from) -> result<T> {
      result<Alternatives> inside = from.take<Alternatives>();
      if (!inside) return inside.error();
      return T(std::move(*inside));
    }...};
    return table[d.take_index(sizeof...(Alternatives))](d);
  }
};

}  // namespace detail

/// Proc, actor, port.
template <> struct codec<any_id> : detail::sum_codec<any_id, any_id::variant> {};
/// Proc, actor, port.
template <> struct codec<any_addr> : detail::sum_codec<any_addr, any_addr::variant> {};
/// The kind, and the mode where the kind has one.
template <> struct codec<channel_transport> {
  static void encode(wire::encoder& e, channel_transport value) {
    e.put_u32(static_cast<std::uint32_t>(value.which()));
    if (channel_transport::has_mode(value.which())) e.put_u32(static_cast<std::uint32_t>(value.how()));
  }
  static result<channel_transport> decode(wire::decoder& d) {
    const auto which = static_cast<channel_transport::kind>(d.take_index(7));
    const std::uint32_t how = channel_transport::has_mode(which) ? d.take_index(2) : 0;
    return channel_transport(which, static_cast<channel_transport::mode>(how));
  }
};
/// Any, address.
template <> struct codec<bind_spec> : detail::sum_codec<bind_spec, bind_spec::variant> {};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_IDENTITY_ANY_CODEC_HPP
