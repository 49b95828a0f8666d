// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/scope_exit.hpp>

#include <catch2/catch_test_macros.hpp>

#include <stdexcept>

namespace {

using hyperactor::detail::scope_exit;

TEST_CASE("a scope_exit runs at the end of its scope, unless it was dismissed") {
  int runs = 0;
  {
    const scope_exit guard([&] { ++runs; });
    CHECK(runs == 0);
  }
  CHECK(runs == 1);
  {
    scope_exit guard([&] { ++runs; });
    guard.dismiss();
  }
  CHECK(runs == 1);
}

TEST_CASE("a scope_exit runs when an exception leaves the scope") {
  int runs = 0;
  const auto fails = [&] {
    const scope_exit guard([&] { ++runs; });
    throw std::runtime_error("out");
  };
  CHECK_THROWS_AS(fails(), std::runtime_error);
  CHECK(runs == 1);
}

}  // namespace
