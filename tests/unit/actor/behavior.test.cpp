// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/actor/behavior.hpp>

#include <boost/hana/contains.hpp>
#include <boost/hana/equal.hpp>
#include <boost/hana/filter.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/type.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string_view>

namespace {

namespace ha = hyperactor;
namespace hana = boost::hana;

struct a {};
struct b {};
struct c {};
template <class T, class U> struct pair_of {};

struct ab : ha::behavior<"ab", a, b> {};
struct bc : ha::behavior<"bc", b, c> {};
using ab_alias = ha::behavior<"ab", a, b>;
template <class T, class U> struct generic : ha::behavior<"generic", pair_of<T, U>> {};
struct empty : ha::behavior<"empty"> {};

struct does_abc {
  using handlers = ha::handlers<c, a, b>;
};
struct does_b {
  using handlers = ha::handlers<b>;
};
struct does_generic {
  using handlers = ha::handlers<pair_of<int, long>, a>;
};
struct no_actor {};

HYPERACTOR_ASSERT_BEHAVES(does_abc, ab);
HYPERACTOR_ASSERT_BEHAVES(does_abc, ab, bc, ab_alias, empty);
HYPERACTOR_ASSERT_BEHAVES(does_generic, generic<int, long>);

}  // namespace

TEST_CASE("behaves looks at the handlers [BHV-1][BHV-2]") {
  STATIC_CHECK(ha::behaves<does_abc, ab>);
  STATIC_CHECK(ha::behaves<does_abc, ab_alias>);
  STATIC_CHECK_FALSE(ha::behaves<does_b, ab>);
  STATIC_CHECK(ha::behaves<does_b, empty>);
  STATIC_CHECK_FALSE(ha::behaves<no_actor, ab>);
  STATIC_CHECK_FALSE(ha::behaves<does_abc, no_actor>);
  STATIC_CHECK(ha::behaves<does_generic, generic<int, long>>);
  STATIC_CHECK_FALSE(ha::behaves<does_generic, generic<long, int>>);
  STATIC_CHECK(ha::behavior_type<ab>);
  STATIC_CHECK_FALSE(ha::behavior_type<does_abc>);
  CHECK(ab::behavior_name == "ab");
}

TEST_CASE("behaviours are computed with: union, minus, all that an actor handles") {
  using both = ha::behavior_union<"both", ab, bc>;
  STATIC_CHECK(ha::messages_of<both> == hana::tuple_t<a, b, c>);  // each once
  CHECK(both::behavior_name == "both");
  STATIC_CHECK(ha::messages_of<ha::behavior_minus<"a", ab, bc>> == hana::tuple_t<a>);
  STATIC_CHECK(ha::messages_of<ha::behavior_minus<"none", ab, ab>> == hana::tuple_t<>);
  STATIC_CHECK(ha::messages_of<ha::behavior_of<does_abc>> == hana::tuple_t<c, a, b>);
  STATIC_CHECK(ha::behaves<does_abc, both>);
  STATIC_CHECK(ha::behaves<does_abc, ha::behavior_of<does_b>>);
  STATIC_CHECK(ha::messages_of<ha::behavior_union<"of none">> == hana::tuple_t<>);
  STATIC_CHECK(hana::contains(ha::messages_of<ab>, hana::type_c<b>));
  STATIC_CHECK(hana::length(ab{}) == hana::size_c<2>);
  STATIC_CHECK(hana::filter(ha::messages_of<does_abc>, [](auto t) { return hana::contains(ha::messages_of<ab>, t); }) ==
               hana::tuple_t<a, b>);
}
