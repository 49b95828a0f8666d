// SPDX-License-Identifier: BSD-3-Clause
#include "fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <thread>

using namespace gateway_test;

namespace {

/// The sample of the documentation, as it stands there.
struct counting_forwarder {
  std::shared_ptr<std::atomic<int>> seen;
  void post_unchecked(ha::message_envelope m, ha::return_port back) const {
    ++*seen;
    back.undeliverable(std::move(m), ha::delivery_failure::no_route());
  }
};

/// Takes what it gets, and counts flushes.
struct keeping_forwarder {
  queue<ha::message_envelope> came;
  std::shared_ptr<std::atomic<int>> flushes = std::make_shared<std::atomic<int>>(0);
  void post_unchecked(ha::message_envelope m, const ha::return_port&) const { came.push(std::move(m)); }
  void flush(ha::detail::flush_callback done) const {
    ++*flushes;
    done(ha::result<void>());
  }
};

struct failing_flush {
  void post_unchecked(ha::message_envelope m, const ha::return_port& back) const { back.give_back(std::move(m)); }
  void flush(ha::detail::flush_callback done) const { done(ha::error(ha::mailbox_error::closed)); }
};

template <class Gateway> std::size_t proc_count(const Gateway& g) {
  return static_cast<const ha::detail::gateway_core&>(*g.network()).proc_count();
}

ha::channel_addr any_local() { return ha::channel_addr::any<ha::transport::local>(); }
ha::channel_addr any_unix() { return ha::channel_addr::any<ha::transport::unix_socket>(); }

}  // namespace

TEST_CASE(
    "a gateway hands messages to the proc whose id they name, and strangers to the forwarder "
    "(test_gateway_post_demuxes_by_proc_id, test_post_routes_by_proc_id) [GWC-1]") {
  auto seen = std::make_shared<std::atomic<int>>(0);
  ha::basic_gateway<counting_forwarder> gw{counting_forwarder{seen}};
  fake_proc alpha = fake_proc::on(gw, ha::proc_id::instance("alpha"));
  fake_proc beta = fake_proc::on(gw, ha::proc_id::instance("beta"));
  returns back;
  gw.post(envelope_for(alpha.port(), 1), back.port());
  gw.post(envelope_for(beta.port(), 2), back.port());
  CHECK(alpha.next_value() == 1);
  CHECK(beta.next_value() == 2);
  CHECK(*seen == 0);

  // a location that is old or of somebody else does not matter
  const ha::proc_addr elsewhere(alpha.id(), any_unix());
  gw.post(envelope_for(port_of(elsewhere), 3), back.port());
  CHECK(alpha.next_value() == 3);

  auto stranger = envelope_for(port_of(gw.proc_addr(ha::proc_id::instance("stranger"))), 4);
  stranger.set_ttl(3);
  const ha::port_addr dest = stranger.dest();
  gw.post(std::move(stranger), back.port());
  CHECK(*seen == 1);
  CHECK(alpha.empty());
  CHECK(beta.empty());
  auto returned = back.next();
  CHECK(returned.envelope()->dest() == dest);
  CHECK(returned.envelope()->ttl() == 1);  // one for the gateway, one for the forwarder
  CHECK(returned.root_failure()->reason() == ha::delivery_reason::no_route);
}

TEST_CASE("a hop without TTL returns the message as expired and forwards nothing [MBS-2]") {
  auto seen = std::make_shared<std::atomic<int>>(0);
  ha::basic_gateway<counting_forwarder> gw{counting_forwarder{seen}};
  returns back;
  for (const std::uint8_t ttl : {std::uint8_t{0}, std::uint8_t{1}}) {
    auto m = envelope_for(port_of(gw.proc_addr(ha::proc_id::instance("stranger"))), 4);
    m.set_ttl(ttl);
    gw.post(std::move(m), back.port());
    auto returned = back.next();
    CHECK(returned.root_failure()->reason() == ha::delivery_reason::expired);
    CHECK(returned.as<std::uint64_t>().value() == 4);
  }
  CHECK(*seen == 0);
}

TEST_CASE(
    "siblings on an isolated gateway reach each other, strangers come back with no route "
    "(test_ping_pong_across_shared_gateway, test_local_only_gateway_returns_undeliverable_messages)") {
  ha::isolated_gateway lone;
  fake_proc alpha = fake_proc::on(lone, ha::proc_id::instance("alpha"));
  fake_proc beta = fake_proc::on(lone, ha::proc_id::instance("beta"));
  returns back;
  for (std::uint64_t hop = 0; hop < 10; ++hop) {
    fake_proc& from = hop % 2 == 0 ? alpha : beta;
    fake_proc& to = hop % 2 == 0 ? beta : alpha;
    from.send(to.port(), hop, back.port());
    CHECK(to.next_value() == hop);
  }
  CHECK(back.empty());
  alpha.send(port_of(lone.proc_addr(ha::proc_id::instance("stranger"))), 7, back.port());
  CHECK(back.next().error_message().find("no route") != std::string::npos);
}

TEST_CASE(
    "the entry of a proc that is gone is removed by the next post, which goes to the forwarder "
    "(test_gateway_post_removes_stale_weak_procs) [RTT-2]") {
  auto seen = std::make_shared<std::atomic<int>>(0);
  ha::basic_gateway<counting_forwarder> gw{counting_forwarder{seen}};
  std::optional<fake_proc> alpha = fake_proc::on(gw, ha::proc_id::instance("alpha"));
  const ha::port_addr dest = alpha->port();
  alpha.reset();
  CHECK(proc_count(gw) == 1);
  returns back;
  gw.post(envelope_for(dest, 1), back.port());
  CHECK(*seen == 1);
  CHECK(proc_count(gw) == 0);
}

TEST_CASE(
    "a second live proc with the same id is refused and changes nothing "
    "(test_gateway_attach_panics_on_duplicate_live_proc, test_gateway_attach_proc_panics_on_duplicate_live_proc) "
    "[RTT-3]") {
  ha::isolated_gateway gw;
  const auto id = ha::proc_id::instance("alpha");
  fake_proc first = fake_proc::on(gw, id);
  fake_proc second(id);
  auto refused = second.attach(gw.network());
  REQUIRE(refused.has_error());
  CHECK(refused.error() == ha::proc_error::id_taken);
  CHECK(refused.error().message() == "gateway already has a live proc with id " + id.to_string());
  CHECK(proc_count(gw) == 1);
  first.send(first.port(), 5);
  CHECK(first.next_value() == 5);
  CHECK(second.empty());

  ha::isolated_gateway other;  // ids are taken per gateway
  CHECK(second.attach(other.network()).has_value());
}

TEST_CASE(
    "a proc takes the place of a dead one with its id (test_gateway_attach_silently_replaces_dead_entry, "
    "test_gateway_attach_proc_after_proc_drop) [RTT-2]") {
  ha::isolated_gateway gw;
  const auto id = ha::proc_id::instance("alpha");
  std::optional<fake_proc> first = fake_proc::on(gw, id);
  first.reset();
  fake_proc second = fake_proc::on(gw, id);
  CHECK(proc_count(gw) == 1);
  gw.network()->detach(id);  // late, by the first one
  CHECK(proc_count(gw) == 1);
  second.send(second.port(), 42);
  CHECK(second.next_value() == 42);
}

TEST_CASE("a detached proc gets nothing more, and what cannot tell whether it lives is removed at once [RTT-1]") {
  ha::isolated_gateway gw;
  keeping_forwarder plain;
  const auto id = ha::proc_id::instance("plain");
  gw.network()->attach(id, ha::any_sender::of(plain)).value();
  CHECK(gw.network()->attach(id, ha::any_sender::of(plain)).has_error());
  gw.post(envelope_for(port_of(gw.proc_addr(id)), 1), {});
  CHECK(plain.came.try_next().has_value());
  gw.network()->detach(id);
  CHECK(proc_count(gw) == 0);
  returns back;
  gw.post(envelope_for(port_of(gw.proc_addr(id)), 2), back.port());
  CHECK(!back.empty());
}

TEST_CASE(
    "one flush flushes every proc and the forwarder once (test_gateway_flush_propagates_to_attached_procs) [MBS-3]") {
  keeping_forwarder forwarder;
  ha::basic_gateway<keeping_forwarder> gw{forwarder};
  fake_proc alpha = fake_proc::on(gw, ha::proc_id::instance("alpha"));
  fake_proc beta = fake_proc::on(gw, ha::proc_id::instance("beta"));
  std::optional<fake_proc> gone = fake_proc::on(gw, ha::proc_id::instance("gone"));
  gone.reset();
  CHECK(!flushed(gw));
  CHECK(alpha.flushes() == 1);
  CHECK(beta.flushes() == 1);
  CHECK(*forwarder.flushes == 1);
}

TEST_CASE("a flush tries everything and reports the first error (GW-75)") {
  keeping_forwarder forwarder;
  ha::basic_gateway<keeping_forwarder> gw{forwarder};
  gw.network()->attach(ha::proc_id::instance("bad"), ha::any_sender::of(failing_flush{})).value();
  fake_proc good = fake_proc::on(gw, ha::proc_id::instance("good"));
  CHECK(flushed(gw) == ha::mailbox_error::closed);
  CHECK(good.flushes() == 1);
  CHECK(*forwarder.flushes == 1);
  ha::basic_gateway<failing_flush> outwards;
  CHECK(flushed(outwards) == ha::mailbox_error::closed);
}

TEST_CASE(
    "flushes and posts race with procs that come and go (test_gateway_flush_concurrent_with_attach_and_drop) [RTT-4]") {
  ha::isolated_gateway gw;
  const auto id = ha::proc_id::instance("alpha");
  std::thread churn([&] {
    for (int i = 0; i < 200; ++i) {
      fake_proc p(id);
      // a post on its way keeps the proc before alive for a moment
      while (!p.attach(gw.network())) std::this_thread::yield();
      if (i % 2 == 0) {
        p.send(p.port(), 1);
        CHECK(p.next_value() == 1);
      }
    }
  });
  for (int i = 0; i < 200; ++i) {
    CHECK(!flushed(gw));
    auto m = envelope_for(port_of(gw.proc_addr(id)), 1);
    m.set_return_undeliverable(false);
    gw.post(std::move(m), {});
  }
  churn.join();
  gw.post(envelope_for(port_of(gw.proc_addr(id)), 1), returns().port());
  CHECK(proc_count(gw) == 0);
}

TEST_CASE(
    "a weak gateway returns what comes after the end, with its destination "
    "(test_weak_gateway_bounces_broken_link_after_drop) [GWC-5]") {
  std::optional<ha::isolated_gateway> gw(std::in_place);
  fake_proc alpha = fake_proc::on(*gw, ha::proc_id::instance("alpha"));
  const ha::weak_gateway weak = gw->downgrade();
  const ha::port_addr dest = alpha.port();
  CHECK(!weak.is_expired());
  weak.post_unchecked(envelope_for(dest, 1), {});
  CHECK(alpha.next_value() == 1);
  alpha = fake_proc(ha::proc_id::instance("other"));  // procs own their gateway
  gw.reset();
  CHECK(weak.is_expired());
  returns back;
  weak.post_unchecked(envelope_for(dest, 1), back.port());
  auto returned = back.next();
  CHECK(returned.envelope()->dest() == dest);
  CHECK(returned.root_failure()->reason() == ha::delivery_reason::link_unavailable);
  CHECK(returned.root_failure()->detail_text() == "gateway is gone");
  CHECK(!flushed(weak));
}

TEST_CASE("locations unwind in any order of stops (test_gateway_serve_stop_unwinds_in_any_order) [GWC-2]") {
  ha::gateway gw;
  const ha::location fallback = gw.default_location();
  CHECK(fallback.addr().which() == ha::channel_addr::kind::local);
  CHECK(fallback.addr().number() > 0);
  auto first = gw.serve(any_local()).value();
  CHECK(gw.default_location() == fallback);  // references made before stay good (GW-36)
  CHECK(first.location() == fallback);
  auto second = gw.serve(any_local()).value();
  auto third = gw.serve(any_unix()).value();
  CHECK(first.location() != second.location());
  CHECK(gw.default_location() == third.location());
  CHECK(gw.proc_addr(ha::proc_id::instance("p")).location() == third.location());
  second.stop("bye");
  CHECK(gw.default_location() == third.location());
  third.stop("bye");
  CHECK(gw.default_location() == first.location());
  first.stop("bye");
  CHECK(gw.default_location() == fallback);
  for (const auto& s : {first, second, third}) CHECK(s.join_for(20s).has_value());
}

TEST_CASE("a reader sees the default before or after a serve or stop, nothing else [GWC-3]") {
  ha::gateway gw;
  const ha::location fallback = gw.default_location();
  const ha::channel_addr addr = any_unix();
  std::atomic<bool> is_done{false};
  std::atomic<int> wrong{0};
  std::thread reader([&] {
    while (!is_done) {
      const ha::location now = gw.default_location();
      if (now != fallback && now != ha::location(addr)) ++wrong;
    }
  });
  for (int i = 0; i < 50; ++i) {
    auto serving = gw.serve(addr).value();
    serving.stop("bye");
    CHECK(serving.join_for(20s).has_value());
  }
  is_done = true;
  reader.join();
  CHECK(wrong == 0);
}

TEST_CASE(
    "the reserved location stays for the first local server, though another transport came first "
    "(test_gateway_first_local_serve_uses_fallback_after_nonlocal_serve)") {
  ha::gateway gw;
  const ha::location fallback = gw.default_location();
  auto by_unix = gw.serve(any_unix()).value();
  CHECK(gw.default_location() == by_unix.location());
  auto local = gw.serve(any_local()).value();
  CHECK(local.location() == fallback);
  local.stop("bye");
  CHECK(gw.default_location() == by_unix.location());
  by_unix.stop("bye");
  CHECK(gw.default_location() == fallback);
}

TEST_CASE("stopping twice, and joining, takes the location away once [SVH-1]") {
  ha::gateway gw;
  const ha::location fallback = gw.default_location();
  auto first = gw.serve(any_local()).value();
  auto second = gw.serve(any_unix()).value();
  first.stop("bye");
  first.stop("again");
  CHECK(gw.default_location() == second.location());
  CHECK(first.join().has_value());
  CHECK(first.join().has_value());
  first.stop("after the end");
  auto again = gw.serve(any_local()).value();  // the same reserved number, now that it is free
  CHECK(again.location() == fallback);
  first.stop("does not touch the new one");
  CHECK(gw.default_location() == again.location());
  again.stop("bye");
  auto at_once = gw.serve(any_local()).value();  // free already, or another number; never an error
  CHECK(gw.default_location() == at_once.location());
}

TEST_CASE("an address that cannot be served changes nothing") {
  ha::gateway gw;
  ha::gateway other;
  auto serving = gw.serve(any_unix()).value();
  auto taken = other.serve(serving.addr());
  REQUIRE(taken.has_error());
  CHECK(taken.error() == ha::channel_error::address_in_use);
  CHECK(other.default_location() != serving.location());
  auto local = gw.serve(any_local()).value();
  auto bound = other.serve(local.addr());
  REQUIRE(bound.has_error());
  CHECK(bound.error() == ha::channel_error::address_in_use);
  CHECK(bound.error().message() == "local addr already bound: " + std::to_string(local.addr().number()));
  auto no_such = gw.serve(ha::channel_addr::tls("localhost", 0));
  REQUIRE(no_such.has_error());
  CHECK(no_such.error() == ha::channel_error::invalid_address);
}

TEST_CASE(
    "the default that is set is the fallback, and shows when nothing is served "
    "(test_set_default_location_updates_fallback_while_serving)") {
  ha::gateway gw;
  auto serving = gw.serve(any_unix()).value();
  const ha::location wanted = ha::location::parse("tcp://127.0.0.1:1").value();
  gw.set_default_location(wanted);
  CHECK(gw.default_location() == serving.location());
  serving.stop("bye");
  CHECK(gw.default_location() == wanted);
  auto local = gw.serve(any_local()).value();  // the fallback is no local number: a fresh one
  CHECK(gw.default_location() == local.location());
  local.stop("bye");
  CHECK(gw.default_location() == wanted);
}

TEST_CASE("copies are the same gateway, two gateways have different reserved locations [GWY-1] [GWY-2]") {
  ha::gateway gw;
  const ha::gateway copy = gw;
  CHECK(copy == gw);
  CHECK(copy.network() == gw.network());
  copy.set_default_location(ha::location::parse("inproc://7").value());
  CHECK(gw.default_location().to_string() == "inproc://7");
  ha::gateway other;
  ha::isolated_gateway third;
  CHECK_FALSE(other == gw);
  CHECK(other.default_location() != third.default_location());
}

TEST_CASE("the gateway of the process is one, from many threads too") {
  std::vector<ha::location> seen(8, ha::location(any_local()));
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    threads.emplace_back([&, i] { seen[i] = ha::global_gateway().default_location(); });
  }
  for (auto& t : threads) t.join();
  for (const auto& l : seen) CHECK(l == seen.front());
}

TEST_CASE(
    "the pseudo singletons count with their location only (GW-28, "
    "test_local_delivery_legacy_service_compares_full_proc_addr) [GWC-1]") {
  keeping_forwarder forwarder;
  ha::basic_gateway<keeping_forwarder> gw{forwarder};
  fake_proc service = fake_proc::on(gw, ha::proc_id::singleton("service"));
  fake_proc instance = fake_proc::on(gw, ha::proc_id::instance("service"));
  fake_proc ordinary = fake_proc::on(gw, ha::proc_id::singleton("ordinary"));
  const ha::location elsewhere = ha::location::parse("tcp://127.0.0.1:1").value();
  gw.post(envelope_for(service.port(), 1), {});
  CHECK(service.next_value() == 1);
  gw.post(envelope_for(port_of({service.id(), elsewhere}), 2), {});
  CHECK(forwarder.came.next().as<std::uint64_t>().value() == 2);
  gw.post(envelope_for(port_of({instance.id(), elsewhere}), 3), {});
  CHECK(instance.next_value() == 3);
  gw.post(envelope_for(port_of({ordinary.id(), elsewhere}), 3), {});
  CHECK(ordinary.next_value() == 3);
  const ha::port_addr before = service.port();
  auto first = gw.serve(any_unix()).value();
  const ha::port_addr by_first = service.port();
  auto second = gw.serve(any_unix()).value();
  for (const auto& dest : {by_first, service.port()}) {  // every server of the gateway is a way to it
    gw.post(envelope_for(dest, 4), {});
    CHECK(service.next_value() == 4);
  }
  gw.post(envelope_for(before, 5), {});
  CHECK(forwarder.came.next().as<std::uint64_t>().value() == 5);
}

TEST_CASE("what can only be dialled back to the gateway comes back with no route [GWC-4]") {
  ha::gateway gw;
  auto serving = gw.serve(any_unix()).value();
  fake_proc alpha = fake_proc::on(gw, ha::proc_id::instance("alpha"));
  returns back;
  alpha.send(port_of(gw.proc_addr(ha::proc_id::instance("stranger"))), 1, back.port());
  CHECK(back.next().root_failure()->reason() == ha::delivery_reason::no_route);
}

TEST_CASE(
    "an endless loop ends by TTL, and the message comes back as it was "
    "(message_ttl_expires_in_routing_loop_returns_to_sender)") {
  struct loop {
    std::shared_ptr<std::optional<ha::weak_gateway>> to = std::make_shared<std::optional<ha::weak_gateway>>();
    void post_unchecked(ha::message_envelope m, ha::return_port back) const {
      (*to)->post_unchecked(std::move(m), std::move(back));
    }
  };
  loop forwarder;
  ha::basic_gateway<loop> gw{forwarder};
  *forwarder.to = gw.downgrade();
  returns back;
  gw.post(envelope_for(port_of(gw.proc_addr(ha::proc_id::instance("stranger"))), 99), back.port());
  auto returned = back.next();
  CHECK(returned.root_failure()->reason() == ha::delivery_reason::expired);
  CHECK(returned.as<std::uint64_t>().value() == 99);
}
