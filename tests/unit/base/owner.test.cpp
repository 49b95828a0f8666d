// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/owner.hpp>

#include <catch2/catch_test_macros.hpp>
#include <utility>

namespace {

struct counted {
  explicit counted(int& n) : alive(n) { ++alive; }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
  ~counted() { --alive; }
  int& alive;
};
using owner = hyperactor::detail::owner<counted>;

}  // namespace

TEST_CASE("an owner deletes its object once, however it was moved") {
  int alive = 0;
  {
    owner a(new counted(alive));
    owner b(std::move(a));
    CHECK(a == nullptr);
    CHECK(b != nullptr);
    CHECK(alive == 1);
    b = owner(new counted(alive));
    CHECK(alive == 1);
    owner& self = b;
    b = std::move(self);
    CHECK(alive == 1);
    b = {};
    CHECK(alive == 0);
    b = owner(new counted(alive));
    const owner c(b.release());
    CHECK(b == nullptr);
    CHECK(&c->alive == &alive);
    CHECK(alive == 1);
  }
  CHECK(alive == 0);
}
