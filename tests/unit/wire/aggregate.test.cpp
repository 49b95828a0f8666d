// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/wire/encode.hpp>

#include <support/json.hpp>
#include <support/result_text.hpp>

#include <array>
#include <boost/hana/adapt_struct.hpp>
#include <boost/hana/define_struct.hpp>
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace ha = hyperactor;

namespace aggregate_test {

/// Neither default-constructible nor copyable, like a once port.
class ticket {
 public:
  explicit ticket(int n) : n_(std::make_unique<int>(n)) {}
  [[nodiscard]] int number() const { return *n_; }

 private:
  std::unique_ptr<int> n_;
};

struct with_tickets {
  int id;
  ticket first;
  std::vector<ticket> more;
  std::optional<ticket> maybe;
  std::variant<std::monostate, ticket> either;
  std::array<ticket, 2> two;
  std::tuple<ticket, int> pair;
};

struct with_const {
  const int fixed;
  std::string text;
  bool operator==(const with_const&) const = default;
};

struct defaults {
  int a = 7;
  std::string b = "b";
  bool operator==(const defaults&) const = default;
};

struct inner {
  std::uint16_t a, b;
  bool operator==(const inner&) const = default;
};
struct many {
  std::uint8_t a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z;
  inner last;
  bool operator==(const many&) const = default;
};

/// An adapted class whose codec follows the members that were listed.
class account {
 public:
  account() = default;
  account(std::uint16_t number, std::string name) : id(number), owner(std::move(name)) {}
  bool operator==(const account&) const = default;

  std::uint16_t id = 0;
  std::string owner;
  int not_listed = 5;
};

struct defined {
  BOOST_HANA_DEFINE_STRUCT(defined, (int, a), (std::string, b));
  bool operator==(const defined&) const = default;
};

struct derived : inner {
  derived() = default;
  std::uint8_t c = 0;
};

/// The vectors' `Nested`, whose box is an optional that owns.
struct point {
  std::int32_t x = 0, y = 0;
};
struct nested;
struct box {
  box() = default;
  explicit box(std::unique_ptr<nested> n) : held(std::move(n)) {}
  std::unique_ptr<nested> held;
};
struct nested {
  std::uint64_t id;
  std::string name;
  point at;
  std::vector<std::string> tags;
  box next;
};

struct tree {
  std::vector<tree> kids;
};

}  // namespace aggregate_test

BOOST_HANA_ADAPT_STRUCT(aggregate_test::account, id, owner);
BOOST_HANA_ADAPT_STRUCT(aggregate_test::derived, a, b, c);

template <> struct hyperactor::codec<aggregate_test::ticket> {
  static void encode(ha::wire::encoder& e, const aggregate_test::ticket& t) { e.put(t.number()); }
  static ha::result<aggregate_test::ticket> decode(ha::wire::decoder& d) {
    return aggregate_test::ticket(static_cast<int>(d.take_u32()));
  }
};
template <> struct hyperactor::codec<aggregate_test::box> {
  static void encode(ha::wire::encoder& e, const aggregate_test::box& b) {
    e.put_u8(b.held ? 1 : 0);
    if (b.held) e.put(*b.held);
  }
  static ha::result<aggregate_test::box> decode(ha::wire::decoder& d) {
    if (!d.take_bool()) return aggregate_test::box();
    auto inside = d.take<aggregate_test::nested>();
    if (!inside) return inside.error();
    return aggregate_test::box(std::make_unique<aggregate_test::nested>(std::move(*inside)));
  }
};

using namespace aggregate_test;

TEST_CASE("members need be neither default-constructible nor copyable [AGG-1]") {
  const ha::wire::multipart m = ha::wire::encode(with_tickets{1,
                                                              ticket(2),
                                                              [] {
                                                                std::vector<ticket> v;
                                                                v.emplace_back(3);
                                                                return v;
                                                              }(),
                                                              ticket(4),
                                                              ticket(5),
                                                              {ticket(6), ticket(7)},
                                                              {ticket(8), 9}})
                                    .value();
  const ha::result<with_tickets> r = ha::wire::decode<with_tickets>(m);
  REQUIRE(r);
  CHECK(r->id == 1);
  CHECK(r->first.number() == 2);
  CHECK(r->more.at(0).number() == 3);
  CHECK(r->maybe->number() == 4);
  CHECK(std::get<1>(r->either).number() == 5);
  CHECK(r->two[1].number() == 7);
  CHECK(std::get<0>(r->pair).number() == 8);
  for (std::size_t n = 0; n < m.body.size(); ++n) {
    CHECK(!ha::wire::decode_plain<with_tickets>(m.body.span().first(n)));
  }
}

TEST_CASE("const members, default members and long aggregates travel member by member") {
  const auto check = [](const auto& value, const char* hex) {
    using T = std::remove_cvref_t<decltype(value)>;
    const ha::wire::buffer out = ha::wire::encode_plain(value).value();
    CHECK(json::to_hex(out) == hex);
    CHECK(ha::wire::decode_plain<T>(out.span()).value() == value);
  };
  check(with_const{1, "x"}, "01000000010000000000000078");
  check(defaults{}, "07000000010000000000000062");
  many m{};
  m.b = 2;
  m.z = 26;
  m.last = {3, 4};
  check(m,
        "00020000000000000000000000000000000000000000000000"
        "1a03000400");
}

TEST_CASE("adapted structs travel by the members that were listed, also inherited ones") {
  const ha::wire::buffer out = ha::wire::encode_plain(account(7, "me")).value();
  CHECK(json::to_hex(out) ==
        "0700"
        "0200000000000000"
        "6d65");
  CHECK(ha::wire::decode_plain<account>(out.span()).value() == account(7, "me"));
  CHECK(ha::wire::decode_plain<account>(out.span().first(5)).error() == ha::wire_error::truncated);
  defined d{};
  d.a = 1;
  d.b = "b";
  CHECK(ha::wire::decode<defined>(ha::wire::encode(d).value()).value() == d);
  derived x;
  x.a = 1;
  x.b = 2;
  x.c = 3;
  CHECK(json::to_hex(ha::wire::encode_plain(x).value()) == "0100020003");
}

TEST_CASE("a codec of one's own stands anywhere in a message: the vectors' struct-nested") {
  nested value{1, "n", {3, 4}, {"t"}, box(std::make_unique<nested>(nested{2, "", {}, {}, {}}))};
  const json::value root = json::load_vectors("bincode.json");
  const ha::wire::buffer out = ha::wire::encode_plain(value).value();
  CHECK(json::to_hex(out) == root["groups"]["structs"].named("struct-nested")["bincode"].text());
  const ha::result<nested> back = ha::wire::decode_plain<nested>(out.span());
  REQUIRE(back);
  CHECK(back->next.held->id == 2);
}

TEST_CASE("values nest 500 deep and not deeper [WIR-7]") {
  const auto levels = [](std::size_t n) {
    ha::wire::buffer b;
    for (std::size_t i = 0; i < n; ++i) b.append("\1\0\0\0\0\0\0\0", 8);
    b.append("\0\0\0\0\0\0\0\0", 8);
    return b;
  };
  CHECK(ha::wire::decode_plain<tree>(levels(200).span()));
  const auto too_deep = ha::wire::decode_plain<tree>(levels(100000).span());
  REQUIRE(!too_deep);
  CHECK(too_deep.error().message() == "values nest too deep");
}

TEST_CASE("what is encoded can be decoded, at every depth: what nests deeper is refused by the encoder [WIR-7]") {
  bool was_refused = false;
  tree whole{};
  for (int levels = 1; levels < 300; ++levels) {  // two values each
    tree above{};
    above.kids.push_back(std::move(whole));
    whole = std::move(above);
    const auto out = ha::wire::encode_plain(whole);
    CHECK(out.has_value() == (levels < 250));
    if (out) {
      CHECK(ha::wire::decode_plain<tree>(out->span()).has_value());
    } else {
      CHECK(out.error() == ha::wire_error::unsupported);
      CHECK(out.error().message() == "values nest too deep");
      was_refused = true;
    }
  }
  CHECK(was_refused);
}
