// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/codec.hpp>
#include <hyperactor/identity/proc_addr.hpp>

#include <catch2/catch_test_macros.hpp>
#include <support/identity_bytes.hpp>

namespace ha = hyperactor;
using ha::channel_addr;
using ha::proc_addr;
using ha::proc_id;
using ha::uid;

TEST_CASE("a proc address prints id and location (test_proc_ref_display)") {
  const proc_addr p(proc_id::singleton("p"), channel_addr::local(1));
  CHECK(p.to_string() == "p@inproc://1");
  CHECK(fmt::format("{}", p) == "p@inproc://1");
  CHECK(p.subject() == "<proc p@inproc://1>");
}

TEST_CASE("proc addresses are made fresh or by name (test_proc_addr_identity_constructors)") {
  const channel_addr here = channel_addr::local(3);
  CHECK(proc_addr::anonymous(here).uid().is_instance());
  CHECK(!proc_addr::anonymous(here).label());
  CHECK(proc_addr::anonymous(here).log_name() == "?");
  CHECK(proc_addr::instance(here, "My-Proc").label() == "my-proc");
  CHECK(proc_addr::instance(here, "a") != proc_addr::instance(here, "a"));
  CHECK(proc_addr::singleton(here, "My-Proc").id() == proc_id::singleton("my-proc"));
  CHECK(proc_addr::singleton(here, "a").log_name() == "a");
  CHECK(proc_addr::singleton(here, "a").addr() == here);
  CHECK(proc_addr::from_name(here, "proc1").to_string() == "proc1@inproc://3");
}

TEST_CASE("debug text of a labelled proc address (test_proc_ref_debug_with_label)") {
  const proc_addr p(proc_id(uid::from_number(0x42, "my-proc")), channel_addr::local(1));
  CHECK(p.debug_string() == "<'my-proc' my-proc<29>@inproc://1>");
}

TEST_CASE("debug text of an unlabelled proc address (test_proc_ref_debug_without_label)") {
  CHECK(proc_addr(proc_id(uid::from_number(0x42)), channel_addr::local(1)).debug_string() == "<<29>@inproc://1>");
}

TEST_CASE("a proc address is read back (test_proc_ref_fromstr_roundtrip)") {
  const proc_addr p = proc_addr::instance(channel_addr::local(1), "a");
  CHECK(proc_addr::parse(p.to_string()).value() == p);
  CHECK(proc_addr::parse(p.to_string()).value().label() == "a");
}

TEST_CASE("a proc address at a tcp location is read back (test_proc_ref_fromstr_tcp)") {
  CHECK(proc_addr::parse("a<2>@tcp://127.0.0.1:8080").value().to_string() == "a<2>@tcp://127.0.0.1:8080");
}

TEST_CASE("proc addresses of all forms are read (test_proc_ref_fromstr_examples)") {
  for (const char* text : {"local@inproc://0", "<2>@tcp://[::1]:2345", "a<2>@ipc://@x", "local@<2>.tcp://[::1]:9000"}) {
    CHECK(proc_addr::parse(text).value().to_string() == text);
  }
}

TEST_CASE("a proc address needs its separator (test_proc_ref_fromstr_missing_separator)") {
  CHECK(proc_addr::parse("local").error() == ha::parse_error::missing_separator);
  CHECK(proc_addr::parse("local").error().message() == "missing '@' separator between id and location");
}

TEST_CASE("a proc address needs a good location (test_proc_ref_fromstr_invalid_location)") {
  CHECK(proc_addr::parse("local@tcp://").error() == ha::parse_error::invalid_location);
  CHECK(proc_addr::parse("local@tcp://").error().message() ==
        "invalid location: invalid location: invalid address format: ");
}

TEST_CASE("equal proc addresses have one hash (test_proc_ref_eq_and_hash)") {
  const proc_addr a(proc_id(uid::from_number(1, "a")), channel_addr::local(1));
  const proc_addr b(proc_id(uid::from_number(1, "b")), channel_addr::local(1));
  CHECK(a == b);
  CHECK(std::hash<proc_addr>{}(a) == std::hash<proc_addr>{}(b));
}

TEST_CASE("one proc at two locations is two addresses [ADR-1] (test_proc_ref_neq_different_location)") {
  const proc_id id = proc_id::singleton("p");
  CHECK(proc_addr(id, channel_addr::local(1)) != proc_addr(id, channel_addr::local(2)));
  CHECK(proc_addr(id, channel_addr::local(1)) < proc_addr(id, channel_addr::local(2)));
}

TEST_CASE("a singleton proc address prints its label (test_proc_ref_singleton)") {
  CHECK(proc_addr::singleton(channel_addr::local(0), "my-proc").to_string() == "my-proc@inproc://0");
}

TEST_CASE("proc addresses survive the wire (test_proc_ref_serde_roundtrip)") {
  const proc_addr p(proc_id(uid::from_number(1, "a")), channel_addr::local(1));
  CHECK(identity_bytes::sent(p).to_string() == p.to_string());
}

TEST_CASE("a location may be a TLS address (test_proc_ref_with_metatls_location)") {
  const char* text = "p@metatls://example.com:443";
  CHECK(proc_addr::parse(text).value().to_string() == text);
  CHECK(identity_bytes::sent(proc_addr::parse(text).value()).to_string() == text);
}
