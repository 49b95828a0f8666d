// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/port_handle.hpp>

#include "support/local.hpp"

#include <any>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/bind_executor.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/use_future.hpp>

namespace {

using namespace test;

struct picky {  // no default constructor, no copy
  explicit picky(int v) : n(std::make_unique<int>(v)) {}
  std::unique_ptr<int> n;
};

/// Opens a port for whoever asks, and keeps the receiving end.
struct give_port {
  ha::once_port_handle<ha::port_handle<int>> reply;
};
struct port_owner {
  using handlers = ha::handlers<give_port>;
  std::vector<ha::receiver<int>> kept;
  void handle(ha::context<port_owner>& cx, give_port m) {
    auto [port, rx] = cx.open_port<int>();
    kept.push_back(std::move(rx));
    m.reply.post(cx, std::move(port));
  }
};

}  // namespace

TEST_CASE("a port hands out what was posted, in order (test_mailbox_basic, test_receiver_basic_default) [MBX-1]") {
  local in;
  auto [port, rx] = in.client.open_port<int>();
  CHECK_FALSE(rx.try_recv().has_value());
  CHECK(rx.drain().empty());
  for (int i = 0; i < 10; ++i) port.post(in.client, i);
  CHECK(rx.recv().value() == 0);
  CHECK(rx.try_recv().value() == 1);
  CHECK(rx.recv_for(patience).value() == 2);
  CHECK(rx.drain() == std::vector<int>{3, 4, 5, 6, 7, 8, 9});
  CHECK(rx.drain().empty());  // test_drain
}

TEST_CASE("messages of a port need neither copy nor default value") {
  local in;
  auto [port, rx] = in.client.open_port<picky>();
  port.post(in.client, picky(7));
  port.post(in.client, 8);
  CHECK(*rx.recv_for(patience).value().n == 7);
  auto rest = rx.drain();
  REQUIRE(rest.size() == 1);
  CHECK(*rest[0].n == 8);
  auto [flags, flags_rx] = in.client.open_port<bool>();
  flags.post(in.client, true);
  CHECK(flags_rx.recv_for(patience).value());
  CHECK(flags_rx.recv_for(1ms).error() == ha::mailbox_error::timed_out);
}

TEST_CASE("what is posted to a port converts as by static_cast, and a list of values stays one list") {
  struct point {
    int x = 0;
  };
  local in;
  auto [port, rx] = in.client.open_port<std::uint64_t>();
  port.post(in.client, 7);
  port.bind().post(in.client, 8);
  CHECK(rx.recv_for(patience).value() == 7);
  CHECK(rx.recv_for(patience).value() == 8);
  auto [once, once_rx] = in.client.open_once_port<std::uint64_t>();
  once.post(in.client, 9);
  CHECK(once_rx.recv_for(patience).value() == 9);
  auto [points, points_rx] = in.client.open_port<point>();
  points.post(in.client, 10);
  CHECK(points_rx.recv_for(patience).value().x == 10);
  auto [lists, lists_rx] = in.client.open_port<std::vector<std::any>>();
  lists.post(in.client, std::vector<std::any>{1, 2, 3});
  CHECK(lists_rx.recv_for(patience).value().size() == 3);
}

TEST_CASE("a timed wait that ends loses nothing and may be tried again [RCV-3]") {
  local in;
  auto [port, rx] = in.client.open_port<int>();
  CHECK(rx.recv_for(1ms).error() == ha::mailbox_error::timed_out);
  CHECK(rx.recv_for(0ms).error().what() == "hyperactor.mailbox.timed_out: timed out");
  std::jthread poster([p = port, client = in.client]() mutable { p.post(client, 1); });
  CHECK(rx.recv_for(patience).value() == 1);
}

TEST_CASE(
    "a port that was never bound closes with its last handle, after what it holds "
    "(test_receiver_after_sender_drop_default) [PHN-2]") {
  local in;
  auto opened = in.client.open_port<int>();
  auto& rx = opened.second;
  {
    auto first = std::move(opened.first);
    auto second = first;
    first.post(in.client, 1);
    {
      auto gone = std::move(first);
    }
    second.post(in.client, 2);
  }
  CHECK(rx.recv().value() == 1);
  CHECK(rx.recv().value() == 2);
  CHECK(rx.recv().error() == ha::mailbox_error::closed);
  CHECK(rx.recv().error() == ha::mailbox_error::closed);  // again and again
  CHECK_FALSE(rx.try_recv().has_value());
  CHECK(rx.drain().empty());
}

TEST_CASE("a bound port stays open without handles, and closes with its client [PHN-2][CLI-1]") {
  auto in = std::make_optional<local>();
  auto other = in->proc.client("other");
  auto opened = std::make_optional(in->client.open_port<int>());
  auto rx = std::move(opened->second);
  const auto ref = opened->first.bind();
  opened.reset();
  ref.post(other, 1);
  CHECK(rx.recv().value() == 1);
  ref.post(other, 2);
  in.reset();
  CHECK(rx.recv().value() == 2);
  CHECK(rx.recv().error() == ha::mailbox_error::closed);
  auto undelivered = other.undelivered();
  ref.post(other, 3);
  CHECK(undelivered.recv_for(patience).value().as<int>().value() == 3);
}

TEST_CASE("a wait that is pending ends when the port closes [RCV-2]") {
  auto in = std::make_optional<local>();
  auto [port, rx] = in->client.open_port<int>();
  const event waiting;
  shared_list<std::string> ends;
  std::jthread receiver([&, r = std::move(rx)]() mutable {
    waiting.set();
    ends.add(r.recv().error().what());
  });
  REQUIRE(waiting.wait());
  in.reset();
  CHECK(ends.wait_for(1) == std::vector<std::string>{"hyperactor.mailbox.closed: the mailbox is closed"});
}

TEST_CASE("what is posted to a dropped receiver returns to its sender (test_mailbox_receiver_drop) [PHN-2]") {
  local in;
  auto undelivered = in.client.undelivered();
  auto [port, rx] = in.client.open_port<picky>();
  {
    auto gone = std::move(rx);
  }
  port.post(in.client, 5);
  auto back = undelivered.recv_for(patience).value();
  CHECK(back.root_failure()->reason() == ha::delivery_reason::port_gone);
  CHECK(*back.as<picky>().value().n == 5);
}

TEST_CASE(
    "what is posted to a port of an actor that ended returns to its sender, who need not fail "
    "(test_port_handle_send_fails_when_actor_stopped / _failed) [PHN-2]") {
  const log_lines lines;
  local in;
  auto undelivered = in.client.undelivered();
  for (const bool fails : {false, true}) {
    auto h = in.proc.spawn(port_owner{});
    auto port = ha::ask<give_port>(in.client, h).recv_for(patience).value();
    fails ? h.kill("over") : h.stop("over");
    CHECK(ended(h).is_failed() == fails);
    port.post(in.client, 5);
    auto back = undelivered.recv_for(patience).value();
    CHECK(back.as<int>().value() == 5);
    CHECK_FALSE(back.fails_sender());
  }
}

TEST_CASE("async_recv takes any completion token, and owns what it waits for [ASY-2]") {
  local in;
  auto [port, rx] = in.client.open_port<int>();
  auto future = rx.async_recv(asio::use_future);
  port.post(in.client, 1);
  CHECK(future.get().value() == 1);

  shared_list<int> called;
  rx.async_recv([called](ha::result<int> r) { called.add(r.value()); });
  port.post(in.client, 2);
  CHECK(called.wait_for(1) == std::vector<int>{2});

  port.post(in.client, 3);
  asio::io_context io;
  bool inside = true;
  std::optional<bool> was_inside;
  rx.async_recv(asio::bind_executor(io.get_executor(), [&](const ha::result<int>&) { was_inside = inside; }));
  inside = false;
  io.run();  // [ASY-1]: not called by the function that starts it
  CHECK(was_inside == false);

  auto last = [&] {
    auto [gone, gone_rx] = in.client.open_port<int>();
    return std::make_pair(gone, gone_rx.async_recv(asio::use_future));
  }();
  CHECK(last.second.get().error() == ha::mailbox_error::closed);  // its receiver went
}

TEST_CASE("what a dropped receiver held is dropped with it, and replies that go with it are told [RCV-4]") {
  local in;
  auto [requests, rx] = in.client.open_port<ha::once_port_handle<int>>();
  auto [first, first_reply] = in.client.open_once_port<int>();
  auto [second, second_reply] = in.client.open_once_port<int>();
  requests.post(in.client, std::move(first));
  requests.post(in.client, std::move(second));
  CHECK(first_reply.recv_for(1ms).error() == ha::mailbox_error::timed_out);
  {
    const auto gone = std::move(rx);
  }
  CHECK(first_reply.recv_for(patience).error() == ha::mailbox_error::reply_dropped);
  CHECK(second_reply.recv_for(patience).error() == ha::mailbox_error::reply_dropped);
}

TEST_CASE("a receive that is under way has its value though the receiver was dropped; the rest is dropped [RCV-4]") {
  for (int round = 0; round < 200; ++round) {  // the drop falls on all sides of the receive
    local in;
    auto [requests, rx] = in.client.open_port<ha::once_port_handle<int>>();
    std::vector<ha::once_receiver<int>> replies;
    auto pending = rx.async_recv(asio::use_future);
    std::thread drops([dropped = std::move(rx)]() mutable { const auto gone = std::move(dropped); });
    for (int i = 0; i < 3; ++i) {
      auto [port, reply] = in.client.open_once_port<int>();
      requests.post(in.client, std::move(port));
      replies.push_back(std::move(reply));
    }
    drops.join();
    auto got = pending.get();
    if (got) {
      got->post(in.client, 5);
      CHECK(replies[0].recv_for(patience).value() == 5);
    } else {
      CHECK(got.error() == ha::mailbox_error::closed);
      CHECK(replies[0].recv_for(patience).has_error());
    }
    CHECK(replies[1].recv_for(patience).has_error());
    CHECK(replies[2].recv_for(patience).has_error());
  }
}

TEST_CASE("a cancelled receive completes once, and the port goes on [ASY-3]") {
  local in;
  auto [port, rx] = in.client.open_port<int>();
  asio::io_context io;
  asio::cancellation_signal cancel;
  int calls = 0;
  std::error_code how;
  rx.async_recv(
      asio::bind_cancellation_slot(cancel.slot(), asio::bind_executor(io.get_executor(), [&](const ha::result<int>& r) {
                                     ++calls;
                                     how = r.error().code();
                                   })));
  cancel.emit(asio::cancellation_type::terminal);
  io.run();
  CHECK(calls == 1);
  CHECK(how == std::errc::operation_canceled);
  port.post(in.client, 1);
  CHECK(rx.recv_for(patience).value() == 1);
}

TEST_CASE("a port takes what its message can be made of, as it is") {
  local in;
  auto [lists, list_rx] = in.client.open_port<std::vector<std::any>>();
  lists.post(in.client, std::vector<std::any>{1, 2, 3});
  CHECK(list_rx.recv_for(patience).value().size() == 3);
  auto [numbers, number_rx] = in.client.open_port<int>();
  numbers.post(in.client, 7L);
  CHECK(number_rx.recv_for(patience).value() == 7);
}

TEST_CASE("many threads post to one port, each in its own order [RCV-1]") {
  local in;
  auto [port, rx] = in.client.open_port<int>();
  constexpr int threads = 4;
  constexpr int each = 3000;
  std::vector<std::jthread> posters;
  for (int t = 0; t < threads; ++t) {
    posters.emplace_back([&, t, p = port, client = in.client]() mutable {
      for (int i = 0; i < each; ++i) p.post(client, t * each + i);
    });
  }
  std::vector<int> next(threads);
  bool in_order = true;
  for (int i = 0; i < threads * each; ++i) {
    const int n = rx.recv_for(patience).value();
    in_order = in_order && n % each == next[static_cast<std::size_t>(n / each)]++;
  }
  CHECK(in_order);
  CHECK(next == std::vector<int>(threads, each));
}
