// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/handler_port.hpp>
#include <hyperactor/identity/port.hpp>

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <type_traits>
#include <vector>

namespace ha = hyperactor;
using ha::control_port;
using ha::port;

static_assert(sizeof(port) <= 32);
static_assert(std::is_nothrow_copy_constructible_v<port> && std::is_nothrow_move_constructible_v<port>);

struct test_msg {};
HYPERACTOR_NAMED("test::TestMsg", test_msg);

TEST_CASE("the handler port of a message is the hash of its wire name [PRT-1] [HPT-1] (test_handler_port)") {
  CHECK(ha::handler_port<std::string>().to_string() == "string<aaqEgwg1MmL>");
  CHECK(ha::handler_port<std::uint64_t>().to_string() == "u64<pDi1gahZSVC>");
  CHECK(ha::handler_port<bool>().to_string() == "bool<rAh3fyMDKMv>");
  CHECK(ha::handler_port<std::vector<std::uint64_t>>().to_string() == "vecu64<anjEMBQY5xR>");
  CHECK(ha::handler_port<test_msg>().to_string() == "testmsg<CvgHaQaL6uT>");
  const port p = ha::handler_port<std::string>();
  CHECK(p.is_handler());
  CHECK(p.number() == 3947244799002047352U);
  CHECK(p.handler_uid().is_instance());
}

TEST_CASE("the label of a handler port is the last word of the name, textually") {
  CHECK(std::string_view(ha::detail::handler_label("a::Undeliverable<b::MessageEnvelope>").text) == "messageenvelope");
  CHECK(std::string_view(ha::detail::handler_label("()").text) == "nil");
}

TEST_CASE("an ephemeral port is a number (test_ephemeral_port)") {
  const port p = port::ephemeral(42);
  CHECK(p.is_ephemeral());
  CHECK(!p.is_handler());
  CHECK(!p.is_control());
  CHECK(p.number() == 42);
}

TEST_CASE("an ephemeral port is read back (test_display_fromstr_roundtrip_ephemeral)") {
  CHECK(port::parse("42").value() == port::ephemeral(42));
  CHECK(port::ephemeral(42).to_string() == "42");
  CHECK(port::parse("18446744073709551615").value().number() == ~std::uint64_t{0});
}

TEST_CASE("a handler port is read back (test_display_fromstr_roundtrip_handler)") {
  const port p = port::handler(1, "h");
  CHECK(p.to_string() == "h<2>");
  CHECK(port::parse("h<2>").value() == p);
  CHECK(port::parse("h<2>").value().label() == "h");
}

TEST_CASE("status is control port 2 (test_control_port_status)") {
  CHECK(port::control(control_port::status).to_string() == "status");
  CHECK(port::control(control_port::status).number() == 2);
  CHECK(port::control(control_port::status).is_control(control_port::status));
  CHECK(!port::control(control_port::status).is_control(control_port::signal));
  CHECK(ha::parse_control_port("status").value() == control_port::status);
  CHECK(ha::parse_control_port("x").error().message() == "unknown control port \"x\"");
}

TEST_CASE("debug texts of ports name the kind (test_debug)") {
  CHECK(port::ephemeral(42).debug_string() == "Port::Ephemeral(42)");
  CHECK(port::handler(1, "h").debug_string() == "Port::Handler(h<2>)");
  CHECK(port::control(control_port::introspect).debug_string() == "Port::Control(Introspect)");
  CHECK(port::control(control_port::status).debug_string() == "Port::Control(Status)");
}

TEST_CASE("ports of different kinds are never equal [PRT-1]") {
  CHECK(port::ephemeral(0) != port::control(control_port::introspect));
  CHECK(port::ephemeral(0).number() == port::control(control_port::introspect).number());
  CHECK(port::ephemeral(1) != port::handler(1));
}

TEST_CASE("ephemeral ports sort before handlers, those before control ports [PRT-2]") {
  CHECK(port::ephemeral(9) < port::handler(0));
  CHECK(port::handler(9) < port::control(control_port::introspect));
  CHECK(port::control(control_port::introspect) < port::control(control_port::signal));
  CHECK(port::control(control_port::signal) < port::control(control_port::status));
  CHECK(port::handler(1, "z") < port::handler(2, "a"));
  CHECK(port::handler(1, "z") == port::handler(1, "a"));
  CHECK(std::hash<port>{}(port::handler(1, "z")) == std::hash<port>{}(port::handler(1)));
}
