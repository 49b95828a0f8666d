// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/codec.hpp>
#include <hyperactor/identity/uid.hpp>

#include <catch2/catch_test_macros.hpp>
#include <set>
#include <support/identity_bytes.hpp>
#include <thread>
#include <type_traits>

namespace ha = hyperactor;
using ha::uid;

static_assert(sizeof(uid) <= 32);
static_assert(std::is_nothrow_copy_constructible_v<uid> && std::is_nothrow_move_constructible_v<uid>);
static_assert(noexcept(std::declval<const uid&>() == std::declval<const uid&>()));
static_assert(noexcept(std::declval<const uid&>() <=> std::declval<const uid&>()));

TEST_CASE("a singleton is its label (test_singleton_display_parse)") {
  const uid u = uid::singleton("my-actor");
  CHECK(u.to_string() == "my-actor");
  CHECK(u.debug_string() == "Uid(my-actor)");
  CHECK(fmt::format("{}", u) == "my-actor");
  CHECK(uid::parse("my-actor").value() == u);
  CHECK(u.is_singleton());
  CHECK(u.label() == "my-actor");
}

TEST_CASE("an instance is its number in base 58 (test_instance_display_parse)") {
  const uid u = uid::from_number(0xd5d54d7201103869U);
  CHECK(u.to_string() == "<BLs6T7ZaDRB>");
  CHECK(u.instance_base58() == "BLs6T7ZaDRB");
  CHECK(uid::parse("<BLs6T7ZaDRB>").value() == u);
  CHECK(ha::detail::decode_base58(u.instance_base58()) == u.instance_value());
  CHECK(u.is_instance());
  CHECK(!u.label());
}

TEST_CASE("a singleton has no number (test_singleton_has_no_instance_base58)") {
  CHECK(uid::singleton("a").instance_base58().empty());
  CHECK(!uid::singleton("a").instance_value());
}

TEST_CASE("an instance keeps its label (test_labeled_instance_display_parse)") {
  const uid u = uid::from_number(0x42, "my-actor");
  CHECK(u.to_string() == "my-actor<29>");
  const uid parsed = uid::parse("my-actor<29>").value();
  CHECK(parsed == u);
  CHECK(parsed.label() == "my-actor");
}

TEST_CASE("labels of instances are decoration [UID-1] (test_labeled_instance_identity_ignores_label)") {
  const uid a = uid::from_number(7, "a");
  const uid b = uid::from_number(7, "b");
  CHECK(a == b);
  CHECK((a <=> b) == 0);
  CHECK(std::hash<uid>{}(a) == std::hash<uid>{}(b));
  CHECK(a.with_label("c").label() == "c");
  CHECK(a.with_label(ha::label::none()).label() == "a");
  CHECK(uid::singleton("s").with_label("c").label() == "s");
}

TEST_CASE("every singleton sorts before every instance [UID-2] (test_ordering_singleton_lt_instance)") {
  CHECK(uid::singleton("zzz") < uid::from_number(0));
  CHECK(uid::singleton("zzz") != uid::from_number(0, "zzz"));
}

TEST_CASE("singletons sort by text [UID-2] (test_ordering_singletons)") {
  CHECK(uid::singleton("a") < uid::singleton("b"));
  CHECK(uid::singleton("a") < uid::singleton("aa"));
}

TEST_CASE("instances sort by number [UID-2] (test_ordering_instances)") {
  CHECK(uid::from_number(1, "z") < uid::from_number(2, "a"));
}

TEST_CASE("uids keep their labels on the wire (test_uid_serde_roundtrip)") {
  for (const char* text : {"my-actor", "<29>", "my-actor<29>"}) {
    CHECK(identity_bytes::sent(uid::parse(text).value()).to_string() == text);
  }
  CHECK(identity_bytes::hex_of(uid::from_number(0x42, "ab")) == "0100000042000000000000000102000000000000006162");
}

TEST_CASE("what is no uid is refused with its reason (test_uid_parse_errors)") {
  for (const char* text : {"", "123bad", "<0>"}) CHECK(uid::parse(text).error() == ha::parse_error::invalid_uid);
  CHECK(uid::parse("<abc").error().message() == "invalid uid syntax: expected \">\", found end of input");
}

TEST_CASE("two fresh uids differ, on one thread and on two (test_unique_uid_generation)") {
  CHECK(uid::anonymous() != uid::anonymous());
  CHECK(uid::instance("a") != uid::instance("a"));
  std::uint64_t other = 0;
  std::thread([&other] { other = uid::anonymous().number(); }).join();
  std::set<std::uint64_t> seen{other};
  for (int i = 0; i < 1000; ++i) seen.insert(uid::anonymous().number());
  CHECK(seen.size() == 1001);
}

TEST_CASE("short numbers are read (test_short_hex_parse)") { CHECK(uid::parse("<2>").value() == uid::from_number(1)); }

TEST_CASE("base 58 covers 64 bits and nothing more") {
  struct row {
    std::uint64_t value;
    const char* text;
  };
  for (const row& r :
       {row{0, "1"}, row{1, "2"}, row{57, "Z"}, row{58, "21"}, row{0x42, "29"}, row{0xabc123, "ZG3F"},
        row{0xdef456, "2hTv9"}, row{0xabcdef, "ZH2a"}, row{0x123456, "77DL"}, row{0xd5d54d7201103869U, "BLs6T7ZaDRB"},
        row{0xabcdef0123456789U, "uJHDUsm37ua"}, row{~std::uint64_t{0}, "JPwcyDCgEup"}}) {
    CHECK(ha::detail::encode_base58(r.value) == r.text);
    CHECK(ha::detail::decode_base58(r.text) == r.value);
  }
  CHECK(ha::detail::decode_base58("112") == 1);
  for (const char* text : {"", "0", "O", "I", "l", "JPwcyDCgEuq", "2MuAHeDjLCEd", "NRjEZGYjYibf"}) {
    CHECK(!ha::detail::decode_base58(text));
  }
}
