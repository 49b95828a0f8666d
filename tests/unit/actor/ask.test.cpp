// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/actor/ask.hpp>

#include "support/local.hpp"

#include <any>
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <asio/steady_timer.hpp>

namespace ask_tests {

using namespace test;

struct keep {
  ha::once_port_ref<int> reply;
};
struct forget {
  ha::once_port_ref<int> reply;
};
struct throwing {
  ha::once_port_ref<int> reply;
};
struct moved_then_throwing {
  ha::once_port_ref<int> reply;
};
struct refusing {
  ha::once_port_ref<int> reply;
};
struct twice {
  ha::once_port_ref<int> reply;
};
struct answer {
  ha::once_port_ref<int> reply;
};
struct awaiting_forget {
  ha::once_port_ref<int> reply;
};
struct awaiting_throw {
  ha::once_port_ref<int> reply;
};
struct awaiting_long {
  ha::once_port_ref<int> reply;
};
struct is_even {
  int number;
  ha::once_port_ref<bool> reply;
};
struct anything {
  ha::once_port_handle<std::any> reply;
};
struct wide {
  long long a;
  std::string b;
  ha::once_port_handle<std::string> reply;
  double c = 1.5;
  std::vector<int> d = {1, 2};
};
struct block {
  event entered;
  event go;
};
struct boom {};

struct server {
  using handlers =
      ha::handlers<keep, forget, throwing, moved_then_throwing, refusing, twice, answer, awaiting_forget,
                   awaiting_throw, awaiting_long, is_even, anything, wide, ha::once_port_ref<std::string>, block, boom>;
  using exports = ha::exports<answer, ha::once_port_ref<std::string>>;
  using executor = ha::dedicated_thread;
  std::vector<keep> kept;

  void handle(ha::context<server>&, keep m) { kept.push_back(std::move(m)); }
  void handle(ha::context<server>&, forget) {}
  void handle(ha::context<server>&, throwing&&) { throw std::runtime_error("oops"); }
  void handle(ha::context<server>&, moved_then_throwing m) {
    const keep mine{std::move(m.reply)};
    throw std::runtime_error("oops");
  }
  ha::result<void> handle(ha::context<server>&, refusing) { return ha::error(ha::mailbox_error::full, "refused"); }
  void handle(ha::context<server>& cx, twice m) {
    m.reply.post(cx, 1);
    m.reply.post(cx, 2);
  }
  void handle(ha::context<server>& cx, answer m) { m.reply.post(cx, 42); }
  asio::awaitable<void> handle(ha::context<server>&, awaiting_forget) { co_await pause(1ms); }
  asio::awaitable<void> handle(ha::context<server>&, awaiting_throw) {
    co_await pause(1ms);
    throw std::runtime_error("late oops");
  }
  asio::awaitable<void> handle(ha::context<server>&, awaiting_long) { co_await pause(1h); }
  void handle(ha::context<server>& cx, is_even m) { m.reply.post(cx, m.number % 2 == 0); }
  void handle(ha::context<server>& cx, anything m) { m.reply.post(cx, std::any(std::string("any"))); }
  void handle(ha::context<server>& cx, wide m) {
    m.reply.post(cx,
                 std::to_string(m.a) + m.b + std::to_string(static_cast<int>(m.c * 10)) + std::to_string(m.d.size()));
  }
  void handle(ha::context<server>& cx, ha::once_port_ref<std::string> reply) { reply.post(cx, cx.addr().to_string()); }
  void handle(ha::context<server>&, const block& m) {
    m.entered.set();
    (void)m.go.wait();
  }
  void handle(ha::context<server>&, boom) { throw std::runtime_error("boom"); }

  static asio::awaitable<void> pause(std::chrono::nanoseconds d) {
    asio::steady_timer t(co_await asio::this_coro::executor, d);
    co_await t.async_wait(asio::use_awaitable);
  }
};

struct asking {
  local in;
  log_lines lines;
  ha::actor_handle<server> h = in.proc.spawn(server{});

  template <class M> std::string failure() {
    auto r = ha::ask<M>(in.client, h).recv_for(patience);
    CHECK(r.error() == ha::mailbox_error::reply_dropped);
    return r.has_value() ? "a value" : r.error().message();
  }
  [[nodiscard]] std::string name() const { return "actor " + h.addr().to_string(); }
};

struct pinger;
struct ping {
  int ttl;
  ha::actor_ref<pinger> next;
  ha::actor_ref<pinger> after;
  ha::once_port_ref<bool> reply;
};
struct pinger {
  using handlers = ha::handlers<ping>;
  using exports = ha::exports<ping>;
  void handle(ha::context<pinger>& cx, ping m) {
    if (m.ttl == 66) throw std::runtime_error("no luck at 66");
    if (m.ttl == 0) return m.reply.post(cx, true);
    const auto to = m.next;
    to.post(cx, ping{m.ttl - 1, m.after, m.next, std::move(m.reply)});
  }
};

/// Asks itself and others, from handlers.
struct relay_all {
  ha::once_port_handle<std::string> reply;
};
struct relay {
  using handlers = ha::handlers<relay_all>;
  ha::actor_handle<server> to;
  asio::awaitable<void> handle(ha::context<relay>& cx, relay_all m) {
    ha::result<int> v = co_await ha::ask<answer>(cx, to).async_recv();
    std::string text = std::to_string(v.value());
    text += (co_await ha::ask<is_even>(cx, to, 3).async_recv()).value() ? " even" : " odd";
    auto rx = ha::ask<wide>(cx, to, 1, "two");
    text += " " + (co_await rx.async_recv()).value();
    ha::result<int> none = co_await ha::ask<forget>(cx, to).async_recv();
    text += " " + none.error().message();
    m.reply.post(cx, text);
  }
};

struct hasty {
  using handlers = ha::handlers<answer>;
  using executor = ha::dedicated_thread;
  void handle(ha::context<hasty>& cx, answer m) {
    auto ends = cx.open_once_port<int>();
    {
      const auto dropped = std::move(ends.first);
    }
    const auto why = ends.second.recv_for(patience).error();
    m.reply.post(cx, why.message() == "actor " + cx.addr().to_string() + " dropped the reply port without an answer");
  }
};

TEST_CASE("a handler that blocks for a reply which it dropped itself is told so [ONC-3]") {
  local in;
  auto h = in.proc.spawn(hasty{});
  CHECK(ha::ask<answer>(in.client, h).recv_for(patience).value() == 1);
  h.stop("done");
}

struct gone {
  using handlers = ha::handlers<forget>;
  void handle(ha::context<gone>&, forget) {}
};
/// Stays until told to go.
struct lasting_child {
  using handlers = ha::handlers<block>;
  using executor = ha::dedicated_thread;
  void handle(ha::context<lasting_child>&, const block& m) {
    m.entered.set();
    (void)m.go.wait();
  }
};
/// Hands requests on to somebody who has ended; what it is told to last ends it before it hears of that.
struct forwarder {
  using handlers = ha::handlers<forget, answer, block>;
  ha::actor_handle<gone> to;
  event child_entered;
  event child_go;
  void handle(ha::context<forwarder>& cx, forget m) { to.post(cx, std::move(m)); }
  void handle(ha::context<forwarder>& cx, answer m) {
    cx.spawn(lasting_child{}).post(cx, block{child_entered, child_go});
    to.post(cx, forget{std::move(m.reply)});
    cx.stop("enough");
  }
  void handle(ha::context<forwarder>&, const block&) {}
};

TEST_CASE("a request that was handed on to an actor that has ended completes, though nothing else happens [ONC-3]") {
  const log_lines lines;
  local in;
  auto dead = in.proc.spawn(gone{});
  dead.stop("over");
  CHECK(ended(dead).is_stopped());
  const event child_entered;
  const event child_go;
  auto f = in.proc.spawn(forwarder{dead, child_entered, child_go});
  const std::string name = "actor " + f.addr().to_string();
  const auto idle = ha::ask<forget>(in.client, f).recv_for(patience).error();
  CHECK(idle == ha::mailbox_error::reply_dropped);
  CHECK(idle.message() == name + " dropped the reply port without an answer");
  const auto ending = ha::ask<answer>(in.client, f).recv_for(patience).error();
  CHECK(ending == ha::mailbox_error::reply_dropped);
  CHECK(ending.message() == name + " stopped: enough");
  child_go.set();
  CHECK(ended(f).is_stopped());
}

}  // namespace ask_tests

using namespace ask_tests;

TEST_CASE("ask builds the message from its other members, in order, and converts them [AKS-1][AKS-2]") {
  asking a;
  CHECK(ha::ask<answer>(a.in.client, a.h).recv_for(patience).value() == 42);
  CHECK(ha::ask<is_even>(a.in.client, a.h, 4).recv_for(patience).value());
  CHECK_FALSE(ha::ask<is_even>(a.in.client, a.h, 5).recv_for(patience).value());
  CHECK(ha::ask<wide>(a.in.client, a.h, 7, "x").recv_for(patience).value() == "7x152");
  CHECK(ha::ask<wide>(a.in.client, a.h, short{7}, std::string("y"), 2.5f).recv_for(patience).value() == "7y252");
  CHECK(ha::ask<wide>(a.in.client, a.h, 7, "z", 1, std::vector<int>{}).recv_for(patience).value() == "7z100");
  CHECK(std::any_cast<std::string>(ha::ask<anything>(a.in.client, a.h).recv_for(patience).value()) == "any");
  CHECK(ha::ask<ha::once_port_ref<std::string>>(a.in.client, a.h).recv_for(patience).value() == a.h.addr().to_string());
  CHECK(ha::ask<answer>(a.in.client, a.h.bind()).recv_for(patience).value() == 42);
  CHECK(ha::ask<answer>(a.in.client, ha::actor_ref<server>::attest(a.h.addr())).recv_for(patience).value() == 42);
  a.h.stop("done");
  CHECK(a.in.is_empty());
}

TEST_CASE("a handler that forgets the reply port: reply_dropped names it [ONC-3]") {
  asking a;
  CHECK(a.failure<forget>() == a.name() + " dropped the reply port without an answer");
  CHECK(a.failure<awaiting_forget>() == a.name() + " dropped the reply port without an answer");
  a.h.stop("done");
}

TEST_CASE("a handler that fails before it answers: reply_dropped has the failure's text [ONC-3]") {
  CHECK([] {
    asking a;
    return a.failure<throwing>() == a.name() + " failed: oops";
  }());
  CHECK([] {
    asking a;
    return a.failure<moved_then_throwing>() == a.name() + " failed: oops";
  }());
  CHECK([] {
    asking a;
    return a.failure<refusing>() == a.name() + " failed: refused";
  }());
  CHECK([] {
    asking a;
    return a.failure<awaiting_throw>() == a.name() + " failed: late oops";
  }());
}

TEST_CASE(
    "an actor that stops, is killed or fails with reply ports in its state: reply_dropped says how it ended [ONC-3]") {
  for (const std::string how : {"stop", "drain", "kill", "fail"}) {
    asking a;
    auto rx = ha::ask<keep>(a.in.client, a.h);
    CHECK(rx.recv_for(1ms).error() == ha::mailbox_error::timed_out);
    if (how == "stop") a.h.stop("over");
    if (how == "drain") a.h.drain_and_stop("over");
    if (how == "kill") a.h.kill("over");
    if (how == "fail") a.h.post(a.in.client, boom{});
    const auto r = rx.recv_for(patience);
    CHECK(r.error() == ha::mailbox_error::reply_dropped);
    CHECK(r.error().message() == a.name() + (how == "kill"   ? " failed: actor explicitly aborted due to: over"
                                             : how == "fail" ? " failed: boom"
                                                             : " stopped: over"));
  }
}

TEST_CASE("kill cancels an awaiting handler, and its reply port says so [AWT-2]") {
  asking a;
  auto rx = ha::ask<awaiting_long>(a.in.client, a.h);
  CHECK(a.h.status().wait_for([](const ha::actor_status& s) { return s.is_processing(); }, patience));
  a.h.kill("too long");
  CHECK(rx.recv_for(patience).error().message() == a.name() + " failed: actor explicitly aborted due to: too long");
  CHECK(ended(a.h).is_failed());
}

TEST_CASE("requests in the queue of an actor that ends complete with how it ended [LOP-4]") {
  asking a;
  const event entered;
  const event go;
  a.h.post(a.in.client, block{entered, go});
  REQUIRE(entered.wait());
  auto queued = ha::ask<answer>(a.in.client, a.h);
  auto queued_by_ref = ha::ask<answer>(a.in.client, a.h.bind());
  a.h.stop("over");
  go.set();
  CHECK(queued.recv_for(patience).error().what() == "hyperactor.mailbox.reply_dropped: " + a.name() + " stopped: over");
  CHECK(queued_by_ref.recv_for(patience).error().message() == a.name() + " stopped: over");
}

TEST_CASE("requests to an actor that is gone complete with undeliverable and the reason [AKS-1]") {
  asking a;
  const auto ref = a.h.bind();
  const auto unknown = ha::actor_ref<server>::attest(a.in.proc.addr().actor_addr("nobody"));
  a.h.stop("over");
  CHECK(ended(a.h).is_stopped());
  const auto by_handle = ha::ask<answer>(a.in.client, a.h).recv_for(patience).error();
  CHECK(by_handle == ha::mailbox_error::undeliverable);
  CHECK(contains(by_handle.message(), a.h.addr().id().to_string()));
  CHECK(contains(by_handle.message(), "actor stopped"));
  const auto by_ref = ha::ask<answer>(a.in.client, ref).recv_for(patience).error();
  CHECK(by_ref == ha::mailbox_error::undeliverable);
  CHECK(contains(by_ref.message(), "actor stopped"));
  const auto by_address =
      ha::ask<answer>(a.in.client, ha::actor_ref<server>::attest(a.h.addr())).recv_for(patience).error();
  CHECK(by_address == ha::mailbox_error::undeliverable);
  CHECK(contains(by_address.message(), "actor stopped"));
  const auto never = ha::ask<answer>(a.in.client, unknown).recv_for(patience).error();
  CHECK(never == ha::mailbox_error::undeliverable);
  CHECK(contains(never.message(), "actor does not exist"));
  CHECK(a.lines.get().empty());  // a request that came back is no message that nobody takes
}

TEST_CASE("a second post to a once port fails the actor, and the first one counts [ONC-4]") {
  asking a;
  CHECK(ha::ask<twice>(a.in.client, a.h).recv_for(patience).value() == 1);
  CHECK(ended(a.h).to_string() ==
        "failed: hyperactor: a once port takes one message; this one was posted to, moved or sent already");
}

TEST_CASE("replies to receivers that gave up are counted and fail nobody") {
  asking a;
  const event entered;
  const event go;
  const auto before = ha::detail::late_replies.load();
  a.h.post(a.in.client, block{entered, go});
  REQUIRE(entered.wait());
  (void)ha::ask<answer>(a.in.client, a.h);
  {
    auto rx = ha::ask<answer>(a.in.client, a.h);
    CHECK(rx.recv_for(1ms).error() == ha::mailbox_error::timed_out);
  }
  go.set();
  CHECK(ha::ask<answer>(a.in.client, a.h).recv_for(patience).value() == 42);
  CHECK(ha::detail::late_replies.load() == before + 2);
  a.h.stop("done");
  CHECK(ended(a.h).is_stopped());
}

TEST_CASE("handlers ask without blocking (test_proc_actors_messaging)") {
  asking a;
  auto r = a.in.proc.spawn(relay{a.h});
  CHECK(ha::ask<relay_all>(a.in.client, r).recv_for(patience).value() ==
        "42 odd 1two152 " + a.name() + " dropped the reply port without an answer");
  a.h.stop("done");
  r.stop("done");
  CHECK(a.in.is_empty());
}

TEST_CASE(
    "two actors pass a message to and fro until it is answered, or one of them fails "
    "(test_ping_pong, test_ping_pong_on_handler_error)") {
  const log_lines lines;
  local in;
  auto one = in.proc.spawn(pinger{});
  auto two = in.proc.spawn(pinger{});
  CHECK(ha::ask<ping>(in.client, one, 10, two.bind(), one.bind()).recv_for(patience).value());
  // the original stays silent
  auto lost = ha::ask<ping>(in.client, one, 67, two.bind(), one.bind()).recv_for(patience);
  CHECK(lost.error() == ha::mailbox_error::reply_dropped);
  CHECK(lost.error().message() == "actor " + two.addr().to_string() + " failed: no luck at 66");
  CHECK(ended(two).to_string() == "failed: no luck at 66");
  one.stop("done");
  CHECK(in.is_empty());
}
