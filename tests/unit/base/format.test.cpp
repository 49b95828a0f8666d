// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/format.hpp>

#include <catch2/catch_test_macros.hpp>

namespace {
struct color {
  int number;
  std::string to_string() const {
    std::string out("c");
    out += std::to_string(number);
    return out;
  }
};
}  // namespace

template <> struct fmt::formatter<color> : hyperactor::detail::text_formatter<color> {};

TEST_CASE("a value is formatted as its text, padded like a string [FMT-1]") {
  CHECK(fmt::format("{}", color{7}) == "c7");
  CHECK(fmt::format("{:>4}|{:*<4}|{:^4}|{:.1}", color{1}, color{2}, color{3}, color{4}) == "  c1|c2**| c3 |c");
}

TEST_CASE("a bad specification is refused") { CHECK_THROWS(fmt::format(fmt::runtime("{:q}"), color{1})); }
