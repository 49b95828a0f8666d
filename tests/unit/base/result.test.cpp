// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/result.hpp>

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <string>
#include <type_traits>

namespace {

enum class kitchen_error { too_hot = 1, no_salt };
constexpr hyperactor::detail::error_category::row kitchen_rows[] = {{"too_hot", "the soup is too hot"},
                                                                    {"no_salt", "the salt is missing"}};
const hyperactor::detail::error_category kitchen_category{"hyperactor.kitchen", kitchen_rows};
std::error_code make_error_code(kitchen_error e) noexcept { return {static_cast<int>(e), kitchen_category}; }

}  // namespace

template <> struct std::is_error_code_enum<kitchen_error> : std::true_type {};

namespace {

namespace ha = hyperactor;

ha::result<int> spoons(bool cold) {
  if (!cold) return kitchen_error::too_hot;
  return 3;
}
ha::result<std::unique_ptr<int>> bowl() { return std::make_unique<int>(7); }

TEST_CASE("a result holds a value or an error") {
  const auto good = spoons(true);
  REQUIRE(good.has_value());
  CHECK(*good == 3);
  CHECK(good.value() == 3);

  const auto bad = spoons(false);
  REQUIRE_FALSE(bad.has_value());
  CHECK(bad.error() == kitchen_error::too_hot);
  CHECK(bad.error().message() == "the soup is too hot");
}

TEST_CASE("value() of a failed result throws failed_result with the error inside") {
  try {
    (void)spoons(false).value();
    FAIL("nothing was thrown");
  } catch (const ha::failed_result& thrown) {
    CHECK(thrown.error() == kitchen_error::too_hot);
    CHECK(std::string(thrown.what()) == "hyperactor.kitchen.too_hot: the soup is too hot");
  }
  CHECK_THROWS_AS(spoons(false).value(), std::runtime_error);
}

TEST_CASE("a result of a move-only type hands its value out") {
  std::unique_ptr<int> taken = bowl().value();
  CHECK(*taken == 7);
}

TEST_CASE("result<void> says whether it worked") {
  const ha::result<void> good;
  CHECK(good.has_value());
  const ha::result<void> bad = ha::error(kitchen_error::no_salt, "the salt is missing since Monday");
  CHECK_FALSE(bad.has_value());
  CHECK(!bad);
  CHECK(bad.error().message() == "the salt is missing since Monday");
  CHECK_THROWS_AS(bad.value(), ha::failed_result);
}

}  // namespace
