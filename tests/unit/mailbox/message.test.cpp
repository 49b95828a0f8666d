// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/message.hpp>

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

namespace ha = hyperactor;
using ha::detail::message_node;
using ha::detail::owned_message;
using ha::detail::typed_message;

struct small {
  int a;
  int b = 2;
};
struct with_constructor {
  explicit with_constructor(int v) : n(v) {}
  int n;
};
struct counted {
  explicit counted(int* l) : live(l) { ++*live; }
  counted(counted&& o) noexcept : live(o.live) { ++*live; }
  ~counted() { --*live; }
  int* live;
};
struct thrower {
  explicit thrower(int) { throw std::runtime_error("no"); }
};

}  // namespace

TEST_CASE("a message is built in place: aggregates by braces, others by their constructors [MSG-1]") {
  const auto n = [](auto* m) { return std::pair(owned_message(m), m); };
  auto [a, a_value] = n(typed_message<small>::make(1));
  CHECK(a_value->value.a == 1);
  CHECK(a_value->value.b == 2);
  auto [b, b_value] = n(typed_message<small>::make(small{3, 4}));
  CHECK(b_value->value.b == 4);
  auto [c, c_value] = n(typed_message<with_constructor>::make(5));
  CHECK(c_value->value.n == 5);
  auto [d, d_value] = n(typed_message<std::string>::make("text"));
  CHECK(d_value->value == "text");
  auto [e, e_value] = n(typed_message<std::unique_ptr<int>>::make(std::make_unique<int>(6)));
  CHECK(*e_value->value == 6);
  CHECK(sizeof(typed_message<std::uint64_t>) <= 64);
}

TEST_CASE("a node is owned by one place, and goes with it [MSG-2]") {
  int live = 0;
  {
    owned_message first(typed_message<counted>::make(&live));
    CHECK(live == 1);
    const owned_message second(std::move(first));
    CHECK(first.get() == nullptr);
    CHECK(live == 1);
    owned_message third(typed_message<counted>::make(counted(&live)));
    message_node* raw = third.release();
    CHECK(live == 2);
    raw->type->destroy(raw);
    CHECK(live == 1);
  }
  CHECK(live == 0);
  CHECK_THROWS_AS((void)typed_message<thrower>::make(1), std::runtime_error);
}
