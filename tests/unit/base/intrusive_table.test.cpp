// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/intrusive_table.hpp>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

int looks = 0;  // at keys

struct item {
  std::uint64_t number = 0;
  item* next_item = nullptr;
};
struct by_number {
  using key_type = std::uint64_t;
  static std::uint64_t key(const item& i) noexcept {
    ++looks;
    return i.number;
  }
  static std::uint64_t spread(std::uint64_t key) noexcept { return key; }
  static item*& next(item& i) noexcept { return i.next_item; }
};
using table = hyperactor::detail::intrusive_table<item, by_number>;

std::vector<item> numbered(std::uint64_t count) {
  std::vector<item> out(count);
  for (std::uint64_t i = 0; i < count; ++i) out[i].number = i;
  return out;
}

}  // namespace

TEST_CASE("an intrusive table finds what was added until it is removed") {
  table t;
  CHECK(t.size() == 0);
  CHECK(t.find(0) == nullptr);
  auto items = numbered(100);
  item stranger{7};
  CHECK_FALSE(t.remove(stranger));
  for (auto& i : items) t.add(i);
  CHECK(t.size() == 100);
  CHECK_FALSE(t.remove(stranger));  // it has the key of another
  for (std::uint64_t n = 0; n < 100; n += 3) CHECK(t.remove(items[n]));
  CHECK_FALSE(t.remove(items[0]));
  CHECK(t.size() == 66);
  for (std::uint64_t n = 0; n < 100; ++n) CHECK(t.find(n) == (n % 3 == 0 ? nullptr : &items[n]));
  CHECK(t.find(100) == nullptr);
}

TEST_CASE("what an intrusive table holds can be visited, and given to another one") {
  auto items = numbered(20);
  table from;
  table to;
  for (auto& i : items) from.add(i);
  to.swap(from);
  CHECK(from.size() == 0);
  CHECK(from.find(3) == nullptr);
  std::vector<std::uint64_t> visited;
  to.for_each([&](item& i) {
    visited.push_back(i.number);
    from.add(i);
  });
  std::sort(visited.begin(), visited.end());
  REQUIRE(visited.size() == 20);
  for (std::uint64_t n = 0; n < 20; ++n) {
    CHECK(visited[n] == n);
    CHECK(from.find(n) == &items[n]);
  }
}

TEST_CASE("an intrusive table looks at few objects, however many there are [ITB-1]") {
  auto items = numbered(100'000);
  table t;
  for (auto& i : items) t.add(i);
  looks = 0;
  std::size_t found = 0;
  for (auto& i : items) {
    if (t.find(i.number) == &i && t.remove(i)) ++found;
  }
  CHECK(found == 100'000);
  CHECK(looks < 10 * 100'000);
  CHECK(t.size() == 0);
}
