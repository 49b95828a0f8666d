// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/actor/client.hpp>

#include "support/local.hpp"

#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace test;

struct echo {
  ha::once_port_handle<ha::actor_addr> reply;
};
struct keep {
  ha::once_port_handle<int> reply;
};
struct flush {};
struct echoes {
  using handlers = ha::handlers<echo, keep, flush>;
  std::vector<keep> kept;
  void handle(ha::context<echoes>& cx, echo m) { m.reply.post(cx, cx.addr()); }
  void handle(ha::context<echoes>&, keep m) { kept.push_back(std::move(m)); }
  void handle(ha::context<echoes>& cx, flush) {
    for (auto& k : kept) k.reply.post(cx, 1);
    kept.clear();
  }
};

}  // namespace

TEST_CASE(
    "a client is a fresh instance with its label, as often as it is asked for "
    "(test_client_spawn_api_labels_and_explicit_uid, client_ids_are_fresh_instances)") {
  local in;
  auto again = in.proc.client("main");
  CHECK(again.addr() != in.client.addr());
  CHECK(again.addr().id().uid().label().view() == "main");
  CHECK(in.client.addr().proc_id() == in.proc.id());
  const auto run_time = ha::label::parse("made-up").value();
  CHECK(in.proc.client(run_time).addr().id().uid().label().view() == "made-up");
}

TEST_CASE(
    "copies of a client are the same client; the last one closes its mailbox "
    "(dropping_client_closes_mailbox_but_preserves_accepted_messages) [CLI-1]") {
  local in;
  std::optional<ha::client> one = in.proc.client("one");
  std::optional<ha::client> two = *one;
  CHECK(one->addr() == two->addr());
  auto [port, rx] = one->open_port<int>();
  const auto ref = port.bind();
  one.reset();
  ref.post(in.client, 1);
  CHECK(rx.recv_for(patience).value() == 1);
  std::optional<ha::client> three = std::move(two);
  two.reset();
  ref.post(in.client, 2);
  *three = in.proc.client("other");  // assignment drops the last copy
  CHECK(rx.recv_for(patience).value() == 2);
  CHECK(rx.recv().error() == ha::mailbox_error::closed);
}

TEST_CASE("a reply to a client that is gone hurts nobody") {
  local in;
  auto h = in.proc.spawn(echoes{});
  std::optional<ha::once_receiver<int>> rx;
  {
    auto asker = in.proc.client("asker");
    rx = ha::ask<keep>(asker, h);
  }
  h.post(in.client, flush{});
  CHECK(rx->recv_for(patience).value() == 1);  // it was accepted before
  h.stop("done");
  CHECK(ended(h).is_stopped());
}

TEST_CASE("undelivered messages go to the log, or to who asks for them, the last one who asked [SND-1]") {
  const log_lines lines;
  local in;
  auto h = in.proc.spawn(echoes{});
  h.stop("done");
  CHECK(ended(h).is_stopped());
  h.post(in.client, flush{});
  CHECK(contains(lines.wait_for(1).at(0), "actor stopped"));
  CHECK(contains(lines.get().at(0), in.client.addr().to_string()));
  CHECK(contains(lines.get().at(0), "flush"));
  auto first = in.client.undelivered();
  h.post(in.client, flush{});
  CHECK(first.recv_for(patience).value().as<flush>().has_value());
  auto second = in.client.undelivered();
  CHECK(first.recv_for(patience).error() == ha::mailbox_error::closed);
  h.post(in.client, flush{});
  CHECK(second.recv_for(patience).value().as<flush>().has_value());
  CHECK_FALSE(second.try_recv().has_value());
}

TEST_CASE("several threads use one client [CLI-2] (test_instance)") {
  local in;
  auto h = in.proc.spawn(echoes{});
  shared_list<bool> right;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, client = in.client]() mutable {
        bool all = true;
        for (int i = 0; i < 300; ++i) all = all && ha::ask<echo>(client, h).recv_for(patience).value() == h.addr();
        right.add(all);
      });
    }
  }
  CHECK(right.get() == std::vector<bool>(4, true));
  h.stop("done");
  CHECK(in.is_empty());
}

TEST_CASE("a client outlives its proc handle and its actors") {
  std::optional<ha::actor_handle<echoes>> h;
  std::optional<ha::client> client;
  {
    ha::proc proc = ha::proc::isolated();
    client = proc.client("main");
    h = proc.spawn(echoes{});
  }
  CHECK(ha::ask<echo>(*client, *h).recv_for(patience).value() == h->addr());
  h->stop("done");
  CHECK(ended(*h).is_stopped());
  h.reset();
}
