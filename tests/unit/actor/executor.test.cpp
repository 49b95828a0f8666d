// SPDX-License-Identifier: BSD-3-Clause
// Handlers that await: what they may wait for, what waits for them, and how they end.
#include <hyperactor/actor/executor.hpp>

#include "support/local.hpp"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

namespace {

using namespace test;

struct hold {
  std::shared_ptr<int> value;
  event suspended;
};
struct release {
  int n;
};
struct note {
  int n;
};
struct spawn_one {};
struct sleep_long {
  event suspended;
};
struct block_now {};
struct join_other {
  ha::actor_handle<struct quiet> other;
};
struct detach {
  ha::once_port_handle<int> reply;
};

struct quiet {
  using handlers = ha::handlers<note>;
  void handle(ha::context<quiet>&, note) { throw std::runtime_error("child fails"); }
};

struct waits {
  using handlers = ha::handlers<hold, note, sleep_long, block_now, join_other, detach, spawn_one>;
  ha::receiver<int>* gate = nullptr;
  shared_list<int> log;
  shared_list<std::string> events;
  shared_list<ha::actor_handle<quiet>> children;

  asio::awaitable<void> handle(ha::context<waits>&, const hold& m) {
    m.suspended.set();
    ha::result<int> v = co_await gate->async_recv();
    log.add(*m.value * 100 + v.value());
  }
  void handle(ha::context<waits>&, note m) { log.add(m.n); }
  asio::awaitable<void> handle(ha::context<waits>&, sleep_long m) {
    asio::steady_timer t(co_await asio::this_coro::executor, 1h);
    const auto left = std::make_shared<int>(1);
    m.suspended.set();
    try {
      co_await t.async_wait(asio::use_awaitable);
    } catch (const std::system_error& e) {
      if (e.code() == asio::error::operation_aborted) events.add("cancelled");
      throw;
    }
  }
  void handle(ha::context<waits>&, block_now) { (void)gate->recv(); }
  void handle(ha::context<waits>&, const join_other& m) { m.other.join(); }
  void handle(ha::context<waits>& cx, detach m) {
    asio::co_spawn(cx.get_executor(), later(cx.self(), std::move(m.reply)), asio::detached);
  }
  asio::awaitable<void> later(ha::actor_handle<waits>, ha::once_port_handle<int> reply) {
    const auto kept = std::make_shared<ha::once_port_handle<int>>(std::move(reply));
    asio::steady_timer t(co_await asio::this_coro::executor, 1h);
    co_await t.async_wait(asio::use_awaitable);
  }
  void handle(ha::context<waits>& cx, spawn_one) { children.add(cx.spawn(quiet{})); }
  bool handle_supervision_event(ha::instance<waits>&, const ha::supervision_event& e) {
    events.add(e.status().to_string());
    return true;
  }
};

struct waiting {
  log_lines lines;
  local in;
  std::pair<ha::port_handle<int>, ha::receiver<int>> gate = in.client.open_port<int>();
  waits w = [this] {
    waits out;
    out.gate = &gate.second;
    return out;
  }();
  shared_list<int> log = w.log;
  shared_list<std::string> events = w.events;
  shared_list<ha::actor_handle<quiet>> children = w.children;
  ha::actor_handle<waits> h = in.proc.spawn(std::move(w));
};

/// Awaits in init until it is let through.
struct slow_start {
  using handlers = ha::handlers<note>;
  ha::receiver<int>* gate = nullptr;
  event started;
  shared_list<int> log;
  asio::awaitable<void> init(ha::instance<slow_start>&) {
    started.set();
    ha::result<int> v = co_await gate->async_recv();
    log.add(v.value());
  }
  void handle(ha::context<slow_start>&, note m) { log.add(m.n); }
};
struct starting {
  log_lines lines;
  local in;
  std::pair<ha::port_handle<int>, ha::receiver<int>> gate = in.client.open_port<int>();
  event started;
  shared_list<int> log;
  ha::actor_handle<slow_start> h = in.proc.spawn(slow_start{&gate.second, started, log});
};

struct fetch {
  ha::once_port_handle<int> reply;
};
struct slow_source {
  using handlers = ha::handlers<fetch>;
  asio::awaitable<void> handle(ha::context<slow_source>& cx, fetch m) {
    asio::steady_timer t(co_await asio::this_coro::executor, 1ms);
    co_await t.async_wait(asio::use_awaitable);
    m.reply.post(cx, 7);
  }
};
/// Blocks, as it may on a thread of its own.
struct blocks {
  using handlers = ha::handlers<fetch>;
  using executor = ha::dedicated_thread;
  ha::actor_handle<slow_source> source;
  void handle(ha::context<blocks>& cx, fetch m) {
    int sum = 0;
    for (int i = 0; i < 3; ++i) sum += ha::ask<fetch>(cx, source).recv_for(patience).value();
    auto other = cx.open_port<int>();
    other.first.post(cx, 100);
    m.reply.post(cx, sum + other.second.recv().value());
  }
};

struct crowd {};
struct idle_child {
  using handlers = ha::handlers<crowd>;
  void handle(ha::context<idle_child>&, crowd) {}
};
/// Fails in a task, with messages in its queue, right after its child has ended.
struct outlived_parent {
  using handlers = ha::handlers<crowd>;
  using executor = ha::dedicated_thread;
  void init(ha::instance<outlived_parent>& self) {
    auto child = self.spawn(idle_child{});
    self.self().post(self, crowd{});
    asio::post(self.get_executor(), [child] {
      child.stop("first");
      child.join();
      throw std::runtime_error("then the parent");
    });
  }
  void handle(ha::context<outlived_parent>&, crowd) {}
};

TEST_CASE("the end of a child that comes while its parent begins to end is not lost [LOP-2]") {
  const log_lines lines;
  local in;
  CHECK(ended(in.proc.spawn(outlived_parent{})).to_string() == "failed: then the parent");
}

}  // namespace

TEST_CASE("messages wait while a handler awaits, and the message lives until the coroutine ends [AWT-1][EXE-1]") {
  waiting w;
  auto value = std::make_shared<int>(7);
  const event suspended;
  w.h.post(w.in.client, hold{value, suspended});
  w.h.post(w.in.client, note{1});
  REQUIRE(suspended.wait());
  CHECK(w.h.status().get().is_processing());
  CHECK(contains(w.h.status().get().to_string(), "hold: processing"));
  CHECK(value.use_count() == 2);
  CHECK(w.log.get().empty());
  w.gate.first.post(w.in.client, 5);
  CHECK(w.log.wait_for(2) == std::vector<int>{705, 1});
  w.h.stop("done");
  CHECK(ended(w.h).is_stopped());
  CHECK(value.use_count() == 1);
}

TEST_CASE("signals are served while a handler awaits: a child's end is handled [LOP-2]") {
  waiting w;
  w.h.post(w.in.client, spawn_one{});
  const auto child = w.children.wait_for(1).at(0);
  const event suspended;
  w.h.post(w.in.client, hold{std::make_shared<int>(1), suspended});
  REQUIRE(suspended.wait());
  child.post(w.in.client, note{1});
  CHECK(w.events.wait_for(1) == std::vector<std::string>{"failed: child fails"});
  CHECK(w.h.status().get().is_processing());
  w.gate.first.post(w.in.client, 5);
  CHECK(w.log.wait_for(1) == std::vector<int>{105});
  w.h.stop("done");
  CHECK(ended(w.h).is_stopped());
}

TEST_CASE("a stop waits for the awaiting handler, a drain for the messages behind it too") {
  for (const bool drains : {false, true}) {
    waiting w;
    const event suspended;
    w.h.post(w.in.client, hold{std::make_shared<int>(1), suspended});
    w.h.post(w.in.client, note{2});
    REQUIRE(suspended.wait());
    drains ? w.h.drain_and_stop("over") : w.h.stop("over");
    CHECK(w.h.join_for(1ms).error() == ha::mailbox_error::timed_out);
    w.gate.first.post(w.in.client, 5);
    CHECK(ended(w.h).to_string() == "stopped: over");
    CHECK(w.log.get() == (drains ? std::vector<int>{105, 2} : std::vector<int>{105}));
  }
}

TEST_CASE("kill cancels an Asio timer that a handler awaits [AWT-2]") {
  waiting w;
  const event suspended;
  w.h.post(w.in.client, sleep_long{suspended});
  REQUIRE(suspended.wait());
  w.h.kill("too long");
  CHECK(ended(w.h).to_string() == "failed: actor explicitly aborted due to: too long");
  CHECK(w.events.get() == std::vector<std::string>{"cancelled"});
}

TEST_CASE("kill cancels a receive that a handler awaits, and the port still works [AWT-2][ASY-3]") {
  waiting w;
  const event suspended;
  w.h.post(w.in.client, hold{std::make_shared<int>(1), suspended});
  REQUIRE(suspended.wait());
  w.h.kill("too long");
  CHECK(ended(w.h).is_failed());
  w.gate.first.post(w.in.client, 9);
  CHECK(w.gate.second.recv_for(patience).value() == 9);
}

TEST_CASE("blocking on a runtime thread is a mistake that fails the actor with the way out [WTR-2]") {
  {
    waiting w;
    w.h.post(w.in.client, block_now{});
    CHECK(
        ended(w.h).to_string() ==
        "failed: hyperactor: recv() would block a runtime thread; use co_await async_recv(), or give the actor 'using "
        "executor = hyperactor::dedicated_thread;'");
  }
  {
    waiting w;
    auto other = w.in.proc.spawn(quiet{});
    w.h.post(w.in.client, join_other{other});
    CHECK(
        ended(w.h).to_string() ==
        "failed: hyperactor: join() would block a runtime thread; use co_await async_join(), or give the actor 'using "
        "executor = hyperactor::dedicated_thread;'");
    other.stop("done");
    CHECK(w.in.is_empty());
  }
}

TEST_CASE("what runs on an actor's executor is dropped when the actor ends [EXE-1]") {
  waiting w;
  auto rx = ha::ask<detach>(w.in.client, w.h);
  CHECK(rx.recv_for(1ms).error() == ha::mailbox_error::timed_out);
  w.h.stop("done");
  CHECK(ended(w.h).is_stopped());
}

TEST_CASE("messages wait for an init that awaits, and the status says initializing (test_init)") {
  starting s;
  REQUIRE(s.started.wait());
  s.h.post(s.in.client, note{2});
  CHECK(s.h.status().get().to_string() == "initializing");
  s.gate.first.post(s.in.client, 1);
  CHECK(s.log.wait_for(2) == std::vector<int>{1, 2});
  s.h.stop("done");
  CHECK(ended(s.h).to_string() == "stopped: done");
}

TEST_CASE("kill cancels an init that awaits; a stop waits for it [AWT-2]") {
  {
    starting s;
    REQUIRE(s.started.wait());
    s.h.kill("too long");
    CHECK(ended(s.h).to_string() == "failed: actor explicitly aborted due to: too long");
  }
  {
    starting s;
    REQUIRE(s.started.wait());
    s.h.stop("over");
    CHECK(s.h.join_for(1ms).error() == ha::mailbox_error::timed_out);
    s.gate.first.post(s.in.client, 1);
    CHECK(ended(s.h).to_string() == "stopped: over");
    CHECK(s.log.get() == std::vector<int>{1});
  }
}

TEST_CASE("an actor with a thread of its own may block [WTR-2]") {
  local in;
  auto source = in.proc.spawn(slow_source{});
  auto h = in.proc.spawn(blocks{source});
  CHECK(ha::ask<fetch>(in.client, h).recv_for(patience).value() == 121);
  CHECK(ha::ask<fetch>(in.client, h).recv_for(patience).value() == 121);
  in.proc.stop_all("done");
  CHECK(in.is_empty());
}
