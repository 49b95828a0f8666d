// SPDX-License-Identifier: BSD-3-Clause
#include "fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace gateway_test;

namespace {

/// Makes an address that is free, for each transport.
constexpr ha::channel_addr (*transports[])() = {&ha::channel_addr::any<ha::transport::local>,
                                                &ha::channel_addr::any<ha::transport::unix_socket>,
                                                &ha::channel_addr::any<ha::transport::tcp>};
ha::channel_addr any_unix() { return ha::channel_addr::any<ha::transport::unix_socket>(); }

/// A gateway that is served, and a proc on it.
struct node {
  ha::gateway gateway;
  ha::serve_handle serving;
  fake_proc proc;

  explicit node(ha::label name, const ha::channel_addr& addr = any_unix())
      : serving(gateway.serve(addr).value()), proc(fake_proc::on(gateway, ha::proc_id::instance(std::move(name)))) {}
};

/// The next return that came by wire to an actor of the proc.
ha::undeliverable next_return(fake_proc& proc) {
  auto m = proc.next();
  CHECK(m.dest().actor_id() == proc.actor().id());
  CHECK(m.dest().port() == ha::handler_port<ha::undeliverable>());
  CHECK(m.headers().get<ha::header::seq_info>()->is_direct());
  return m.as<ha::undeliverable>().value();
}

}  // namespace

TEST_CASE("two gateways exchange messages over every transport, in order [MSV-1] [MCL-1]") {
  for (const auto any : transports) {
    node alpha("alpha", any());
    node beta("beta", any());
    INFO(alpha.serving.location().to_string());
    CHECK(alpha.serving.location() != beta.serving.location());
    returns back;
    constexpr std::uint64_t count = 1000;
    for (std::uint64_t i = 0; i < count; ++i) {
      alpha.proc.send(beta.proc.port(), i, back.port());
      beta.proc.send(alpha.proc.port(), i, back.port());
    }
    for (std::uint64_t i = 0; i < count; ++i) {
      REQUIRE(beta.proc.next_value() == i);
      REQUIRE(alpha.proc.next_value() == i);
    }
    CHECK(back.empty());
    auto last = alpha.proc.addr();
    alpha.proc.send(beta.proc.port(), 7, back.port());
    auto m = beta.proc.next();
    CHECK(m.sender() == ha::actor_addr::root(last, "someone"));
    CHECK(m.ttl() == 64 - 6);  // gateway, forwarder, client; weak gateway, gateway, proc
  }
}

TEST_CASE("after a flush the messages are at the peer already (test_flush_over_unix_channel) [MBS-3]") {
  for (const auto any : transports) {
    node alpha("alpha", any());
    node beta("beta", any());
    for (std::uint64_t i = 0; i < 10; ++i) alpha.proc.send(beta.proc.port(), i);
    CHECK(!flushed(alpha.gateway));
    for (std::uint64_t i = 0; i < 10; ++i) {
      auto m = beta.proc.try_next();
      REQUIRE(m.has_value());
      CHECK(m->as<std::uint64_t>().value() == i);
    }
  }
}

TEST_CASE(
    "what cannot be delivered behind a server comes back to its sender, both ways "
    "(test_duplex_undeliverable_from_client, test_duplex_undeliverable_from_host) [MSV-2]") {
  for (const auto any : transports) {
    node alpha("alpha", any());
    node beta("beta", any());
    for (const bool forth : {true, false}) {
      node& from = forth ? alpha : beta;
      node& to = forth ? beta : alpha;
      const ha::port_addr bogus = to.proc.port("missing");
      from.proc.send(bogus, 42);
      auto returned = next_return(from.proc);
      REQUIRE(returned.is_returned());
      CHECK(returned.envelope()->dest() == bogus);
      CHECK(returned.sender() == from.proc.actor());
      REQUIRE(returned.root_failure() != nullptr);
      CHECK(returned.root_failure()->reason() == ha::delivery_reason::actor_does_not_exist);
      CHECK(returned.delivery_failures().size() == 1);
      CHECK(returned.as<std::uint64_t>().value() == 42);
    }
  }
}

TEST_CASE("a message for a proc that the peer does not have comes back with no route [GWC-4] [MSV-2]") {
  node alpha("alpha");
  node beta("beta");
  alpha.proc.send(port_of(beta.gateway.proc_addr(ha::proc_id::instance("stranger"))), 1);
  CHECK(next_return(alpha.proc).root_failure()->reason() == ha::delivery_reason::no_route);
}

TEST_CASE("a return is never returned: it goes to the log [MSV-2]") {
  node alpha("alpha");
  node beta("beta");
  log_lines log;
  const ha::actor_addr missing = alpha.proc.actor("missing");  // who sends, and is gone when the return comes
  const ha::port_addr bogus = beta.proc.port("missing");
  alpha.gateway.post(ha::message_envelope::serialize(missing, bogus, std::uint64_t{1}).value(), {});
  const std::string line = log.next_with("message not delivered to " + bogus.to_string());
  CHECK(line.find("actor does not exist") != std::string::npos);
  CHECK(alpha.proc.empty());
  CHECK(beta.proc.empty());
}

TEST_CASE("a message whose sender does not want it back is dropped behind the server [RTP-1]") {
  node alpha("alpha");
  node beta("beta");
  const auto before = ha::detail::dropped_envelopes.load();
  auto m = ha::message_envelope::serialize(alpha.proc.actor(), beta.proc.port("missing"), std::uint64_t{1}).value();
  m.set_return_undeliverable(false);
  alpha.gateway.post(std::move(m), {});
  CHECK(!flushed(alpha.gateway));  // acknowledged after it was posted there
  CHECK(ha::detail::dropped_envelopes.load() == before + 1);
  CHECK(alpha.proc.empty());
}

TEST_CASE(
    "a TTL that ends on the way across brings the message back as expired "
    "(message_ttl_expires_in_routing_loop_returns_to_sender) [MSV-2]") {
  node alpha("alpha");
  node beta("beta");
  // two routers that send a stranger's messages to each other
  const ha::proc_addr stranger(ha::proc_id::instance("stranger"),
                               ha::channel_addr::local(ha::detail::next_local_number()));
  ha::dial_router<> to_beta;
  ha::dial_router<> to_alpha;
  ha::basic_gateway<ha::dial_router<>> here{to_beta};
  ha::basic_gateway<ha::dial_router<>> there{to_alpha};
  auto serving_here = here.serve(any_unix()).value();
  auto serving_there = there.serve(any_unix()).value();
  to_beta.bind(stranger, serving_there.addr());
  to_alpha.bind(stranger, serving_here.addr());
  fake_proc sender = fake_proc::on(here, ha::proc_id::instance("sender"));
  sender.send(port_of(stranger), 99);
  auto returned = next_return(sender);
  CHECK(returned.root_failure()->reason() == ha::delivery_reason::expired);
  CHECK(returned.as<std::uint64_t>().value() == 99);
}

TEST_CASE("a detached server goes on, and the location stays [SVH-2]") {
  ha::gateway gw;
  std::optional<ha::serve_handle> serving = gw.serve(any_unix()).value();
  const ha::location where = serving->location();
  serving.reset();
  CHECK(gw.default_location() == where);
  fake_proc proc = fake_proc::on(gw, ha::proc_id::instance("p"));
  node other("other");
  other.proc.send(proc.port(), 5);
  CHECK(proc.next_value() == 5);
}

TEST_CASE(
    "a serve handle keeps the gateway alive; what a lonely server gets comes back with gateway is gone "
    "(test_weak_gateway_bounces_broken_link_after_drop) [SVH-3] [GWC-5]") {
  node other("other");
  std::optional<ha::gateway> gw(std::in_place);
  std::optional<ha::serve_handle> serving = gw->serve(any_unix()).value();
  const ha::weak_gateway weak = gw->downgrade();
  const ha::proc_addr proc = gw->proc_addr(ha::proc_id::instance("p"));
  gw.reset();
  CHECK(!weak.is_expired());
  other.proc.send(port_of(proc), 1);
  CHECK(next_return(other.proc).root_failure()->reason() == ha::delivery_reason::no_route);
  serving.reset();
  CHECK(weak.is_expired());
  other.proc.send(port_of(proc), 2);
  auto returned = next_return(other.proc);
  CHECK(returned.root_failure()->detail_text() == "gateway is gone");
  CHECK(returned.as<std::uint64_t>().value() == 2);
}

TEST_CASE("a server that was stopped takes nothing more, and its address is free after the join [MSV-3]") {
  node alpha("alpha");
  node beta("beta");
  alpha.proc.send(beta.proc.port(), 1);
  CHECK(beta.proc.next_value() == 1);
  const ha::port_addr dest = beta.proc.port();
  beta.serving.stop("bye");
  CHECK(beta.serving.join_for(20s).has_value());
  returns back;
  alpha.proc.send(dest, 2, back.port());
  auto returned = back.next();
  CHECK(returned.root_failure()->kind() == ha::delivery_failure_kind::transport);
  CHECK(returned.as<std::uint64_t>().value() == 2);
  CHECK(beta.proc.empty());
  auto again = beta.gateway.serve(dest.addr());
  REQUIRE(again.has_value());
  alpha.proc.send(dest, 3, back.port());  // dials again [DRT-2]
  CHECK(beta.proc.next_value() == 3);
}

TEST_CASE("a server and a client carry messages to any sender (test_local_client_server)") {
  for (const auto any : transports) {
    fake_proc proc(ha::proc_id::instance("p"));
    ha::isolated_gateway lone;
    proc.attach(lone.network()).value();
    auto server = ha::mailbox_server::serve(any(), proc.sender()).value();
    auto client = ha::mailbox_client::dial(server.addr()).value();
    client.post_unchecked(envelope_for(proc.port(), 11), {});
    CHECK(proc.next_value() == 11);
    server.stop("bye");
    CHECK(server.join_for(20s).has_value());
    queue<bool> joined;
    server.async_join([joined](bool stopped) { joined.push(stopped); });
    CHECK(joined.next());
  }
}

TEST_CASE("a mailbox sender that throws does not end the server") {
  struct throwing {
    queue<int> came;
    void post_unchecked(ha::message_envelope, const ha::return_port&) const {
      came.push(1);
      throw std::runtime_error("on purpose");
    }
  };
  throwing to;
  log_lines log;
  auto server = ha::mailbox_server::serve(any_unix(), ha::any_sender::of(to)).value();
  auto client = ha::mailbox_client::dial(server.addr()).value();
  const ha::proc_addr proc(ha::proc_id::instance("p"), server.addr());
  for (int i = 0; i < 2; ++i) {
    client.post_unchecked(envelope_for(port_of(proc), 1), {});
    CHECK(to.came.next() == 1);
    CHECK(!log.next_with("on purpose").empty());
  }
  server.stop("bye");
  CHECK(server.join_for(20s).has_value());
}
