// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/any_addr.hpp>
#include <hyperactor/identity/parse.hpp>

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace ha = hyperactor;
namespace detail = hyperactor::detail;
using detail::id_token_kind;
using detail::syntax_fault;
using detail::text_span;

namespace {

/// The error of reading the whole text with one of the readers.
template <class Read> detail::syntax_error fault(std::string_view text, Read read) {
  detail::id_reader reader(text);
  if (read(reader)) static_cast<void>(reader.expect_end());
  REQUIRE(reader.error() != nullptr);
  return *reader.error();
}
template <class Read> std::string good(std::string_view text, Read read) {
  detail::id_reader reader(text);
  const auto value = read(reader);
  REQUIRE(value.has_value());
  REQUIRE(reader.expect_end());
  return value->to_string();
}
detail::syntax_error addr_fault(std::string_view text) {
  detail::syntax_error out;
  REQUIRE(!detail::read_any_addr(text, out).has_value());
  return out;
}
ha::any_addr addr(std::string_view text) {
  detail::syntax_error out;
  return detail::read_any_addr(text, out).value();
}
bool is(const detail::syntax_error& e, syntax_fault kind, std::size_t begin, std::size_t end) {
  return e.fault == kind && e.span == text_span{begin, end};
}

}  // namespace

TEST_CASE("a proc address is cut into id and location (test_parse_proc_addr)") {
  CHECK(addr("local@inproc://0").as_proc()->id().to_string() == "local");
  CHECK(addr("local@inproc://0").location().to_string() == "inproc://0");
}

TEST_CASE("an actor address is cut into id and location (test_parse_actor_addr)") {
  CHECK(addr("a<2>.b@inproc://0").as_actor()->id().to_string() == "a<2>.b");
}

TEST_CASE("a port address is cut into id and location (test_parse_port_addr)") {
  CHECK(addr("a.b:7@tcp://[::1]:1").as_port()->id().to_string() == "a.b:7");
  CHECK(addr("a.b:7@tcp://[::1]:1").location().to_string() == "tcp://[::1]:1");
}

TEST_CASE("separators decide the kind of an address [PRS-1] (test_parse_addr_specificity)") {
  CHECK(addr("p@inproc://0").value().index() == 0);
  CHECK(addr("a.p@inproc://0").value().index() == 1);
  CHECK(addr("a.p!signal@inproc://0").value().index() == 2);
}

TEST_CASE("a bad location is pointed at [PRS-2] (test_parse_addr_reports_invalid_location)") {
  const auto e = addr_fault("local@tcp://");
  CHECK(is(e, syntax_fault::invalid_location, 6, 12));
  CHECK(e.text == "invalid location: invalid address format: ");
}

TEST_CASE("a missing separator is pointed at [PRS-2] (test_parse_addr_reports_missing_separator)") {
  const auto e = addr_fault("local");
  CHECK(is(e, syntax_fault::expected, 5, 5));
  CHECK(e.text == "expected \"@\", found end of input");
}

TEST_CASE("a missing location is pointed at [PRS-2] (test_parse_addr_reports_missing_location)") {
  const auto e = addr_fault("local@");
  CHECK(is(e, syntax_fault::expected, 5, 6));
  CHECK(e.text == "expected location, found end of input");
}

TEST_CASE("a way through a gateway stands in an address (test_parse_addr_with_via_prefix_on_proc_addr)") {
  CHECK(addr("local@<2>.tcp://[::1]:9000").location().hops().size() == 1);
  CHECK(addr("local@<2>.tcp://[::1]:9000").to_string() == "local@<2>.tcp://[::1]:9000");
}

TEST_CASE("places of bad hops count from the start of the address [PRS-2]") {
  CHECK(is(addr_fault("local@A.inproc://1"), syntax_fault::invalid_label, 6, 7));
  CHECK(is(addr_fault("local@<2>tcp://[::1]:9000"), syntax_fault::expected, 9, 9));
}

TEST_CASE("a malformed port is pointed at (test_parse_addr_does_not_downcast_malformed_port_addr)") {
  const auto e = addr_fault("local.local:not-a-port@inproc://0");
  CHECK(is(e, syntax_fault::invalid_port, 12, 22));
  CHECK(e.text == "invalid port \"not-a-port\"");
}

TEST_CASE("a missing proc is pointed at (test_parse_addr_does_not_downcast_malformed_actor_addr)") {
  const auto e = addr_fault("local.@inproc://0");
  CHECK(is(e, syntax_fault::expected, 6, 7));
  CHECK(e.text == "expected \"label\" or \"<\", found \"@\"");
}

TEST_CASE("uids of all forms are read (test_parse_uid_forms)") {
  for (const char* text : {"local", "<2>", "controller<2>"})
    CHECK(good(text, [](detail::id_reader& r) { return detail::read_uid(r); }) == text);
}

TEST_CASE("proc ids of all forms are read (test_parse_proc_id_forms)") {
  for (const char* text : {"local", "<2>", "controller<2>"}) {
    CHECK(ha::proc_id::parse(text).value().to_string() == text);
  }
}

TEST_CASE("actor ids of all forms are read (test_parse_actor_id_forms)") {
  for (const char* text : {"a.b", "a<2>.b<3>", "<2>.<3>"})
    CHECK(good(text, [](detail::id_reader& r) { return detail::read_actor_id(r); }) == text);
}

TEST_CASE("port ids of all forms are read (test_parse_port_id_form)") {
  for (const char* text : {"a.b:42", "a.b:handler<2>", "a.b:<2>", "a.b!introspect", "a.b!signal", "a.b!status"}) {
    CHECK(good(text, [](detail::id_reader& r) { return detail::read_port_id(r); }) == text);
  }
}

TEST_CASE("a bad number is pointed at [PRS-2] (test_parse_uid_reports_invalid_base58_span)") {
  const auto e = fault("controller<0>", [](detail::id_reader& r) { return detail::read_uid(r); });
  CHECK(is(e, syntax_fault::invalid_base58, 11, 12));
  CHECK(e.text == "invalid base58 uid: 0");
}

TEST_CASE("a bad label is pointed at [PRS-2] (test_parse_uid_reports_invalid_label_span)") {
  const auto e = fault("Controller<2>", [](detail::id_reader& r) { return detail::read_uid(r); });
  CHECK(is(e, syntax_fault::invalid_label, 0, 10));
  CHECK(e.text == "invalid label: label must start with a lowercase letter");
}

TEST_CASE("a missing proc id is pointed at [PRS-2] (test_parse_actor_id_reports_missing_proc_component)") {
  const auto e = fault("controller.", [](detail::id_reader& r) { return detail::read_actor_id(r); });
  CHECK(is(e, syntax_fault::expected, 11, 11));
  CHECK(e.text == "expected \"label\" or \"<\", found end of input");
}

TEST_CASE("what follows a proc id is pointed at [PRS-2] (test_parse_proc_id_reports_trailing_input)") {
  const auto e = fault("local.x", [](detail::id_reader& r) { return detail::read_uid(r); });
  CHECK(is(e, syntax_fault::trailing_input, 5, 6));
  CHECK(e.text == "expected end of input, found \".\"");
}

TEST_CASE("a port that is no number is pointed at [PRS-2] (test_parse_port_id_rejects_non_decimal_port)") {
  const auto e = fault("controller.local:not-a-port", [](detail::id_reader& r) { return detail::read_port_id(r); });
  CHECK(is(e, syntax_fault::invalid_port, 17, 27));
  CHECK(e.text == "invalid port \"not-a-port\"");
}

TEST_CASE("a missing port is pointed at [PRS-2] (test_parse_port_id_reports_missing_port_token)") {
  const auto e = fault("controller.local:@inproc://0", [](detail::id_reader& r) { return detail::read_port_id(r); });
  CHECK(is(e, syntax_fault::expected, 17, 18));
  CHECK(e.text == "expected port, found \"@\"");
}

TEST_CASE("after an actor id the rest starts at the separator (test_parser_rest_tracks_location_boundary)") {
  detail::id_reader reader("controller.local@inproc://0");
  REQUIRE(detail::read_actor_id(reader).has_value());
  CHECK(reader.rest() == "@inproc://0");
  CHECK(reader.position() == 16);
}

TEST_CASE("ids and addresses are cut into tokens with places (test_lexer_tokenizes_id_and_ref_syntax)") {
  struct row {
    id_token_kind kind;
    const char* text;
    std::size_t begin;
    std::size_t end;
  };
  detail::id_reader reader("controller<abc>.local!introspect@inproc://0");
  for (const row& r : {row{id_token_kind::text, "controller", 0, 10}, row{id_token_kind::less, "<", 10, 11},
                       row{id_token_kind::text, "abc", 11, 14}, row{id_token_kind::greater, ">", 14, 15},
                       row{id_token_kind::dot, ".", 15, 16}, row{id_token_kind::text, "local", 16, 21},
                       row{id_token_kind::bang, "!", 21, 22}, row{id_token_kind::text, "introspect", 22, 32},
                       row{id_token_kind::at, "@", 32, 33}, row{id_token_kind::text, "inproc", 33, 39},
                       row{id_token_kind::colon, ":", 39, 40}, row{id_token_kind::text, "//0", 40, 43},
                       row{id_token_kind::end, "", 43, 43}, row{id_token_kind::end, "", 43, 43}}) {
    const detail::id_token token = reader.take();
    CHECK(token.kind == r.kind);
    CHECK(token.text == r.text);
    CHECK(token.span == text_span{r.begin, r.end});
  }
}

TEST_CASE("tokens are described for people (test_token_describe)") {
  CHECK(detail::id_token{}.describe() == "end of input");
  CHECK(detail::id_token{id_token_kind::at, {0, 1}, "@"}.describe() == "\"@\"");
}

TEST_CASE("what was expected is said (test_expected_error_message)") {
  detail::id_reader reader("@");
  reader.fail_expected("port");
  CHECK(reader.error()->text == "expected port, found \"@\"");
  reader.fail_expected("something else");
  CHECK(reader.error()->text == "expected port, found \"@\"");
}

TEST_CASE("what follows is named (test_trailing_input_error_message)") {
  detail::id_reader reader("x");
  CHECK(!reader.expect_end());
  CHECK(reader.error()->text == "expected end of input, found \"x\"");
}
