// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/block_pool.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstring>
#include <set>
#include <thread>
#include <vector>

using hyperactor::detail::block_pool;

TEST_CASE("sizes go to the smallest class that holds them, large ones to the system") {
  CHECK(block_pool::class_of(1) == 0);
  CHECK(block_pool::class_of(64) == 0);
  CHECK(block_pool::class_of(65) == 1);
  CHECK(block_pool::class_of(512) == block_pool::classes - 1);
  CHECK(block_pool::class_of(513) == block_pool::unpooled);
  void* large = block_pool::allocate<4096>();
  std::memset(large, 1, 4096);
  block_pool::deallocate<4096>(large);
}

TEST_CASE("blocks that are in use are distinct and writable") {
  std::set<void*> seen;
  std::vector<void*> blocks;
  for (int i = 0; i < 1000; ++i) {
    void* b = block_pool::allocate<60>();
    std::memset(b, i, 60);
    CHECK(seen.insert(b).second);
    blocks.push_back(b);
  }
  for (void* b : blocks) block_pool::deallocate<60>(b);
}

TEST_CASE("a block may be freed on another thread than it was allocated on [BLK-1]") {
  std::vector<void*> blocks;
  for (int i = 0; i < 5000; ++i) blocks.push_back(block_pool::allocate<100>());
  std::thread other([&] {
    for (void* b : blocks) block_pool::deallocate<100>(b);
  });
  other.join();
  std::set<void*> before(blocks.begin(), blocks.end());
  std::vector<void*> again;
  std::size_t reused = 0;
  for (int i = 0; i < 5000; ++i) {
    again.push_back(block_pool::allocate<100>());
    reused += before.count(again.back());
  }
  CHECK(reused > 4000);  // what the other thread gave up came back
  for (void* b : again) block_pool::deallocate<100>(b);
}

TEST_CASE("in steady state the same blocks go round [BLK-2]") {
  std::set<void*> seen;
  for (int i = 0; i < 10000; ++i) {
    void* b = block_pool::allocate<200>();
    seen.insert(b);
    block_pool::deallocate<200>(b);
  }
  CHECK(seen.size() <= 64);  // one batch at most
}
