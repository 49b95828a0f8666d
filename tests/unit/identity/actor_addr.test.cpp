// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/actor_addr.hpp>
#include <hyperactor/identity/codec.hpp>

#include <catch2/catch_test_macros.hpp>
#include <support/identity_bytes.hpp>
#include <type_traits>

namespace ha = hyperactor;
using ha::actor_addr;
using ha::channel_addr;
using ha::proc_addr;

static_assert(std::is_nothrow_copy_constructible_v<actor_addr> && std::is_nothrow_move_constructible_v<actor_addr>);

namespace {
actor_addr at(const char* text) { return actor_addr::parse(text).value(); }
}  // namespace

TEST_CASE("an actor address prints id and location (test_actor_ref_display)") {
  CHECK(at("a.p@inproc://1").to_string() == "a.p@inproc://1");
  CHECK(fmt::format("{}", at("a.p@inproc://1")) == "a.p@inproc://1");
  CHECK(at("a.p@inproc://1").subject() == "<actor a.p@inproc://1>");
}

TEST_CASE("an actor address knows its proc") {
  const proc_addr p = proc_addr::singleton(channel_addr::local(1), "p");
  CHECK(p.actor_addr("Ping!") == actor_addr::root(p, "ping"));
  CHECK(p.actor_addr("ping").is_root());
  CHECK(p.actor_addr("ping").proc_addr() == p);
  CHECK(p.actor_addr("ping").log_name() == "ping");
  CHECK(p.actor_addr_uid(ha::uid::from_number(1)).to_string() == "<2>.p@inproc://1");
  const actor_addr child = p.actor_addr("ping").anonymous_child();
  CHECK(child.proc_addr() == p);
  CHECK(!child.is_root());
  CHECK(!child.label());
  CHECK(child != p.actor_addr("ping").anonymous_child());
}

TEST_CASE("debug text of an actor address with both labels (test_actor_ref_debug_all_labels)") {
  CHECK(at("al<2>.pl<3>@inproc://0").debug_string() == "<'al.pl' al<2>.pl<3>@inproc://0>");
}

TEST_CASE("debug text of an actor address without labels (test_actor_ref_debug_no_labels)") {
  CHECK(at("<2>.<3>@inproc://0").debug_string() == "<<2>.<3>@inproc://0>");
}

TEST_CASE("debug text of an actor address with the actor's label (test_actor_ref_debug_actor_label_only)") {
  CHECK(at("al<2>.<3>@inproc://0").debug_string() == "<'al' al<2>.<3>@inproc://0>");
}

TEST_CASE("debug text of an actor address with the proc's label (test_actor_ref_debug_proc_label_only)") {
  CHECK(at("<2>.pl<3>@inproc://0").debug_string() == "<'.pl' <2>.pl<3>@inproc://0>");
}

TEST_CASE("an actor address is read back with labels (test_actor_ref_fromstr_roundtrip)") {
  CHECK(at("al<2>.pl<3>@tcp://127.0.0.1:1").to_string() == "al<2>.pl<3>@tcp://127.0.0.1:1");
}

TEST_CASE("actor addresses of all mixes are read (test_actor_ref_fromstr_examples)") {
  for (const char* text : {"a.p@inproc://0", "a<2>.p@ipc://@x", "<2>.p<3>@tcp://[::1]:1", "a.<3>@<2>.inproc://1"}) {
    CHECK(at(text).to_string() == text);
  }
}

TEST_CASE("an actor address needs its separator (test_actor_ref_fromstr_missing_separator)") {
  CHECK(actor_addr::parse("a.b").error() == ha::parse_error::missing_separator);
}

TEST_CASE("an actor address needs a good location (test_actor_ref_fromstr_invalid_location)") {
  CHECK(actor_addr::parse("a.b@tcp://").error() == ha::parse_error::invalid_location);
}

TEST_CASE("equal actor addresses have one hash (test_actor_ref_eq_and_hash)") {
  CHECK(at("x<2>.p@inproc://1") == at("y<2>.p@inproc://1"));
  CHECK(std::hash<actor_addr>{}(at("x<2>.p@inproc://1")) == std::hash<actor_addr>{}(at("<2>.p@inproc://1")));
  CHECK(at("a.p@inproc://1") != at("a.p@inproc://2"));
}

TEST_CASE("actor addresses survive the wire (test_actor_ref_serde_roundtrip)") {
  CHECK(identity_bytes::sent(at("al<2>.pl<3>@<2>.inproc://0")).to_string() == "al<2>.pl<3>@<2>.inproc://0");
}
