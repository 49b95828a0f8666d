// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_ANY_ADDR_CODEC_HPP
#define HYPERACTOR_IDENTITY_ANY_ADDR_CODEC_HPP

/// @file
/// How `any_addr` travels. The other sum types: identity/any_codec.hpp.

#include <hyperactor/identity/any_addr.hpp>
#include <hyperactor/identity/codec.hpp>

HYPERACTOR_NAMED("hyperactor::addr::Addr", hyperactor::any_addr);

namespace hyperactor::inline v0 {

namespace detail {

/// A value that converts from each of its alternatives.
template <class T, class... Alternatives> struct sum_codec {
  static void encode(wire::encoder& e, const T& value) {
    e.put_u32(static_cast<std::uint32_t>(value.index()));
    value.visit([&e](const auto& inside) { e.put(inside); });
  }
  static T read(wire::decoder& d) {
    using read_alternative = T (*)(wire::decoder&);
    constexpr read_alternative table[] = {[](wire::decoder& from) { return T(from.read<Alternatives>()); }...};
    return table[d.take_index(sizeof...(Alternatives))](d);
  }
};

}  // namespace detail

/// Proc, actor, port.
template <> struct codec<any_addr> : detail::sum_codec<any_addr, proc_addr, actor_addr, port_addr> {};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_IDENTITY_ANY_ADDR_CODEC_HPP
