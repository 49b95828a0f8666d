// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/hyperactor.hpp>

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace dropped_reply_test {

using reply = ha::once_port_ref<std::int32_t>;
struct forget {
  reply to;
};
struct fail {
  reply to;
};
struct keep {
  reply to;
};
struct answer {
  reply to;
};
struct pass_on {
  reply to;
  ha::port_ref<reply> next;
};

struct answer_unsendable {
  ha::once_port_ref<std::chrono::milliseconds> to;
};
struct answer_unreadable {
  ha::once_port_ref<std::string> to;
};

struct debtor {
  using handlers = ha::handlers<forget, fail, keep, answer, pass_on, answer_unsendable, answer_unreadable>;
  using exports = ha::exports<forget, fail, keep, answer, pass_on, answer_unsendable, answer_unreadable>;

  std::vector<reply> kept;

  void handle(ha::context<debtor>&, forget) {}
  void handle(ha::context<debtor>&, fail) { throw std::runtime_error("no money"); }
  void handle(ha::context<debtor>&, keep m) { kept.push_back(std::move(m.to)); }
  void handle(ha::context<debtor>& cx, answer m) { m.to.post(cx, 7); }
  void handle(ha::context<debtor>& cx, answer_unsendable m) { m.to.post(cx, std::chrono::milliseconds(-1)); }
  void handle(ha::context<debtor>& cx, answer_unreadable m) { m.to.post(cx, std::string("\xff")); }
  void handle(ha::context<debtor>& cx, pass_on m) { m.next.post(cx, std::move(m.to)); }
};

struct two_procs {
  ha::proc a = ha::proc::direct(ha::channel_addr::any<ha::transport::unix_socket>(), "a").value();
  ha::proc b = ha::proc::direct(ha::channel_addr::any<ha::transport::unix_socket>(), "b").value();
  ha::actor_handle<debtor> actor = b.spawn(debtor{});
  ha::actor_ref<debtor> ref = actor.bind();
  ha::client asker = a.client("asker");

  template <class M> ha::error owed() {
    const auto r = ha::ask<M>(asker, ref).recv_for(20s);
    REQUIRE(r.has_error());
    return r.error();
  }
  [[nodiscard]] std::string name() const { return "actor " + actor.addr().to_string(); }
};

}  // namespace dropped_reply_test

using namespace dropped_reply_test;

TEST_CASE_METHOD(two_procs, "a reply to another process that a handler forgets is told at once [DRP-1]") {
  const ha::error e = owed<forget>();
  CHECK(e == ha::mailbox_error::reply_dropped);
  CHECK(e.message() == name() + " dropped the reply port without an answer");
  CHECK(ha::ask<answer>(asker, ref).recv_for(20s).value() == 7);
}

TEST_CASE_METHOD(two_procs, "a handler that fails before it answers another process tells why [DRP-1]") {
  const ha::error e = owed<fail>();
  CHECK(e == ha::mailbox_error::reply_dropped);
  CHECK(e.message().find(name() + " failed: ") == 0);
  CHECK(e.message().find("no money") != std::string::npos);
}

TEST_CASE_METHOD(two_procs, "an actor that ends with a reply to another process in its state tells how [DRP-1]") {
  auto pending = ha::ask<keep>(asker, ref);
  CHECK(ha::ask<answer>(asker, ref).recv_for(20s).value() == 7);  // the one before it was handled
  CHECK_FALSE(pending.recv_for(0s).has_value());
  actor.stop("enough");
  const auto r = pending.recv_for(20s);
  CHECK(r.error() == ha::mailbox_error::reply_dropped);
  CHECK(r.error().message() == name() + " stopped: enough");
}

TEST_CASE_METHOD(two_procs, "a reply that is passed on is owed by whoever has it [DRP-1]") {
  ha::client third = b.client("third");
  auto [port, rx] = third.open_port<reply>();
  auto [asked, answered] = asker.open_once_port<std::int32_t>();
  ref.post(asker, pass_on{asked.bind(), port.bind()});
  {
    reply owed = rx.recv_for(20s).value();
    owed.post(third, 3);
  }
  CHECK(answered.recv_for(20s).value() == 3);
}

TEST_CASE_METHOD(two_procs, "a notice to an ordinary port closes nothing [DRP-1]") {
  auto [port, rx] = asker.open_port<std::int32_t>();
  const auto to = port.bind();
  ha::client third = b.client("third");
  ha::port_ref<ha::detail::reply_dropped>::attest(to.port_addr()).post(third, ha::detail::reply_dropped{"so"});
  ha::port_ref<std::int32_t>::attest(to.port_addr()).post(third, 5);
  CHECK(rx.recv_for(20s).value() == 5);
}

TEST_CASE_METHOD(two_procs, "a reply that was handed on is not lost with the link to the one who had it [DRP-2]") {
  ha::gateway network;
  auto serving = network.serve(ha::channel_addr::any<ha::transport::unix_socket>()).value();
  ha::proc between = ha::proc::builder{}.gateway(network).build().value();
  auto first = between.spawn(debtor{});
  const auto first_ref = first.bind();
  auto owed_by_first = ha::ask<keep>(asker, first_ref);
  ha::client third = b.client("third");
  auto [port, rx] = third.open_port<reply>();
  auto [asked, answered] = asker.open_once_port<std::int32_t>();
  first_ref.post(asker, pass_on{asked.bind(), port.bind()});
  reply owed_by_third = rx.recv_for(20s).value();
  CHECK(ha::ask<answer>(asker, first_ref).recv_for(20s).value() == 7);  // what it told the asker has arrived
  serving.stop("gone");
  CHECK(owed_by_first.recv_for(20s).error() == ha::mailbox_error::peer_lost);
  owed_by_third.post(third, 3);
  CHECK(answered.recv_for(20s).value() == 3);
}

TEST_CASE_METHOD(two_procs, "who waits for a reply that cannot be encoded is told [DRP-3]") {
  const ha::error e = ha::ask<answer_unsendable>(asker, ref).recv_for(20s).error();
  CHECK(e == ha::mailbox_error::reply_dropped);
  CHECK(e.message() ==
        name() + " cannot send its reply: hyperactor.wire.unsupported: a negative duration cannot be encoded");
  CHECK(ha::ask<answer>(asker, ref).recv_for(20s).value() == 7);
}

TEST_CASE_METHOD(two_procs, "who waits for a reply that arrives and cannot be decoded is told [RMH-2]") {
  const ha::error e = ha::ask<answer_unreadable>(asker, ref).recv_for(20s).error();
  CHECK(e == ha::mailbox_error::reply_dropped);
  CHECK(e.message() == "the reply from " + name() + " cannot be decoded");
  CHECK(ha::detail::pending_asks::instance().size() == 0);
}

TEST_CASE_METHOD(two_procs, "who waits is told when the request comes back to one that has ended [MSV-4]") {
  auto [addr, arrived] = ha::serve<ha::message_envelope>(ha::channel_addr::any<ha::transport::unix_socket>()).value();
  const auto nobody = ha::proc_addr::from_name(addr, "nobody").actor_addr("nobody").port_addr(ha::port::ephemeral(1));
  auto [asked, answered] = asker.open_once_port<std::int32_t>();
  ref.post(asker, pass_on{asked.bind(), ha::port_ref<reply>::attest(nobody)});
  ha::message_envelope m = arrived.recv_for(20s).value();
  actor.stop("enough");
  actor.join();
  m.push_delivery_failure(ha::delivery_failure::no_route());
  const auto back = m.sender().port_addr(ha::handler_port<ha::undeliverable>());
  auto data = ha::any_value::encode(ha::undeliverable::returned(std::move(m))).value();
  const auto way = ha::mailbox_client::dial(b.addr().location().addr()).value();
  way.post_unchecked(ha::message_envelope(nobody.actor_addr(), back, std::move(data)), {});
  const ha::error e = answered.recv_for(20s).error();
  CHECK(e == ha::mailbox_error::peer_lost);
  CHECK(e.message().find("no route") != std::string::npos);
}
