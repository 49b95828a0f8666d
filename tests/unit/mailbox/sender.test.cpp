// SPDX-License-Identifier: BSD-3-Clause
// What comes back to a sender, and what the sender does with it.
#include <hyperactor/mailbox/sender.hpp>

#include "support/local.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace sender_tests {

using namespace test;

struct give_back {
  ha::delivery_failure why;
};
struct report_back {
  ha::delivery_failure why;
};
/// As if somebody else had sent it.
struct give_back_anothers {
  ha::delivery_failure why;
};
struct lost {
  int n;
};
struct ping {
  ha::once_port_handle<int> reply;
};

template <class Self> struct gets_returns {
  void handle(ha::context<Self>& cx, const give_back& m) {
    auto envelope = ha::message_envelope::serialize(cx.addr(), dest(), std::uint64_t{7}).value();
    envelope.push_delivery_failure(m.why);
    return_to(cx, ha::undeliverable::returned(std::move(envelope)));
  }
  void handle(ha::context<Self>& cx, const give_back_anothers& m) {
    const auto another = ha::actor_addr::parse("a.p@inproc://1").value();
    auto envelope = ha::message_envelope::serialize(another, dest(), std::uint64_t{7}).value();
    envelope.push_delivery_failure(m.why);
    return_to(cx, ha::undeliverable::returned(std::move(envelope)));
  }
  void handle(ha::context<Self>& cx, const report_back& m) {
    return_to(cx, ha::undeliverable::report({cx.addr(), ha::endpoint_location::port(dest()), "u64", {m.why}}));
  }
  void handle(ha::context<Self>& cx, ping m) { m.reply.post(cx, 1); }
  static ha::port_addr dest() { return ha::port_addr::parse("b.q:7@inproc://2").value(); }
  static void return_to(ha::context<Self>& cx, ha::undeliverable u) {
    ha::detail_sender_access::mailbox(cx).returned(std::move(u));
  }
};
struct by_default : gets_returns<by_default> {
  using handlers = ha::handlers<give_back, give_back_anothers, report_back, ping>;
  using gets_returns<by_default>::handle;
};
struct with_hook : gets_returns<with_hook> {
  using handlers = ha::handlers<give_back, report_back, ping>;
  using gets_returns<with_hook>::handle;
  shared_list<std::string> seen;
  ha::result<void> handle_undeliverable(ha::instance<with_hook>& self, ha::undeliverable u) {
    seen.add(u.root_failure()->reason_text());
    if (u.sender() != self.addr()) return ha::error(ha::mailbox_error::full, "not mine");
    if (u.root_failure()->reason() == ha::delivery_reason::expired) {
      return ha::error(ha::mailbox_error::full, "expired messages are too much");
    }
    return {};
  }
};
struct number {
  int n;
};
struct takes_numbers {
  using handlers = ha::handlers<number>;
  using exports = ha::exports<number>;
  shared_list<int> came;
  void handle(ha::context<takes_numbers>&, number m) { came.add(m.n); }
};
struct to_the_dead {
  ha::actor_handle<by_default> dead;
};
struct posts {
  using handlers = ha::handlers<to_the_dead, ping>;
  void handle(ha::context<posts>& cx, const to_the_dead& m) {
    m.dead.post(cx, give_back{ha::delivery_failure::no_route()});
  }
  void handle(ha::context<posts>& cx, ping m) { m.reply.post(cx, 1); }
};

/// How an actor with the default policy ends, or "alive".
template <class M> std::string outcome(ha::delivery_failure why) {
  ha::log::flush_limited();  // so that the line of an earlier failure hides none
  const log_lines lines;
  local in;
  auto h = in.proc.spawn(by_default{});
  h.post(in.client, M{std::move(why)});
  const bool alive =
      ha::ask<ping>(in.client, h).recv_for(patience).has_value() &&
      ha::ask<ping>(in.client, h).recv_for(patience).has_value();  // the return stands in the queue before it
  if (alive) {
    CHECK(contains(lines.wait_for(1).at(0), "not delivered to"));
    h.stop("done");
    CHECK(ended(h).is_stopped());
    return "alive";
  }
  return ended(h).reason();
}

const ha::channel_addr far = ha::channel_addr::parse("tcp:127.0.0.1:9").value();

}  // namespace sender_tests

using namespace sender_tests;

TEST_CASE(
    "transport failures and ports that are gone are tolerated "
    "(test_default_transport_undeliverable_policy_does_not_fail_actor, "
    "test_default_transport_report_policy_does_not_fail_actor, test_default_port_gone_policy_does_not_fail_actor) "
    "[SND-1]") {
  CHECK(outcome<give_back>(ha::delivery_failure::no_route()) == "alive");
  CHECK(outcome<give_back>(ha::delivery_failure::channel_closed(far)) == "alive");
  CHECK(outcome<give_back>(ha::delivery_failure::link_unavailable("down")) == "alive");
  CHECK(outcome<give_back>(ha::delivery_failure::port_gone()) == "alive");
  CHECK(outcome<report_back>(ha::delivery_failure::dial_failed(far, "refused")) == "alive");
  CHECK(outcome<report_back>(ha::delivery_failure::port_gone()) == "alive");
}

TEST_CASE(
    "a bad reference, an expired or an oversized message fails the actor "
    "(test_default_invalid_reference_policy_fails_actor, test_default_expired_delivery_policy_fails_actor, "
    "test_default_oversized_frame_transport_policy_fails_actor, "
    "test_default_oversized_frame_report_policy_fails_actor)") {
  const auto fails = [](const std::string& text) {
    CHECK(contains(text, "b.q:7@inproc://2"));
    return text != "alive";
  };
  CHECK(fails(outcome<give_back>(ha::delivery_failure::actor_does_not_exist())));
  CHECK(fails(outcome<give_back>(ha::delivery_failure::handler_not_bound())));
  CHECK(fails(outcome<give_back>(ha::delivery_failure::expired())));
  CHECK(fails(outcome<give_back>(ha::delivery_failure::oversized_frame(10, 5))));
  CHECK(fails(outcome<report_back>(ha::delivery_failure::protocol_mismatch())));
  CHECK(fails(outcome<report_back>(ha::delivery_failure::oversized_frame(10, 5))));
  // test_actor_delivery_failure
  CHECK(outcome<give_back>(ha::delivery_failure::expired()).starts_with("undeliverable message to b.q:7@inproc://2:"));
}

TEST_CASE(
    "what came back counts, not whose it was "
    "(test_default_invalid_reference_policy_allows_return_handle_sender_mismatch)") {
  const std::string text = outcome<give_back_anothers>(ha::delivery_failure::actor_does_not_exist());
  CHECK(contains(text, "actor does not exist"));
  CHECK(contains(text, "sender: a.p@inproc://1"));
  CHECK(outcome<give_back_anothers>(ha::delivery_failure::no_route()) == "alive");
}

TEST_CASE("attributes of a failure change nothing (test_delivery_failure_policy_ignores_attrs)") {
  const auto with_attributes = [](ha::delivery_failure f) {
    f.attributes().set<ha::header::operation_endpoint>("trainer.step()");
    return f;
  };
  CHECK(outcome<give_back>(with_attributes(ha::delivery_failure::port_gone())) == "alive");
  CHECK(outcome<report_back>(with_attributes(ha::delivery_failure::no_route())) == "alive");
  CHECK(outcome<give_back>(with_attributes(ha::delivery_failure::expired())) != "alive");
  CHECK(outcome<report_back>(with_attributes(ha::delivery_failure::handler_not_bound())) != "alive");
}

TEST_CASE(
    "handles and references of actors, ports and once ports take messages in the same way "
    "(test_endpoint_actor_handle, _port_handle, _once_port_handle, _actor_ref, _port_ref, _once_port_ref)") {
  local in;
  takes_numbers t;
  const auto came = t.came;
  auto handle = in.proc.spawn(std::move(t));
  auto ref = handle.bind();
  auto [port, rx] = in.client.open_port<number>();
  auto port_ref = port.bind();
  auto [once, once_rx] = in.client.open_once_port<number>();
  auto [another, another_rx] = in.client.open_once_port<number>();
  auto once_ref = another.bind();
  int next = 0;
  const auto post_to = [&](auto&... destinations) { (destinations.post(in.client, number{next++}), ...); };
  post_to(handle, ref, port, port_ref, once, once_ref);
  CHECK(came.wait_for(2) == std::vector<int>{0, 1});
  CHECK(rx.recv_for(patience).value().n == 2);
  CHECK(rx.recv_for(patience).value().n == 3);
  CHECK(once_rx.recv_for(patience).value().n == 4);
  CHECK(another_rx.recv_for(patience).value().n == 5);
  handle.stop("done");
  CHECK(in.is_empty());
}

TEST_CASE("the hook decides what came back, and its error is the failure's text") {
  const log_lines lines;
  local in;
  with_hook w;
  const auto seen = w.seen;
  auto h = in.proc.spawn(std::move(w));
  h.post(in.client, give_back{ha::delivery_failure::actor_does_not_exist()});
  h.post(in.client, report_back{ha::delivery_failure::no_route()});
  CHECK(seen.wait_for(2) == std::vector<std::string>{"actor does not exist", "no route"});
  CHECK(ha::ask<ping>(in.client, h).recv_for(patience).value() == 1);
  h.post(in.client, give_back{ha::delivery_failure::expired()});
  CHECK(ended(h).to_string() == "failed: expired messages are too much");
}

TEST_CASE("an actor that posts to one that ended lives on") {
  const log_lines lines;
  local in;
  auto dead = in.proc.spawn(by_default{});
  dead.stop("over");
  CHECK(ended(dead).is_stopped());
  auto h = in.proc.spawn(posts{});
  h.post(in.client, to_the_dead{dead});
  CHECK(ha::ask<ping>(in.client, h).recv_for(patience).value() == 1);
  const auto line = lines.wait_for(1).at(0);
  CHECK(contains(line, h.addr().to_string()));
  CHECK(contains(line, "give_back"));
  CHECK(contains(line, "actor stopped"));
  h.stop("done");
  CHECK(in.is_empty());
}
