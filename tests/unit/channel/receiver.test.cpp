// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/channel.hpp>

#include <asio/co_spawn.hpp>
#include <asio/use_future.hpp>
#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace receiver_test {
struct ping {
  int n;
};
struct date {
  std::string text;
};
}  // namespace receiver_test
using receiver_test::date;
using receiver_test::ping;

template <> struct hyperactor::codec<date> {
  static void encode(wire::encoder& e, const date& d) {
    if (d.text.empty()) throw std::invalid_argument("no date to write");
    e.put_string(d.text);
  }
  static result<date> decode(wire::decoder& d) {
    date out{d.take_string()};
    if (out.text.size() != 10) throw std::invalid_argument("'" + out.text + "' is no date");
    return out;
  }
};

TEST_CASE("a receiver waits, times out, and may be tried again") {
  auto [addr, rx] = ha::serve<ping, ha::transport::unix_socket>().value();
  CHECK_FALSE(rx.try_recv().has_value());
  CHECK(rx.drain().empty());
  CHECK(rx.recv_for(1ms).error() == ha::channel_error::timed_out);
  auto tx = ha::dial<ping>(addr).value();
  tx.post(ping{1});
  CHECK(rx.recv().value().n == 1);
  CHECK(tx.send(ping{2}, asio::use_future).get().has_value());
  CHECK(rx.try_recv().value().n == 2);
  CHECK(rx.recv_for(0ms).error() == ha::channel_error::timed_out);
}

TEST_CASE("what is acknowledged is there for the receiver, alone and behind others [INL-3]") {
  auto [addr, rx] = ha::serve<ping, ha::transport::unix_socket>().value();
  auto tx = ha::dial<ping>(addr).value();
  for (int round = 1; round <= 200; ++round) {
    const int burst = round % 7 == 0 ? 150 : round % 3;  // longer than a chain, too
    for (int i = 0; i < burst; ++i) tx.post(ping{0});
    REQUIRE(tx.send(ping{round}, asio::use_future).get().has_value());
    const auto all = rx.drain();
    REQUIRE(all.size() == static_cast<std::size_t>(burst) + 1);
    CHECK(all.back().n == round);
  }
}

TEST_CASE("a receive can be awaited") {
  auto [addr, rx] = ha::serve<ping, ha::transport::local>().value();
  auto got = asio::co_spawn(
      ha::detail::reactor::instance().context(),
      [&in = rx]() -> asio::awaitable<int> {
        auto a = co_await in.async_recv();
        auto b = co_await in.async_recv();
        co_return a.value().n * 10 + b.value().n;
      },
      asio::use_future);
  auto tx = ha::dial<ping>(addr).value();
  tx.post(ping{1});
  tx.post(ping{2});
  CHECK(got.get() == 12);
}

TEST_CASE("what had arrived is received after the stop, then comes the end, for pending receives too [CRX-1]") {
  auto [addr, rx] = ha::serve<ping, ha::transport::tcp>("127.0.0.1:0").value();
  auto tx = ha::dial<ping>(addr).value();
  for (int i = 0; i < 3; ++i) CHECK(tx.send(ping{i}, asio::use_future).get().has_value());
  rx.stop("enough");
  rx.stop("a later reason does not count");
  for (int i = 0; i < 3; ++i) CHECK(rx.recv_for(10s).value().n == i);
  const auto end = rx.recv();
  CHECK(end.error() == ha::channel_error::closed);
  CHECK(end.error().message() == "channel closed: enough");

  auto [addr2, rx2] = ha::serve<ping, ha::transport::local>().value();
  std::thread stopper([server = rx2.server()] { server.stop("bye"); });
  CHECK(rx2.recv().error() == ha::channel_error::closed);
  stopper.join();
}

TEST_CASE("a server can be stopped and joined through its handle, awaited too") {
  auto [addr, rx] = ha::serve<ping, ha::transport::local>().value();
  const ha::channel_server server = rx.server();
  CHECK(server.addr() == addr);
  CHECK_FALSE(server.join_for(1ms));
  auto joined = server.async_join(asio::use_future);
  server.stop("bye");
  CHECK(joined.get());
  server.join();
  rx.join();
}

TEST_CASE("blocking on a runtime thread is misuse, with the name of the asynchronous function") {
  auto [addr, rx] = ha::serve<ping, ha::transport::local>().value();
  std::thread([&in = rx] {
    ha::detail::is_runtime_thread = true;
    CHECK_THROWS_AS((void)in.recv(), ha::misuse_error);
    CHECK_THROWS_AS(in.join(), ha::misuse_error);
    CHECK_THROWS_AS(in.server().join(), ha::misuse_error);
  }).join();
}

TEST_CASE("messages can be taken one by one on the library's thread, without a receiver") {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<int> got;
  auto server = ha::serve_each<ping>(ha::channel_addr::any<ha::transport::unix_socket>(), [&](ping p) {
                  const std::lock_guard lock(mutex);
                  got.push_back(p.n);
                  changed.notify_all();
                }).value();
  auto tx = ha::dial<ping>(server.addr()).value();
  for (int i = 0; i < 100; ++i) tx.post(ping{i});
  {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, 20s, [&] { return got.size() == 100; }));
    for (int i = 0; i < 100; ++i) CHECK(got[static_cast<std::size_t>(i)] == i);
  }
  server.stop("done");
  server.join();
}

TEST_CASE("a codec that throws costs its message or its link, and nobody else notices [WIR-8][WIR-9][ACC-3]") {
  auto [addr, rx] = ha::serve<date, ha::transport::unix_socket>().value();
  auto good = ha::dial<date>(addr).value();
  auto bad = ha::dial<date>(addr).value();
  CHECK(good.send(date{"2024-02-29"}, asio::use_future).get().has_value());
  CHECK(bad.send(date{"never"}, asio::use_future).get().error() == ha::channel_error::closed);
  good.post(date{});  // logged
  CHECK(good.send(date{}, asio::use_future).get().error().message() ==
        "the message cannot be encoded: the codec threw: no date to write");
  CHECK(good.send(date{"2024-03-01"}, asio::use_future).get().has_value());
  CHECK(rx.recv().value().text == "2024-02-29");
  CHECK(rx.recv().value().text == "2024-03-01");
}

TEST_CASE("a function for each message that throws does no harm") {
  auto server = ha::serve_each<ping>(ha::channel_addr::any<ha::transport::unix_socket>(), [](ping p) {
                  if (p.n == 1) throw std::runtime_error("on purpose");
                  if (p.n == 2) throw 2;
                }).value();
  auto tx = ha::dial<ping>(server.addr()).value();
  for (int i = 0; i < 4; ++i) CHECK(tx.send(ping{i}, asio::use_future).get().has_value());
  server.stop("done");
  server.join();
}
