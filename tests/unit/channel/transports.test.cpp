// SPDX-License-Identifier: BSD-3-Clause
// What is particular to each transport, and transports of users.

#include <hyperactor/channel.hpp>

#include <support/raw_peer.hpp>

#include <asio/use_future.hpp>
#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <mutex>

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace {

using number = std::uint64_t;
const auto is_closed = [](const ha::channel_status& s) { return s.is_closed(); };

struct directory {
  std::string path;
  directory() {
    char name[] = "/tmp/hyperactor-test-XXXXXX";
    path = ::mkdtemp(name);
  }
  ~directory() { ::rmdir(path.c_str()); }
};
bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

// A user's own transport: tcp that loses every third write.
struct leaky_stream : asio::ip::tcp::socket {
  explicit leaky_stream(asio::ip::tcp::socket s) : asio::ip::tcp::socket(std::move(s)) {}

  template <class Buffers, class Handler> void async_write_some(const Buffers& buffers, Handler&& h) {
    if (++writes_ % 3 != 0) return asio::ip::tcp::socket::async_write_some(buffers, std::forward<Handler>(h));
    asio::post(get_executor(), [h = std::forward<Handler>(h), n = asio::buffer_size(buffers)]() mutable { h({}, n); });
  }

 private:
  int writes_ = 0;
};
struct leaky_tcp : ha::transport::layered<ha::transport::tcp, leaky_stream> {};
static_assert(ha::transport_policy<leaky_tcp>);

static_assert(ha::transport_policy<ha::transport::tcp> && ha::transport_policy<ha::transport::unix_socket> &&
              ha::transport_policy<ha::transport::local>);
static_assert(!ha::transport_policy<int> && !ha::transport_policy<leaky_stream>);

}  // namespace

TEST_CASE("a transport is fixed at compile time, its address is its own spelling") {
  auto [tcp_addr, tcp_rx] = ha::serve<number, ha::transport::tcp>("127.0.0.1:0").value();
  CHECK(tcp_addr.to_string().starts_with("tcp:127.0.0.1:"));
  CHECK(tcp_addr.port() != 0);
  auto [v6_addr, v6_rx] = ha::serve<number, ha::transport::tcp>("[::1]:0").value();
  CHECK(v6_addr.to_string().starts_with("tcp:[::1]:"));
  auto v6_tx = ha::dial<number>(v6_addr).value();
  CHECK(v6_tx.send(1, asio::use_future).get().has_value());
  auto [unix_addr, unix_rx] = ha::serve<number, ha::transport::unix_socket>("@hyperactor-own-spelling").value();
  CHECK(unix_addr.to_string() == "unix:@hyperactor-own-spelling");
  auto [local_addr, local_rx] = ha::serve<number, ha::transport::local>("0").value();
  CHECK(local_addr.number() != 0);
  auto [any_addr, any_rx] = ha::serve<number, ha::transport::tcp>().value();
  CHECK(any_addr.port() != 0);
  auto [by_addr, by_rx] = ha::serve<number>(ha::channel_addr::any<ha::transport::local>()).value();
  CHECK(by_addr.which() == ha::channel_addr::kind::local);
}

TEST_CASE("addresses that are none are refused") {
  for (const char* text :
       {"", "nonsense", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "localhost:1", "1.2.3.4.5:1", "[::1:1", ":1"}) {
    CAPTURE(text);
    CHECK(ha::serve<number, ha::transport::tcp>(text).error() == ha::channel_error::invalid_address);
  }
  CHECK(ha::serve<number, ha::transport::local>("x").error() == ha::channel_error::invalid_address);
  const auto tls = ha::channel_addr::parse("tls:h:443").value();
  CHECK(ha::serve<number>(tls).error().message() == "no transport of the table takes tls:h:443");
  CHECK(ha::dial<number>(tls).error() == ha::channel_error::invalid_address);
  const std::string endless(200, 'p');
  const auto too_long = ha::serve<number, ha::transport::unix_socket>("/tmp/" + endless);
  REQUIRE(too_long.has_error());
  CHECK(too_long.error() == ha::channel_error::invalid_address);
  CHECK(too_long.error().message().ends_with("is 205 bytes long; at most 107 are possible"));
  CHECK(ha::dial<number>(ha::channel_addr::unix_socket("/tmp/" + endless)).error() ==
        ha::channel_error::invalid_address);
  CHECK(ha::serve<number, ha::transport::unix_socket>("/nonexistent/dir/s").error() ==
        ha::channel_error::listen_failed);
  CHECK(ha::serve<number, ha::transport::tcp>("192.0.2.1:0").error() == ha::channel_error::listen_failed);
}

TEST_CASE("an alias is bound at one address and known by another (test_serve_alias_advertises_dial_to)") {
  auto [port_of, first] = ha::serve<number, ha::transport::tcp>("127.0.0.1:0").value();
  const auto free_port = port_of;
  first.join();
  const auto alias = ha::channel_addr::alias(free_port, free_port);
  auto [addr, rx] = ha::serve<number>(alias).value();
  CHECK(addr == free_port);
  auto tx = ha::dial<number>(alias).value();
  CHECK(tx.addr() == free_port);
  CHECK(tx.send(1, asio::use_future).get().has_value());
}

TEST_CASE("a socket file is made, refused while it is served, and removed at the end [UNX-1][UNX-2]") {
  const directory dir;
  const std::string path = dir.path + "/s";
  {
    auto [addr, rx] = ha::serve<number, ha::transport::unix_socket>(path).value();
    CHECK(addr.path() == path);
    CHECK(exists(path));
    CHECK(ha::serve<number, ha::transport::unix_socket>(path).error() == ha::channel_error::address_in_use);
    auto tx = ha::dial<number>(addr).value();
    CHECK(tx.send(1, asio::use_future).get().has_value());
    rx.join();
    CHECK_FALSE(exists(path));
  }
  {
    const raw::listener stale(ha::channel_addr::unix_socket(path));
  }
  CHECK(exists(path));  // nobody listens
  auto [addr, rx] = ha::serve<number, ha::transport::unix_socket>(path).value();
  auto tx = ha::dial<number>(addr).value();
  CHECK(tx.send(2, asio::use_future).get().has_value());
  rx.join();
  CHECK_FALSE(exists(path));
}

TEST_CASE("a file that is no socket, or that took the place of ours, stays [UNX-1][UNX-2]") {
  const directory dir;
  const std::string path = dir.path + "/s";
  std::fclose(std::fopen(path.c_str(), "w"));
  CHECK(ha::serve<number, ha::transport::unix_socket>(path).error() == ha::channel_error::address_in_use);
  CHECK(exists(path));
  ::unlink(path.c_str());
  auto [addr, rx] = ha::serve<number, ha::transport::unix_socket>(path).value();
  ::unlink(path.c_str());
  std::fclose(std::fopen(path.c_str(), "w"));
  rx.join();
  CHECK(exists(path));
  ::unlink(path.c_str());
}

TEST_CASE(
    "local numbers: any, chosen, taken, free again (test_public_local_dial_serve, test_public_local_drop, "
    "test_reserved_local_addr_can_be_served) [LCL-1][LCL-2]") {
  auto [addr, rx] = ha::serve<number, ha::transport::local>().value();
  CHECK(ha::serve<number>(addr).error().message() == "local addr already bound: " + std::to_string(addr.number()));
  const auto reserved = ha::channel_addr::local(ha::detail::next_local_number());
  const auto nobody = ha::dial<number>(reserved);
  CHECK(nobody.error() == ha::channel_error::connect_failed);
  CHECK(nobody.error().message().starts_with("channel closed: "));
  auto served = ha::serve<number>(reserved).value();
  CHECK(served.addr == reserved);
  auto tx = ha::dial<number>(reserved).value();
  CHECK(tx.send(1, asio::use_future).get().has_value());
  served.rx.join();
  CHECK(ha::dial<number>(reserved).error() == ha::channel_error::connect_failed);
  CHECK(ha::serve<number>(reserved).has_value());
  const auto chosen = ha::channel_addr::local(1'000'000);
  auto far = ha::serve<number>(chosen).value();
  CHECK(ha::detail::next_local_number() > 1'000'000);  // the allocator moved past it
}

TEST_CASE(
    "a congestion control that there is not is an error that names it "
    "(apply_tcp_congestion_rejects_unknown_algorithm)") {
  auto [addr, rx] = ha::serve<number, ha::transport::tcp>("127.0.0.1:0").value();
  const auto set = ha::config::override_scoped<ha::config::channel_tcp_congestion>("no_such_algorithm");
  auto tx = ha::dial<number>(addr).value();
  const auto sent = tx.send(1, asio::use_future).get();
  CHECK(sent.error() == ha::channel_error::connect_failed);
  CHECK(sent.error().message().find("'no_such_algorithm' (CHANNEL_TCP_CONGESTION)") != std::string::npos);
  CHECK(sent.error().message().find("allowed: ") != std::string::npos);
}

TEST_CASE(
    "the congestion control of the configuration is that of the socket "
    "(apply_tcp_congestion_sets_congestion_control)") {
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  asio::ip::tcp::socket s(io);
  s.connect(acceptor.local_endpoint());
  const auto now = [&] {
    char name[16] = {};
    socklen_t size = sizeof name;
    REQUIRE(::getsockopt(s.native_handle(), IPPROTO_TCP, TCP_CONGESTION, name, &size) == 0);
    return std::string(name);
  };
  const std::string before = now();
  REQUIRE(ha::detail::prepare_tcp_socket(s).has_value());
  CHECK(now() == before);  // unset: the system's choice
  const auto set = ha::config::override_scoped<ha::config::channel_tcp_congestion>("reno");
  REQUIRE(ha::detail::prepare_tcp_socket(s).has_value());
  CHECK(now() == "reno");
}

TEST_CASE("a user's own transport joins the table, and what it loses comes back") {
  auto [addr, rx] = ha::serve<number, ha::transport::tcp>("127.0.0.1:0").value();
  auto tx = ha::dial<number, ha::transports<leaky_tcp, ha::transport::local>>(addr).value();
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<number> back;
  const auto hook = [&](number n, const ha::error&) {
    const std::lock_guard lock(mutex);
    back.push_back(n);
    changed.notify_all();
  };
  CHECK(tx.send(0, asio::use_future).get().has_value());
  CHECK(tx.send(1, asio::use_future).get().has_value());
  tx.post(2, hook);  // the third write, which is lost
  number next = 3;
  while (!tx.status().wait_for(is_closed, 1ms)) tx.post(next++, hook);
  CHECK(tx.status().get().reason() == ha::close_reason::sequence_mismatch);
  std::unique_lock lock(mutex);
  REQUIRE(changed.wait_for(lock, 20s, [&] { return back.size() == next - 2; }));  // the late ones come last
  for (number i = 2; i < next; ++i) CHECK(back[i - 2] == i);
  CHECK(rx.drain() == std::vector<number>{0, 1});
}

TEST_CASE("the first transport of a table that accepts an address is taken") {
  auto [addr, rx] =
      ha::serve<number, ha::transports<leaky_tcp, ha::transport::tcp>>(ha::channel_addr::any<leaky_tcp>()).value();
  auto tx = ha::dial<number>(addr).value();
  CHECK(tx.send(0, asio::use_future).get().has_value());
}

TEST_CASE("a message for a server whose backlog is full waits until there is room [UNX-3]") {
  const auto addr = ha::channel_addr::any<ha::transport::unix_socket>();
  const raw::socket_address to(addr);
  const int full = ::socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(::bind(full, to.get(), to.size) == 0);
  REQUIRE(::listen(full, 0) == 0);  // room for one
  const raw::connection first(addr);
  auto tx = ha::dial<std::uint64_t>(addr).value();
  auto sent = tx.send(7, asio::use_future);
  std::promise<void> tried;
  ha::detail::post_to(ha::detail::reactor::instance().context(), [&] { tried.set_value(); });
  tried.get_future().wait();
  const raw::connection other(::accept(full, nullptr, nullptr));
  raw::connection ours(::accept(full, nullptr, nullptr));
  ours.send(raw::ack(0));
  CHECK(sent.get().has_value());
  ::close(full);
}

TEST_CASE("a backlog that stays full is a connection that does not come about in time [UNX-3]") {
  const auto soon = ha::config::override_scoped<ha::config::channel_reconnect_timeout>(50ms);
  const auto addr = ha::channel_addr::any<ha::transport::unix_socket>();
  const raw::socket_address to(addr);
  const int full = ::socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(::bind(full, to.get(), to.size) == 0);
  REQUIRE(::listen(full, 0) == 0);
  const raw::connection first(addr);
  auto tx = ha::dial<std::uint64_t>(addr).value();
  CHECK(tx.send(7, asio::use_future).get().error() == ha::channel_error::connect_timed_out);
  ::close(full);
}
