// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/codec.hpp>
#include <hyperactor/identity/location.hpp>

#include <catch2/catch_test_macros.hpp>
#include <support/identity_bytes.hpp>
#include <type_traits>

namespace ha = hyperactor;
using ha::channel_addr;
using ha::location;
using ha::uid;

static_assert(sizeof(location) == sizeof(void*));
static_assert(std::is_nothrow_copy_constructible_v<location> && std::is_nothrow_move_constructible_v<location>);

TEST_CASE("a location prints as url and is read back (test_location_display_fromstr_roundtrip)") {
  const location l = channel_addr::local(42);
  CHECK(l.to_string() == "inproc://42");
  CHECK(fmt::format("{}", l) == "inproc://42");
  CHECK(location::parse("inproc://42").value() == l);
}

TEST_CASE("a location of a tcp address prints as url (test_location_tcp)") {
  const location l = channel_addr::parse("tcp:127.0.0.1:8080").value();
  CHECK(l.to_string() == "tcp://127.0.0.1:8080");
  CHECK(l.addr().to_string() == "tcp:127.0.0.1:8080");
  CHECK(location::parse("tcp:127.0.0.1:8080").error().message() == "invalid location: expected ZMQ URL with `://`");
}

TEST_CASE("the debug text of a location is its text (test_location_debug_same_as_display)") {
  CHECK(location(channel_addr::local(1)).debug_string() == "inproc://1");
}

TEST_CASE("copies share one record, equal records are equal [LOC-1]") {
  const location a = channel_addr::local(1);
  const location b = a;
  CHECK(&a.addr() == &b.addr());
  CHECK(a == b);
  CHECK(a == location(channel_addr::local(1)));
  CHECK(a != location(channel_addr::local(2)));
  CHECK(std::hash<location>{}(a) == std::hash<location>{}(location(channel_addr::local(1))));
}

TEST_CASE("hops are pushed and popped on the outside") {
  const location end = channel_addr::local(1);
  const location via = end.with_via(uid::from_number(2)).with_via(uid::from_number(1));
  CHECK(via.to_string() == "<2>.<3>.inproc://1");
  CHECK(via.is_via());
  CHECK(via.hops().front() == uid::from_number(1));
  CHECK(via.pop_via().to_string() == "<3>.inproc://1");
  CHECK(via.pop_via().pop_via() == end);
  CHECK(!end.is_via());
  CHECK(via.addr() == end.addr());
}

TEST_CASE("labels of hops do not matter, terminals sort first [LOC-2]") {
  const location end = channel_addr::local(1);
  const location a = end.with_via(uid::from_number(1, "a"));
  CHECK(a == end.with_via(uid::from_number(1, "b")));
  CHECK(std::hash<location>{}(a) == std::hash<location>{}(end.with_via(uid::from_number(1))));
  CHECK(location(channel_addr::unix_socket("@z")) < a);
  CHECK(a < end.with_via(uid::from_number(2)));
  CHECK(a < end.with_via(uid::from_number(9)).with_via(uid::from_number(1)));
  CHECK(a < location(channel_addr::local(2)).with_via(uid::from_number(1)));
}

TEST_CASE("hops are read, outermost first (test_parse_location_with_via_prefix)") {
  const location l = location::parse("<2>.<3>.tcp://[::1]:9000").value();
  REQUIRE(l.hops().size() == 2);
  CHECK(l.hops()[0] == uid::from_number(1));
  CHECK(l.hops()[1] == uid::from_number(2));
  CHECK(l.to_string() == "<2>.<3>.tcp://[::1]:9000");
}

TEST_CASE("malformed hops are refused (test_parse_location_rejects_malformed_via)") {
  CHECK(location::parse("<2>tcp://[::1]:9000").error().message() == "expected \".\", found end of input");
  CHECK(location::parse("<!>.tcp://[::1]:9000").error().message() == "expected uid text, found \"!\"");
  CHECK(location::parse("host1tcp://127.0.0.1:1").error().message() == "expected \".\", found end of input");
  CHECK(location::parse("host1tcp://x:1").error().message() ==
        "invalid location: a tcp address takes an ip address, not a host name: x");
}

TEST_CASE("hops of all forms are mixed (test_parse_location_with_labeled_via_prefix)") {
  const char* text = "host<7PDmJtQJB5S>.local.<2>.tcp://[::1]:1234";
  const location l = location::parse(text).value();
  CHECK(l.to_string() == text);
  CHECK(l.hops()[0].label() == "host");
  CHECK(l.hops()[1].is_singleton());
}

TEST_CASE("locations survive the wire (test_location_serde_roundtrip)") {
  CHECK(identity_bytes::sent(location(channel_addr::local(42))).to_string() == "inproc://42");
  const location via = location(channel_addr::local(1)).with_via(uid::from_number(2));
  CHECK(identity_bytes::sent(via) == via);
  CHECK(identity_bytes::hex_of(via) == "010000000100000002000000000000000000000000050000000100000000000000");
}
