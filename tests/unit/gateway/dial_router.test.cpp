// SPDX-License-Identifier: BSD-3-Clause
#include "fixture.hpp"

#include <hyperactor/mailbox/router.hpp>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace gateway_test;

namespace {

ha::channel_addr any_unix() { return ha::channel_addr::any<ha::transport::unix_socket>(); }
ha::channel_addr tcp(std::uint16_t port) { return ha::channel_addr::tcp(ha::ip_address::loopback_v4(), port); }
ha::proc_addr proc_at(ha::label name, const ha::channel_addr& addr) {
  return {ha::proc_id::singleton(std::move(name)), addr};
}
ha::actor_addr actor_of(const ha::proc_addr& proc, ha::label name) {
  return ha::actor_addr::root(proc, std::move(name));
}

}  // namespace

TEST_CASE(
    "bound prefixes win over the direct address, the actor's over its proc's (test_dial_mailbox_router) [DRT-1]") {
  const ha::proc_addr proc = proc_at("p", tcp(1));
  const ha::actor_addr a1 = actor_of(proc, "a1");
  const ha::actor_addr a2 = actor_of(proc, "a2");
  ha::dial_router<> router;
  CHECK(router.lookup_addr(a1) == tcp(1));
  CHECK(router.is_direct(a1));
  router.bind(proc, tcp(2));
  router.bind(a1, tcp(3));
  CHECK(router.lookup_addr(a1) == tcp(3));
  CHECK(router.lookup_addr(a2) == tcp(2));  // a longer name that is alike does not hide the proc's
  CHECK_FALSE(router.is_direct(a2));
  CHECK(router.lookup_addr(actor_of(proc_at("p", tcp(9)), "a1")) == tcp(9));  // another location is another address
  CHECK(router.lookup_addr(actor_of(proc_at("q", tcp(4)), "a1")) == tcp(4));
  router.bind(a1, tcp(5));
  CHECK(router.lookup_addr(a1) == tcp(5));
  router.unbind(a1);
  CHECK(router.lookup_addr(a1) == tcp(2));
  router.bind(a1, tcp(3));
  router.unbind(proc);  // and everything below
  CHECK(router.lookup_addr(a1) == tcp(1));
  CHECK(router.is_direct(a1));
}

TEST_CASE(
    "only a proc covers its actors, names that are alike do not (test_dial_mailbox_router_prefixes_empty, "
    "_single_entry, _no_overlap, _with_overlaps, _complex_hierarchy, _same_level)") {
  ha::dial_router<> router;
  CHECK(router.prefixes().empty());
  const ha::proc_addr p = proc_at("p", tcp(1));
  const ha::proc_addr p1 = proc_at("p1", tcp(1));
  const ha::proc_addr elsewhere = proc_at("p", tcp(2));
  router.bind(actor_of(p, "a"), tcp(3));
  CHECK(router.prefixes() == std::vector<ha::any_addr>{actor_of(p, "a")});
  router.bind(actor_of(p, "ab"), tcp(3));
  router.bind(actor_of(p1, "a"), tcp(3));
  CHECK(router.prefixes().size() == 3);
  router.bind(p, tcp(3));
  router.bind(elsewhere, tcp(3));
  auto found = router.prefixes();
  std::vector<ha::any_addr> wanted{p, elsewhere, actor_of(p1, "a")};
  std::sort(found.begin(), found.end());
  std::sort(wanted.begin(), wanted.end());
  CHECK(found == wanted);
}

TEST_CASE("aliases are dialled where they say (test_dial_mailbox_router_canonicalizes_alias_addresses) [DRT-4]") {
  const auto alias = ha::channel_addr::alias(tcp(1), tcp(2));
  ha::dial_router<> router;
  CHECK(router.lookup_addr(actor_of(proc_at("p", alias), "a")) == tcp(1));
  router.bind(proc_at("q", tcp(9)), alias);
  CHECK(router.lookup_addr(actor_of(proc_at("q", tcp(9)), "a")) == tcp(1));
  CHECK(router.client_of(alias).value() == router.client_of(tcp(1)).value());
}

TEST_CASE("remote only: local transports are not dialled directly, entries are [DRT-1]") {
  queue<ha::message_envelope> kept;
  struct keeping {
    queue<ha::message_envelope> came;
    void post_unchecked(ha::message_envelope m, const ha::return_port&) const { came.push(std::move(m)); }
  };
  ha::dial_router<> router(ha::any_sender::of(keeping{kept}), ha::direct_addressing::remote_only);
  CHECK(router.lookup_addr(actor_of(proc_at("p", tcp(1)), "a")) == tcp(1));
  const ha::proc_addr here = proc_at("p", any_unix());
  CHECK_FALSE(router.lookup_addr(actor_of(here, "a")).has_value());
  router.post_unchecked(envelope_for(port_of(here), 5), {});
  CHECK(kept.next().as<std::uint64_t>().value() == 5);
  router.bind(here, any_unix());
  CHECK(router.lookup_addr(actor_of(here, "a")).has_value());
}

TEST_CASE(
    "an address that cannot be dialled returns the message (test_dial_mailbox_router_records_dial_failure) [DRT-3]") {
  ha::dial_router<> router;
  returns back;
  const auto unserved = ha::channel_addr::local(ha::detail::next_local_number());
  router.post_unchecked(envelope_for(port_of(proc_at("p", unserved)), 1), back.port());
  auto returned = back.next();
  CHECK(returned.root_failure()->reason() == ha::delivery_reason::dial_failed);
  CHECK(returned.root_failure()->channel() == unserved);
  CHECK(returned.root_failure()->detail_text().find("channel closed") != std::string::npos);

  const auto no_transport = ha::channel_addr::quic("localhost", 1);
  router.post_unchecked(envelope_for(port_of(proc_at("p", no_transport)), 1), back.port());
  CHECK(back.next().root_failure()->reason() == ha::delivery_reason::dial_failed);

  ha::dial_router<ha::transports<ha::transport::tcp>> only_tcp;
  only_tcp.post_unchecked(envelope_for(port_of(proc_at("p", any_unix())), 1), back.port());
  CHECK(back.next().root_failure()->detail_text().find("no transport") != std::string::npos);
}

TEST_CASE(
    "an address is dialled once, and again after its channel has closed "
    "(test_dial_router_keeps_client_closed_for_non_stale_reason) [DRT-2]") {
  ha::isolated_gateway lone;
  fake_proc proc = fake_proc::on(lone, ha::proc_id::instance("p"));
  ha::dial_router<> router;
  returns back;
  const ha::channel_addr addr = any_unix();
  const ha::proc_addr there(proc.id(), addr);
  std::optional<ha::mailbox_client> last;
  for (std::uint64_t round = 0; round < 3; ++round) {
    router.post_unchecked(envelope_for(port_of(there), round), back.port());  // nobody is there yet
    CHECK(back.next().root_failure()->reason() == ha::delivery_reason::dial_failed);
    auto server = ha::mailbox_server::serve(addr, proc.sender()).value();
    router.post_unchecked(envelope_for(port_of(there), round), back.port());
    CHECK(proc.next_value() == round);
    auto client = router.client_of(addr).value();
    CHECK(client == router.client_of(addr).value());
    if (last) CHECK_FALSE(client == *last);
    last = client;
    server.stop("bye");
    CHECK(server.join_for(20s).has_value());
    CHECK(client.status().wait_for([](const ha::channel_status& s) { return s.is_closed(); }, 20s));
  }
}

TEST_CASE("unbinding drops the channel, after what was posted has been delivered [MCL-5]") {
  ha::isolated_gateway lone;
  fake_proc proc = fake_proc::on(lone, ha::proc_id::instance("p"));
  auto server = ha::mailbox_server::serve(any_unix(), proc.sender()).value();
  ha::dial_router<> router;
  router.bind(proc.addr(), server.addr());
  for (std::uint64_t i = 0; i < 50; ++i) router.post_unchecked(envelope_for(proc.port(), i), {});
  router.unbind(proc.addr());
  for (std::uint64_t i = 0; i < 50; ++i) REQUIRE(proc.next_value() == i);
  server.stop("bye");
  CHECK(server.join_for(20s).has_value());
}

TEST_CASE("a flush of a router covers all its channels [MBS-3]") {
  ha::isolated_gateway lone;
  fake_proc a = fake_proc::on(lone, ha::proc_id::instance("a"));
  fake_proc b = fake_proc::on(lone, ha::proc_id::instance("b"));
  auto server_a = ha::mailbox_server::serve(any_unix(), a.sender()).value();
  auto server_b = ha::mailbox_server::serve(any_unix(), b.sender()).value();
  ha::dial_router<> router;
  router.bind(a.addr(), server_a.addr());
  router.bind(b.addr(), server_b.addr());
  for (std::uint64_t i = 0; i < 10; ++i) {
    router.post_unchecked(envelope_for(a.port(), i), {});
    router.post_unchecked(envelope_for(b.port(), i), {});
  }
  CHECK(!flushed(router));
  for (std::uint64_t i = 0; i < 10; ++i) {
    CHECK(a.try_next().has_value());
    CHECK(b.try_next().has_value());
  }
  server_a.stop("bye");
  server_b.stop("bye");
}

TEST_CASE(
    "a router that falls back to dialling reaches mailboxes of its own and of others "
    "(test_dial_mailbox_router_default)") {
  ha::gateway beta;
  auto serving = beta.serve(any_unix()).value();
  fake_proc far = fake_proc::on(beta, ha::proc_id::instance("far"));
  ha::gateway gamma;
  auto serving_too = gamma.serve(any_unix()).value();
  fake_proc farther = fake_proc::on(gamma, ha::proc_id::instance("farther"));
  queue<ha::message_envelope> own;
  struct keeping {
    queue<ha::message_envelope> came;
    void post_unchecked(ha::message_envelope m, const ha::return_port&) const { came.push(std::move(m)); }
  };
  const ha::proc_addr near = proc_at("near", any_unix());
  const ha::mailbox_router inner;
  inner.bind(near, ha::any_sender::of(keeping{own}));
  ha::dial_router<> dialling;
  dialling.bind(farther.addr(), serving_too.addr());
  const auto outer = inner.fallback(ha::any_sender::of(dialling));
  returns back;
  outer.post(envelope_for(port_of(near), 1), back.port());
  outer.post(envelope_for(far.port(), 2), back.port());
  outer.post(envelope_for(farther.port(), 3), back.port());
  CHECK(own.next().as<std::uint64_t>().value() == 1);
  CHECK(far.next_value() == 2);
  CHECK(farther.next_value() == 3);
  CHECK(back.empty());
}
