// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/intrusive_ptr.hpp>

#include <catch2/catch_test_macros.hpp>

#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using hyperactor::detail::intrusive_ptr;
using hyperactor::detail::ref_counted;

struct record : ref_counted<record> {
  explicit record(int& destroyed) : destroyed_(&destroyed) {}
  ~record() { ++*destroyed_; }
  int* destroyed_;
};

struct pooled : ref_counted<pooled> {
  static inline int returned = 0;
  static void destroy(pooled* p) {
    ++returned;
    delete p;
  }
};

static_assert(std::is_nothrow_move_constructible_v<intrusive_ptr<record>>);
static_assert(sizeof(intrusive_ptr<record>) == sizeof(record*));

TEST_CASE("the last intrusive_ptr destroys the object, once") {
  int destroyed = 0;
  {
    auto first = intrusive_ptr<record>::adopt(new record(destroyed));
    CHECK(first->references() == 1);
    {
      const intrusive_ptr<record> second = first;
      CHECK(first->references() == 2);
      CHECK(second == first);
    }
    CHECK(first->references() == 1);
    CHECK(destroyed == 0);
  }
  CHECK(destroyed == 1);
}

TEST_CASE("moving takes no further reference") {
  int destroyed = 0;
  auto a = intrusive_ptr<record>::adopt(new record(destroyed));
  intrusive_ptr<record> b = std::move(a);
  CHECK_FALSE(a);  // NOLINT(bugprone-use-after-move): a moved-from pointer is null
  CHECK(b->references() == 1);
  auto& self = b;
  b = self;
  CHECK(b->references() == 1);
  b = intrusive_ptr<record>::adopt(new record(destroyed));
  CHECK(destroyed == 1);
  b.reset();
  CHECK(destroyed == 2);
  CHECK(b.get() == nullptr);
}

TEST_CASE("adopt and detach pass a reference on without counting; the constructor counts") {
  int destroyed = 0;
  auto owner = intrusive_ptr<record>::adopt(new record(destroyed));
  record* raw = owner.detach();
  CHECK_FALSE(owner);
  CHECK(raw->references() == 1);
  {
    const intrusive_ptr<record> shared(raw);
    CHECK(raw->references() == 2);
  }
  CHECK(raw->references() == 1);
  owner = intrusive_ptr<record>::adopt(raw);
  owner.reset();
  CHECK(destroyed == 1);
}

TEST_CASE("a null pointer compares, copies and resets") {
  intrusive_ptr<record> none;
  const intrusive_ptr<record> also = nullptr;
  CHECK(none == also);
  none = also;
  none.reset();
  CHECK_FALSE(none);
  const intrusive_ptr<record> from_null(static_cast<record*>(nullptr));
  CHECK_FALSE(from_null);
}

TEST_CASE("copies of an object start with a count of their own") {
  int destroyed = 0;
  {
    const auto a = intrusive_ptr<record>::adopt(new record(destroyed));
    const intrusive_ptr<record> b = a;
    const auto c = intrusive_ptr<record>::adopt(new record(*a));
    CHECK(c->references() == 1);
    *c = *a;
    CHECK(c->references() == 1);
    CHECK(a->references() == 2);
  }
  CHECK(destroyed == 2);
}

TEST_CASE("a type with destroy() decides how it goes") {
  pooled::returned = 0;
  intrusive_ptr<pooled>::adopt(new pooled).reset();
  CHECK(pooled::returned == 1);
}

TEST_CASE("references may be taken and dropped from several threads") {
  int destroyed = 0;
  {
    auto shared = intrusive_ptr<record>::adopt(new record(destroyed));
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([copy = shared] {
        for (int i = 0; i < 10'000; ++i) {
          const intrusive_ptr<record> another = copy;
          (void)another;
        }
      });
    }
    shared.reset();
  }
  CHECK(destroyed == 1);
}

}  // namespace
