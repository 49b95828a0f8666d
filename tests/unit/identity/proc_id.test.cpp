// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/codec.hpp>
#include <hyperactor/identity/proc_id.hpp>

#include <catch2/catch_test_macros.hpp>
#include <support/identity_bytes.hpp>

namespace ha = hyperactor;
using ha::proc_id;
using ha::uid;

TEST_CASE("a proc id has a uid and its label [PID-1] (test_proc_id_construction_and_accessors)") {
  const proc_id id(uid::from_number(0x42), "my-proc");
  CHECK(id.uid() == uid::from_number(0x42));
  CHECK(id.label() == "my-proc");
  CHECK(!proc_id(uid::from_number(1)).label());
}

TEST_CASE("proc ids with other labels are equal (test_proc_id_eq_ignores_label)") {
  CHECK(proc_id(uid::from_number(1), "a") == proc_id(uid::from_number(1), "b"));
  CHECK(proc_id(uid::from_number(1)) != proc_id(uid::from_number(2)));
}

TEST_CASE("proc ids with other labels have one hash (test_proc_id_hash_ignores_label)") {
  CHECK(std::hash<proc_id>{}(proc_id(uid::from_number(1), "a")) == std::hash<proc_id>{}(proc_id(uid::from_number(1))));
}

TEST_CASE("labels take no part in the order of proc ids (test_proc_id_ord_ignores_label)") {
  CHECK(proc_id(uid::from_number(1), "z") < proc_id(uid::from_number(2), "a"));
}

TEST_CASE("a proc id prints as its uid (test_proc_id_display)") {
  CHECK(proc_id(uid::from_number(0x42), "my-proc").to_string() == "my-proc<29>");
  CHECK(fmt::format("{}", proc_id::singleton("my-proc")) == "my-proc");
}

TEST_CASE("the debug text of a proc id shows the label (test_proc_id_debug)") {
  CHECK(proc_id(uid::from_number(0x42), "my-proc").debug_string() == "<'my-proc' my-proc<29>>");
  CHECK(proc_id(uid::from_number(0x42)).debug_string() == "<<29>>");
}

TEST_CASE("a labelled proc id is read back (test_proc_id_fromstr_roundtrip)") {
  const proc_id id = proc_id::instance("my-proc");
  CHECK(proc_id::parse(id.to_string()).value() == id);
  CHECK(proc_id::parse(id.to_string()).value().label() == "my-proc");
}

TEST_CASE("a singleton proc id is read back (test_proc_id_fromstr_singleton)") {
  CHECK(proc_id::parse("local").value() == proc_id::singleton("local"));
}

TEST_CASE("an unlabelled proc id is read back (test_proc_id_fromstr_unlabeled_instance)") {
  CHECK(proc_id::parse("<2>").value() == proc_id(uid::from_number(1)));
  CHECK(!proc_id::parse("<2>").value().label());
}

TEST_CASE("labels with underscores are kept (test_proc_id_fromstr_labeled_instance_with_underscore)") {
  CHECK(proc_id::parse("proc_agent<2>").value().label() == "proc_agent");
}

TEST_CASE("texts of refused proc ids are stable (test_proc_id_fromstr_errors_are_stable)") {
  const auto text = [](const char* input) { return proc_id::parse(input).error().message(); };
  CHECK(text("") == "invalid proc id: invalid uid syntax: expected \"label\" or \"<\", found end of input");
  CHECK(text("controller<2MuAHeDjLCEd") == "invalid proc id: invalid uid syntax: expected \">\", found end of input");
  CHECK(text("controller@tcp") == "invalid proc id: invalid uid syntax: expected end of input, found \"@\"");
  CHECK(proc_id::parse("").error() == ha::parse_error::invalid_proc_id);
}

TEST_CASE("labels of proc ids survive the wire (test_proc_id_serde_roundtrip)") {
  CHECK(identity_bytes::sent(proc_id(uid::from_number(7), "x")).label() == "x");
  CHECK(!identity_bytes::sent(proc_id(uid::from_number(7))).label());
}

TEST_CASE("a singleton proc is its label (test_proc_id_singleton)") {
  CHECK(proc_id::singleton("a").uid().is_singleton());
  CHECK(proc_id::singleton("a") == proc_id::singleton("a"));
}

TEST_CASE("two fresh procs differ (test_proc_id_instance)") {
  CHECK(proc_id::instance("a").uid().is_instance());
  CHECK(proc_id::instance("a") != proc_id::instance("a"));
  CHECK(proc_id::anonymous() != proc_id::anonymous());
}

TEST_CASE("the pseudo uid of an instance is its own (test_proc_id_pseudo_uid_instance_returns_real_uid)") {
  const proc_id id = proc_id::instance("a");
  CHECK(id.pseudo_uid() == id.uid());
}

TEST_CASE("the pseudo uid of a singleton is an instance (test_proc_id_pseudo_uid_singleton_is_instance_form)") {
  CHECK(proc_id::singleton("a").pseudo_uid().is_instance());
  CHECK(proc_id::singleton("a").pseudo_uid() != proc_id::singleton("a").uid());
}

TEST_CASE("one label has one pseudo uid (test_proc_id_pseudo_uid_singleton_is_deterministic)") {
  CHECK(proc_id::singleton("a").pseudo_uid() == proc_id::singleton("a").pseudo_uid());
}

TEST_CASE("labels have different pseudo uids (test_proc_id_pseudo_uid_singleton_distinct_labels_differ)") {
  CHECK(proc_id::singleton("a").pseudo_uid() != proc_id::singleton("b").pseudo_uid());
}

TEST_CASE("a pseudo uid is short (test_proc_id_pseudo_uid_displays_as_short_base58)") {
  const std::string text = proc_id::singleton("some-long-label").pseudo_uid().to_string();
  CHECK(text.front() == '<');
  CHECK(text.back() == '>');
  CHECK(text.size() <= 13);
  CHECK(proc_id(uid::from_number(1)).to_path_elem("dir") == "dir/2");
}

TEST_CASE("service and local are recognised as pseudo-singletons [PID-2]") {
  CHECK(proc_id::singleton("service").is_pseudo_singleton());
  CHECK(proc_id::singleton("local").is_pseudo_singleton());
  CHECK(!proc_id::singleton("shared").is_pseudo_singleton());
  CHECK(!proc_id::instance("service").is_pseudo_singleton());
}

TEST_CASE("names become singletons or labelled instances (test_resource_id_fromstr_singleton, _labeled_instance)") {
  CHECK(proc_id::from_name("proc1") == proc_id::singleton("proc1"));
  CHECK(proc_id::from_name("proc1").uid().is_singleton());
  for (const char* text : {"env-vars", "my-service", "client-0", "external-client", "service"}) {
    CHECK(proc_id::from_name(text).to_string() == text);
  }
  const proc_id w = proc_id::from_name("workers-7PDmJtQJB5S");
  CHECK(w.uid().is_instance());
  CHECK(w.label() == "workers");
  CHECK(w.uid().instance_base58() == "7PDmJtQJB5S");
  CHECK(w.to_name() == "workers-7PDmJtQJB5S");
  CHECK(proc_id::from_name("host-services").label() == "host");  // 8 digits of base 58, by the rule
  const proc_id plain = proc_id::from_name("resource-7PDmJtQJB5S");
  CHECK(!plain.label());
  CHECK(plain.to_name() == "resource-7PDmJtQJB5S");
  CHECK(proc_id::singleton("local").to_name() == "local");
}

TEST_CASE("any text names a proc, exact names are checked (test_resource_id_fromstr_rejects_unlabeled_instance)") {
  CHECK(proc_id::from_name("My Proc!") == proc_id::singleton("myproc"));
  CHECK(proc_id::parse_name("<7PDmJtQJB5S>").error().message() ==
        "invalid label: label must start with a lowercase letter");
  CHECK(proc_id::parse_name("Bad").error() == ha::parse_error::invalid_label_start);
  CHECK(proc_id::parse_name("proc1").value() == proc_id::singleton("proc1"));
}
