// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/actor_id.hpp>
#include <hyperactor/identity/codec.hpp>

#include <catch2/catch_test_macros.hpp>
#include <support/identity_bytes.hpp>
#include <type_traits>

namespace ha = hyperactor;
using ha::actor_id;
using ha::proc_id;
using ha::uid;

static_assert(std::is_nothrow_copy_constructible_v<actor_id> && std::is_nothrow_move_constructible_v<actor_id>);

namespace {
actor_id make(std::uint64_t actor, std::uint64_t proc, ha::label a = ha::label::none(),
              ha::label p = ha::label::none()) {
  return {uid::from_number(actor, std::move(a)), proc_id(uid::from_number(proc, std::move(p)))};
}
}  // namespace

TEST_CASE("a singleton actor is a root (test_actor_id_singleton)") {
  const actor_id id = actor_id::singleton("a", proc_id::singleton("p"));
  CHECK(id.is_root());
  CHECK(id.label() == "a");
}

TEST_CASE("anonymous actors have no label and differ (test_actor_id_anonymous)") {
  const proc_id p = proc_id::singleton("p");
  CHECK(!actor_id::anonymous(p).label());
  CHECK(!actor_id::anonymous(p).is_root());
  CHECK(actor_id::anonymous(p) != actor_id::anonymous(p));
}

TEST_CASE("labelled fresh actors differ (test_actor_id_instance)") {
  const proc_id p = proc_id::singleton("p");
  CHECK(actor_id::instance("a", p).label() == "a");
  CHECK(actor_id::instance("a", p) != actor_id::instance("a", p));
}

TEST_CASE("an actor id has uid, proc and label [AID-1] (test_actor_id_construction_and_accessors)") {
  const actor_id id(uid::from_number(1), proc_id::singleton("p"), "a");
  CHECK(id.uid() == uid::from_number(1));
  CHECK(id.proc_id() == proc_id::singleton("p"));
  CHECK(id.label() == "a");
}

TEST_CASE("labels are no part of an actor's identity (test_actor_id_eq_ignores_label)") {
  CHECK(make(1, 2, "a", "p") == make(1, 2, "b", "q"));
}

TEST_CASE("the proc is part of an actor's identity (test_actor_id_neq_different_proc)") {
  CHECK(make(1, 2) != make(1, 3));
}

TEST_CASE("labels are no part of an actor's hash (test_actor_id_hash_ignores_label)") {
  CHECK(std::hash<actor_id>{}(make(1, 2, "a")) == std::hash<actor_id>{}(make(1, 2, "b", "c")));
  CHECK(std::hash<actor_id>{}(make(1, 2)) != std::hash<actor_id>{}(make(2, 1)));
}

TEST_CASE("actors sort by proc first [AID-1] (test_actor_id_ord_proc_first)") { CHECK(make(9, 1) < make(1, 2)); }

TEST_CASE("actors of one proc sort by uid [AID-1] (test_actor_id_ord_then_uid)") { CHECK(make(1, 2) < make(2, 2)); }

TEST_CASE("an actor id prints actor, dot, proc (test_actor_id_display)") {
  CHECK(make(1, 2, "a", "p").to_string() == "a<2>.p<3>");
  CHECK(fmt::format("{}", make(1, 2)) == "<2>.<3>");
}

TEST_CASE("debug texts of actor ids show the labels there are (test_actor_id_debug)") {
  CHECK(make(1, 2, "al", "pl").debug_string() == "<'al.pl' al<2>.pl<3>>");
  CHECK(make(1, 2, "al").debug_string() == "<'al' al<2>.<3>>");
  CHECK(make(1, 2, ha::label::none(), "pl").debug_string() == "<'.pl' <2>.pl<3>>");
  CHECK(make(1, 2).debug_string() == "<<2>.<3>>");
}

TEST_CASE("an actor id is read back with labels (test_actor_id_fromstr_roundtrip)") {
  const actor_id id = make(1, 2, "a", "p");
  const actor_id parsed = actor_id::parse(id.to_string()).value();
  CHECK(parsed == id);
  CHECK(parsed.to_string() == id.to_string());
}

TEST_CASE("singletons are read back (test_actor_id_fromstr_with_singletons)") {
  CHECK(actor_id::parse("a.p").value() == actor_id::singleton("a", proc_id::singleton("p")));
}

TEST_CASE("all mixes of uids are read (test_actor_id_fromstr_mixed_examples)") {
  for (const char* text : {"a.b", "a<2>.b<3>", "<2>.<3>", "a.<3>", "<2>.b", "a<2>.b", "a.b<3>"}) {
    CHECK(actor_id::parse(text).value().to_string() == text);
  }
}

TEST_CASE("what is no actor id is refused (test_actor_id_fromstr_errors)") {
  for (const char* text : {"no-dot-here", ".", "abc.", ".abc"}) {
    CHECK(actor_id::parse(text).error() == ha::parse_error::invalid_actor_id);
  }
}

TEST_CASE("texts of refused actor ids are stable (test_actor_id_fromstr_errors_are_stable)") {
  const auto text = [](const char* input) { return actor_id::parse(input).error().message(); };
  CHECK(text("local") == "invalid actor id: expected format `<actor>.<proc>`");
  CHECK(text(".local") == "invalid actor uid: invalid label: label must not be empty");
  CHECK(text("local.") == "invalid proc uid in actor id: invalid label: label must not be empty");
  CHECK(text("local.<bad!>") == "invalid proc uid in actor id: invalid base58 uid: bad!");
}

TEST_CASE("both labels of an actor id survive the wire (test_actor_id_serde_roundtrip)") {
  CHECK(identity_bytes::sent(make(1, 2, "a", "p")).to_string() == "a<2>.p<3>");
}
