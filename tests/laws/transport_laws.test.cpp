// SPDX-License-Identifier: BSD-3-Clause
// The laws of channels, run over every transport.

#include <hyperactor/channel.hpp>

#include <asio/use_future.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace laws {
struct blob {
  std::uint64_t seq;
  std::string text;
};
}  // namespace laws

namespace {

using laws::blob;

/// A transport of a user: tcp whose streams do nothing special.
struct plain_stream : asio::ip::tcp::socket {
  explicit plain_stream(asio::ip::tcp::socket s) : asio::ip::tcp::socket(std::move(s)) {}
};
struct plain_layer : ha::transport::layered<ha::transport::tcp, plain_stream> {};

/// A transport of a user: what is written goes out in small pieces, what is read comes in small pieces.
struct dribble_stream : asio::local::stream_protocol::socket {
  using base = asio::local::stream_protocol::socket;
  explicit dribble_stream(base s) : base(std::move(s)) {}
  template <class Handler> void async_read_some(const asio::mutable_buffer& b, Handler&& h) {
    base::async_read_some(asio::buffer(b, 7), std::forward<Handler>(h));
  }
  template <class Buffers, class Handler> void async_write_some(const Buffers& buffers, Handler&& h) {
    for (const asio::const_buffer& b : buffers) {
      if (b.size() != 0) return base::async_write_some(asio::buffer(b, 5), std::forward<Handler>(h));
    }
    base::async_write_some(buffers, std::forward<Handler>(h));
  }
};
struct dribble : ha::transport::layered<ha::transport::unix_socket, dribble_stream> {};

static_assert(ha::transport_policy<plain_layer> && ha::transport_policy<dribble>);

template <class Transport, class M> auto dial(const ha::channel_addr& addr) {
  return ha::dial<M, ha::transports<Transport>>(addr).value();
}
const auto is_closed = [](const ha::channel_status& s) { return s.is_closed(); };

}  // namespace

#define FOR_ALL_TRANSPORTS ha::transport::tcp, ha::transport::unix_socket, ha::transport::local, plain_layer

TEMPLATE_TEST_CASE("post, then receive (test_dial_serve, test_tcp_basic, test_unix_basic) [CTX-1][TRN-1]", "",
                   FOR_ALL_TRANSPORTS, dribble) {
  auto [addr, rx] = ha::serve<std::uint64_t, TestType>().value();
  CHECK(addr == rx.addr());
  auto tx = dial<TestType, std::uint64_t>(addr);
  CHECK(tx.addr() == addr);
  CHECK(tx.status().get().is_active());
  for (std::uint64_t i = 0; i < 5; ++i) tx.post(i);
  for (std::uint64_t i = 0; i < 5; ++i) CHECK(rx.recv_for(10s).value() == i);
  CHECK(tx.status().get().is_active());
}

TEMPLATE_TEST_CASE("10,000 messages arrive in order, once (test_ack_every_n_messages) [CTX-2][ACC-1]", "",
                   FOR_ALL_TRANSPORTS) {
  auto [addr, rx] = ha::serve<blob, TestType>().value();
  auto tx = dial<TestType, blob>(addr);
  for (std::uint64_t i = 0; i < 10000; ++i) tx.post(blob{i, std::string(i % 97, 'x')});
  auto last = tx.send(blob{10000, {}}, asio::use_future);
  for (std::uint64_t i = 0; i <= 10000; ++i) {
    const blob b = rx.recv_for(10s).value();
    REQUIRE(b.seq == i);
    REQUIRE(b.text.size() == (i == 10000 ? 0 : i % 97));
  }
  CHECK(last.get().has_value());
  CHECK(tx.status().get().is_active());
}

TEMPLATE_TEST_CASE("small and large messages keep their order [BAT-1][BAT-2]", "", FOR_ALL_TRANSPORTS) {
  auto [addr, rx] = ha::serve<blob, TestType>().value();
  auto tx = dial<TestType, blob>(addr);
  const std::size_t sizes[] = {10, 20000, 0, 300000, 1, 16384, 5000000, 3};
  std::uint64_t n = 0;
  for (const std::size_t size : sizes) tx.post(blob{n++, std::string(size, static_cast<char>('a' + n))});
  n = 0;
  for (const std::size_t size : sizes) {
    const blob b = rx.recv_for(10s).value();
    CHECK(b.seq == n++);
    CHECK(b.text == std::string(size, static_cast<char>('a' + n)));
  }
}

TEMPLATE_TEST_CASE("a send completes when it is acknowledged (test_send)", "", FOR_ALL_TRANSPORTS, dribble) {
  auto [addr, rx] = ha::serve<std::uint64_t, TestType>().value();
  auto tx = dial<TestType, std::uint64_t>(addr);
  for (std::uint64_t i = 0; i < 20; ++i) CHECK(tx.send(i, asio::use_future).get().has_value());
  CHECK(rx.drain().size() == 20);  // acknowledged means: it stands in the receiver's queue
}

TEMPLATE_TEST_CASE("100 dialers with one message each all arrive (test_multiple_connections)", "", FOR_ALL_TRANSPORTS) {
  auto [addr, rx] = ha::serve<std::uint64_t, TestType>().value();
  for (std::uint64_t i = 0; i < 100; ++i) dial<TestType, std::uint64_t>(addr).post(i);  // dropped at once [CTX-4]
  std::vector<bool> seen(100);
  for (int i = 0; i < 100; ++i) seen[rx.recv_for(10s).value()] = true;
  CHECK(seen == std::vector<bool>(100, true));
}

TEMPLATE_TEST_CASE("threads that share a transmitter keep their own order [CTX-2]", "", FOR_ALL_TRANSPORTS) {
  auto [addr, rx] = ha::serve<blob, TestType>().value();
  const auto tx = dial<TestType, blob>(addr);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&tx, t] {
      for (std::uint64_t i = 0; i < 500; ++i) tx.post(blob{i, std::to_string(t)});
    });
  }
  std::uint64_t next[4] = {};
  for (int i = 0; i < 2000; ++i) {
    const blob b = rx.recv_for(10s).value();
    REQUIRE(b.seq == next[std::stoul(b.text)]++);
  }
  for (auto& t : threads) t.join();
}

TEMPLATE_TEST_CASE("stopping the server closes the transmitter (test_stop_net_tx_after_stopping_net_rx) [ACC-2][CST-1]",
                   "", FOR_ALL_TRANSPORTS) {
  auto [addr, rx] = ha::serve<std::uint64_t, TestType>().value();
  auto tx = dial<TestType, std::uint64_t>(addr);
  CHECK(tx.send(7, asio::use_future).get().has_value());
  rx.stop("bye");
  rx.join();
  REQUIRE(tx.status().wait_for(is_closed, 10s));
  CHECK(tx.status().get().reason() == ha::close_reason::other);
  CHECK(tx.status().get().error().message().ends_with(": server closed"));
  // what had arrived is received, then comes the end [CRX-1]
  CHECK(rx.recv_for(10s).value() == 7);
  CHECK(rx.recv().error() == ha::channel_error::closed);
  CHECK(rx.recv_for(1ms).error().message() == "channel closed: bye");
  // a later message comes back with the reason
  const auto late = tx.send(8, asio::use_future).get();
  CHECK(late.error() == ha::channel_error::closed);
  CHECK(late.error().message().ends_with(": server closed"));
}

TEMPLATE_TEST_CASE("dropping the receiver closes the transmitter (test_server_close) [CRX-2]", "", FOR_ALL_TRANSPORTS) {
  auto served = std::make_unique<ha::served_channel<std::uint64_t>>(ha::serve<std::uint64_t, TestType>().value());
  auto tx = dial<TestType, std::uint64_t>(served->addr);
  CHECK(tx.send(1, asio::use_future).get().has_value());
  const auto server = served->rx.server();
  served.reset();
  CHECK(tx.status().wait_for(is_closed, 10s));
  CHECK(server.join_for(10s));
  std::promise<std::pair<std::uint64_t, ha::error>> returned;
  tx.post(2, [&](std::uint64_t m, const ha::error& why) { returned.set_value({m, why}); });
  const auto [m, why] = returned.get_future().get();
  CHECK(m == 2);
  CHECK(why == ha::channel_error::closed);
}

TEMPLATE_TEST_CASE("an address can be served once, and again after the end", "", FOR_ALL_TRANSPORTS) {
  auto first = ha::serve<std::uint64_t, TestType>().value();
  using table = ha::transports<TestType>;
  const auto second = ha::serve<std::uint64_t, table>(first.addr);
  REQUIRE(second.has_error());
  CHECK(second.error() == ha::channel_error::address_in_use);
  first.rx.join();
  auto again = ha::serve<std::uint64_t, table>(first.addr);
  REQUIRE(again.has_value());
  CHECK(again->addr == first.addr);
  auto tx = dial<TestType, std::uint64_t>(again->addr);
  tx.post(5);
  CHECK(again->rx.recv_for(10s).value() == 5);
}

TEMPLATE_TEST_CASE("a slow receiver holds the senders back and loses nothing [CRX-3]", "", FOR_ALL_TRANSPORTS) {
  auto [addr, rx] = ha::serve<std::uint64_t, TestType>().value();
  auto tx = dial<TestType, std::uint64_t>(addr);
  constexpr std::uint64_t count = 60000;
  for (std::uint64_t i = 0; i < count; ++i) tx.post(i);
  auto last = tx.send(count, asio::use_future);
  CHECK(last.wait_for(0s) == std::future_status::timeout);
  for (std::uint64_t i = 0; i <= count; ++i) REQUIRE(rx.recv_for(10s).value() == i);
  CHECK(last.get().has_value());
}
