// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/any_addr.hpp>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace ha = hyperactor;
using ha::any_addr;

namespace {
any_addr at(std::string_view text) { return any_addr::parse(text).value(); }
}  // namespace

TEST_CASE("a proc covers its actors and ports, an actor its ports (test_reference_prefix_relationships)") {
  const any_addr proc = at("p@inproc://1");
  const any_addr actor = at("a.p@inproc://1");
  const any_addr port = at("a.p:1@inproc://1");
  CHECK(proc.is_prefix_of(proc));
  CHECK(proc.is_prefix_of(actor));
  CHECK(proc.is_prefix_of(port));
  CHECK(actor.is_prefix_of(port));
  CHECK(port.is_prefix_of(port));
  CHECK(!actor.is_prefix_of(proc));
  CHECK(!port.is_prefix_of(actor));
  CHECK(!actor.is_prefix_of(at("b.p:1@inproc://1")));
  CHECK(!port.is_prefix_of(at("a.p:2@inproc://1")));
  CHECK(!proc.is_prefix_of(at("a.p@inproc://2")));
  CHECK(at("p@<2>.inproc://1").is_prefix_of(at("a.p@x<2>.inproc://1")));
  CHECK(!at("p@<2>.inproc://1").is_prefix_of(actor));
}

TEST_CASE("the shape decides which address it is (test_reference_fromstr_specificity)") {
  CHECK(at("p@inproc://1").as_proc() != nullptr);
  CHECK(at("a.p@inproc://1").as_actor() != nullptr);
  CHECK(at("a.p:1@inproc://1").as_port() != nullptr);
  CHECK(at("a.p!status@inproc://1").as_port() != nullptr);
  CHECK(at("a.p@inproc://1").debug_string() == "Actor(<'a.p' a.p@inproc://1>)");
}

TEST_CASE("malformed specific forms are refused (test_reference_fromstr_rejects_malformed_specific_forms)") {
  CHECK(!any_addr::parse("a.b:x@inproc://0"));
  CHECK(!any_addr::parse("a.@inproc://0"));
  CHECK(!any_addr::parse("a.b:1.c@inproc://0"));
}

TEST_CASE("a malformed port is no actor (test_reference_fromstr_does_not_downcast_malformed_port_ref)") {
  const auto e = any_addr::parse("local.local:not-a-port@inproc://0").error();
  CHECK(e == ha::parse_error::invalid_port);
  CHECK(e.message() == "invalid id: invalid port: not-a-port");
}

TEST_CASE("a malformed actor is no proc (test_reference_fromstr_does_not_downcast_malformed_actor_ref)") {
  const auto e = any_addr::parse("local.<bad!>@inproc://0").error();
  CHECK(e == ha::parse_error::invalid_actor_id);
  CHECK(e.message() == "invalid id: invalid proc uid in actor id: invalid base58 uid: bad!");
}

TEST_CASE("a control port at a bad location is complained about for the location") {
  CHECK(any_addr::parse("a.p!status@tcp://").error().message() ==
        "invalid location: invalid location: invalid address format: ");
  CHECK(any_addr::parse("p@").error().message() == "invalid location: expected location, found end of input");
}

TEST_CASE("what belongs to an address follows it without gaps [ADR-2]") {
  std::vector<any_addr> all;
  for (const char* location : {"tcp://1.2.3.4:5", "inproc://1", "inproc://2", "<2>.inproc://1"}) {
    for (const char* id :
         {"p", "a.p", "a.p:7", "a.p:h<2>", "a.p!status", "b.p", "<2>.p", "<2>.p:0", "q", "a.q", "p<2>"}) {
      all.push_back(at(std::string(id) + "@" + location));
    }
  }
  std::sort(all.begin(), all.end());
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::size_t end = i;
    while (end < all.size() && all[i].is_prefix_of(all[end])) ++end;
    CHECK(end > i);
    for (std::size_t k = 0; k < all.size(); ++k) {
      CHECK(all[i].is_prefix_of(all[k]) == (k >= i && k < end));
      CHECK((all[i] == all[k]) == ((all[i] <=> all[k]) == 0));
      if (all[i] == all[k]) CHECK(std::hash<any_addr>{}(all[i]) == std::hash<any_addr>{}(all[k]));
    }
  }
}
