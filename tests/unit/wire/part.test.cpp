// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/wire/encode.hpp>
#include <hyperactor/wire/segments.hpp>

#include <support/json.hpp>
#include <support/result_text.hpp>

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace ha = hyperactor;
using ha::wire::buffer;
using ha::wire::multipart;
using ha::wire::part;

namespace part_test {

struct one_part {
  std::uint16_t id;
  part data;
  bool operator==(const one_part&) const = default;
};
struct many_parts {
  part a;
  std::uint32_t n;
  std::vector<part> list;
  std::optional<part> opt;
  std::pair<std::uint8_t, part> tup;
  one_part inner;
  bool operator==(const many_parts&) const = default;
};
struct two {
  part x, y;
  bool operator==(const two&) const = default;
};
using part_enum = std::variant<std::monostate, part, two>;
struct with_message {
  std::uint8_t id;
  multipart m;
  std::uint8_t tail;
  bool operator==(const with_message&) const = default;
};
struct flat {
  std::uint8_t id;
  part f;
  std::uint8_t tail;
  bool operator==(const flat&) const = default;
};

/// A reference whose wire form is a typed part, like a port reference.
struct ref_repr {
  std::uint64_t number;
};
struct ref {
  std::uint64_t number;
  bool operator==(const ref&) const = default;
};

}  // namespace part_test

HYPERACTOR_NAMED("part_test::repr", part_test::ref_repr);

template <> struct hyperactor::codec<part_test::ref> {
  static constexpr bool carries_parts = true;
  static void encode(wire::encoder& e, const part_test::ref& r) {
    e.put_repr(type_hash<part_test::ref_repr>, part_test::ref_repr{r.number});
  }
  static result<part_test::ref> decode(wire::decoder& d) {
    const auto r = d.take_repr<part_test::ref_repr>(type_hash<part_test::ref_repr>, wire_name<part_test::ref_repr>);
    if (!r) return r.error();
    return part_test::ref{r->number};
  }
};

namespace {

using namespace part_test;

part raw(std::string_view text) { return part(buffer(text.data(), text.size())); }
part typed(const auto& value) {
  return {ha::wire::encode_plain(value).value(), ha::type_hash<std::remove_cvref_t<decltype(value)>>};
}

multipart message_of(const json::value& c) {
  multipart m;
  const auto body = c["multipart_body"].bytes();
  m.body = buffer(body.data(), body.size());
  for (const json::value& p : c["multipart_parts"].items()) {
    const auto bytes = p["bytes"].bytes();
    part out(buffer(bytes.data(), bytes.size()));
    if (!p["typehash"].is_null()) {
      out.is_typed = true;
      out.typehash = p["typehash"].hex_u64();
    }
    m.parts.push_back(std::move(out));
  }
  return m;
}

const json::value& vectors(const char* group) {
  static const json::value root = json::load_vectors("multipart.json");
  return root["groups"][group];
}

template <class T> void check(const char* group, const char* name, const T& value, bool same_plain = true) {
  CAPTURE(group, name);
  const json::value& c = vectors(group).named(name);
  const buffer plain = ha::wire::encode_plain(value).value();
  if (same_plain) {
    CHECK(json::to_hex(plain) == c["bincode"].text());
  }
  const multipart m = ha::wire::encode(value).value();
  if (c.has("multipart_body")) {
    CHECK(m == message_of(c));
    const buffer framed = ha::wire::frame_segments(m);
    CHECK(json::to_hex(framed) == c["multipart_framed"].text());
    CHECK(framed.size() == m.framed_bytes());
    CHECK(ha::wire::parse_segments(framed.span()).value() == m);
  } else {
    CHECK(m.parts.empty());
    CHECK(json::to_hex(m.body) == c["bincode"].text());
  }
  CHECK(ha::wire::decode<T>(m).value() == value);
  CHECK(ha::wire::decode<T>(multipart(m)).value() == value);
  const auto bytes = c["bincode"].bytes();
  const auto span = std::as_bytes(std::span(bytes));
  CHECK(ha::wire::decode_plain<T>(span).value() == value);
  for (std::size_t n = 0; n < span.size(); ++n) {
    const std::vector<std::byte> cut(span.begin(), span.begin() + static_cast<std::ptrdiff_t>(n));
    CHECK(!ha::wire::decode_plain<T>(cut));
  }
}

}  // namespace

// The group port-refs is tested with port references, flattrs-* with headers (mailbox), any-* with any_value. The
// fragments of part-fragments are joined when decoded and encoded as one.
TEST_CASE("parts keep out of the body, in the order of encoding [WIR-2] (basic, compound)") {
  check("parts", "part-abc", raw("abc"));
  check("parts", "part-fragments", raw("abc"), false);
  check("parts", "part-no-fragments", part(), false);
  check("parts", "part-typed-u64", typed(std::uint64_t{42}));
  check("parts", "part-typed-string", typed(std::string("hi")));
  check("parts", "no-part-string", std::string("hi"));
  check("parts", "part-and-int", one_part{7, raw("xyz")});
  check("parts", "tuple-of-parts", std::tuple<part, std::uint8_t, part>(raw("a"), std::uint8_t{1}, raw("bc")));
  std::vector<part> eight;
  for (std::size_t i = 0; i < 8; ++i) eight.push_back(raw(std::string(i, static_cast<char>(i))));
  check("parts", "vec-of-8-parts", eight);
  check("parts", "vec-of-no-parts", std::vector<part>{});
  check("parts", "option-part-none", std::optional<part>());
  check("parts", "option-part-some", std::optional<part>(raw("o")));
  check("parts", "many-parts",
        many_parts{raw("A"), 5, {raw("L1"), raw(""), raw("L3")}, raw("O"), {std::uint8_t{9}, raw("T")}, {1, raw("I")}},
        true);
  check("parts", "enum-none", part_enum());
  check("parts", "enum-one", part_enum(raw("1")));
}

// message-typed-parts has a typed body, which `multipart` does not keep.
TEST_CASE("messages nest (recursive message)") {
  const multipart inside = ha::wire::encode(one_part{3, raw("in")}).value();
  check("nested-messages", "message-in-struct", with_message{1, inside, 2});
  check("nested-messages", "message-empty", multipart{});
  multipart recursive;
  recursive.body = buffer("B", 1);
  recursive.parts.emplace_back(ha::wire::frame_segments(inside));
  check("nested-messages", "message-recursive", recursive);
}

TEST_CASE("a part beside other members keeps its place: headers") {
  check("containers", "flattrs-empty", flat{1, part(buffer("\0\0", 2)), 2});
}

TEST_CASE("missing, unused and wrong parts are errors with the vectors' texts") {
  const auto decode = [](const char* name, auto* type) {
    return ha::wire::decode<std::remove_pointer_t<decltype(type)>>(message_of(vectors("decode").named(name)));
  };
  const auto text = [](const char* name) { return vectors("decode").named(name)["result"]["error"].text(); };
  const auto underrun = decode("underrun", static_cast<part*>(nullptr));
  CHECK(underrun.error() == ha::wire_error::missing_part);
  CHECK(underrun.error().message() == text("underrun"));
  const auto overrun = decode("overrun", static_cast<part*>(nullptr));
  CHECK(overrun.error() == ha::wire_error::unused_part);
  CHECK(overrun.error().message() == text("overrun"));
  CHECK(decode("part-for-plain-type", static_cast<std::uint8_t*>(nullptr)).error() == ha::wire_error::unused_part);
  CHECK(decode("body-truncated", static_cast<one_part*>(nullptr)).error() == ha::wire_error::truncated);
  CHECK(decode("body-trailing-ignored", static_cast<one_part*>(nullptr)).value() == one_part{1, raw("a")});
  CHECK(decode("typed-part-for-raw-part", static_cast<one_part*>(nullptr)).value() ==
        one_part{1, typed(std::uint64_t{1})});
  using map = std::map<std::uint8_t, std::uint8_t>;
  CHECK(decode("map-without-part", static_cast<map*>(nullptr)).value() == map{{std::uint8_t{1}, std::uint8_t{2}}});
}

// once-port-ref-untyped-part, once-port-ref-wrong-type and port-ref-from-once-part, with a type of this file.
TEST_CASE("a reference is a typed part, and only a part of its type hash is one (typed part with distinct repr)") {
  const multipart m = ha::wire::encode(ref{7}).value();
  CHECK(m.body.empty());
  REQUIRE(m.parts.size() == 1);
  CHECK(m.parts[0].is_typed);
  CHECK(m.parts[0].typehash == ha::type_hash<ref_repr>);
  CHECK(ha::wire::decode<ref>(m).value() == ref{7});
  // plain: the repr, no hash
  const buffer plain = ha::wire::encode_plain(ref{7}).value();
  CHECK(json::to_hex(plain) == "0700000000000000");
  CHECK(ha::wire::decode_plain<ref>(plain.span()).value() == ref{7});

  multipart untyped = m;
  untyped.parts[0].is_typed = false;
  CHECK(ha::wire::decode<ref>(untyped).error() == ha::wire_error::type_mismatch);
  CHECK(ha::wire::decode<ref>(untyped).error().message() == "type mismatch: expected part_test::repr, found unknown");
  multipart wrong;
  wrong.parts.push_back(typed(std::uint64_t{1}));
  CHECK(ha::wire::decode<ref>(wrong).error().message() ==
        "type mismatch: expected part_test::repr, found 10185497781572358262");
  multipart shortened = m;
  shortened.parts[0].bytes.resize(7);
  CHECK(ha::wire::decode<ref>(shortened).error() == ha::wire_error::truncated);
  CHECK(ha::wire::decode<ref>(multipart{}).error() == ha::wire_error::missing_part);
}

TEST_CASE("parts come out in order through every container (compound part codec order)") {
  const std::vector<std::pair<ref, std::optional<ref>>> value = {{ref{1}, ref{2}}, {ref{3}, std::nullopt}};
  const multipart m = ha::wire::encode(value).value();
  CHECK(m.parts.size() == 3);
  CHECK(ha::wire::decode<std::vector<std::pair<ref, std::optional<ref>>>>(m).value() == value);
  STATIC_REQUIRE(!ha::remote_message<std::map<int, ref>>);  // [RMS-2]
  STATIC_REQUIRE(!ha::remote_message<std::map<int, std::vector<one_part>>>);
}

namespace {

struct obligation {
  static inline int committed = 0;
  bool fails = false;
};

}  // namespace

template <> struct hyperactor::codec<obligation> {
  static void encode(wire::encoder& e, const obligation& o) {
    e.on_commit([](void* count) noexcept { ++*static_cast<int*>(count); }, &obligation::committed);
    if (o.fails) e.fail(wire_error::unsupported);
  }
  static result<obligation> decode(wire::decoder&) { return obligation{}; }
};

TEST_CASE("obligations pass on when the whole encoding succeeded, and only then [WIR-3] [WIR-4]") {
  obligation::committed = 0;
  ha::wire::encoder bad;
  bad.put(obligation{});
  bad.put(obligation{true});
  bad.put_u64(1);
  CHECK(bad.failed());
  CHECK(!bad.finish());
  CHECK(obligation::committed == 0);

  ha::wire::encoder dropped;
  dropped.put_repr(1, obligation{});
  CHECK(obligation::committed == 0);

  ha::wire::encoder good;
  good.put(obligation{});
  good.put_repr(1, obligation{});
  CHECK(obligation::committed == 0);
  CHECK(good.finish());
  CHECK(obligation::committed == 2);
  CHECK(!good.inlines_parts());
  CHECK(ha::wire::encoder::plain().inlines_parts());

  ha::wire::encoder inner_fails;
  inner_fails.put(obligation{});
  inner_fails.put_repr(1, obligation{true});
  CHECK(inner_fails.finish().error() == ha::wire_error::unsupported);
  CHECK(obligation::committed == 2);
}
