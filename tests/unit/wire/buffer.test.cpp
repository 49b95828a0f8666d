// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/wire/buffer.hpp>

#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <string_view>
#include <utility>

using hyperactor::wire::buffer;

namespace {
std::string_view text(const buffer& b) { return {reinterpret_cast<const char*>(b.data()), b.size()}; }
}  // namespace

TEST_CASE("a buffer grows, keeps its bytes, and leaves new ones alone [WIR-1]") {
  buffer b;
  CHECK(b.empty());
  b.append("abc", 3);
  b.append(nullptr, 0);
  for (int i = 0; i < 1000; ++i) b.append("x", 1);
  CHECK(b.size() == 1003);
  CHECK(text(b).substr(0, 4) == "abcx");
  const std::size_t capacity = b.capacity();
  b.clear();
  CHECK(b.empty());
  CHECK(b.capacity() == capacity);
  // what was there before is still there: nothing was written
  CHECK(std::memcmp(b.extend(4), "abcx", 4) == 0);
  b.resize(2);
  CHECK(text(b) == "ab");
  b.resize(4);
  CHECK(text(b) == "abcx");
}

TEST_CASE("buffers copy their bytes and move without") {
  buffer a("hello", 5);
  buffer copy = a;
  CHECK(copy == a);
  CHECK(copy.data() != a.data());
  const std::byte* const where = a.data();
  buffer moved = std::move(a);
  CHECK(moved.data() == where);
  copy[0] = std::byte{'j'};
  CHECK(!(copy == moved));
  moved = copy;
  CHECK(text(moved) == "jello");
  moved = std::move(copy);
  CHECK(text(moved) == "jello");
  buffer& same = moved;
  moved = same;
  CHECK(text(moved) == "jello");
  CHECK(buffer() == buffer());
}
