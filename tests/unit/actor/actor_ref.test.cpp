// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/actor/actor_ref.hpp>

#include "support/local.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

namespace ref_tests {

using namespace test;

/// Counts how often it is encoded: local references must not.
struct counted {
  int n = 0;
};
inline std::atomic<int> encodings{0};
struct text {
  std::string s;
};
struct private_message {
  int n;
};
struct bad_reply {
  ha::once_port_ref<int> reply;
};

struct sink {
  using handlers = ha::handlers<counted, text, private_message, bad_reply>;
  using exports = ha::exports<counted, text, bad_reply>;
  shared_list<int> log;
  void handle(ha::context<sink>&, counted m) { log.add(m.n); }
  void handle(ha::context<sink>&, const text& m) { log.add(static_cast<int>(m.s.size())); }
  void handle(ha::context<sink>&, private_message m) { log.add(m.n); }
  void handle(ha::context<sink>& cx, bad_reply m) { m.reply.post(cx, 3); }
};
struct counts : ha::behavior<"counts", counted> {};
struct texts : ha::behavior<"texts", text> {};
struct secret : ha::behavior<"secret", private_message> {};

struct sends_to {
  using handlers = ha::handlers<counted>;
  ha::actor_ref<counts> to;
  void handle(ha::context<sends_to>& cx, counted m) { to.post(cx, m); }
};

}  // namespace ref_tests

template <> struct hyperactor::codec<ref_tests::counted> {
  static void encode(wire::encoder& e, const ref_tests::counted& m) {
    ++ref_tests::encodings;
    e.put(m.n);
  }
  static result<ref_tests::counted> decode(wire::decoder& d) {
    auto n = d.take<int>();
    if (!n) return n.error();
    return ref_tests::counted{*n};
  }
};

using namespace ref_tests;

TEST_CASE(
    "a reference is a value: equality, order, hash, text, address "
    "(test_remote_construction_and_accessors, test_remote_eq_and_hash, test_remote_ord, "
    "test_remote_fromstr_roundtrip)") {
  local in;
  auto a = in.proc.spawn(sink{});
  auto b = in.proc.spawn(sink{});
  const ha::actor_ref<sink> ra = a.bind();
  const ha::actor_ref<sink> rb = b.bind();
  CHECK(ra == a.bind());
  CHECK_FALSE(ra == rb);
  CHECK((ra < rb) != (rb < ra));
  CHECK(std::hash<ha::actor_ref<sink>>{}(ra) ==
        std::hash<ha::actor_ref<sink>>{}(ha::actor_ref<sink>::attest(a.addr())));
  CHECK(std::unordered_set<ha::actor_ref<sink>>{ra, rb, ra}.size() == 2);
  CHECK(std::map<ha::actor_ref<sink>, int>{{ra, 1}, {rb, 2}}.at(rb) == 2);
  CHECK(ra.addr() == a.addr());
  CHECK(fmt::format("{}", a.bind<counts>()) == a.addr().to_string() + "<counts>");
  const auto back = ha::actor_ref<counts>::attest(ha::actor_addr::parse(a.addr().to_string()).value());
  CHECK(back == a.bind<counts>());
  in.proc.stop_all("done");
  CHECK(in.is_empty());
}

TEST_CASE(
    "a reference to an actor of the same network moves the message and does not encode it [REF-1] "
    "(test_multi_handler_refs, test_send_actor_typed_remote, test_send_message_typed_remote)") {
  local in;
  sink s;
  const auto log = s.log;
  auto h = in.proc.spawn(std::move(s));
  encodings = 0;
  h.bind().post(in.client, counted{1});
  h.bind<counts>().post(in.client, counted{2});
  ha::actor_ref<counts>::attest(h.addr()).post(in.client, counted{3});
  h.bind<counts>().post<counted>(in.client, 4);
  h.bind<texts>().post(in.client, text{"12345"});
  CHECK(log.wait_for(5) == std::vector<int>{1, 2, 3, 4, 5});
  CHECK(encodings == 0);
  h.stop("done");
  CHECK(in.is_empty());
}

TEST_CASE("posts by handle and by reference share one stream: Direct before bind, numbered after (test_ref_behavior)") {
  local in;
  sink s;
  const auto log = s.log;
  auto h = in.proc.spawn(std::move(s));
  h.post(in.client, counted{0});  // Direct
  const auto ref = h.bind();
  const auto attested = ha::actor_ref<sink>::attest(h.addr());
  for (int i = 1; i <= 300; i += 3) {
    h.post(in.client, counted{i});
    ref.post(in.client, counted{i + 1});
    attested.post(in.client, counted{i + 2});
  }
  const auto seen = log.wait_for(301);
  REQUIRE(seen.size() == 301);
  for (int i = 0; i <= 300; ++i) CHECK(seen[static_cast<std::size_t>(i)] == i);
  h.stop("done");
  CHECK(in.is_empty());
}

TEST_CASE("a message that an attested reference may not send comes back: the handler is not bound") {
  local in;
  auto undelivered = in.client.undelivered();
  auto h = in.proc.spawn(sink{});
  const auto ref = ha::actor_ref<secret>::attest(h.addr());
  ref.post(in.client, private_message{5});
  auto back = undelivered.recv_for(patience).value();
  CHECK(back.root_failure()->reason() == ha::delivery_reason::handler_not_bound);
  CHECK(back.as<private_message>().value().n == 5);
  (void)h.bind<secret>();  // makes it reachable
  ref.post(in.client, private_message{6});
  h.drain_and_stop("done");
  CHECK(ended(h).is_stopped());
  CHECK_FALSE(undelivered.try_recv().has_value());
}

TEST_CASE(
    "a message to an actor that ended comes back with how it ended (test_mailbox_post_fails_when_actor_stopped / "
    "_failed)") {
  const log_lines lines;
  local in;
  auto undelivered = in.client.undelivered();
  auto stops = in.proc.spawn(sink{});
  auto fails = in.proc.spawn(sink{});
  const auto to_stopped = stops.bind();
  const auto to_failed = fails.bind();
  stops.stop("done");
  fails.kill("so");
  CHECK(ended(stops).is_stopped());
  CHECK(ended(fails).is_failed());
  to_stopped.post(in.client, counted{1});
  auto one = undelivered.recv_for(patience).value();
  CHECK(one.root_failure()->reason() == ha::delivery_reason::actor_stopped);
  CHECK(one.as<counted>().value().n == 1);
  ha::actor_ref<sink>::attest(to_stopped.addr()).post(in.client, counted{2});
  CHECK(undelivered.recv_for(patience).value().root_failure()->reason() == ha::delivery_reason::actor_stopped);
  to_failed.post(in.client, counted{3});
  CHECK(undelivered.recv_for(patience).value().root_failure()->reason() == ha::delivery_reason::actor_failed);
  ha::actor_ref<counts>::attest(in.proc.addr().actor_addr("nobody")).post(in.client, counted{4});
  CHECK(undelivered.recv_for(patience).value().root_failure()->reason() == ha::delivery_reason::actor_does_not_exist);
}

TEST_CASE(
    "isolated procs do not reach each other, whatever the address says [REF-1] "
    "(test_isolated_procs_use_distinct_gateways)") {
  local in;
  local other;
  auto undelivered = in.client.undelivered();
  sink s;
  const auto log = s.log;
  auto h = other.proc.spawn(std::move(s));
  h.bind().post(in.client, counted{1});
  auto back = undelivered.recv_for(patience).value();
  CHECK(back.root_failure()->reason() == ha::delivery_reason::no_route);
  CHECK(back.as<counted>().value().n == 1);
  ha::actor_ref<sink>::attest(h.addr()).post(in.client, counted{2});
  CHECK(undelivered.recv_for(patience).value().root_failure()->reason() == ha::delivery_reason::no_route);
  CHECK(ha::ask<bad_reply>(in.client, h.bind()).recv_for(patience).error() == ha::mailbox_error::undeliverable);
  h.drain_and_stop("done");
  CHECK(ended(h).is_stopped());
  CHECK(log.get().empty());
}

TEST_CASE("an actor whose reference is bad fails by default (test_default_invalid_reference_policy_fails_actor)") {
  const log_lines lines;
  local in;
  auto h = in.proc.spawn(sends_to{ha::actor_ref<counts>::attest(in.proc.addr().actor_addr("nobody"))});
  h.post(in.client, counted{1});
  const auto end = ended(h);
  CHECK(end.is_failed());
  CHECK(contains(end.reason(), "undeliverable message to nobody"));
  CHECK(contains(end.reason(), "actor does not exist"));
}

TEST_CASE("several threads post through one client and both paths: each message once") {
  local in;
  sink s;
  const auto log = s.log;
  auto h = in.proc.spawn(std::move(s));
  const auto ref = h.bind();
  constexpr int each = 3000;
  {
    std::jthread a([&, client = in.client]() mutable {
      for (int i = 0; i < each; ++i) h.post(client, counted{i});
    });
    std::jthread b([&, client = in.client]() mutable {
      for (int i = 0; i < each; ++i) ref.post(client, counted{each + i});
    });
  }
  h.drain_and_stop("done");
  CHECK(ended(h).is_stopped());
  std::vector<bool> seen(2 * each);
  for (const int n : log.get()) seen[static_cast<std::size_t>(n)] = true;
  CHECK(log.get().size() == 2 * each);
  CHECK(std::count(seen.begin(), seen.end(), true) == 2 * each);
}

TEST_CASE("a reference travels as its address (test_remote_serde_roundtrip)") {
  const auto addr = ha::actor_addr::parse("b<2>.q<3>@tcp://127.0.0.1:1").value();
  const auto ref = ha::actor_ref<counts>::attest(addr);
  const auto bytes = ha::wire::encode_plain(ref).value();
  CHECK(bytes == ha::wire::encode_plain(addr).value());
  CHECK(ha::wire::decode_plain<ha::actor_ref<counts>>(bytes.span()).value() == ref);
  CHECK(ha::wire::decode_plain<ha::actor_ref<counts>>(bytes.span().first(bytes.size() - 1)).has_error());
}
