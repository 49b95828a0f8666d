// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/random.hpp>

#include <catch2/catch_test_macros.hpp>
#include <set>
#include <thread>

namespace detail = hyperactor::detail;

TEST_CASE("numbers do not repeat, on one thread and between threads [RND-1]") {
  std::set<std::uint64_t> seen;
  const auto draw = [&seen] {
    for (int i = 0; i < 1000; ++i) seen.insert(detail::random_number());
  };
  draw();
  std::thread(draw).join();
  CHECK(seen.size() == 2000);
}

TEST_CASE("mixing spreads neighbours and depends on the order") {
  CHECK(detail::mix_bits(1) != detail::mix_bits(2));
  CHECK(detail::mix_hashes(1, 2) != detail::mix_hashes(2, 1));
}
