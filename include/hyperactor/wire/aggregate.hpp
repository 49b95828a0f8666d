// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_AGGREGATE_HPP
#define HYPERACTOR_WIRE_AGGREGATE_HPP

/// @file
/// Codec of plain aggregates (by Boost.PFR) and of structs adapted with BOOST_HANA_ADAPT_STRUCT: their members in
/// order.
///
/// [AGG-1] Members of an aggregate need be neither default-constructible nor copyable: it is built from them.

#include <hyperactor/wire/codec.hpp>
#include <hyperactor/wire/detail/shape.hpp>

#include <boost/hana/accessors.hpp>
#include <boost/hana/concept/struct.hpp>
#include <boost/hana/fwd/second.hpp>
#include <boost/hana/fwd/unpack.hpp>
#include <boost/pfr/core.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Adapted with BOOST_HANA_ADAPT_STRUCT (or defined with BOOST_HANA_DEFINE_STRUCT).
template <class T>
concept adapted_struct = std::is_class_v<T> && bool(boost::hana::Struct<T>::value);

/// An aggregate that can be taken apart.
template <class T>
concept plain_aggregate =
    std::is_class_v<T> && std::is_aggregate_v<T> && !adapted_struct<T> && shape_problem_of<T> == shape_problem::none;

/// References to the members of `value`. The number of members is our own count: PFR's fails inside PFR for some
/// aggregates with members that cannot be copied.
template <plain_aggregate T> constexpr auto tie_members(T& value) noexcept {
  return boost::pfr::detail::tie_as_tuple(
      value, boost::pfr::detail::size_t_<count_initialisers<std::remove_const_t<T>, any_member>()>{});
}

template <class... Fs>
wire_arguments<std::remove_const_t<Fs>...> tied_types(
    const boost::pfr::detail::sequence_tuple::tuple<Fs&...>&) noexcept;

template <class T> constexpr auto adapted_types() noexcept {
  return boost::hana::unpack(boost::hana::accessors_impl<T>::apply(), [](auto... accessors) {
    return wire_arguments<std::remove_cvref_t<decltype(boost::hana::second(accessors)(std::declval<T&>()))>...>{};
  });
}

template <class T> struct find_members {
  using type = wire_arguments<>;
};
template <plain_aggregate T> struct find_members<T> {
  using type = decltype(tied_types(tie_members(std::declval<T&>())));
};
template <adapted_struct T> struct find_members<T> {
  using type = decltype(adapted_types<T>());
};

/// The types of the members of `T`, in order, as `wire_arguments<Fs...>`.
template <class T> using members_of = typename find_members<T>::type;

template <class T, class Members> struct aggregate_codec;
template <class T, class... Fs> struct aggregate_codec<T, wire_arguments<Fs...>> {
  static void encode(wire::encoder& e, const T& value) {
    encode_members(e, tie_members(const_cast<T&>(value)), std::index_sequence_for<Fs...>());
  }
  static T read(wire::decoder& d)
    requires(reading_codec<Fs> && ...)
  {
    return read_product<T, Fs...>(d);  // [AGG-1]
  }
  static result<T> decode(wire::decoder& d) { return take_product<T, Fs...>(d); }

 private:
  template <class Tie, std::size_t... Is>
  static void encode_members([[maybe_unused]] wire::encoder& e, [[maybe_unused]] const Tie& members,
                             std::index_sequence<Is...>) {
    (e.put(static_cast<const Fs&>(boost::pfr::detail::sequence_tuple::get<Is>(members))), ...);
  }
};

template <class T> struct adapted_codec {
  static void encode(wire::encoder& e, const T& value) {
    boost::hana::unpack(boost::hana::accessors_impl<T>::apply(),
                        [&](auto... accessors) { (e.put(boost::hana::second(accessors)(value)), ...); });
  }
  static T read(wire::decoder& d) {
    T out{};
    boost::hana::unpack(boost::hana::accessors_impl<T>::apply(),
                        [&](auto... accessors) { (fill(d, boost::hana::second(accessors)(out)), ...); });
    return out;
  }

 private:
  template <class F> static void fill(wire::decoder& d, F& member) {
    take_to<F>(d, [&](F&& v) { member = std::move(v); });
  }
};

template <class T>
struct structure_codec : std::conditional_t<adapted_struct<T>, std::type_identity<adapted_codec<T>>,
                                            std::type_identity<aggregate_codec<T, members_of<T>>>>::type {};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_WIRE_AGGREGATE_HPP
