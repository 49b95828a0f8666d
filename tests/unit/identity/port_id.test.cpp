// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/codec.hpp>
#include <hyperactor/identity/port_id.hpp>

#include <catch2/catch_test_macros.hpp>
#include <support/identity_bytes.hpp>

namespace ha = hyperactor;
using ha::actor_id;
using ha::port;
using ha::port_id;

namespace {
port_id id(const char* actor, std::uint64_t number) {
  return {actor_id::parse(actor).value(), port::ephemeral(number)};
}
}  // namespace

TEST_CASE("a port id has actor, port and proc [POI-1] (test_port_id_construction_and_accessors)") {
  const port_id p = id("a.p", 42);
  CHECK(p.actor_id().to_string() == "a.p");
  CHECK(p.port() == port::ephemeral(42));
  CHECK(p.proc_id() == ha::proc_id::singleton("p"));
}

TEST_CASE("equal actors and ports make equal ids (test_port_id_eq)") { CHECK(id("x<2>.p", 1) == id("y<2>.p", 1)); }

TEST_CASE("other ports are other ids (test_port_id_neq_different_port)") { CHECK(id("a.p", 1) != id("a.p", 2)); }

TEST_CASE("equal port ids have one hash (test_port_id_hash)") {
  CHECK(std::hash<port_id>{}(id("x<2>.p", 1)) == std::hash<port_id>{}(id("y<2>.p", 1)));
}

TEST_CASE("ports of one actor sort by port (test_port_id_ord)") { CHECK(id("a.p", 1) < id("a.p", 2)); }

TEST_CASE("ports sort by actor first [POI-1] (test_port_id_ord_actor_first)") { CHECK(id("a.p", 9) < id("b.p", 1)); }

TEST_CASE("a port id prints the port behind a colon (test_port_id_display)") {
  CHECK(id("a<2>.p<3>", 42).to_string() == "a<2>.p<3>:42");
  CHECK(fmt::format("{}", port_id::parse("a.p!signal").value()) == "a.p!signal");
}

TEST_CASE("port ids of all forms are read (test_port_id_fromstr_examples)") {
  for (const char* text : {"local.local:0", "a<2>.b<3>:7", "<2>.<3>:7", "a.b:h<2>", "a.b:<2>", "a.b!status"}) {
    CHECK(port_id::parse(text).value().to_string() == text);
  }
}

TEST_CASE("debug text with both labels (test_port_id_debug_all_labels)") {
  CHECK(id("al<2>.pl<3>", 42).debug_string() == "<'al.pl' al<2>.pl<3>:42>");
}

TEST_CASE("debug text without labels (test_port_id_debug_no_labels)") {
  CHECK(id("<2>.<3>", 42).debug_string() == "<<2>.<3>:42>");
}

TEST_CASE("debug text with the actor's label (test_port_id_debug_actor_label_only)") {
  CHECK(id("al<2>.<3>", 42).debug_string() == "<'al' al<2>.<3>:42>");
}

TEST_CASE("debug text with the proc's label (test_port_id_debug_proc_label_only)") {
  CHECK(id("<2>.pl<3>", 42).debug_string() == "<'.pl' <2>.pl<3>:42>");
}

TEST_CASE("a port id is read back with labels (test_port_id_fromstr_roundtrip)") {
  CHECK(port_id::parse("al<2>.pl<3>:42").value().to_string() == "al<2>.pl<3>:42");
}

TEST_CASE("texts of refused port ids are stable (test_port_id_fromstr_errors_are_stable)") {
  const auto text = [](const char* input) { return port_id::parse(input).error().message(); };
  CHECK(text("local.local") == "invalid port id: expected format `<actor>:<port>`");
  CHECK(text("local.local:") == "invalid port: ");
  CHECK(text("local.local:not-a-port") == "invalid port: not-a-port");
  CHECK(text("local.local:7@tcp://127.0.0.1:1") == "invalid port: 7@tcp://127.0.0.1:1");
}

TEST_CASE("missing colons and bad numbers are told apart (test_port_id_fromstr_errors)") {
  CHECK(port_id::parse("a.b").error() == ha::parse_error::invalid_port_id);
  CHECK(port_id::parse("a.b:x").error() == ha::parse_error::invalid_port);
}

TEST_CASE("port ids survive the wire (test_port_id_serde_roundtrip)") {
  for (const char* text : {"al<2>.pl<3>:42", "a.p:u64<pDi1gahZSVC>", "a.p!signal"}) {
    CHECK(identity_bytes::sent(port_id::parse(text).value()).to_string() == text);
  }
}
