// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/any_addr.hpp>
#include <hyperactor/identity/any_id.hpp>

#include <catch2/catch_test_macros.hpp>

namespace ha = hyperactor;
using ha::any_id;

TEST_CASE("the separators tell which id it is [PRS-1] (test_parse_id_specificity)") {
  CHECK(any_id::parse("p").value().as_proc() != nullptr);
  CHECK(any_id::parse("a.p").value().as_actor() != nullptr);
  CHECK(any_id::parse("a.p:7").value().as_port() != nullptr);
  CHECK(any_id::parse("a.p!status").value().as_port() != nullptr);
  CHECK(any_id::parse("a<2>.p").value().to_string() == "a<2>.p");
  CHECK(fmt::format("{}", any_id::parse("a.p:7").value()) == "a.p:7");
}

TEST_CASE("a malformed id is never taken for a less specific one [PRS-1]") {
  CHECK(any_id::parse("a.p:x").error() == ha::parse_error::invalid_port);
  CHECK(any_id::parse("a.P").error() == ha::parse_error::invalid_actor_id);
  CHECK(any_id::parse("a<2").error() == ha::parse_error::invalid_proc_id);
}

TEST_CASE("ids sort by kind, then by content [AYI-1]") {
  const any_id proc = any_id::parse("z").value();
  const any_id actor = any_id::parse("a.p").value();
  const any_id port = any_id::parse("a.a:1").value();
  CHECK(proc < actor);
  CHECK(actor < port);
  CHECK(any_id::parse("a.p").value() == actor);
  CHECK(std::hash<any_id>{}(any_id::parse("a.p").value()) == std::hash<any_id>{}(actor));
}

TEST_CASE("an id and a location make the address of the same kind") {
  const ha::location here = ha::channel_addr::local(1);
  for (const char* text : {"p", "a.p", "a.p:7"}) {
    const any_id id = any_id::parse(text).value();
    const ha::any_addr addr(id, here);
    CHECK(addr.to_string() == std::string(text) + "@inproc://1");
    CHECK(addr.value().index() == id.value().index());
  }
}
