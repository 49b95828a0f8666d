// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/gateway.hpp>
#include <hyperactor/proc.hpp>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace gateway_procs {

struct add {
  std::uint64_t by;
};
struct get {
  ha::once_port_ref<std::uint64_t> reply;
};
/// Keeps the reply port, so that the reply never comes.
struct keep {
  ha::once_port_ref<std::uint64_t> reply;
};

struct counter {
  using handlers = ha::handlers<add, get, keep>;
  using exports = ha::exports<add, get, keep>;

  void handle(ha::context<counter>&, add m) { value += m.by; }
  void handle(ha::context<counter>& cx, get m) { m.reply.post(cx, value); }
  void handle(ha::context<counter>&, keep m) { kept.push_back(std::move(m.reply)); }

  std::uint64_t value = 0;
  std::vector<ha::once_port_ref<std::uint64_t>> kept;
};

/// A gateway with a server and a proc, as another process would have it.
struct node {
  explicit node(ha::label name, const ha::channel_addr& addr = ha::channel_addr::any<ha::transport::unix_socket>())
      : serving(gateway.serve(addr).value()),
        proc(ha::proc::builder{}.id(ha::proc_id::instance(std::move(name))).gateway(gateway).build().value()) {}

  ha::gateway gateway;
  ha::serve_handle serving;
  ha::proc proc;
};

}  // namespace gateway_procs

using namespace gateway_procs;

TEST_CASE("actors of two gateways ask each other over every transport, in order") {
  for (const auto any :
       {&ha::channel_addr::any<ha::transport::local>, &ha::channel_addr::any<ha::transport::unix_socket>,
        &ha::channel_addr::any<ha::transport::tcp>}) {
    node alpha("alpha", any());
    node beta("beta", any());
    ha::client client = alpha.proc.client("main");
    auto far = beta.proc.spawn(counter{}).bind();
    for (std::uint64_t i = 1; i <= 1000; ++i) {
      far.post(client, add{i});
      if (i % 250 == 0) CHECK(ha::ask<get>(client, far).recv_for(20s).value() == i * (i + 1) / 2);
    }
  }
}

TEST_CASE("siblings reach each other without a server (test_ping_pong_across_shared_gateway)") {
  ha::isolated_gateway lone;
  auto a = ha::proc::builder{}.gateway(lone).build().value();
  auto b = ha::proc::builder{}.gateway(lone).build().value();
  ha::client client = a.client("main");
  auto ref = b.spawn(counter{}).bind();
  ref.post(client, add{3});
  CHECK(ha::ask<get>(client, ref).recv_for(20s).value() == 3);
}

TEST_CASE(
    "a second proc with the same id is refused while the first one lives "
    "(test_gateway_attach_panics_on_duplicate_live_proc) [RTT-3]") {
  ha::gateway gw;
  const auto id = ha::proc_id::instance("alpha");
  auto first = std::optional(ha::proc::builder{}.id(id).gateway(gw).build().value());
  auto second = ha::proc::builder{}.id(id).gateway(gw).build();
  REQUIRE(second.has_error());
  CHECK(second.error() == ha::proc_error::id_taken);
  CHECK(second.error().message() == "gateway already has a live proc with id " + id.to_string());
  first.reset();
  CHECK(ha::proc::builder{}.id(id).gateway(gw).build().has_value());
}

TEST_CASE(
    "a message to an actor that is not there comes back over the link "
    "(test_duplex_undeliverable_from_client) [MSV-2]") {
  node alpha("alpha");
  node beta("beta");
  ha::client client = alpha.proc.client("main");
  auto came_back = client.undelivered();
  const auto bogus = ha::actor_ref<counter>::attest(beta.proc.addr().actor_addr("bogus"));
  bogus.post(client, add{5});
  auto returned = came_back.recv_for(20s).value();
  CHECK(returned.dest().find(bogus.addr().id().to_string()) == 0);
  REQUIRE(returned.root_failure() != nullptr);
  CHECK(returned.root_failure()->reason() == ha::delivery_reason::actor_does_not_exist);
  CHECK(returned.as<add>().value().by == 5);

  auto reply = ha::ask<get>(client, bogus).recv_for(20s);
  REQUIRE(reply.has_error());
  CHECK(reply.error() == ha::mailbox_error::undeliverable);
}

TEST_CASE("an ask ends when the link to the peer goes [MCL-4]") {
  node alpha("alpha");
  node beta("beta");
  ha::client client = alpha.proc.client("main");
  auto far = beta.proc.spawn(counter{}).bind();
  auto waiting = ha::ask<keep>(client, far);
  CHECK(ha::ask<get>(client, far).recv_for(20s).value() == 0);  // the request before it has arrived
  beta.serving.stop("bye");
  auto lost = waiting.recv_for(20s);
  REQUIRE(lost.has_error());
  CHECK(lost.error() == ha::mailbox_error::peer_lost);

  const auto nobody = ha::channel_addr::any<ha::transport::unix_socket>();
  const ha::proc_addr gone(ha::proc_id::instance("gone"), nobody);
  auto refused = ha::ask<get>(client, ha::actor_ref<counter>::attest(gone.actor_addr("c"))).recv_for(20s);
  REQUIRE(refused.has_error());
  CHECK(refused.error() == ha::mailbox_error::undeliverable);
}

TEST_CASE(
    "procs of one gateway share its location and are told apart by their ids "
    "(test_builder_procs_can_share_gateway_with_distinct_ids)") {
  ha::gateway gw;
  auto serving = gw.serve(ha::channel_addr::any<ha::transport::unix_socket>()).value();
  auto named = ha::proc::builder{}.id(ha::proc_id::instance("named")).gateway(gw).build().value();
  auto nameless = ha::proc::builder{}.gateway(gw).build().value();
  auto another = ha::proc::builder{}.gateway(gw).build().value();
  CHECK(named.id() != nameless.id());
  CHECK(nameless.id() != another.id());
  for (auto* proc : {&named, &nameless, &another}) CHECK(proc->addr().location() == serving.location());
  node outside("outside");  // reaches each of them at the one address
  ha::client client = outside.proc.client("main");
  std::uint64_t n = 1;
  for (auto* proc : {&named, &nameless, &another}) {
    auto h = proc->spawn("counter", counter{}).value();
    const auto far = ha::actor_ref<counter>::attest(proc->addr().actor_addr("counter"));
    far.post(client, add{n});
    CHECK(ha::ask<get>(client, far).recv_for(20s).value() == n);
    ++n;
  }
}

TEST_CASE(
    "a proc is where its gateway serves, and falls back with it (test_gateway_serve_updates_location_and_stops)") {
  ha::gateway gw;
  auto proc = ha::proc::builder{}.id(ha::proc_id::instance("alpha")).gateway(gw).build().value();
  const ha::proc_addr before = proc.addr();
  const auto h = proc.spawn(counter{});
  auto serving = gw.serve(ha::channel_addr::any<ha::transport::unix_socket>()).value();
  CHECK(proc.addr().location() == serving.location());
  CHECK(proc.addr().id() == before.id());
  CHECK(h.addr().location() == serving.location());
  node outside("outside");
  ha::client client = outside.proc.client("main");
  const auto far = ha::actor_ref<counter>::attest(h.addr());
  CHECK(ha::ask<get>(client, far).recv_for(20s).value() == 0);
  serving.stop("bye");
  REQUIRE(serving.join_for(20s).has_value());
  CHECK(proc.addr() == before);
  CHECK(ha::ask<get>(client, far).recv_for(20s).has_error());
}
