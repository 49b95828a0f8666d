// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/wire/encode.hpp>

#include <support/json.hpp>
#include <support/result_text.hpp>

#include <array>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace codec_test {

struct unit {
  bool operator==(const unit&) const = default;
};
struct point {
  std::int32_t x, y;
  bool operator==(const point&) const = default;
};
struct nested {
  std::uint64_t id;
  std::string name;
  point at;
  std::vector<std::string> tags;
  std::vector<nested> next;
  bool operator==(const nested&) const = default;
};
struct three {
  std::uint16_t a, c, d;
  bool operator==(const three&) const = default;
};
template <class A, class B> struct both {
  A a;
  B b;
  bool operator==(const both&) const = default;
};
struct phantom {
  std::uint8_t v;
  unit p;
  bool operator==(const phantom&) const = default;
};
struct rect {
  std::uint32_t w, h;
  bool operator==(const rect&) const = default;
};
struct label_and_point {
  std::string label;
  std::optional<point> inner;
  bool operator==(const label_and_point&) const = default;
};
using shape = std::variant<unit, double, rect, label_and_point>;
enum class letter : std::uint8_t { a, b, c };
enum old_style { zero, one };

/// Has no value without its bytes: its codec decodes.
class serial {
 public:
  explicit serial(std::uint32_t n) : number(n) {}
  auto operator<=>(const serial&) const = default;
  std::uint32_t number;
};
/// Its codec reads.
struct metres {
  double value;
  bool operator==(const metres&) const = default;
};
struct both_kinds {
  metres length;
  serial of;
  bool operator==(const both_kinds&) const = default;
};

}  // namespace codec_test

template <> struct hyperactor::codec<codec_test::serial> {
  static void encode(wire::encoder& e, const codec_test::serial& s) { e.put_u32(s.number); }
  static result<codec_test::serial> decode(wire::decoder& d) {
    const std::uint32_t number = d.take_u32();
    if (number == 0) return error(wire_error::invalid_value, "a serial number is positive");
    return codec_test::serial(number);
  }
};
template <> struct hyperactor::codec<codec_test::metres> {
  static void encode(wire::encoder& e, const codec_test::metres& m) { e.put(m.value); }
  static codec_test::metres read(wire::decoder& d) {
    const codec_test::metres out{d.read<double>()};
    if (!(out.value >= 0)) d.fail(error(wire_error::invalid_value, "a length is not negative"));
    return out;
  }
};

namespace {

using namespace codec_test;
using bytes = std::vector<unsigned char>;

std::span<const std::byte> span_of(const bytes& b) { return std::as_bytes(std::span(b)); }

template <class T> bool same(const T& a, const T& b) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::bit_cast<std::array<std::byte, sizeof(T)>>(a) == std::bit_cast<std::array<std::byte, sizeof(T)>>(b);
  } else {
    return a == b;
  }
}

/// Encodes as `expected`, plain and with parts beside, and decodes from it; every shorter input is refused.
template <class T> void round_trip(const T& value, const bytes& expected) {
  ha::result<ha::wire::buffer> plain = ha::wire::encode_plain(value);
  REQUIRE(plain);
  CHECK(json::to_hex(*plain) == json::to_hex(expected));
  ha::result<ha::wire::multipart> message = ha::wire::encode(value);
  REQUIRE(message);
  CHECK(message->parts.empty());
  CHECK(message->body == *plain);
  ha::result<T> back = ha::wire::decode_plain<T>(span_of(expected));
  REQUIRE(back);
  CHECK(same(*back, value));
  back = ha::wire::decode<T>(*message);
  REQUIRE(back);
  CHECK(same(*back, value));
  for (std::size_t n = 0; n < expected.size(); ++n) {
    CAPTURE(n);
    const bytes cut(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(n));  // its own allocation
    CHECK(!ha::wire::decode_plain<T>(span_of(cut)));
  }
}

const json::value& vectors() {
  static const json::value root = json::load_vectors("bincode.json");
  return root["groups"];
}

template <class T> void check(const char* group, const char* name, const T& value) {
  CAPTURE(group, name);
  round_trip(value, vectors()[group].named(name)["bincode"].bytes());
}

}  // namespace

TEST_CASE("integers, floats, bool and char are the vectors' bytes") {
  check("integers", "u8-0", std::uint8_t{0});
  check("integers", "u8-255", std::uint8_t{255});
  check("integers", "u8-255", std::byte{255});
  check("integers", "u8-255", static_cast<char>(-1));
  check("integers", "u8-255", char8_t{255});
  check("integers", "i8-minus-1", std::int8_t{-1});
  check("integers", "i8-min", std::int8_t{-128});
  check("integers", "u16-258", std::uint16_t{258});
  check("integers", "i16-minus-2", std::int16_t{-2});
  check("integers", "u32-max", std::uint32_t{4294967295U});
  check("integers", "i32-min", std::numeric_limits<std::int32_t>::min());
  check("integers", "u64-42", std::uint64_t{42});
  check("integers", "u64-max", std::numeric_limits<std::uint64_t>::max());
  check("integers", "u64-0x0123456789abcdef", 0x0123456789abcdefULL);
  check("integers", "i64-min", std::numeric_limits<long>::min());
  check("integers", "i64-minus-1", -1LL);
  check("integers", "isize-minus-7", std::ptrdiff_t{-7});
  check("floats", "f32-1-5", 1.5F);
  check("floats", "f32-minus-zero", -0.0F);
  check("floats", "f64-1-5", 1.5);
  check("floats", "f64-pi", 3.141592653589793);
  check("floats", "f64-minus-inf", -std::numeric_limits<double>::infinity());
  check("floats", "f64-nan", std::bit_cast<double>(0x7ff8000000000000U));
  check("floats", "f32-nan", std::bit_cast<float>(0x7fc00000U));
  check("floats", "f64-min-positive", std::numeric_limits<double>::min());
  check("bool-char", "bool-false", false);
  check("bool-char", "bool-true", true);
  check("bool-char", "char-nul", U'\0');
  check("bool-char", "char-2-bytes", U'\u00e9');
  check("bool-char", "char-3-bytes", U'\u20ac');
  check("bool-char", "char-4-bytes", U'\U0001F600');
}

TEST_CASE("strings, bytes and options are the vectors' bytes") {
  for (const char* name : {"string-empty", "string-hi", "string-utf8", "string-nul-inside", "string-70", "cow-str"}) {
    check("strings", name, vectors()["strings"].named(name)["value"].text());
  }
  check("bytes", "bytes-empty", std::vector<std::byte>{});
  check("bytes", "bytes-3", std::vector<std::byte>{std::byte{1}, std::byte{2}, std::byte{255}});
  check("bytes", "bytes-3", ha::wire::buffer("\1\2\377", 3));
  check("bytes", "serde-bytes-3", std::vector<std::uint8_t>{9, 8, 7});
  check("bytes", "vec-u8-3", std::deque<std::uint8_t>{1, 2, 255});
  check("bytes", "array-u8-4", std::array<std::uint8_t, 4>{1, 2, 3, 4});
  using u16 = std::uint16_t;
  using u8 = std::uint8_t;
  check("options", "option-none", std::optional<u16>());
  check("options", "option-some", std::optional<u16>(u16{5}));
  check("options", "option-some-none", std::optional<std::optional<u8>>(std::in_place));
  check("options", "option-some-some", std::optional<std::optional<u8>>(std::in_place, u8{1}));
  check("options", "option-string", std::optional<std::string>("a"));
  check("options", "option-unit", std::optional<std::monostate>(std::in_place));
}

TEST_CASE("sequences, maps and tuples are the vectors' bytes") {
  using u8 = std::uint8_t;
  using u16 = std::uint16_t;
  check("sequences", "vec-empty", std::vector<std::uint64_t>{});
  check("sequences", "vec-vec", std::vector<std::vector<u8>>{{1}, {}, {2, 3}});
  check("sequences", "vec-option", std::vector<std::optional<u8>>{std::nullopt, u8{1}});
  check("sequences", "vec-bool", std::vector<bool>{true, false});
  check("sequences", "vec-bool", std::deque<bool>{true, false});
  check("sequences", "vec-unit-3", std::vector<std::monostate>(3));
  check("sequences", "array-u16-2", std::array<u16, 2>{1, 2});
  check("sequences", "array-0", std::array<u16, 0>{});
  check("sequences", "btreeset", std::set<u8>{3, 1});
  check("sequences", "hashset-1", std::unordered_set<u8>{9});
  check("sequences", "vecdeque", std::deque<u8>{1, 2});
  check("sequences", "boxed-slice", std::vector<u8>{1, 2});
  check("maps", "map-empty", std::map<std::string, std::uint64_t>{});
  check("maps", "map-2", std::map<std::string, std::uint64_t>{{"b", 2}, {"a", 1}});
  check("maps", "hashmap-1", std::unordered_map<u16, std::string>{{u16{7}, "x"}});
  check("maps", "map-of-map", std::map<u8, std::map<u8, u8>>{{u8{1}, {{u8{2}, u8{3}}}}});
  check("tuples", "unit", std::monostate{});
  check("tuples", "unit", std::tuple<>{});
  check("tuples", "tuple-1", std::tuple<u8>{u8{1}});
  check("tuples", "tuple-2", std::pair<u8, std::string>{u8{1}, "a"});
  check("tuples", "tuple-3", std::tuple<std::uint64_t, bool, std::int16_t>{1U, true, std::int16_t{-1}});
  check("tuples", "tuple-nested", std::tuple<std::pair<u8, u8>, u8>{{u8{1}, u8{2}}, u8{3}});
  check("tuples", "tuple-12", std::array<u8, 12>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
}

// struct-nested holds its successor in an optional box; here it is a vector of none or one, which has a longer count,
// so the bytes are compared in aggregate.test.cpp with an adapted type. Range is a pair; CString and PathBuf are texts;
// IP and socket addresses are part of channel_addr. Result has no counterpart: variant of value and error.
TEST_CASE("structs, enums and standard types are the vectors' bytes") {
  using u8 = std::uint8_t;
  check("structs", "struct-unit", unit{});
  check("structs", "struct-point", point{1, -2});
  check("structs", "struct-skip-default-rename", three{1, 2, 3});
  check("structs", "struct-generic", both<u8, std::string>{1, "b"});
  check("structs", "struct-phantom", phantom{3, {}});
  check("structs", "arc", std::string("a"));
  check("enums", "enum-unit", shape());
  check("enums", "enum-newtype", shape(1.5));
  check("enums", "enum-tuple", shape(rect{1, 2}));
  check("enums", "enum-struct", shape(label_and_point{"l", point{1, 2}}));
  check("enums", "enum-struct-none", shape(label_and_point{}));
  check("enums", "enum-c-like-b", letter::b);
  check("enums", "enum-c-like-b", one);
  check("enums", "vec-enum", std::vector<shape>{unit{}, 0.0});
  check("enums", "result-ok", std::variant<u8, std::string>(u8{1}));
  check("enums", "result-err", std::variant<u8, std::string>("e"));
  check("std-types", "duration-1-5s", std::chrono::milliseconds(1500));
  check("std-types", "duration-1-5s", std::chrono::duration<double>(1.5));
  check("std-types", "duration-0", 0ns);
  check("std-types", "range", std::pair<std::uint32_t, std::uint32_t>(1U, 4U));
  check("std-types", "range-inclusive", std::pair<u8, u8>(u8{1}, u8{4}));
  check("std-types", "cstring", std::string("ab"));
  using time = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;
  check("std-types", "systemtime-1s-2ns", time(1s + 2ns));
  const bytes longest = vectors()["std-types"].named("duration-max")["bincode"].bytes();
  using u_seconds = std::chrono::duration<std::uint64_t>;
  CHECK(ha::wire::decode_plain<u_seconds>(span_of(longest)).value() == u_seconds::max());
  CHECK(ha::wire::decode_plain<std::chrono::seconds>(span_of(longest)).error() == ha::wire_error::invalid_value);
}

TEST_CASE("durations of every unit keep their value to the nanosecond") {
  const auto there_and_back = [](auto d) {
    const ha::wire::buffer out = ha::wire::encode_plain(d).value();
    CHECK(out.size() == 12);
    CHECK(ha::wire::decode_plain<decltype(d)>(out.span()).value() == d);
  };
  there_and_back(std::chrono::nanoseconds::max());
  there_and_back(std::chrono::microseconds::max());
  there_and_back(std::chrono::hours(123456));
  there_and_back(std::chrono::minutes(7));
  there_and_back(std::chrono::duration<int, std::ratio<7, 3>>(9));
  there_and_back(std::chrono::duration<unsigned char>(255));
  there_and_back(std::chrono::duration<float>(0.25F));
  // no number of nanoseconds
  for (int n = 1; n < 200; ++n) {
    there_and_back(std::chrono::duration<int, std::ratio<1, 60>>(n));
    there_and_back(std::chrono::duration<std::int64_t, std::ratio<1001, 30000>>(123456 + n));
    there_and_back(std::chrono::duration<std::int64_t, std::ratio<20, 10'000'000'001>>(n));
    there_and_back(std::chrono::duration<double>(n / 10.0));
    there_and_back(std::chrono::duration<double, std::milli>(n / 10.0));
  }
  // the carry into the seconds
  const auto just_below = ha::wire::encode_plain(std::chrono::duration<double>(1.9999999999)).value();
  CHECK(ha::wire::decode_plain<std::chrono::nanoseconds>(just_below.span()).value() == 2s);
  // finer than a nanosecond: cut off
  using picoseconds = std::chrono::duration<std::int64_t, std::pico>;
  const ha::wire::buffer out = ha::wire::encode_plain(picoseconds(1999)).value();
  CHECK(ha::wire::decode_plain<picoseconds>(out.span()).value() == picoseconds(1000));
}

TEST_CASE("what the encoding cannot carry is wire_error::unsupported") {
  CHECK(ha::wire::encode(-1ns).error() == ha::wire_error::unsupported);
  CHECK(ha::wire::encode(std::chrono::duration<double>(-0.5)).error() == ha::wire_error::unsupported);
  CHECK(ha::wire::encode(std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN())).error() ==
        ha::wire_error::unsupported);
  CHECK(ha::wire::encode(std::chrono::duration<double>(1e30)).error() == ha::wire_error::unsupported);
  CHECK(ha::wire::encode(std::chrono::hours::max()).error() == ha::wire_error::unsupported);
  CHECK(ha::wire::encode(std::chrono::system_clock::time_point(-1s)).error().message() ==
        "a time before 1970 cannot be encoded");
  CHECK(ha::wire::encode(static_cast<char32_t>(0xD800)).error() == ha::wire_error::unsupported);
  enum class negative { below = -1 };
  CHECK(ha::wire::encode_plain(negative::below).error() == ha::wire_error::unsupported);
  // the first failure counts, wherever it is
  CHECK(ha::wire::encode(std::vector<std::chrono::seconds>{1s, -1s}).error() == ha::wire_error::unsupported);
}

// nonzero-zero, uuid-wrong-length, label-empty and uid-index-2 belong to types of other modules or to none.
TEST_CASE("the vectors' decode errors are errors, and nothing panics") {
  const auto fails = [](const char* name, auto decode, ha::wire_error expected) {
    CAPTURE(name);
    const bytes input = vectors()["decode-errors"].named(name)["bytes"].bytes();
    const auto r = decode(span_of(input));
    REQUIRE(!r);
    CHECK(r.error() == expected);
  };
  using ha::wire_error;
  using ha::wire::decode_plain;
  fails("bool-2", decode_plain<bool>, wire_error::invalid_value);
  fails("option-tag-2", decode_plain<std::optional<std::uint8_t>>, wire_error::invalid_value);
  fails("enum-index-4", decode_plain<shape>, wire_error::invalid_value);
  fails("u32-truncated", decode_plain<std::uint32_t>, wire_error::truncated);
  fails("string-bad-utf8", decode_plain<std::string>, wire_error::invalid_value);
  fails("string-truncated", decode_plain<std::string>, wire_error::truncated);
  fails("string-huge-length", decode_plain<std::string>, wire_error::truncated);
  fails("char-bad-lead-byte", decode_plain<char32_t>, wire_error::invalid_value);
  fails("char-truncated", decode_plain<char32_t>, wire_error::truncated);
  fails("systemtime-overflow", decode_plain<std::chrono::system_clock::time_point>, wire_error::invalid_value);
  fails("result-index-2", decode_plain<std::variant<std::uint8_t, std::uint8_t>>, wire_error::invalid_value);
  const auto input = [](const char* name) { return vectors()["decode-errors"].named(name)["bytes"].bytes(); };
  CHECK(decode_plain<std::uint8_t>(span_of(input("trailing-bytes-ignored"))).value() == 1);
  CHECK(decode_plain<std::monostate>(span_of(input("unit-from-nothing"))));
  CHECK(decode_plain<std::chrono::seconds>(span_of(input("duration-nanos-overflow-carries"))).value() == 2s);
}

TEST_CASE("characters are refused unless they are Unicode scalar values in shortest form") {
  const auto decode = [](bytes b) { return ha::wire::decode_plain<char32_t>(span_of(b)); };
  CHECK(!decode({0xC0, 0x80}));
  CHECK(!decode({0xE0, 0x80, 0x80}));
  CHECK(!decode({0xED, 0xA0, 0x80}));
  CHECK(!decode({0xF4, 0x90, 0x80, 0x80}));
  CHECK(!decode({0x80}));
  CHECK(!decode({0xC3, 0x28}));
  CHECK(decode({0xF4, 0x8F, 0xBF, 0xBF}).value() == char32_t{0x10FFFF});
}

TEST_CASE("of map entries with the same key the last one counts") {
  const bytes input = {2, 0, 0, 0, 0, 0, 0, 0, 5, 1, 5, 2};
  const auto m = ha::wire::decode_plain<std::map<std::uint8_t, std::uint8_t>>(span_of(input)).value();
  CHECK(m == std::map<std::uint8_t, std::uint8_t>{{std::uint8_t{5}, std::uint8_t{2}}});
}

TEST_CASE("an enumerator that its type cannot hold is refused") {
  const bytes input = {0, 1, 0, 0};
  CHECK(ha::wire::decode_plain<letter>(span_of(input)).error() == ha::wire_error::invalid_value);
  CHECK(ha::wire::decode_plain<letter>(span_of(input)).error().message() == "invalid enumerator: 256");
}

TEST_CASE("a type inside itself travels") {
  nested n{1, "n", {3, 4}, {"t"}, {nested{2, "", {0, 0}, {}, {}}}};
  const ha::wire::multipart m = ha::wire::encode(n).value();
  CHECK(ha::wire::decode<nested>(m).value() == n);
}

// With a serial number 0 in the place of the second to last value the whole is refused, whatever stands around it.
template <class T> void check_with_serial(const T& value) {
  static_assert(ha::remote_message<T>);
  const ha::wire::buffer good = ha::wire::encode_plain(value).value();
  CHECK(ha::wire::decode_plain<T>(good.span()).value() == value);
  bytes bad(good.size());
  for (std::size_t i = 0; i < good.size(); ++i) {
    const auto b = static_cast<unsigned char>(good[i]);
    bad[i] = b == 77 ? 0 : b;
  }
  const auto refused = ha::wire::decode_plain<T>(span_of(bad));
  REQUIRE(refused.has_error());
  CHECK(refused.error().message() == "a serial number is positive");
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    CHECK(ha::wire::decode_plain<T>(good.span().first(cut)).has_error());
  }
}

TEST_CASE("codecs that read and codecs that decode mix in every container, and failures name their reason [WIR-6]") {
  STATIC_REQUIRE(ha::reading_codec<metres>);
  STATIC_REQUIRE_FALSE(ha::reading_codec<serial>);
  STATIC_REQUIRE(ha::reading_codec<std::vector<serial>>);  // a container has a value without its elements'
  STATIC_REQUIRE_FALSE(ha::reading_codec<both_kinds>);
  const serial s(77);
  check_with_serial(s);
  check_with_serial(both_kinds{{2.5}, s});
  check_with_serial(std::tuple{std::string("x"), s, metres{1}});
  check_with_serial(std::pair{s, metres{3}});
  check_with_serial(std::array{serial(5), s});
  check_with_serial(std::vector{serial(6), s});
  check_with_serial(std::set{serial(7), s});
  check_with_serial(std::map<std::string, serial>{{"a", serial(8)}, {"b", s}});
  check_with_serial(std::map<serial, std::string>{{s, "c"}});
  check_with_serial(std::optional(s));
  check_with_serial(std::variant<metres, serial>(s));
  check_with_serial(std::vector{both_kinds{{4}, serial(9)}, both_kinds{{5}, s}});
  const auto negative = ha::wire::encode_plain(std::vector{metres{1}, metres{-1}}).value();
  const auto refused = ha::wire::decode_plain<std::vector<metres>>(negative.span());
  CHECK(refused.error().message() == "a length is not negative");
}
