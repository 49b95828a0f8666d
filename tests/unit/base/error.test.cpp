// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/error.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace {

enum class garden_error { dry = 1, frozen };
constexpr hyperactor::detail::error_category::row garden_rows[] = {{"dry", "the soil is dry"},
                                                                   {"frozen", "the soil is frozen"}};
const hyperactor::detail::error_category garden_category{"hyperactor.garden", garden_rows};
std::error_code make_error_code(garden_error e) noexcept { return {static_cast<int>(e), garden_category}; }

enum class no_error_code { value = 1 };

}  // namespace

template <> struct std::is_error_code_enum<garden_error> : std::true_type {};

namespace {

using hyperactor::error;

static_assert(std::is_nothrow_default_constructible_v<error>);
static_assert(std::is_nothrow_move_constructible_v<error> && std::is_nothrow_move_assignable_v<error>);

TEST_CASE("message() is the exact text and what() carries module and enumerator [ERR-1]") {
  const error plain = garden_error::frozen;
  CHECK(plain.message() == "the soil is frozen");
  CHECK(plain.what() == "hyperactor.garden.frozen: the soil is frozen");

  const error with_text(garden_error::dry, "bed 3 has been dry for 4 days");
  CHECK(with_text.message() == "bed 3 has been dry for 4 days");
  CHECK(with_text.what() == "hyperactor.garden.dry: bed 3 has been dry for 4 days");
}

TEST_CASE("only registered enumerations convert to error [ERR-2]") {
  STATIC_CHECK(std::is_convertible_v<garden_error, error>);
  STATIC_CHECK_FALSE(std::is_convertible_v<no_error_code, error>);
  STATIC_CHECK_FALSE(std::is_convertible_v<int, error>);
  STATIC_CHECK_FALSE(std::is_convertible_v<const char*, error>);
  STATIC_CHECK_FALSE(std::is_convertible_v<std::string, error>);
  STATIC_CHECK_FALSE(std::is_convertible_v<std::error_code, error>);
}

TEST_CASE("a default error is no error") {
  const error none;
  CHECK_FALSE(none);
  CHECK_FALSE(none.code());
}

TEST_CASE("errors compare by code, not by text") {
  const error a = garden_error::dry;
  const error b(garden_error::dry, "another text");
  CHECK(a == b);
  CHECK(a == garden_error::dry);
  CHECK(a != garden_error::frozen);
  CHECK(a.code() == make_error_code(garden_error::dry));
}

TEST_CASE("copies share the text and a moved error keeps it") {
  error a(garden_error::dry, "a text that is longer than any small string buffer of the library");
  const error copy = a;
  const error moved = std::move(a);
  CHECK(copy.message() == moved.message());
  CHECK(moved.message() == "a text that is longer than any small string buffer of the library");
}

TEST_CASE("an error of another library keeps its category's text") {
  const error e(std::make_error_code(std::errc::timed_out));
  CHECK(e.code() == std::errc::timed_out);
  CHECK(e.message() == std::make_error_code(std::errc::timed_out).message());
  CHECK(e.what() == "generic: " + e.message());
}

TEST_CASE("a value outside of the table is an unknown error, not a crash") {
  const error zero(std::error_code(0, garden_category));
  const error high(std::error_code(3, garden_category));
  const error negative(std::error_code(-1, garden_category));
  CHECK(zero.what() == "hyperactor.garden.unknown: unknown error");
  CHECK(high.what() == "hyperactor.garden.unknown: unknown error");
  CHECK(negative.what() == "hyperactor.garden.unknown: unknown error");
}

TEST_CASE("misuse is a logic error with its text") {
  const hyperactor::misuse_error misuse("call async_recv instead");
  const std::logic_error& base = misuse;
  CHECK(std::string(base.what()) == "call async_recv instead");
}

}  // namespace
