// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/actor/timer_table.hpp>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <vector>

namespace {
void cancel(void* cancelled, std::uint64_t timer) noexcept {
  static_cast<std::vector<std::uint64_t>*>(cancelled)->push_back(timer);
}
}  // namespace

TEST_CASE("a timer table cancels what was added and not removed") {
  hyperactor::detail::timer_table table;
  std::vector<std::uint64_t> cancelled;
  table.cancel_all(&cancelled);
  CHECK(cancelled.empty());
  for (std::uint64_t t = 1; t <= 100; ++t) table.add(t, &cancel);
  for (std::uint64_t t = 2; t <= 100; t += 2) table.remove(t);
  table.remove(1000);
  table.cancel_all(&cancelled);
  std::sort(cancelled.begin(), cancelled.end());
  REQUIRE(cancelled.size() == 50);
  for (std::size_t i = 0; i < cancelled.size(); ++i) CHECK(cancelled[i] == 2 * i + 1);
}
