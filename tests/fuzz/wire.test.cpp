// SPDX-License-Identifier: BSD-3-Clause
// Decoders of wire/ against mutated bytes: whatever comes, they return a value or an error, read nothing beyond the
// input (run this with a sanitizer) and allocate in proportion to it. What decodes encodes again.
#include <hyperactor/wire/any_value.hpp>
#include <hyperactor/wire/segments.hpp>

#include <support/mutate.hpp>
#include <support/result_text.hpp>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

namespace ha = hyperactor;

namespace wire_fuzz {

struct leaf {
  std::uint64_t id;
  std::string name;
  std::optional<double> weight;
};
struct tree {
  leaf here;
  std::vector<tree> kids;
};
enum class color : std::uint8_t { red, green };
struct everything {
  bool b;
  char32_t c;
  color k;
  std::vector<std::uint16_t> numbers;
  std::deque<std::string> texts;
  std::set<std::string> set;
  std::map<std::string, std::vector<bool>> map;
  std::unordered_map<std::uint32_t, leaf> table;
  std::variant<std::monostate, leaf, std::vector<leaf>> either;
  std::tuple<std::int8_t, std::array<std::string, 2>> tuple;
  std::array<std::uint8_t, 3> bytes;
  std::chrono::nanoseconds duration;
  std::chrono::system_clock::time_point time;
  std::vector<ha::wire::part> parts;
  ha::any_value any;
  tree root;
};

}  // namespace wire_fuzz

namespace {

using namespace wire_fuzz;
using namespace std::chrono_literals;

everything sample() {
  everything e{};
  e.b = true;
  e.c = U'\u20ac';
  e.k = color::green;
  e.numbers = {1, 2, 3};
  e.texts = {"one", "tw\u00f6"};
  e.set = {"a", "b"};
  e.map = {{"k", {true, false}}};
  e.table = {{5U, leaf{1, "x", 1.5}}};
  e.either = std::vector<leaf>{{1, "a", std::nullopt}, {2, "b", 2.5}};
  e.tuple = {std::int8_t{-1}, {"p", "q"}};
  e.bytes = {7, 8, 9};
  e.duration = 1500ms;
  e.time = std::chrono::system_clock::time_point(5s);
  e.parts.emplace_back(ha::wire::buffer("raw", 3));
  e.parts.emplace_back(ha::wire::buffer("typed", 5), 42);
  e.any = ha::any_value::encode(std::string("inside")).value();
  e.root = tree{{1, "root", 0.5}, {tree{{2, "kid", std::nullopt}, {}}, tree{{3, "kid", 1.0}, {}}}};
  return e;
}

fuzz::bytes copy_of(const ha::wire::buffer& b) {
  fuzz::bytes out;
  for (const std::byte x : b) out.push_back(static_cast<unsigned char>(x));
  return out;
}

constexpr int rounds = 20000;

}  // namespace

TEST_CASE("mutated plain values decode to a value or an error, and what decodes encodes again") {
  const fuzz::bytes original = copy_of(ha::wire::encode_plain(sample()).value());
  REQUIRE(ha::wire::decode_plain<everything>(std::as_bytes(std::span(original))));
  fuzz::random rng(1);
  int decoded = 0;
  for (int i = 0; i < rounds; ++i) {
    const fuzz::bytes input = fuzz::mutate(original, rng);
    const ha::result<everything> r = ha::wire::decode_plain<everything>(std::as_bytes(std::span(input)));
    if (!r) continue;
    ++decoded;
    const ha::result<ha::wire::buffer> again = ha::wire::encode_plain(*r);
    if (!again) FAIL("round " << i << ": " << again.error().what());
    if (!ha::wire::decode_plain<everything>(again->span())) FAIL("round " << i);
  }
  CHECK(decoded > 0);
  CHECK(decoded < rounds);
}

TEST_CASE("mutated frames parse to a message or an error, and its value too") {
  const ha::wire::multipart message = ha::wire::encode(sample()).value();
  const fuzz::bytes original = copy_of(ha::wire::frame_segments(message));
  fuzz::random rng(2);
  int parsed = 0;
  int decoded = 0;
  for (int i = 0; i < rounds; ++i) {
    const fuzz::bytes input = fuzz::mutate(original, rng);
    ha::result<ha::wire::multipart> m = ha::wire::parse_segments(std::as_bytes(std::span(input)));
    if (!m) continue;
    ++parsed;
    if (ha::wire::frame_segments(*m).size() > input.size()) FAIL("round " << i);
    if (ha::wire::decode<everything>(std::move(*m))) ++decoded;
  }
  CHECK(parsed > 0);
  CHECK(decoded > 0);
}

TEST_CASE("mutated erased values decode to a value or an error") {
  const fuzz::bytes original = copy_of(ha::wire::encode_plain(ha::any_value::encode(sample()).value()).value());
  fuzz::random rng(3);
  int decoded = 0;
  for (int i = 0; i < rounds; ++i) {
    const fuzz::bytes input = fuzz::mutate(original, rng);
    ha::result<ha::any_value> any = ha::wire::decode_plain<ha::any_value>(std::as_bytes(std::span(input)));
    if (!any) continue;
    (void)any->to_string();
    if (std::move(*any).decode<everything>()) ++decoded;
  }
  CHECK(decoded > 0);
}

TEST_CASE("random bytes never decode beyond their end") {
  fuzz::random rng(4);
  for (int i = 0; i < rounds; ++i) {
    fuzz::bytes input(rng.below(64));
    for (unsigned char& b : input) b = static_cast<unsigned char>(rng.next());
    const auto in = std::as_bytes(std::span(input));
    (void)ha::wire::decode_plain<everything>(in);
    (void)ha::wire::decode_plain<tree>(in);
    (void)ha::wire::decode_plain<ha::any_value>(in);
    (void)ha::wire::decode_plain<std::vector<std::string>>(in);
    (void)ha::wire::parse_segments(in);
  }
}
