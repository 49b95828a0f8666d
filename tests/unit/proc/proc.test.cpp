// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/proc/proc.hpp>

#include "support/local.hpp"

#include <hyperactor/gateway.hpp>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace proc_tests {

using namespace test;

struct count {
  int n;
};
struct total {
  ha::once_port_ref<int> reply;
};
struct tally {
  using handlers = ha::handlers<count, total>;
  using exports = ha::exports<count, total>;
  int sum = 0;
  void handle(ha::context<tally>&, count m) { sum += m.n; }
  void handle(ha::context<tally>& cx, total m) { m.reply.post(cx, sum); }
};
template <class T> struct Generic_Name {
  using handlers = ha::handlers<count>;
  void handle(ha::context<Generic_Name>&, count) {}
};
struct unlucky {
  using handlers = ha::handlers<count>;
  explicit unlucky(bool fails) {
    if (fails) throw std::runtime_error("cannot be made");
  }
  void handle(ha::context<unlucky>&, count) {}
};
struct slow_to_end {
  using handlers = ha::handlers<count>;
  using executor = ha::dedicated_thread;
  event go;
  void handle(ha::context<slow_to_end>&, count) {}
  void cleanup(ha::instance<slow_to_end>&, const ha::actor_error*) { (void)go.wait(); }
};

}  // namespace proc_tests

using namespace proc_tests;

TEST_CASE("a name is taken while its actor lives, and free before its end is visible [PRC-2]") {
  const log_lines lines;
  local in;
  slow_to_end s;
  const auto go = s.go;
  auto first = in.proc.spawn("name", std::move(s)).value();
  const auto taken = in.proc.spawn("name", tally{});
  CHECK(taken.error() == ha::proc_error::name_taken);
  CHECK(taken.error().message() == "an actor with name 'name' has already been spawned");
  first.stop("over");
  CHECK(in.proc.spawn("name", tally{}).error() == ha::proc_error::name_taken);  // not before it ended
  go.set();
  CHECK(ended(first).is_stopped());
  for (int i = 0; i < 100; ++i) {
    auto next = in.proc.spawn("name", tally{});
    REQUIRE(next.has_value());
    next->post(in.client, count{i});
    CHECK(ha::ask<total>(in.client, ha::actor_ref<tally>::attest(in.proc.addr().actor_addr("name")))
              .recv_for(patience)
              .value() == i);
    i % 2 == 0 ? next->stop("over") : next->kill("over");
    CHECK(ended(*next).is_terminal());
  }
  auto other = ha::proc::isolated();
  auto same = in.proc.spawn("name", tally{});
  auto elsewhere = other.spawn("name", tally{});
  CHECK(same.has_value());
  CHECK(elsewhere.has_value());
  same->stop("done");
  elsewhere->stop("done");
  CHECK(in.is_empty());
}

TEST_CASE("who sends to a name whose actor ended learns how, in its proc and from another one [PRC-3]") {
  const log_lines lines;
  ha::gateway gateway;
  auto proc = ha::proc::builder{}.gateway(gateway).build().value();
  auto other = ha::proc::builder{}.gateway(gateway).build().value();
  auto near = proc.client("near");
  auto far = other.client("far");
  const auto name = ha::actor_ref<tally>::attest(proc.addr().actor_addr("name"));
  const auto told = [&](ha::client& from) {
    auto undelivered = from.undelivered();
    name.post(from, count{1});
    const auto reason = undelivered.recv_for(patience).value().root_failure()->reason();
    const auto text = ha::ask<total>(from, name).recv_for(patience).error().message();
    return std::make_pair(reason, text);
  };
  for (auto* from : {&near, &far}) {
    const auto [reason, text] = told(*from);
    CHECK(reason == ha::delivery_reason::actor_does_not_exist);
    CHECK(contains(text, "actor does not exist"));
  }
  for (const bool killed : {false, true, false}) {
    auto h = proc.spawn("name", tally{}).value();
    CHECK(ha::ask<total>(far, name).recv_for(patience).value() == 0);
    killed ? h.kill("over") : h.stop("over");
    CHECK(ended(h).is_stopped() == !killed);
    for (auto* from : {&near, &far}) {
      const auto [reason, text] = told(*from);
      CHECK(reason == (killed ? ha::delivery_reason::actor_failed : ha::delivery_reason::actor_stopped));
      CHECK(contains(text, killed ? "actor failed" : "actor stopped"));
    }
  }
  for (int i = 0; i < 100; ++i) {  // only the last ones are remembered
    auto h = proc.spawn("name" + std::to_string(i), tally{}).value();
    h.stop("over");
    CHECK(ended(h).is_stopped());
  }
  CHECK(contains(told(near).second, "actor does not exist"));
}

TEST_CASE("names that are no labels are refused with the label's own error") {
  local in;
  CHECK(in.proc.spawn("", tally{}).error() == ha::parse_error::empty_label);
  CHECK(in.proc.spawn("Bad Name", tally{}).error() == ha::parse_error::invalid_label_start);
  CHECK(in.proc.spawn("bad-", tally{}).error() == ha::parse_error::invalid_label_end);
  CHECK(in.proc.spawn("bad name", tally{}).error() == ha::parse_error::invalid_label_char);
  CHECK(in.proc.spawn(std::string(64, 'a'), tally{}).error() == ha::parse_error::label_too_long);
  CHECK(in.proc.live_actors().get() == 0);
}

TEST_CASE("a constructor that throws leaves neither actor nor name behind") {
  local in;
  CHECK_THROWS_AS(in.proc.spawn<unlucky>("name", ha::in_place, true), std::runtime_error);
  CHECK_THROWS_AS(in.proc.spawn<unlucky>(ha::in_place, true), std::runtime_error);
  auto second = in.proc.spawn<unlucky>("name", ha::in_place, false);
  REQUIRE(second.has_value());
  second->stop("done");
  CHECK(in.is_empty());
}

TEST_CASE(
    "an actor's label comes from its type (test_default_actor_label_uses_label_compatible_type_basename, "
    "test_spawn_uses_actor_type_label_for_root_actor)") {
  local in;
  auto a = in.proc.spawn(tally{});
  auto b = in.proc.spawn(tally{});
  auto c = in.proc.spawn(Generic_Name<int>{});
  CHECK(a.addr().id().uid().label().view() == "tally");
  CHECK(a.addr() != b.addr());
  CHECK(a.addr().id().uid().is_instance());
  CHECK(c.addr().id().uid().label().view() == "generic_name");
  in.proc.stop_all("done");
  CHECK(in.is_empty());
}

TEST_CASE(
    "procs are told apart by id, and reserved ones are refused (test_proc_identity_constructors, "
    "test_legacy_service_pseudo_singleton_uses_dedicated_constructor)") {
  CHECK(ha::proc::isolated().id() != ha::proc::isolated().id());
  auto named = ha::proc::builder{}.id(ha::proc_id::instance("alpha")).build().value();
  CHECK(named.id().uid().label().view() == "alpha");
  CHECK(ha::proc::builder{}.id(ha::proc_id::singleton("service")).build().error() == ha::proc_error::reserved_id);
  CHECK(ha::proc::builder{}.id(ha::proc_id::singleton("local")).build().error() == ha::proc_error::reserved_id);
  CHECK(ha::proc::builder{}.id(ha::proc_id::singleton("other")).build().has_value());
}

TEST_CASE("an actor keeps its proc, a proc is gone with its last actor [PRC-1]") {
  ha::gateway gw;
  const auto id = ha::proc_id::instance("kept");
  std::optional<ha::actor_handle<tally>> h;
  {
    auto proc = ha::proc::builder{}.id(id).gateway(gw).build().value();
    h = proc.spawn(tally{});
    CHECK(ha::proc::builder{}.id(id).gateway(gw).build().error() == ha::proc_error::id_taken);
  }
  CHECK(ha::proc::builder{}.id(id).gateway(gw).build().error() == ha::proc_error::id_taken);
  h->stop("done");
  CHECK(ended(*h).is_stopped());
  h.reset();
  // the worker lets go of the last reference a moment after the status is visible
  bool free = false;
  for (int i = 0; i < 10'000 && !free; ++i) {
    free = ha::proc::builder{}.id(id).gateway(gw).build().has_value();
    std::this_thread::yield();
  }
  CHECK(free);
}

TEST_CASE(
    "a named actor of another proc is found by its address, and again after it was respawned (test_actor_lookup)") {
  ha::gateway gw;
  auto alpha = ha::proc::builder{}.id(ha::proc_id::instance("alpha")).gateway(gw).build().value();
  auto beta = ha::proc::builder{}.id(ha::proc_id::instance("beta")).gateway(gw).build().value();
  auto client = alpha.client("a");
  const auto ref = ha::actor_ref<tally>::attest(beta.addr().actor_addr("tally"));
  for (int round = 1; round <= 3; ++round) {
    auto h = beta.spawn("tally", tally{}).value();
    const auto bound = h.bind();
    ref.post(client, count{1});
    h.post(client, count{10});
    bound.post(client, count{100});
    ref.post(client, count{1000});
    h.post(client, count{10000});
    CHECK(ha::ask<total>(client, ref).recv_for(10s).value() == 11111);
    CHECK(ha::ask<total>(client, h).recv_for(10s).value() == 11111);
    h.stop("over");
    CHECK(ended(h).is_stopped());
  }
}

TEST_CASE("procs and clients as members, named by literals in their initializers") {
  struct program {
    ha::proc proc = ha::proc::isolated();
    ha::client client = proc.client("main");
  };
  const program p;
  CHECK(p.client.addr().to_string().starts_with("main"));
}

TEST_CASE(
    "addresses made while the default location changes have one location or the other "
    "(test_default_location_concurrent_with_bind)") {
  local in;
  const auto one = ha::location::parse("inproc://4711").value();
  const auto two = ha::location::parse("tcp://127.0.0.1:4712").value();
  in.proc.set_default_location(one);
  auto [port, rx] = in.client.open_port<int>();
  std::atomic<bool> is_done{false};
  std::jthread changing([&, proc = in.proc]() mutable {
    for (bool is_one = false; !is_done; is_one = !is_one) proc.set_default_location(is_one ? one : two);
  });
  bool each_is_whole = true;
  for (int i = 0; i < 3000; ++i) {
    const auto ref = port.bind();
    const auto& l = ref.port_addr().location();
    each_is_whole = each_is_whole && (l == one || l == two);
    ref.post(in.client, i);  // and lookup does not depend on it
    ha::port_ref<int>::attest(ref.port_addr()).post(in.client, i);
  }
  is_done = true;
  changing.join();
  CHECK(each_is_whole);
  CHECK(rx.drain().size() == 6000);
}
