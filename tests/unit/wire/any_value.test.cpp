// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/wire/any_value.hpp>
#include <hyperactor/wire/segments.hpp>

#include <support/json.hpp>
#include <support/result_text.hpp>

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace ha = hyperactor;

namespace any_value_test {
struct strict {
  std::string text;
};
struct strict_read {
  std::string text;
};
inline void require_writable(const std::string& text) {
  if (text == "secret") throw std::logic_error("not for others");
  if (text == "strange") throw 4;
}
inline void require_good(const std::string& text) {
  if (text == "bad") throw std::invalid_argument("no good");
  if (text == "odd") throw 3;
}
}  // namespace any_value_test

template <> struct hyperactor::codec<any_value_test::strict> {
  static void encode(wire::encoder& e, const any_value_test::strict& v) {
    any_value_test::require_writable(v.text);
    e.put_string(v.text);
  }
  static result<any_value_test::strict> decode(wire::decoder& d) {
    any_value_test::strict out{d.take_string()};
    any_value_test::require_good(out.text);
    return out;
  }
};
template <> struct hyperactor::codec<any_value_test::strict_read> {
  static void encode(wire::encoder& e, const any_value_test::strict_read& v) {
    any_value_test::require_writable(v.text);
    e.put_string(v.text);
  }
  static any_value_test::strict_read read(wire::decoder& d) {
    any_value_test::strict_read out{d.take_string()};
    any_value_test::require_good(out.text);
    return out;
  }
};
using ha::any_value;
using ha::wire::buffer;
using ha::wire::multipart;
using ha::wire::part;

namespace any_test {

struct point {
  std::int32_t x, y;
};
struct one_part {
  std::uint16_t id;
  part data;
};
struct with_any {
  std::uint8_t id;
  any_value any;
  std::uint8_t tail;
};
struct named {};
struct rect {
  std::uint32_t w, h;
};
struct empty {};
struct label {
  std::string text;
};
using shape = std::variant<empty, double, rect, label>;

}  // namespace any_test

HYPERACTOR_NAMED("interop_vectors::types::Point", any_test::point);
HYPERACTOR_NAMED("interop_vectors::types::OnePart", any_test::one_part);
HYPERACTOR_NAMED("interop_vectors::types::WithAny", any_test::with_any);
HYPERACTOR_NAMED("interop_vectors::types::Shape", any_test::shape);

namespace {

using namespace any_test;

const json::value& vectors() {
  static const json::value root = json::load_vectors("any.json");
  return root["groups"];
}

part raw(std::string_view text) { return part(buffer(text.data(), text.size())); }

void check_bytes(const any_value& any, const json::value& c) {
  const buffer plain = ha::wire::encode_plain(any).value();
  CHECK(json::to_hex(plain) == c["bincode"].text());
  CHECK(ha::wire::decode_plain<any_value>(plain.span()).value() == any);
  const multipart m = ha::wire::encode(any).value();
  if (c.has("multipart_framed")) {
    CHECK(json::to_hex(ha::wire::frame_segments(m)) == c["multipart_framed"].text());
  } else {
    CHECK(json::to_hex(m.body) == c["bincode"].text());
  }
  CHECK(ha::wire::decode<any_value>(m).value() == any);
}

template <class T> void check(const std::string& base, const T& value) {
  for (const char* suffix : {"-bincode", "-serde-multipart"}) {
    const std::string name = base + suffix;
    const json::value* c = nullptr;
    for (const json::value& candidate : vectors()["values"].items()) {
      if (candidate["name"].text() == name) c = &candidate;
    }
    if (c == nullptr) continue;
    CAPTURE(name);
    const bool plain = std::string(suffix) == "-bincode";
    const any_value any = (plain ? any_value::encode_plain(value) : any_value::encode(value)).value();
    CHECK(any.type_hash() == (*c)["typehash"].hex_u64());
    CHECK(any.is<T>());
    CHECK(any.size_bytes() == (*c)["len"].u64());
    CHECK(ha::detail::crc32(any) == (*c)["crc"].hex_u64());
    CHECK("Any { encoded: " + any.to_string() == (*c)["debug_encoded"].text());
    check_bytes(any, *c);
    CHECK(any.decode<T>());
    CHECK(any_value(any).decode<T>());
  }
}

}  // namespace

// u128 cannot travel; ping-* is tested where port references are.
TEST_CASE("values in both encodings are the vectors' bytes (all encodings round trip)") {
  check("u64-42", std::uint64_t{42});
  check("unit", std::monostate{});
  check("string-hi", std::string("hi"));
  check("string-empty", std::string());
  check("bool-true", true);
  check("vec-u64", std::vector<std::uint64_t>{1, 2});
  check("point", point{1, -2});
  check("shape", shape(rect{1, 2}));
  check("one-part", one_part{3, raw("in")});
  check("option-some", std::optional<std::string>("x"));
  check("tuple", std::tuple<std::uint64_t, std::string>(1U, "a"));
}

TEST_CASE("JSON values are carried and passed on, not decoded [ANY-2]") {
  std::size_t seen = 0;
  for (const json::value& c : vectors()["values"].items()) {
    const json::value* encoding = c.find("encoding");
    if (encoding == nullptr || encoding->text() != "serde_json") continue;
    CAPTURE(c["name"].text());
    const auto bytes = c["bincode"].bytes();
    const any_value any = ha::wire::decode_plain<any_value>(std::as_bytes(std::span(bytes))).value();
    CHECK(any.how() == any_value::encoding::json);
    CHECK(any.type_hash() == c["typehash"].hex_u64());
    CHECK(ha::detail::crc32(any) == c["crc"].hex_u64());
    CHECK("Any { encoded: " + any.to_string() == c["debug_encoded"].text());
    check_bytes(any, c);
    CHECK(any.decode_unchecked<std::string>().error() == ha::wire_error::unsupported);
    ++seen;
  }
  CHECK(seen > 5);
}

TEST_CASE("a value decodes as its own type and no other [ANY-1] (broken value)") {
  const json::value& special = vectors()["special"];
  const any_value broken;
  CHECK(broken.is_broken());
  check_bytes(broken, special.named("broken"));
  CHECK(broken.decode<int>().error() == ha::wire_error::broken_value);
  CHECK(broken.decode_unchecked<int>().error().message() == special.named("broken")["decode_error"].text());

  const any_value number = any_value::encode(std::uint64_t{42}).value();
  CHECK(number.decode<std::string>().error() == ha::wire_error::type_mismatch);
  CHECK(number.decode<std::string>().error().message() == special.named("type-mismatch")["decode_error"].text());
  const any_value unknown = any_value::encode(named{}).value();
  CHECK(unknown.decode<std::string>().error().message() ==
        special.named("type-mismatch-unregistered")["decode_error"].text());
  CHECK(number.decode_unchecked<std::int64_t>().value() == 42);
}

TEST_CASE("values inside values") {
  const any_value inside = any_value::encode(std::uint64_t{42}).value();
  const with_any outer{1, inside, 2};
  check_bytes(any_value::encode(outer).value(), vectors()["special"].named("any-in-any"));
  check_bytes(any_value::encode_plain(outer).value(), vectors()["special"].named("any-in-bincode-any"));
  CHECK(any_value::encode(outer).value().decode<with_any>().value().any.decode<std::uint64_t>().value() == 42);

  const json::value root = json::load_vectors("multipart.json");
  const json::value& containers = root["groups"]["containers"];
  const auto check_outer = [&](const any_value& any, const char* name) {
    CAPTURE(name);
    const with_any value{1, any, 2};
    CHECK(json::to_hex(ha::wire::encode_plain(value).value()) == containers.named(name)["bincode"].text());
    const multipart m = ha::wire::encode(value).value();
    if (containers.named(name).has("multipart_framed")) {
      CHECK(json::to_hex(ha::wire::frame_segments(m)) == containers.named(name)["multipart_framed"].text());
    }
    CHECK(ha::wire::decode<with_any>(m).value().any == any);
  };
  check_outer(any_value::encode_plain(std::uint64_t{42}).value(), "any-bincode");
  check_outer(inside, "any-serde-multipart");
  check_outer(any_value::encode(one_part{3, raw("in")}).value(), "any-with-parts");
}

TEST_CASE("an encoded value that is cut short anywhere is an error") {
  const buffer whole = ha::wire::encode_plain(any_value::encode(one_part{3, raw("in")}).value()).value();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    CHECK(!ha::wire::decode_plain<any_value>(whole.span().first(n)));
  }
  const unsigned char unknown_encoding[] = {3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  CHECK(ha::wire::decode_plain<any_value>(std::as_bytes(std::span(unknown_encoding))).error() ==
        ha::wire_error::invalid_value);
}

TEST_CASE("a value that cannot be encoded is an error, and parts move out of a value that is given up") {
  using seconds = std::chrono::seconds;
  CHECK(any_value::encode(seconds(-1)).error() == ha::wire_error::unsupported);
  any_value any = any_value::encode(one_part{3, raw("in")}).value();
  const std::byte* const where = any.message().parts[0].bytes.data();
  const one_part out = std::move(any).decode<one_part>().value();
  CHECK(out.data.bytes.data() == where);
}

TEMPLATE_TEST_CASE("what a codec throws is a failure of its message, and nothing else is swallowed [WIR-8][WIR-9]", "",
                   any_value_test::strict, any_value_test::strict_read) {
  using list = std::vector<TestType>;
  const auto of = [](const char* text) { return ha::any_value::encode(list{{"good"}, {text}}).value(); };
  CHECK(of("good").template decode<list>().value().size() == 2);
  CHECK(of("bad").template decode<list>().error() == ha::wire_error::invalid_value);
  CHECK(of("bad").template decode<list>().error().message() == "the codec threw: no good");
  CHECK(of("odd").template decode<list>().error().message() == "the codec threw");
  CHECK(of("bad").template decode_unchecked<list>().error() == ha::wire_error::invalid_value);
  CHECK(ha::wire::decode_plain<list>(ha::wire::encode_plain(list{{"bad"}}).value().span()).error() ==
        ha::wire_error::invalid_value);
  CHECK(ha::any_value::encode(list{{"good"}, {"secret"}}).error() == ha::wire_error::unsupported);
  CHECK(ha::any_value::encode(list{{"secret"}}).error().message() == "the codec threw: not for others");
  CHECK(ha::wire::encode_plain(list{{"strange"}}).error().message() == "the codec threw");
  CHECK_FALSE(of("bad").template decode_to<list>([](list&&) {}));
  CHECK_THROWS_AS(of("good").template decode_to<list>([](list&&) { throw std::runtime_error("mine"); }),
                  std::runtime_error);
}
