// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/log.hpp>

#include <stdexcept>
#include <thread>

#include <catch2/catch_test_macros.hpp>

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace {

struct captured {
  std::vector<std::string> lines;
  ha::log::scoped_sink guard{[this](ha::log::severity s, std::string_view text) {
    lines.push_back(std::string(ha::log::to_string(s)) + ": " + std::string(text));
  }};
};

}  // namespace

TEST_CASE("a sink takes the lines until it is replaced [LOG-1]") {
  captured outer;
  ha::log::write(ha::log::severity::error, "one");
  {
    captured inner;
    ha::log::write(ha::log::severity::warning, "two");
    CHECK(inner.lines == std::vector<std::string>{"warning: two"});
  }
  ha::log::write(ha::log::severity::info, "three");
  CHECK(outer.lines == std::vector<std::string>{"error: one", "info: three"});
}

TEST_CASE("lines of many threads reach the sink one at a time [LOG-1]") {
  captured sink;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 250; ++i) ha::log::write(ha::log::severity::info, "x");
    });
  }
  for (auto& t : threads) t.join();
  CHECK(sink.lines.size() == 1000);
}

TEST_CASE("a sink that throws or logs does no harm [LOG-3]") {
  int calls = 0;
  ha::log::scoped_sink guard{[&](ha::log::severity, std::string_view) {
    ++calls;
    ha::log::write(ha::log::severity::info, "(expected on standard error: written by a sink)");
    throw std::runtime_error("x");
  }};
  ha::log::write(ha::log::severity::info, "(expected on standard error: the sink threw)");
  CHECK(calls == 1);
}

TEST_CASE("a line stays one line [LOG-4]") {
  captured sink;
  ha::log::write(ha::log::severity::info, "a\nb\tc\x1b[31m");
  CHECK(sink.lines == std::vector<std::string>{"info: a b c [31m"});
}

TEST_CASE("a limited line appears at once and then with a count [LOG-2]") {
  captured sink;
  ha::log::flush_limited();
  sink.lines.clear();
  int made = 0;
  for (int i = 0; i < 1000; ++i) {
    ha::log::limited(ha::log::severity::error, 42, [&] {
      ++made;
      return std::string("the actor is gone");
    });
  }
  ha::log::limited(ha::log::severity::error, 43, [] { return std::string("another one is gone"); });
  REQUIRE(sink.lines.size() >= 2);
  CHECK(sink.lines.front() == "error: the actor is gone");
  CHECK(sink.lines.back() == "error: another one is gone");
  ha::log::flush_limited();
  if (made == 1) {  // all within one second, as on any machine that is not stopped meanwhile
    CHECK(sink.lines.back() == "error: the actor is gone (and 999 more like it)");
  }
}

TEST_CASE("counts come each second, also when another key brings them out [LOG-2]") {
  ha::detail::log_limiter limiter;
  std::vector<ha::detail::log_limiter::line> due;
  const ha::detail::log_limiter::time_point start{1h};
  CHECK(limiter.admit(7, start, due).write);
  limiter.remember(7, ha::log::severity::warning, "seven");
  CHECK_FALSE(limiter.admit(7, start + 10ms, due).write);
  CHECK_FALSE(limiter.admit(7, start + 999ms, due).write);
  const auto second = limiter.admit(7, start + 1s, due);
  CHECK(second.write);
  CHECK(second.suppressed == 2);
  CHECK_FALSE(limiter.admit(7, start + 1500ms, due).write);
  CHECK(due.empty());
  CHECK(limiter.admit(8, start + 2100ms, due).write);
  REQUIRE(due.size() == 1);
  CHECK(due[0].text == "seven (and 1 more like it)");
  CHECK(due[0].severity == ha::log::severity::warning);
  due.clear();
  CHECK(limiter.admit(7, start + 4s, due).write);  // quiet for a second: at once again
  CHECK(due.empty());
}

TEST_CASE("a thousand keys do not write a thousand lines a second [LOG-2]") {
  ha::detail::log_limiter limiter;
  std::vector<ha::detail::log_limiter::line> due;
  const ha::detail::log_limiter::time_point start{1h};
  std::size_t lines = 0;
  for (std::uint64_t key = 1; key <= 1000; ++key) lines += limiter.admit(key, start, due).write ? 1 : 0;
  CHECK(lines == ha::detail::log_limiter::capacity + 1);
  limiter.take_all(due);
  REQUIRE(due.size() == 1);
}
