// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CONFIG_PARSE_HPP
#define HYPERACTOR_CONFIG_PARSE_HPP

/// @file
/// Texts of configuration values: durations as people write them (`50ms`, `1m 30s`), integers, booleans.
///
/// [CFT-1] What `format_duration` prints, `parse_duration` reads back.

#include <hyperactor/base/result.hpp>
#include <hyperactor/config/error.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Reads digits up to `end` and moves `at` behind them; false where there are none or too many.
constexpr bool read_whole_number(const char*& at, const char* end, std::uint64_t& out) noexcept {
  const char* const begin = at;
  std::uint64_t value = 0;
  bool fits = true;
  for (; at != end && *at >= '0' && *at <= '9'; ++at) {
    const auto digit = static_cast<std::uint64_t>(*at - '0');
    if (value > (~std::uint64_t{0} - digit) / 10) fits = false;
    value = value * 10 + digit;
  }
  if (at == begin || !fits) return false;
  out = value;
  return true;
}

/// Nanoseconds of a duration; false and why not in `why`.
HYPERACTOR_COLD inline bool read_duration(std::string_view text, std::uint64_t& out, std::string& why) {
  struct unit {
    std::string_view name;
    std::uint64_t nanoseconds;
  };
  constexpr std::uint64_t second = 1'000'000'000;
  constexpr unit units[] = {{"ns", 1},
                            {"nsec", 1},
                            {"nanos", 1},
                            {"us", 1'000},
                            {"usec", 1'000},
                            {"ms", 1'000'000},
                            {"msec", 1'000'000},
                            {"millis", 1'000'000},
                            {"s", second},
                            {"sec", second},
                            {"secs", second},
                            {"second", second},
                            {"seconds", second},
                            {"m", 60 * second},
                            {"min", 60 * second},
                            {"mins", 60 * second},
                            {"minute", 60 * second},
                            {"minutes", 60 * second},
                            {"h", 3600 * second},
                            {"hr", 3600 * second},
                            {"hrs", 3600 * second},
                            {"hour", 3600 * second},
                            {"hours", 3600 * second},
                            {"d", 86'400 * second},
                            {"day", 86'400 * second},
                            {"days", 86'400 * second},
                            {"w", 604'800 * second},
                            {"week", 604'800 * second},
                            {"weeks", 604'800 * second},
                            {"M", 2'630'016 * second},
                            {"month", 2'630'016 * second},
                            {"months", 2'630'016 * second},
                            {"y", 31'557'600 * second},
                            {"year", 31'557'600 * second},
                            {"years", 31'557'600 * second}};
  const auto bad = [&](const char* reason) {
    why = "'";
    why += text;
    why += "' is no duration: ";
    why += reason;
    return false;
  };
  constexpr std::uint64_t limit = ~std::uint64_t{0} >> 1;
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  std::uint64_t total = 0;
  bool any = false;
  std::size_t at = 0;
  while (true) {
    while (at < text.size() && is_space(text[at])) ++at;
    if (at == text.size()) break;
    std::uint64_t count = 0;
    const char* end = text.data() + at;
    if (!read_whole_number(end, text.data() + text.size(), count)) {
      return bad("write whole numbers with units, such as 50ms or 1m 30s");
    }
    at = static_cast<std::size_t>(end - text.data());
    while (at < text.size() && is_space(text[at])) ++at;
    const std::size_t start = at;
    while (at < text.size() && ((text[at] >= 'a' && text[at] <= 'z') || (text[at] >= 'A' && text[at] <= 'Z'))) ++at;
    const std::string_view name = text.substr(start, at - start);
    std::uint64_t scale = 0;
    for (const unit& u : units) {
      if (u.name == name) scale = u.nanoseconds;
    }
    if (scale == 0 && name.empty() && count == 0 && !any && at == text.size()) scale = 1;  // "0"
    if (scale == 0) return bad(name.empty() ? "a unit is missing, such as ms or s" : "the unit is not known");
    if (count > limit / scale || total > limit - count * scale) return bad("it is too long");
    total += count * scale;
    any = true;
  }
  if (!any) return bad("it is empty");
  out = total;
  return true;
}

}  // namespace hyperactor::inline v0::detail

namespace hyperactor::inline v0::config {

/// Reads `50ms`, `1m 30s`, `1h`, `2days`: whole numbers, each with a unit (ns, us, ms, s, m, h, d, w, and their long
/// forms, also months of 30.44 and years of 365.25 days), added up; a lone `0` needs none.
/// @errors config_error::invalid_value
template <class Duration = std::chrono::nanoseconds>
[[nodiscard]] result<Duration> parse_duration(std::string_view text) {
  std::uint64_t count = 0;
  std::string why;
  if (!detail::read_duration(text, count, why)) return error(config_error::invalid_value, std::move(why));
  return Duration(std::chrono::nanoseconds(static_cast<std::int64_t>(count)));
}

/// Prints as `parse_duration` reads: `1m 39s`, `500ms`, `0s`.
[[nodiscard]] inline std::string format_duration(std::chrono::nanoseconds value) {
  struct unit {
    std::string_view name;
    std::uint64_t nanoseconds;
    bool is_word;
  };
  constexpr std::uint64_t second = 1'000'000'000;
  constexpr unit units[] = {{"year", 31'557'600 * second, true},
                            {"month", 2'630'016 * second, true},
                            {"day", 86'400 * second, true},
                            {"h", 3600 * second, false},
                            {"m", 60 * second, false},
                            {"s", second, false},
                            {"ms", 1'000'000, false},
                            {"us", 1'000, false},
                            {"ns", 1, false}};
  if (value.count() <= 0) return "0s";
  auto rest = static_cast<std::uint64_t>(value.count());
  std::string out;
  for (const unit& u : units) {
    const std::uint64_t count = rest / u.nanoseconds;
    if (count == 0) continue;
    rest %= u.nanoseconds;
    if (!out.empty()) out += ' ';
    out += std::to_string(count);
    out += u.name;
    if (u.is_word && count > 1) out += 's';
  }
  return out;
}

}  // namespace hyperactor::inline v0::config

#endif  // HYPERACTOR_CONFIG_PARSE_HPP
