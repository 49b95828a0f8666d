// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/delivery_failure.hpp>

#include "unit/mailbox/vector_check.hpp"

namespace ha = hyperactor;
using ha::delivery_failure;

namespace {

const json::value& root() {
  static const json::value out = json::load_vectors("envelope.json");
  return out;
}
ha::port_addr dest() { return ha::port_addr::parse("b.q:u64<pDi1gahZSVC>@ipc://@yolo").value(); }
ha::channel_addr yolo() { return ha::channel_addr::parse("unix:@yolo").value(); }

struct row {
  const char* name;
  delivery_failure failure;
};
std::vector<row> rows() {
  return {{"actor-not-exist", delivery_failure::actor_does_not_exist()},
          {"actor-stopped", delivery_failure::actor_stopped()},
          {"actor-failed", delivery_failure::actor_failed()},
          {"port-never-allocated", delivery_failure::port_never_allocated()},
          {"protocol-mismatch", delivery_failure::protocol_mismatch()},
          {"wrong-mailbox-owner", delivery_failure::wrong_mailbox_owner()},
          {"channel-closed", delivery_failure::channel_closed(yolo())},
          {"ack-timed-out", delivery_failure::ack_timed_out(yolo())},
          {"no-route", delivery_failure::no_route()},
          {"oversized-frame", delivery_failure::oversized_frame(10, 5)},
          {"link-unavailable", delivery_failure::link_unavailable("l")},
          {"forwarder-unavailable", delivery_failure::forwarder_unavailable()},
          {"port-gone", delivery_failure::port_gone("u64")},
          {"port-gone-no-type", delivery_failure::port_gone()},
          {"expired", delivery_failure::expired()}};
}

}  // namespace

TEST_CASE("every failure has the bytes and texts of the vectors [DLF-1]") {
  std::size_t seen = 0;
  for (row& r : rows()) {
    r.failure.set_target(dest());
    const json::value& c = vectors::find(root(), "delivery-failures", r.name);
    vectors::check(c, r.failure);
    CHECK(r.failure.message() == c["display"].text());
    CHECK(r.failure.to_string() == c["bounded"].text());
    const auto bytes = vectors::buffer(c["bincode"].bytes());
    ha::wire::decoder d(bytes.span());
    const auto decoded = d.take<delivery_failure>();
    REQUIRE(decoded.has_value());
    CHECK(decoded->reason() == r.failure.reason());
    CHECK(decoded->message() == r.failure.message());
    CHECK(decoded->message_type() == r.failure.message_type());
    ++seen;
  }
  CHECK(seen + 1 == root()["groups"]["delivery-failures"].size());  // and one report, see undeliverable.test.cpp
}

TEST_CASE("a dial failure and a missing handler have the texts of the specification") {
  auto dial = delivery_failure::dial_failed(yolo(), "connection refused").with_target(dest());
  CHECK(dial.message() ==
        "transport failure to b.q:u64<pDi1gahZSVC>@ipc://@yolo: dial failed: unix:@yolo: connection refused");
  CHECK(dial.channel() == yolo());
  CHECK(dial.detail_text() == "connection refused");
  auto handler = delivery_failure::handler_not_bound().with_target(dest());
  CHECK(handler.message() == "invalid reference b.q:u64<pDi1gahZSVC>@ipc://@yolo: handler not bound");
  for (const delivery_failure& f : {dial, handler}) {
    const auto bytes = [&] {
      ha::wire::encoder e;
      e.put(f);
      return e.finish().value();
    }();
    ha::wire::decoder d(bytes);
    CHECK(d.take_message<delivery_failure>().value().message() == f.message());
  }
}

TEST_CASE("the target is the port, or the actor where that is the matter, and stays once it is set [DLF-1]") {
  CHECK(delivery_failure::no_route().with_target(dest()).target_text() == "b.q:u64<pDi1gahZSVC>@ipc://@yolo");
  CHECK(delivery_failure::handler_not_bound().with_target(dest()).target_text() == "b.q:u64<pDi1gahZSVC>@ipc://@yolo");
  for (auto f : {delivery_failure::actor_does_not_exist(), delivery_failure::actor_stopped(),
                 delivery_failure::actor_failed(), delivery_failure::wrong_mailbox_owner()}) {
    CHECK_FALSE(f.target().has_value());
    CHECK(std::move(f).with_target(dest()).target_text() == "b.q@ipc://@yolo");
  }
  auto named = delivery_failure::no_route();
  named.set_target(ha::proc_addr::parse("q@ipc://@yolo").value());
  named.complete(dest());
  CHECK(named.message() == "transport failure to q@ipc://@yolo: no route");
}

TEST_CASE("targets of all three kinds travel [DLF-1]") {
  for (const char* text : {"q@ipc://@yolo", "b.q@ipc://@yolo", "b.q:7@ipc://@yolo"}) {
    auto f = delivery_failure::no_route();
    f.set_target(ha::any_addr::parse(text).value());
    ha::wire::encoder e;
    e.put(f);
    const auto bytes = e.finish().value();
    ha::wire::decoder d(bytes);
    CHECK(d.take_message<delivery_failure>().value().target_text() == text);
  }
}

TEST_CASE("a failure without target does not travel") {
  for (const auto& f : {delivery_failure::no_route(), delivery_failure::expired()}) {
    ha::wire::encoder e;
    e.put(f);
    CHECK(e.finish().error() == ha::wire_error::unsupported);
  }
}

TEST_CASE("attributes are bounded in texts (test_delivery_failure_rendering_bounds_attrs) [DLF-2]") {
  auto f = delivery_failure::expired().with_target(dest());
  f.attributes().set<ha::header::operation_endpoint>(std::string(2048, 'x'));
  const std::string text = f.to_string();
  CHECK(text.size() < 1200);
  CHECK(text.ends_with("xxx..."));
  CHECK(text.starts_with(
      "delivery failure: ttl expired for b.q:u64<pDi1gahZSVC>@ipc://@yolo; attrs: hyperactor::mailbox"));
  std::string wide;
  for (int i = 0; i < 700; ++i) wide += "\xc3\xa9";
  f.attributes().set<ha::header::operation_endpoint>(wide);
  CHECK(ha::detail::is_utf8(f.to_string()));
  f.attributes().set<ha::header::operation_endpoint>("x" + wide);
  CHECK(ha::detail::is_utf8(f.to_string()));
}

TEST_CASE(
    "the kind decides whether the sender fails (test_default_transport_undeliverable_policy_does_not_fail_actor, "
    "test_default_oversized_frame_transport_policy_fails_actor, test_default_port_gone_policy_does_not_fail_actor, "
    "test_default_invalid_reference_policy_fails_actor, test_default_expired_delivery_policy_fails_actor)") {
  for (const row& r : rows()) {
    INFO(r.name);
    const auto kind = r.failure.kind();
    const bool expected = kind == ha::delivery_failure_kind::invalid_reference ||
                          kind == ha::delivery_failure_kind::expired ||
                          r.failure.reason() == ha::delivery_reason::oversized_frame;
    CHECK(r.failure.fails_sender() == expected);
  }
  CHECK_FALSE(delivery_failure::no_route().fails_sender());
  CHECK_FALSE(delivery_failure::port_gone().fails_sender());
}

TEST_CASE("bytes that are no failure are refused") {
  const auto refused = [](std::vector<unsigned char> bytes) {
    const auto b = vectors::buffer(bytes);
    ha::wire::decoder d(b.span());
    return !d.take<delivery_failure>().has_value();
  };
  CHECK(refused({}));
  CHECK(refused({3, 0, 0, 0}));
  CHECK(refused({1, 0, 0, 0, 2, 0, 0, 0}));
  const auto good = vectors::find(root(), "delivery-failures", "oversized-frame")["bincode"].bytes();
  for (std::size_t n = 0; n < good.size(); ++n) {
    CHECK(refused(std::vector<unsigned char>(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n))));
  }
}
