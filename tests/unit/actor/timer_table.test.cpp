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

TEST_CASE("a timer table cancels what was added and not removed, and uses places again") {
  hyperactor::detail::timer_table table;
  std::vector<std::uint64_t> cancelled;
  table.cancel_all(&cancelled);
  CHECK(cancelled.empty());
  std::vector<std::uint32_t> places(101);
  for (std::uint32_t t = 1; t <= 100; ++t) places[t] = table.add(t, &cancel);
  for (std::uint32_t t = 2; t <= 100; t += 2) table.remove(places[t]);
  table.cancel_all(&cancelled);
  std::sort(cancelled.begin(), cancelled.end());
  REQUIRE(cancelled.size() == 50);
  for (std::size_t i = 0; i < cancelled.size(); ++i) CHECK(cancelled[i] == 2 * i + 1);
  for (std::uint32_t t = 0; t < 50; ++t) CHECK(table.add(1000 + t, &cancel) <= 100);
  cancelled.clear();
  table.cancel_all(&cancelled);
  CHECK(cancelled.size() == 100);
}
