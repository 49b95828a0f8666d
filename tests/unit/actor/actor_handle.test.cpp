// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/actor/actor_handle.hpp>

#include "support/local.hpp"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <asio/use_future.hpp>

namespace {

using namespace test;

struct block {
  event entered;
  event go;
};
struct count {
  int n;
};
struct fail_with {
  std::string text;
};
struct refuse {
  std::string text;
};
struct own_error {};
struct unknown_throw {};
struct token {
  std::shared_ptr<int> alive;
};

/// Blocks when told to, on a thread of its own.
struct worker {
  using handlers = ha::handlers<block, count, fail_with, refuse, own_error, unknown_throw, token>;
  using executor = ha::dedicated_thread;
  shared_list<int> counted;

  void handle(ha::context<worker>&, const block& m) {
    m.entered.set();
    if (!m.go.wait()) throw std::runtime_error("nobody said go");
  }
  void handle(ha::context<worker>&, count m) { counted.add(m.n); }
  void handle(ha::context<worker>&, const fail_with& m) { throw std::runtime_error(m.text); }
  ha::result<void> handle(ha::context<worker>&, const refuse& m) { return ha::error(ha::mailbox_error::full, m.text); }
  void handle(ha::context<worker>&, own_error) {
    (void)ha::result<int>(ha::error(ha::mailbox_error::full, "a value that is not there")).value();
  }
  void handle(ha::context<worker>&, unknown_throw) { throw 7; }
  void handle(ha::context<worker>&, token) {}
};

/// A worker that is inside its handler.
struct busy_worker {
  local in;
  worker w;
  shared_list<int> counted = w.counted;
  ha::actor_handle<worker> h = in.proc.spawn(std::move(w));
  event go;

  busy_worker() {
    const event entered;
    h.post(in.client, block{entered, go});
    if (!entered.wait()) throw std::runtime_error("the worker did not start");
  }
};

std::vector<std::string> reasons_of(ha::receiver<ha::undeliverable>& rx, std::size_t n) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(rx.recv_for(patience).value().root_failure()->reason_text());
  return out;
}

}  // namespace

TEST_CASE("messages are handled in the order of their posts (test_server_basic) [MBX-1]") {
  local in;
  worker w;
  const auto counted = w.counted;
  auto h = in.proc.spawn(std::move(w));
  h.post(in.client, count{123});
  for (int i = 0; i < 1000; ++i) h.post<count>(in.client, i);
  h.drain_and_stop("test");
  CHECK(ended(h).to_string() == "stopped: test");
  const auto seen = counted.get();
  REQUIRE(seen.size() == 1001);
  CHECK(seen[0] == 123);
  for (int i = 0; i < 1000; ++i) CHECK(seen[static_cast<std::size_t>(i) + 1] == i);
}

TEST_CASE(
    "a status is idle, then processing with the message's name, then idle, then terminal (test_spawn_actor) [STA-1]") {
  busy_worker b;
  const auto processing = b.h.status().get();
  CHECK(processing.is_processing());
  CHECK(contains(processing.to_string(), "block: processing for 0ms"));
  // the time counts from the first look, until the handler is done
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (contains(b.h.status().get().to_string(), ": processing for 0ms")) {
    REQUIRE(std::chrono::steady_clock::now() < give_up);
  }
  CHECK_FALSE(b.h.status().wait_for([](const ha::actor_status& s) { return s.is_idle(); }, 1ms));
  b.go.set();
  CHECK(b.h.status().wait_for([](const ha::actor_status& s) { return s.is_idle(); }, patience));
  CHECK(b.h.status().get().to_string() == "idle");
  b.h.stop("test");
  CHECK(ended(b.h).to_string() == "stopped: test");
  b.h.kill("late");
  b.h.stop("late");
  CHECK(b.h.status().get().to_string() == "stopped: test");
}

TEST_CASE(
    "stop ends the actor after the handler that runs, and returns the queue to its senders "
    "(test_mailbox_closed_with_owner_stopped_reason) [LOP-4]") {
  busy_worker b;
  auto undelivered = b.in.client.undelivered();
  for (int i = 0; i < 5; ++i) b.h.post(b.in.client, count{i});
  b.h.stop("enough");
  b.go.set();
  CHECK(ended(b.h).to_string() == "stopped: enough");
  CHECK(b.counted.get().empty());
  for (int i = 0; i < 5; ++i) {
    auto u = undelivered.recv_for(patience).value();
    CHECK(u.is_returned());
    CHECK(u.sender() == b.in.client.addr());
    CHECK(u.root_failure()->reason_text() == "link unavailable: actor stopped");
    CHECK(contains(u.message_type(), "count"));
    CHECK_FALSE(u.as<token>().has_value());
    CHECK(u.as<count>().value().n == i);
  }
  b.h.post(b.in.client, count{6});
  auto late = undelivered.recv_for(patience).value();
  CHECK(late.root_failure()->reason_text() == "link unavailable: actor stopped");
  CHECK(late.as<count>().value().n == 6);
}

TEST_CASE(
    "drain_and_stop handles what was accepted and refuses the rest (test_drain_and_stop_closes_handler_ingress)") {
  busy_worker b;
  auto undelivered = b.in.client.undelivered();
  event second_entered;
  event second_go;
  b.h.post(b.in.client, count{1});
  b.h.post(b.in.client, block{second_entered, second_go});
  b.h.post(b.in.client, count{2});
  b.h.drain_and_stop("test");
  b.go.set();
  REQUIRE(second_entered.wait());
  b.h.post(b.in.client, count{3});
  CHECK(reasons_of(undelivered, 1)[0] == "link unavailable: actor is stopping");
  CHECK(b.h.join_for(1ms).error() == ha::mailbox_error::timed_out);
  second_go.set();
  CHECK(ended(b.h).to_string() == "stopped: test");
  CHECK(b.counted.get() == std::vector<int>{1, 2});
}

TEST_CASE("a stop ends a drain, a drain does not take a stop back, and a kill ends both") {
  {
    busy_worker b;
    auto undelivered = b.in.client.undelivered();
    b.h.post(b.in.client, count{1});
    b.h.drain_and_stop("slowly");
    b.h.stop("quickly");
    b.go.set();
    CHECK(ended(b.h).to_string() == "stopped: slowly");
    CHECK(b.counted.get().empty());
    CHECK(undelivered.recv_for(patience).value().as<count>().value().n == 1);
  }
  {
    busy_worker b;
    auto undelivered = b.in.client.undelivered();
    b.h.post(b.in.client, count{1});
    b.h.stop("quickly");
    b.h.drain_and_stop("too late");
    b.go.set();
    CHECK(ended(b.h).to_string() == "stopped: quickly");
    CHECK(b.counted.get().empty());
    CHECK(undelivered.recv_for(patience).value().as<count>().value().n == 1);
  }
  {
    const log_lines lines;
    busy_worker b;
    b.h.post(b.in.client, count{1});
    b.h.drain_and_stop("slowly");
    b.h.kill("now");
    b.go.set();
    CHECK(ended(b.h).to_string() == "failed: actor explicitly aborted due to: now");
    CHECK(b.counted.get().empty());
  }
}

TEST_CASE(
    "kill fails the actor after the handler that runs, and returns the queue to its senders "
    "(test_mailbox_closed_with_owner_failed_reason) [LOP-4]") {
  const log_lines lines;
  busy_worker b;
  auto undelivered = b.in.client.undelivered();
  b.h.post(b.in.client, count{1});
  b.h.kill("told to");
  b.go.set();
  const auto end = ended(b.h);
  CHECK(end.to_string() == "failed: actor explicitly aborted due to: told to");
  CHECK(end.error_kind() == ha::actor_error_kind::aborted);
  auto back = undelivered.recv_for(patience).value();
  CHECK(back.root_failure()->reason_text() ==
        "link unavailable: actor failed: actor explicitly aborted due to: told to");
  CHECK(back.as<count>().value().n == 1);
  b.h.post(b.in.client, count{2});
  CHECK(reasons_of(undelivered, 1)[0] == "link unavailable: actor failed");
  CHECK(b.in.is_empty());
  CHECK(b.in.proc.has_failed());
  CHECK(lines.wait_for(1).at(0).starts_with("nobody supervises Supervision event: actor " + b.h.addr().to_string()));
}

TEST_CASE("what leaves a handler as exception or error fails the actor with that text (test_actor_panic)") {
  const log_lines lines;
  local in;
  const auto end_of = [&](auto message) {
    auto h = in.proc.spawn(worker{});
    h.post(in.client, std::move(message));
    const auto end = ended(h);
    CHECK(end.error_kind() == ha::actor_error_kind::generic);
    return end.to_string();
  };
  CHECK(end_of(fail_with{"some random failure"}) == "failed: some random failure");
  CHECK(end_of(refuse{"not today"}) == "failed: not today");
  CHECK(end_of(own_error{}) == "failed: a value that is not there");
  CHECK(end_of(unknown_throw{}) == "failed: unknown exception");
}

TEST_CASE("a handle that goes stops nothing, and keeps no actor from being destroyed") {
  local in;
  worker w;
  const auto counted = w.counted;
  {
    auto h = in.proc.spawn(std::move(w));
    const auto copy = h;
    CHECK(copy == h);
    h.post(in.client, count{1});
  }
  CHECK(counted.wait_for(1) == std::vector<int>{1});
  CHECK(in.proc.live_actors().get() == 1);
  in.proc.stop_all("done");
  CHECK(in.is_empty());
}

TEST_CASE("a message is destroyed when it was handled, or with the queue that nobody takes back [MSG-2]") {
  const log_lines lines;
  auto alive = std::make_shared<int>(1);
  {
    busy_worker b;
    b.h.post(b.in.client, token{alive});
    b.go.set();
    b.h.drain_and_stop("done");
    CHECK(ended(b.h).is_stopped());
    CHECK(alive.use_count() == 1);
  }
  {
    busy_worker b;
    b.h.post(b.in.client, token{alive});
    b.h.stop("done");
    b.go.set();
    CHECK(ended(b.h).is_stopped());
    CHECK(alive.use_count() == 1);
    CHECK(contains(lines.wait_for(1).at(0), "token"));
  }
}

TEST_CASE("the end of an actor can be awaited with any completion token") {
  local in;
  auto h = in.proc.spawn(worker{});
  auto ending = h.async_join(asio::use_future);
  auto stopping = h.status().async_wait([](const ha::actor_status& s) { return s.is_terminal(); }, asio::use_future);
  event called;
  h.async_join([&](const ha::actor_status& s) {
    if (s.is_stopped()) called.set();
  });
  CHECK(h.join_for(1ms).error() == ha::mailbox_error::timed_out);
  h.stop("test");
  CHECK(ending.get().to_string() == "stopped: test");
  CHECK(stopping.get().is_stopped());
  CHECK(called.wait());
  CHECK(h.async_join(asio::use_future).get().is_stopped());
}

TEST_CASE("many threads post to one actor, each in its own order [MBX-1][MBX-3]") {
  local in;
  worker w;
  const auto counted = w.counted;
  auto h = in.proc.spawn(std::move(w));
  constexpr int threads = 4;
  constexpr int each = 2000;
  {
    std::vector<std::jthread> posters;
    for (int t = 0; t < threads; ++t) {
      posters.emplace_back([&, t, client = in.client]() mutable {
        for (int i = 0; i < each; ++i) h.post(client, count{t * each + i});
      });
    }
  }
  h.drain_and_stop("done");
  CHECK(ended(h).is_stopped());
  std::vector<int> next(threads);
  bool in_order = true;
  for (const int n : counted.get()) {
    auto& expected = next[static_cast<std::size_t>(n / each)];
    in_order = in_order && n % each == expected;
    ++expected;
  }
  CHECK(in_order);
  CHECK(next == std::vector<int>(threads, each));
}

TEST_CASE(
    "what is posted while an actor drains is handled or comes back, each message once "
    "(test_drain_waits_for_active_handler_enqueue)") {
  for (int round = 0; round < 20; ++round) {
    const log_lines lines;
    local in;
    worker w;
    const auto counted = w.counted;
    auto h = in.proc.spawn(std::move(w));
    constexpr int threads = 3;
    constexpr int each = 200;
    std::vector<ha::client> clients;
    std::vector<ha::receiver<ha::undeliverable>> undelivered;
    for (int t = 0; t < threads; ++t) {
      clients.push_back(in.proc.client("poster"));
      undelivered.push_back(clients.back().undelivered());
    }
    {
      std::vector<std::jthread> posters;
      for (int t = 0; t < threads; ++t) {
        posters.emplace_back([&, t] {
          for (int i = 0; i < each; ++i) h.post(clients[static_cast<std::size_t>(t)], count{t * each + i});
        });
      }
      (void)counted.wait_for(1);
      h.drain_and_stop("enough");
    }
    CHECK(ended(h).to_string() == "stopped: enough");
    std::vector<int> seen(threads * each);
    for (const int n : counted.get()) ++seen[static_cast<std::size_t>(n)];
    for (auto& rx : undelivered) {
      for (auto& u : rx.drain()) ++seen[static_cast<std::size_t>(u.as<count>().value().n)];
    }
    CHECK(seen == std::vector<int>(threads * each, 1));
  }
}
