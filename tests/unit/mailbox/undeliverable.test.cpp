// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/undeliverable.hpp>

#include "unit/mailbox/support.hpp"
#include "unit/mailbox/vector_envelopes.hpp"

namespace ha = hyperactor;
using namespace mailbox_tests;

namespace {

ha::delivery_failure_report vector_report() {
  const auto dest = port("b.q:u64<pDi1gahZSVC>@ipc://@yolo");
  return {actor("a.p@ipc://@yolo"),
          ha::endpoint_location::port(dest),
          "u64",
          {ha::delivery_failure::port_gone("u64").with_target(dest)}};
}

ha::message_envelope returned_string() {
  auto m = ha::message_envelope::serialize(actor("a.p@inproc://1"), port("b.q:7@inproc://2"), std::string(10000, 'x'))
               .value();
  m.headers().set<ha::header::rust_message_type>("String");
  return m;
}

}  // namespace

TEST_CASE("endpoint locations have the bytes and texts of the vectors") {
  const auto check = [](const char* name, const ha::endpoint_location& location) {
    const json::value& c = vectors::find(vectors::envelopes(), "endpoint-location", name);
    vectors::check(c, location);
    CHECK(location.to_string() == c["display"].text());
  };
  check("actor", ha::endpoint_location::actor(actor("a.p@ipc://@yolo")));
  check("port", ha::endpoint_location::port(port("b.q:u64<pDi1gahZSVC>@ipc://@yolo")));
  check("local", ha::endpoint_location::local(actor("a.p@ipc://@yolo"), "u64"));
  CHECK(ha::endpoint_location::port(port("b.q:7@inproc://2")).actor_addr() == actor("b.q@inproc://2"));
}

TEST_CASE("returned messages and reports have the bytes of the vectors") {
  vectors::check(vectors::find(vectors::envelopes(), "undeliverable", "returned"),
                 ha::undeliverable::returned(vectors::make_envelope("with-two-failures")));
  vectors::check(vectors::find(vectors::envelopes(), "undeliverable", "report"),
                 ha::undeliverable::report(vector_report()));
  vectors::check(vectors::find(vectors::envelopes(), "delivery-failures", "report-direct"), vector_report());
}

TEST_CASE("a return inside an envelope has the bytes of the vectors, and its type the original's hash") {
  static_assert(ha::type_hash<ha::undeliverable> == 0xbe606427665a7697);
  static_assert(ha::type_hash<ha::message_envelope> == 0xa85dac4ac1ee136e);
  static_assert(ha::type_hash<ha::delivery_failure_report> == 0x43cc000acc8ab4e8);
  static_assert(ha::type_hash<ha::delivery_failure> == 0xec3d10ed555ba985);
  static_assert(ha::type_hash<ha::sequence_info> == 0x1f4acca148b9dc75);
  const auto dest =
      actor("a.p@ipc://@yolo").port_addr(ha::port::handler(ha::type_hash<ha::undeliverable>, "messageenvelope"));
  auto m = ha::message_envelope::serialize(actor("b.q@ipc://@yolo"), dest,
                                           ha::undeliverable::returned(vectors::make_envelope("with-two-failures")))
               .value();
  m.headers().set<ha::header::seq_info>({});
  vectors::check(vectors::find(vectors::envelopes(), "undeliverable", "returned-in-envelope"), m);
  auto inner = m.as<ha::undeliverable>();
  REQUIRE(inner.has_value());
  CHECK(inner->sender() == actor("a.p@ipc://@yolo"));
  CHECK(inner->as<std::uint64_t>().value() == 42);
}

TEST_CASE("a returned message tells sender, destination, type and cause, and gives its value") {
  auto m = envelope();
  m.push_delivery_failure(ha::delivery_failure::no_route());
  auto u = ha::undeliverable::returned(std::move(m));
  CHECK(u.is_returned());
  CHECK(u.report() == nullptr);
  CHECK(u.sender() == actor("a.p@inproc://1"));
  CHECK(u.dest() == "b.q:7@inproc://2");
  CHECK(u.root_failure()->reason() == ha::delivery_reason::no_route);
  CHECK_FALSE(u.fails_sender());
  CHECK(u.error_message() == "delivery failure: transport failure to b.q:7@inproc://2: no route");
  CHECK_FALSE(u.as<std::string>().has_value());
  CHECK(u.as<std::uint64_t>().value() == 42);
}

TEST_CASE("a report has no value (test_delivery_failure_policy_uses_report_root_failure)") {
  auto u = ha::undeliverable::report(vector_report());
  CHECK_FALSE(u.is_returned());
  CHECK(u.envelope() == nullptr);
  CHECK(u.message_type() == "u64");
  CHECK(u.root_failure()->kind() == ha::delivery_failure_kind::port_gone);
  CHECK(u.as<std::uint64_t>().error() == ha::mailbox_error::undeliverable);
  CHECK(u.to_string() ==
        "undeliverable message report to b.q:u64<pDi1gahZSVC>@ipc://@yolo:\n"
        "\tdescription: delivery failed and the original payload is unavailable\n"
        "\tsender: a.p@ipc://@yolo\n"
        "\tdest: b.q:u64<pDi1gahZSVC>@ipc://@yolo\n"
        "\tmessage type: u64\n"
        "\terror: delivery failure: port gone: b.q:u64<pDi1gahZSVC>@ipc://@yolo");
}

TEST_CASE("without a recorded cause the sender fails (test_actor_delivery_failure)") {
  CHECK(ha::undeliverable::returned(envelope()).fails_sender());
  const std::string text = ha::undeliverable::returned(envelope()).to_string();
  CHECK(text.starts_with("undeliverable message to b.q:7@inproc://2:"));
  CHECK(text.find("\n\tsender: a.p@inproc://1") != std::string::npos);
  CHECK(text.find("\n\tdest: b.q:7@inproc://2") != std::string::npos);
  CHECK(text.ends_with("\n\terror: <none>"));
}

TEST_CASE("texts are bounded (test_ue1_delivery_failure_bounded, test_ue1_return_failure_bounded) [UND-1]") {
  const auto u = ha::undeliverable::returned(returned_string());
  for (const std::string& text : {u.to_string(), u.return_failure_string(), u.log_line()}) {
    CHECK(text.size() < 500);
    CHECK(text.find("xxx") == std::string::npos);
    CHECK(text.find("String") != std::string::npos);
    CHECK(text.find("10008") != std::string::npos);
  }
  CHECK(u.return_failure_string().find("\n\toriginal sender: a.p@inproc://1\n\toriginal dest: b.q:7@inproc://2\n") !=
        std::string::npos);
}

TEST_CASE(
    "top lines name the operation, or the destination, or the sender (test_ue3_operation_endpoint_names_top_line, "
    "test_ue3_delivery_failure_no_context_names_destination, "
    "test_ue3_return_failure_no_context_names_original_sender, "
    "test_delivery_failure_display_uses_structured_failure)") {
  auto m = returned_string();
  m.push_delivery_failure(ha::delivery_failure::no_route());
  const auto top = [](const std::string& text) { return text.substr(0, text.find('\n')); };
  {
    const auto u = ha::undeliverable::returned(std::move(m));
    CHECK(top(u.to_string()) == "undeliverable message to b.q:7@inproc://2:");
    CHECK(top(u.return_failure_string()) == "undeliverable return to original sender a.p@inproc://1:");
    CHECK(u.to_string().ends_with("\n\terror: delivery failure: transport failure to b.q:7@inproc://2: no route"));
  }
  m = returned_string();
  m.headers().set<ha::header::operation_endpoint>("trainer.step()");
  {
    auto u = ha::undeliverable::returned(std::move(m));
    CHECK(top(u.to_string()) == "undeliverable message for trainer.step() (?):");
    u.envelope()->headers().set<ha::header::operation_adverb>("call");
    CHECK(top(u.to_string()) == "undeliverable message for trainer.step() (call):");
    CHECK(top(u.return_failure_string()) == "undeliverable message for trainer.step() (call):");
  }
}

TEST_CASE(
    "the line of the log has all fields (test_um1_bounded_fields, test_um2_compat_fields_preserved, "
    "test_um3_destination_format, test_um3b_operation_format_with_operation_context)") {
  auto m = returned_string();
  m.push_delivery_failure(ha::delivery_failure::actor_stopped());
  auto u = ha::undeliverable::returned(std::move(m));
  CHECK(u.log_line() ==
        "message not delivered to b.q:7@inproc://2: sender=a.p@inproc://1 message_type=String data_len=10008 "
        "error=delivery failure: invalid reference b.q@inproc://2: actor stopped");
  u.envelope()->headers().set<ha::header::operation_endpoint>("trainer.step()");
  CHECK(
      u.log_line().starts_with("abandoned message for trainer.step() (?) to b.q:7@inproc://2: sender=a.p@inproc://1 "));
}
