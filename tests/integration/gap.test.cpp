// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/hyperactor.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <vector>

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace gap_test {

struct take {
  std::vector<std::uint8_t> bytes;
};
struct unknown {
  std::uint8_t value;
};
struct who {
  ha::once_port_ref<std::int32_t> reply;
};
struct taker {
  using handlers = ha::handlers<take, who>;
  using exports = ha::exports<take, who>;
  void handle(ha::context<taker>&, take) {}
  void handle(ha::context<taker>& cx, who m) { m.reply.post(cx, 1); }
};
struct wishful : ha::behavior<"wishful", take, unknown, who> {};

struct fixture {
  ha::config::override_guard small = ha::config::override_scoped<ha::config::codec_max_frame_length>(100000);
  ha::proc a = ha::proc::direct(ha::channel_addr::any<ha::transport::unix_socket>(), "a").value();
  ha::proc b = ha::proc::direct(ha::channel_addr::any<ha::transport::unix_socket>(), "b").value();
  ha::actor_handle<taker> actor = b.spawn(taker{});
  ha::actor_ref<taker> ref = actor.bind();
  ha::client client = a.client("main");
};

}  // namespace gap_test

using namespace gap_test;

TEST_CASE_METHOD(fixture, "what follows an oversized message still arrives [ARH-1]") {
  auto returned = client.undelivered();
  CHECK(ha::ask<who>(client, ref).recv_for(20s).has_value());
  ref.post(client, take{std::vector<std::uint8_t>(200000)});
  CHECK(returned.recv_for(20s).has_value());
  CHECK(ha::ask<who>(client, ref).recv_for(20s).has_value());
}

TEST_CASE_METHOD(fixture, "what follows a message that the actor refuses still arrives [ARH-1]") {
  auto returned = client.undelivered();
  const auto other = ha::actor_ref<wishful>::attest(ref.addr());
  other.post(client, unknown{1});
  CHECK(returned.recv_for(20s).value().error_message().find("handler not bound") != std::string::npos);
  CHECK(ha::ask<who>(client, other).recv_for(20s).has_value());
}

TEST_CASE_METHOD(fixture, "what follows an oversized message to a port still arrives [PHN-3]") {
  auto returned = client.undelivered();
  ha::client receiving = b.client("receiving");
  auto [handle, rx] = receiving.open_port<std::vector<std::uint8_t>>();
  const auto port = ha::port_ref<std::vector<std::uint8_t>>::attest(handle.bind().port_addr());
  port.post(client, std::vector<std::uint8_t>{1});
  port.post(client, std::vector<std::uint8_t>(200000));
  port.post(client, std::vector<std::uint8_t>{2});
  CHECK(returned.recv_for(20s).has_value());
  CHECK(rx.recv_for(20s).value() == std::vector<std::uint8_t>{1});
  CHECK(rx.recv_for(20s).value() == std::vector<std::uint8_t>{2});
}

TEST_CASE_METHOD(fixture, "what follows a message that a port refuses still arrives [PHN-3]") {
  auto returned = client.undelivered();
  ha::client receiving = b.client("receiving");
  auto [handle, rx] = receiving.open_port<std::uint8_t>();
  const ha::port_addr addr = handle.bind().port_addr();
  ha::port_ref<unknown>::attest(addr).post(client, unknown{1});
  ha::port_ref<std::uint8_t>::attest(addr).post(client, std::uint8_t{2});
  CHECK(returned.recv_for(20s).value().error_message().find("protocol mismatch") != std::string::npos);
  CHECK(rx.recv_for(20s).value() == 2);
}
