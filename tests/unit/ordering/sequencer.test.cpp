// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/ordering/sequencer.hpp>

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <set>
#include <thread>
#include <vector>

using hyperactor::detail::sequencer;

TEST_CASE(
    "numbers of a stream start at 1 and grow by one; streams are independent "
    "(test_sequencer_non_handler_ports_have_independent_sequences) [SQR-1]") {
  sequencer s;
  CHECK(s.last(7) == 0);
  CHECK(s.next(7) == 1);
  CHECK(s.next(7) == 2);
  CHECK(s.next(8) == 1);
  CHECK(s.next(7) == 3);
  CHECK(s.last(7) == 3);  // test_sequencer_reports_last_sent
  CHECK(s.last(8) == 1);
  CHECK(s.last(9) == 0);
}

TEST_CASE("a sequencer keeps apart thousands of streams, colliding ones too [SQR-1]") {
  sequencer s;
  bool right = true;
  for (std::uint64_t round = 1; round <= 3; ++round) {
    for (std::uint64_t key = 1; key <= 3000; ++key) right = right && s.next(key << 32) == round && s.next(key) == round;
  }
  CHECK(right);
}

TEST_CASE("threads that share a sequencer never get the same number (test_sequencer_clone) [SQR-1][SQR-2]") {
  sequencer s;
  constexpr int threads = 4;
  constexpr int each = 2000;
  std::vector<std::vector<std::uint64_t>> taken(threads);
  {
    std::vector<std::jthread> all;
    for (auto& mine : taken) {
      all.emplace_back([&s, &mine] {
        for (int i = 0; i < each; ++i) {
          mine.push_back(s.next(1));
          (void)s.next(static_cast<std::uint64_t>(i % 50) + 2);  // streams that appear meanwhile
        }
      });
    }
  }
  std::set<std::uint64_t> distinct;
  bool grows = true;
  for (const auto& mine : taken) {
    for (std::size_t i = 1; i < mine.size(); ++i) grows = grows && mine[i - 1] < mine[i];
    distinct.insert(mine.begin(), mine.end());
  }
  CHECK(grows);
  CHECK(distinct.size() == threads * each);
  CHECK(*distinct.begin() == 1);
  CHECK(*distinct.rbegin() == threads * each);
  for (std::uint64_t key = 2; key < 52; ++key) CHECK(s.last(key) == threads * each / 50);
}
