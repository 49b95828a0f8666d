// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/config/parse.hpp>

#include <catch2/catch_test_macros.hpp>

namespace ha = hyperactor;
using namespace std::chrono_literals;

TEST_CASE("durations are read as people write them") {
  struct row {
    const char* text;
    std::chrono::nanoseconds value;
  };
  const row rows[] = {{"50ms", 50ms},   {"1m", 60s},          {"1m 39s", 99s},     {"1m39s", 99s},      {"0", 0s},
                      {"0s", 0s},       {" 30 s ", 30s},      {"2h 5min", 125min}, {"7us 3ns", 7003ns}, {"1day", 24h},
                      {"2weeks", 336h}, {"1year", 31557600s}, {"1M", 2630016s},    {"3 hours", 3h}};
  for (const auto& [text, value] : rows) {
    INFO(text);
    const auto parsed = ha::config::parse_duration(text);
    REQUIRE(parsed.has_value());
    CHECK(*parsed == value);
  }
}

TEST_CASE("texts that are no durations are refused with a sentence") {
  for (const char* text :
       {"", "  ", "5", "ms", "5 parsecs", "-5s", "1.5s", "5s 3", "99999999999999999999s", "400years", "5s,"}) {
    INFO(text);
    const auto parsed = ha::config::parse_duration(text);
    REQUIRE(!parsed);
    CHECK(parsed.error() == ha::config_error::invalid_value);
  }
  CHECK(ha::config::parse_duration("5").error().message() == "'5' is no duration: a unit is missing, such as ms or s");
}

TEST_CASE("what is printed is read back [CFT-1]") {
  CHECK(ha::config::format_duration(99s) == "1m 39s");
  CHECK(ha::config::format_duration(500ms) == "500ms");
  CHECK(ha::config::format_duration(0s) == "0s");
  CHECK(ha::config::format_duration(48h + 1ns) == "2days 1ns");
  for (const std::chrono::nanoseconds value :
       {std::chrono::nanoseconds(1), std::chrono::nanoseconds(123456789012345678), std::chrono::nanoseconds::max()}) {
    CHECK(ha::config::parse_duration(ha::config::format_duration(value)).value() == value);
  }
}
