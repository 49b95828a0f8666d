// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/codec.hpp>
#include <hyperactor/identity/port_addr.hpp>

#include <catch2/catch_test_macros.hpp>
#include <support/identity_bytes.hpp>
#include <type_traits>

namespace ha = hyperactor;
using ha::actor_addr;
using ha::port;
using ha::port_addr;

static_assert(std::is_nothrow_copy_constructible_v<port_addr> && std::is_nothrow_move_constructible_v<port_addr>);

namespace {
port_addr at(const char* text) { return port_addr::parse(text).value(); }
}  // namespace

TEST_CASE("a port address prints id and location (test_port_ref_display)") {
  CHECK(at("a.p:7@inproc://1").to_string() == "a.p:7@inproc://1");
  CHECK(fmt::format("{}", at("a.p!signal@inproc://1")) == "a.p!signal@inproc://1");
}

TEST_CASE("a port address knows actor, proc and port (test_port_ref_construction_and_accessors)") {
  const actor_addr a = actor_addr::parse("a.p@inproc://1").value();
  const port_addr p = a.port_addr(port::ephemeral(7));
  CHECK(p.actor_addr() == a);
  CHECK(p.port() == port::ephemeral(7));
  CHECK(p.index() == 7);
  CHECK(p.ephemeral_index() == 7);
  CHECK(!a.status_port().ephemeral_index());
  CHECK(a.status_port().to_string() == "a.p!status@inproc://1");
  CHECK(a.introspect_port().to_string() == "a.p!introspect@inproc://1");
  CHECK(a.signal_port().to_string() == "a.p!signal@inproc://1");
}

TEST_CASE("actor and port addresses agree about the proc (test_actor_and_port_proc_id_accessors)") {
  const port_addr p = at("a.p<3>:7@inproc://1");
  CHECK(p.proc_id() == p.actor_addr().proc_id());
  CHECK(p.actor_id().proc_id() == p.actor_addr().proc_addr().id());
}

TEST_CASE("debug text of a port address with both labels (test_port_ref_debug_all_labels)") {
  CHECK(at("al<2>.pl<3>:42@inproc://0").debug_string() == "<'al.pl' al<2>.pl<3>:42@inproc://0>");
}

TEST_CASE("debug text of a port address without labels (test_port_ref_debug_no_labels)") {
  CHECK(at("<2>.<3>:42@inproc://0").debug_string() == "<<2>.<3>:42@inproc://0>");
}

TEST_CASE("debug text of a port address with the actor's label (test_port_ref_debug_actor_label_only)") {
  CHECK(at("al<2>.<3>:42@inproc://0").debug_string() == "<'al' al<2>.<3>:42@inproc://0>");
}

TEST_CASE("debug text of a port address with the proc's label (test_port_ref_debug_proc_label_only)") {
  CHECK(at("<2>.pl<3>:42@inproc://0").debug_string() == "<'.pl' <2>.pl<3>:42@inproc://0>");
}

TEST_CASE("a port address is read back (test_port_ref_fromstr_roundtrip)") {
  CHECK(at("al<2>.pl<3>:42@ipc:///tmp/x").to_string() == "al<2>.pl<3>:42@ipc:///tmp/x");
}

TEST_CASE("port addresses of all forms are read (test_port_ref_fromstr_examples)") {
  for (const char* text : {"a.p:42@tcp://[::1]:2345", "a.p:h<2>@inproc://0", "a.p!status@inproc://0"}) {
    CHECK(at(text).to_string() == text);
  }
}

TEST_CASE("a port address needs its separator (test_port_ref_fromstr_missing_separator)") {
  CHECK(port_addr::parse("a.b:1").error() == ha::parse_error::missing_separator);
}

TEST_CASE("a port address needs a good location (test_port_ref_fromstr_invalid_location)") {
  CHECK(port_addr::parse("local.local:7@tcp://").error().message() ==
        "invalid location: invalid location: invalid address format: ");
}

TEST_CASE("equal port addresses have one hash (test_port_ref_eq_and_hash)") {
  CHECK(at("x<2>.p:1@inproc://1") == at("y<2>.p:1@inproc://1"));
  CHECK(std::hash<port_addr>{}(at("x<2>.p:1@inproc://1")) == std::hash<port_addr>{}(at("<2>.p:1@inproc://1")));
}

TEST_CASE("one port at two locations is two addresses (test_port_ref_neq_different_location)") {
  CHECK(at("a.p:1@inproc://1") != at("a.p:1@inproc://2"));
}

TEST_CASE("port addresses survive the wire (test_port_ref_serde_roundtrip)") {
  CHECK(identity_bytes::sent(at("al<2>.p:h<2>@tcp://[::1]:1")).to_string() == "al<2>.p:h<2>@tcp://[::1]:1");
}
