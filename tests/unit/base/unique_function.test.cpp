// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/unique_function.hpp>

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace {

using hyperactor::detail::unique_function;

struct counted {
  explicit counted(int& alive) : alive_(&alive) { ++*alive_; }
  counted(const counted& o) : alive_(o.alive_) { ++*alive_; }
  counted(counted&& o) noexcept : alive_(o.alive_) { ++*alive_; }
  counted& operator=(const counted&) = delete;
  ~counted() { --*alive_; }
  int operator()() const { return *alive_; }
  int* alive_;
};

struct large : counted {
  using counted::counted;
  std::array<char, 100> ballast{};
};

TEST_CASE("a unique_function calls what it holds") {
  unique_function<int(int, int)> add = [](int a, int b) { return a + b; };
  CHECK(add);
  CHECK(add(2, 3) == 5);
  unique_function<int(int)> negate = +[](int a) { return -a; };
  CHECK(negate(4) == -4);
}

TEST_CASE("an empty unique_function is false") {
  unique_function<void()> none;
  CHECK_FALSE(none);
  const unique_function<void()> null = nullptr;
  CHECK_FALSE(null);
  none.reset();
  CHECK_FALSE(none);
}

TEST_CASE("move-only captures and arguments pass through") {
  auto owned = std::make_unique<int>(40);
  unique_function<int(std::unique_ptr<int>)> f = [kept = std::move(owned)](std::unique_ptr<int> more) {
    return *kept + *more;
  };
  unique_function<int(std::unique_ptr<int>)> moved = std::move(f);
  CHECK_FALSE(f);  // NOLINT(bugprone-use-after-move): a moved-from function is empty
  CHECK(moved(std::make_unique<int>(2)) == 42);
}

TEST_CASE("references reach the caller's object") {
  std::string text = "a";
  unique_function<void(std::string&)> append = [](std::string& s) { s += "b"; };
  append(text);
  CHECK(text == "ab");
}

TEST_CASE("mutable state stays with the function") {
  unique_function<int()> next = [n = 0]() mutable { return ++n; };
  CHECK(next() == 1);
  CHECK(next() == 2);
  unique_function<int()> moved = std::move(next);
  CHECK(moved() == 3);
}

TEMPLATE_TEST_CASE("small and large callables are destroyed exactly once", "", counted, large) {
  int alive = 0;
  {
    unique_function<int()> f = TestType(alive);
    CHECK(alive == 1);
    CHECK(f() == 1);
    unique_function<int()> g = std::move(f);
    CHECK(alive == 1);
    unique_function<int()> h = TestType(alive);
    CHECK(alive == 2);
    h = std::move(g);
    CHECK(alive == 1);
    auto& self = h;
    h = std::move(self);
    CHECK(alive == 1);
    CHECK(h() == 1);
    h.reset();
    CHECK(alive == 0);
    CHECK_FALSE(h);
    h = TestType(alive);
    CHECK(alive == 1);
  }
  CHECK(alive == 0);
}

}  // namespace
