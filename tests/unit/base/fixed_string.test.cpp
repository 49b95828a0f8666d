// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/fixed_string.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string_view>
#include <type_traits>

namespace {

using hyperactor::fixed_string;

template <fixed_string Name> struct named {
  static constexpr std::string_view name = Name;
};

TEST_CASE("a literal becomes a template argument and comes back as text") {
  STATIC_CHECK(named<"adder">::name == "adder");
  STATIC_CHECK(named<"">::name.empty());
  STATIC_CHECK(fixed_string("adder").size() == 5);
  STATIC_CHECK(fixed_string("adder").view() == "adder");
}

TEST_CASE("equal texts are the same template argument, others are not") {
  STATIC_CHECK(std::is_same_v<named<"a">, named<"a">>);
  STATIC_CHECK_FALSE(std::is_same_v<named<"a">, named<"b">>);
  STATIC_CHECK(fixed_string("ab") == fixed_string("ab"));
  STATIC_CHECK_FALSE(fixed_string("ab") == fixed_string("ac"));
}

}  // namespace
