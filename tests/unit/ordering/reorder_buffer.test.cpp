// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/ordering/reorder_buffer.hpp>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <deque>
#include <random>
#include <utility>
#include <vector>

namespace {

struct item {
  std::uint64_t session;
  std::uint64_t sequence;
  int copy = 0;
};

/// A buffer and what came out of it.
struct bench {
  hyperactor::detail::reorder_buffer<item> buffer;
  std::deque<item> items;
  std::vector<item*> out;
  std::vector<item*> stale;

  void put(std::uint64_t session, std::uint64_t sequence, int copy = 0) {
    items.push_back({session, sequence, copy});
    buffer.admit(&items.back(), [this](item* n) { out.push_back(n); }, [this](item* n) { stale.push_back(n); });
  }
  [[nodiscard]] std::vector<std::uint64_t> numbers(std::uint64_t session) const {
    std::vector<std::uint64_t> seen;
    for (const item* i : out) {
      if (i->session == session) seen.push_back(i->sequence);
    }
    return seen;
  }
};
using numbers = std::vector<std::uint64_t>;

numbers up_to(std::uint64_t n) {
  numbers all;
  for (std::uint64_t i = 1; i <= n; ++i) all.push_back(i);
  return all;
}

}  // namespace

TEST_CASE(
    "messages in order pass at once (delivers_in_order_messages, test_ordered_channel_single_client_send_in_order) "
    "[ORD-1]") {
  bench b;
  for (std::uint64_t i = 1; i <= 5; ++i) {
    b.put(1, i);
    CHECK(b.numbers(1) == up_to(i));
  }
  CHECK(b.buffer.parked() == 0);
  CHECK(b.buffer.largest_released(1) == 5);
}

TEST_CASE("a gap holds what is behind it (buffers_small_gap_in_ring) [ORD-1]") {
  bench b;
  b.put(1, 3);
  CHECK(b.out.empty());
  CHECK(b.buffer.parked() == 1);
  CHECK(b.buffer.largest_released(1) == 0);
  b.put(1, 1);
  CHECK(b.numbers(1) == numbers{1});
  b.put(1, 2);
  CHECK(b.numbers(1) == up_to(3));
}

TEST_CASE("a large gap too (stores_large_gap_in_spillover, drains_spillover_when_hole_is_filled) [ORD-1]") {
  bench b;
  b.put(1, 100);
  for (std::uint64_t i = 2; i < 100; ++i) b.put(1, i);
  CHECK(b.out.empty());
  CHECK(b.buffer.parked() == 99);
  b.put(1, 1);
  CHECK(b.numbers(1) == up_to(100));
}

TEST_CASE(
    "of copies the first counts (drops_stale_duplicates, drops_duplicate_buffered_ring_message, "
    "drops_duplicate_buffered_spillover_message) [ORD-3]") {
  bench b;
  b.put(1, 1);
  b.put(1, 1, 1);
  REQUIRE(b.stale.size() == 1);
  CHECK(b.stale[0]->copy == 1);
  b.put(1, 3);
  b.put(1, 3, 1);
  b.put(1, 90);
  b.put(1, 90, 1);
  for (std::uint64_t i = 2; i < 90; ++i) {
    if (i != 3) b.put(1, i);
  }
  CHECK(b.numbers(1) == up_to(90));
  for (const item* i : b.out) CHECK(i->copy == 0);
  // those that were parked are found out when their number has passed
  b.put(1, 91);
  CHECK(b.stale.size() == 3);
  for (const item* i : b.stale) CHECK(i->copy == 1);
  b.put(1, 2);
  CHECK(b.stale.size() == 4);
  CHECK(b.numbers(1) == up_to(91));
}

TEST_CASE(
    "sessions do not wait for each other, direct messages for nothing (sender_sessions_do_not_block_each_other, "
    "direct_messages_bypass_ordering) [ORD-2]") {
  bench b;
  b.put(1, 2);
  b.put(2, 1);
  b.put(1, 0);
  b.put(0, 0);
  CHECK(b.numbers(2) == numbers{1});
  CHECK(b.numbers(1) == numbers{0});
  CHECK(b.numbers(0) == numbers{0});
  b.put(1, 1);
  CHECK(b.numbers(1) == numbers{0, 1, 2});
}

TEST_CASE(
    "10,000 shuffled messages of several sessions, some twice, come out in order "
    "(test_chaos_multi_sender_preserves_per_session_order, test_chaos_drops_duplicates) [ORD-1][ORD-2][ORD-3]") {
  constexpr std::uint64_t sessions = 40;
  constexpr std::uint64_t each = 250;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> all;
  for (std::uint64_t s = 1; s <= sessions; ++s) {
    for (std::uint64_t i = 1; i <= each; ++i) {
      all.emplace_back(s << 40, i);
      if (i % 7 == 0) all.emplace_back(s << 40, i);
    }
  }
  for (unsigned seed = 0; seed < 5; ++seed) {
    std::mt19937_64 random(seed);
    std::shuffle(all.begin(), all.end(), random);
    bench b;
    for (const auto& [session, sequence] : all) b.put(session, sequence);
    CHECK(b.out.size() == sessions * each);
    CHECK(b.out.size() + b.stale.size() + b.buffer.parked() == all.size());
    for (std::uint64_t s = 1; s <= sessions; ++s) {
      CHECK(b.numbers(s << 40) == up_to(each));
      CHECK(b.buffer.largest_released(s << 40) == each);
    }
  }
}

TEST_CASE(
    "one stream of 10,000 messages in reverse comes out in order (test_chaos_single_sender_preserves_order) [ORD-1]") {
  bench b;
  for (std::uint64_t i = 10'000; i > 1; --i) b.put(9, i);
  CHECK(b.out.empty());
  b.put(9, 1);
  CHECK(b.numbers(9) == up_to(10'000));
}

TEST_CASE("at the end what a gap held is handed back") {
  bench b;
  b.put(1, 2);
  b.put(1, 5);
  b.put(2, 3);
  std::vector<item*> gone;
  b.buffer.clear([&](item* n) { gone.push_back(n); });
  CHECK(gone.size() == 3);
  CHECK(b.buffer.parked() == 0);
}
