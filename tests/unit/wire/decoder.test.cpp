// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/wire/encode.hpp>

#include <support/result_text.hpp>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace ha = hyperactor;
using ha::wire::decoder;

namespace {

using bytes = std::vector<unsigned char>;
std::span<const std::byte> span_of(const bytes& b) { return std::as_bytes(std::span(b)); }

bytes with_count(std::uint64_t count, bytes rest = {}) {
  bytes out;
  for (int i = 0; i < 8; ++i) out.push_back(static_cast<unsigned char>(count >> (8 * i)));
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

constexpr std::uint64_t huge_counts[] = {
    ~std::uint64_t{0}, std::uint64_t{1} << 63, (std::uint64_t{1} << 61) + 1, std::uint64_t{1} << 32, 1U << 20, 100000};

}  // namespace

TEST_CASE("a failure sticks: later numbers are zero, texts empty, the first error stays [WIR-6]") {
  const bytes input = {2, 1, 0, 0, 0};
  decoder d(span_of(input));
  CHECK(!d.take_bool());
  CHECK(d.failed());
  CHECK(d.failure().message() == "invalid bool: 2");
  CHECK(d.take_u32() == 0);
  CHECK(d.take_string().empty());
  CHECK(d.take_span().empty());
  CHECK(d.take_bytes(1) == nullptr);
  CHECK(d.take_count() == 0);
  CHECK(d.remaining() == 0);
  CHECK(d.take<int>().error() == ha::wire_error::invalid_value);
  d.fail(ha::wire_error::unsupported);
  CHECK(d.failure().message() == "invalid bool: 2");
}

TEST_CASE("numbers are read in turn, little-endian") {
  const bytes input = {1, 2, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 9};
  decoder d(span_of(input));
  CHECK(d.take_u8() == 1);
  CHECK(d.take_u16() == 2);
  CHECK(d.take_u32() == 3);
  CHECK(d.take_u64() == 4);
  CHECK(d.remaining() == 1);
  CHECK(d.inlines_parts());
  CHECK(d.take_bytes(0) != nullptr);
  CHECK(!d.failed());
  CHECK(d.take_u16() == 0);
  CHECK(d.failure() == ha::wire_error::truncated);
}

TEST_CASE("an index is below its bound") {
  const bytes input = {2, 0, 0, 0, 3, 0, 0, 0};
  decoder d(span_of(input));
  CHECK(d.take_index(3) == 2);
  CHECK(d.take_index(3) == 0);
  CHECK(d.failure().message() == "invalid variant index: 3");
}

TEST_CASE("no count makes a decoder allocate what the input cannot hold [WIR-5]") {
  for (const std::uint64_t count : huge_counts) {
    CAPTURE(count);
    const bytes input = with_count(count, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    const auto in = span_of(input);
    using ha::wire::decode_plain;
    CHECK(!decode_plain<std::vector<std::uint8_t>>(in));
    CHECK(!decode_plain<std::vector<double>>(in));
    CHECK(!decode_plain<std::vector<bool>>(in));
    CHECK(!decode_plain<std::vector<std::string>>(in));
    CHECK(!decode_plain<std::vector<std::array<std::uint64_t, 1000>>>(in));
    CHECK(!decode_plain<std::vector<std::monostate>>(in));
    CHECK(!decode_plain<std::deque<int>>(in));
    CHECK(!decode_plain<std::set<int>>(in));
    CHECK(!decode_plain<std::map<int, int>>(in));
    CHECK(!decode_plain<std::unordered_map<std::string, int>>(in));
    CHECK(!decode_plain<std::string>(in));
    CHECK(!decode_plain<ha::wire::buffer>(in));
    CHECK(!decode_plain<std::vector<ha::wire::part>>(in));
    CHECK(!ha::wire::decode<std::vector<ha::wire::part>>({ha::wire::buffer(in), {}}));
  }
  // a part of too many empty fragments, a message of too many parts
  CHECK(!ha::wire::decode_plain<ha::wire::multipart>(span_of(with_count(0, with_count(~std::uint64_t{0})))));
  CHECK(!ha::wire::decode_plain<ha::wire::part>(span_of({0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0})));
}

TEST_CASE("many counts together make a decoder allocate no more than one does [WIR-5]") {
  // a thousand lists of 65000 values without bytes: 8 kB of input
  bytes input = with_count(1000);
  const bytes inner = with_count(65000);
  for (int i = 0; i < 1000; ++i) input.insert(input.end(), inner.begin(), inner.end());
  CHECK(ha::wire::decode_plain<std::vector<std::vector<std::monostate>>>(span_of(input)).error() ==
        ha::wire_error::truncated);
  // what the library itself encodes is far from the limit
  const std::vector<std::vector<std::vector<bool>>> lists(300, std::vector<std::vector<bool>>(3, {true, false, true}));
  CHECK(ha::wire::decode<std::vector<std::vector<std::vector<bool>>>>(ha::wire::encode(lists).value()).value() ==
        lists);
  const std::vector<std::monostate> none(65000);
  CHECK(ha::wire::decode<std::vector<std::monostate>>(ha::wire::encode(none).value()).value().size() == none.size());
}

TEST_CASE("texts are UTF-8 or refused, wherever the wrong byte is") {
  const auto decode = [](const std::string& text) {
    bytes input = with_count(text.size());
    input.insert(input.end(), text.begin(), text.end());
    return ha::wire::decode_plain<std::string>(span_of(input));
  };
  for (const char* good : {"", "ascii only, more than eight", "\xC2\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80",
                           "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80"}) {
    CHECK(decode(good));
    CHECK(decode(std::string("0123456") + good + "0123456"));
  }
  for (const char* bad :
       {"\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF", "\xE2\x82", "\xE2\x82\x41", "\xED\xA0\x80",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF0\x9F\x98", "\xFF"}) {
    for (std::size_t before = 0; before < 18; ++before) {
      CHECK(!decode(std::string(before, 'a') + bad));
      CHECK(decode(std::string(before, 'a') + bad + "bbbbbbbbbb").error() == ha::wire_error::invalid_value);
    }
  }
  CHECK(decode("\xFF").error().message() == "string is not valid UTF-8");
}

TEST_CASE("the error of a nested codec is the error of the whole [WIR-6]") {
  const bytes input = with_count(1, {5});
  CHECK(ha::wire::decode_plain<std::vector<bool>>(span_of(input)).error().message() == "invalid bool: 5");
  CHECK(ha::wire::decode_plain<std::vector<std::optional<int>>>(span_of(input)).error().message() ==
        "invalid option: 5");
}
