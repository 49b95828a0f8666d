// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/type_list.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

namespace {

using namespace hyperactor::detail;

struct incomplete;
template <std::size_t> struct numbered {};

TEST_CASE("index_of gives the position of a type") {
  STATIC_CHECK(index_of<int, int, char, std::string> == 0);
  STATIC_CHECK(index_of<std::string, int, char, std::string> == 2);
  STATIC_CHECK(index_of<incomplete, int, incomplete> == 1);
}

TEST_CASE("a type that is missing, or there twice, has no position") {
  STATIC_CHECK(index_of<long, int, char> == not_found);
  STATIC_CHECK(index_of<long> == not_found);
  STATIC_CHECK(index_of<int, int, char, int> == not_found);
  STATIC_CHECK(index_of<char, int, char, int> == 1);
}

TEST_CASE("positions are exact: qualifiers and references make another type") {
  STATIC_CHECK(index_of<const int, int, const int, int&> == 1);
  STATIC_CHECK(index_of<int&, int, const int, int&> == 2);
}

TEST_CASE("type_at is the inverse of index_of") {
  STATIC_CHECK(std::is_same_v<type_at<0, int, incomplete, char>, int>);
  STATIC_CHECK(std::is_same_v<type_at<1, int, incomplete, char>, incomplete>);
  STATIC_CHECK(std::is_same_v<type_at<2, int, int, int>, int>);
}

TEST_CASE("contains says whether a type is there") {
  STATIC_CHECK(contains<int, char, int>);
  STATIC_CHECK_FALSE(contains<int, char, long>);
  STATIC_CHECK_FALSE(contains<int>);
  STATIC_CHECK(type_list<int, char>::size == 2);
}

template <class Indices> struct many;
template <std::size_t... Is> struct many<std::index_sequence<Is...>> {
  template <std::size_t I> static constexpr std::size_t position = index_of<numbered<I>, numbered<Is>...>;
};

TEST_CASE("three hundred types need no deep recursion") {
  using list = many<std::make_index_sequence<300>>;
  STATIC_CHECK(list::position<0> == 0);
  STATIC_CHECK(list::position<299> == 299);
  STATIC_CHECK(list::position<300> == not_found);
}

}  // namespace
