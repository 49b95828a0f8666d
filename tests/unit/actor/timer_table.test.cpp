// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/actor/timer_table.hpp>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <vector>

TEST_CASE("a timer table holds what was added and not removed") {
  hyperactor::detail::timer_table table;
  CHECK(table.begin() == table.end());
  for (std::uint64_t t = 1; t <= 100; ++t) table.add(t);
  for (std::uint64_t t = 2; t <= 100; t += 2) table.remove(t);
  table.remove(1000);
  std::vector<std::uint64_t> left(table.begin(), table.end());
  std::sort(left.begin(), left.end());
  REQUIRE(left.size() == 50);
  for (std::size_t i = 0; i < left.size(); ++i) CHECK(left[i] == 2 * i + 1);
}
