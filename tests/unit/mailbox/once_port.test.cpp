// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/once_port.hpp>

#include "support/local.hpp"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/bind_executor.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/io_context.hpp>
#include <asio/use_future.hpp>

namespace {

using namespace test;

struct picky {
  explicit picky(int v) : n(std::make_unique<int>(v)) {}
  std::unique_ptr<int> n;
};
static_assert(!std::is_default_constructible_v<ha::once_port_handle<int>> &&
              !std::is_copy_constructible_v<ha::once_port_handle<int>>);
static_assert(!std::is_default_constructible_v<ha::once_port_ref<int>> &&
              !std::is_copy_constructible_v<ha::once_port_ref<int>>);

}  // namespace

TEST_CASE("one message through a once port (test_mailbox_once) [ONC-1]") {
  local in;
  auto [port, rx] = in.client.open_once_port<picky>();
  port.post(in.client, picky(7));
  CHECK(*rx.recv_for(patience).value().n == 7);
  CHECK(rx.recv_for(patience).error() == ha::mailbox_error::closed);
  CHECK(rx.recv().error() == ha::mailbox_error::closed);
}

TEST_CASE("a timed wait for a reply may be tried again") {
  local in;
  auto [port, rx] = in.client.open_once_port<int>();
  CHECK(rx.recv_for(1ms).error() == ha::mailbox_error::timed_out);
  std::jthread poster([p = std::move(port), client = in.client]() mutable { p.post(client, 1); });
  CHECK(rx.recv_for(patience).value() == 1);
}

TEST_CASE("a once port that goes unanswered completes its receiver with reply_dropped [ONC-3]") {
  local in;
  auto opened = std::make_optional(in.client.open_once_port<int>());
  auto rx = std::move(opened->second);
  opened.reset();
  CHECK(rx.recv().error().what() == "hyperactor.mailbox.reply_dropped: the reply port was dropped without an answer");
  auto [again, again_rx] = in.client.open_once_port<int>();
  {
    auto moved = std::move(again);
    const auto ref = moved.bind();
  }
  CHECK(again_rx.recv_for(patience).error() == ha::mailbox_error::reply_dropped);
  auto [one, one_rx] = in.client.open_once_port<int>();
  auto [two, two_rx] = in.client.open_once_port<int>();
  one = std::move(two);
  {
    auto gone = std::move(one);
  }
  CHECK(two_rx.recv_for(patience).error() == ha::mailbox_error::reply_dropped);
}

TEST_CASE("a second post is a mistake, through the handle and through the reference [ONC-4]") {
  local in;
  auto [port, rx] = in.client.open_once_port<int>();
  port.post(in.client, 1);
  CHECK_THROWS_AS(port.post(in.client, 2), ha::misuse_error);
  CHECK(rx.recv_for(patience).value() == 1);
  auto [other, other_rx] = in.client.open_once_port<int>();
  auto ref = other.bind();
  CHECK_THROWS_AS(other.post(in.client, 2), ha::misuse_error);
  ref.post(in.client, 3);
  CHECK_THROWS_AS(ref.post(in.client, 4), ha::misuse_error);
  CHECK(other_rx.recv_for(patience).value() == 3);
}

TEST_CASE(
    "a serialized once port takes its answer by wire, once; the second has no port "
    "(test_mailbox_once_type_mismatch_preserves_sender_until_delivery) [ONC-2]") {
  local in;
  auto undelivered = in.client.undelivered();
  auto [port, rx] = in.client.open_once_port<int>();
  auto ref = port.bind();
  auto bytes = ha::any_value::encode(ref).value();
  CHECK_THROWS_AS(ref.post(in.client, 9), ha::misuse_error);  // the obligation went with the bytes
  auto copy = bytes;
  auto far = bytes.decode<ha::once_port_ref<int>>().value();
  auto twin = copy.decode<ha::once_port_ref<int>>().value();
  CHECK(rx.recv_for(1ms).error() == ha::mailbox_error::timed_out);
  far.post(in.client, 5);
  CHECK(rx.recv_for(patience).value() == 5);
  twin.post(in.client, 6);  // a late reply is counted and not returned
  CHECK_FALSE(undelivered.try_recv().has_value());
}

TEST_CASE("a serialized once port completes with closed when its client goes [CLI-1]") {
  auto in = std::make_optional<local>();
  auto [port, rx] = in->client.open_once_port<int>();
  auto bytes = ha::any_value::encode(port.bind()).value();
  in.reset();
  CHECK(rx.recv_for(patience).error() == ha::mailbox_error::closed);
}

TEST_CASE("async_recv of a once port, by future and callback, before and after the answer [ASY-2]") {
  local in;
  auto [port, rx] = in.client.open_once_port<int>();
  auto future = rx.async_recv(asio::use_future);
  CHECK(rx.recv_for(patience).error() == ha::mailbox_error::closed);  // the operation took it
  CHECK(rx.async_recv(asio::use_future).get().error() == ha::mailbox_error::closed);
  port.post(in.client, 1);
  CHECK(future.get().value() == 1);
  auto [second, second_rx] = in.client.open_once_port<int>();
  second.post(in.client, 2);
  CHECK(second_rx.async_recv(asio::use_future).get().value() == 2);
  auto third = [&] {
    auto opened = in.client.open_once_port<int>();
    return std::make_pair(std::move(opened.first), opened.second.async_recv(asio::use_future));
  }();
  third.first.post(in.client, 3);
  CHECK(third.second.get().value() == 3);
}

TEST_CASE("cancelling a receive on a once port whose value was taken changes nothing [ASY-3]") {
  local in;
  auto [port, rx] = in.client.open_once_port<int>();
  port.post(in.client, 1);
  CHECK(rx.async_recv(asio::use_future).get().value() == 1);
  asio::io_context io;
  asio::cancellation_signal cancel;
  ha::error how;
  rx.async_recv(asio::bind_cancellation_slot(
      cancel.slot(), asio::bind_executor(io.get_executor(), [&](const ha::result<int>& r) { how = r.error(); })));
  cancel.emit(asio::cancellation_type::terminal);
  io.run();
  CHECK(how == ha::mailbox_error::closed);
}

TEST_CASE("a cancelled wait for a reply completes once, and the reply is late [ASY-3]") {
  local in;
  auto [port, rx] = in.client.open_once_port<int>();
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
  const auto before = ha::detail::late_replies.load();
  port.post(in.client, 1);
  CHECK(ha::detail::late_replies.load() == before + 1);
}

TEST_CASE("answers and waits that race meet always [ONC-1]") {
  local in;
  for (int i = 0; i < 500; ++i) {
    auto [port, rx] = in.client.open_once_port<int>();
    std::jthread poster([p = std::move(port), client = in.client, i]() mutable {
      if (i % 3 != 0) p.post(client, i);
    });
    const auto r = rx.recv_for(i % 2 == 0 ? std::chrono::milliseconds(patience) : std::chrono::milliseconds(0));
    if (r.has_value()) {
      CHECK(r.value() == i);
    } else if (i % 2 == 0) {
      CHECK(r.error() == ha::mailbox_error::reply_dropped);
    }
  }
}

TEST_CASE(
    "a once port reference inside a message is one typed part, and plain bytes hold all of it "
    "(test_once_port_ref_serde_multipart_part_codec, test_once_port_ref_regular_serde_uses_repr)") {
  const auto addr = ha::port_addr::parse("b<2>.q<3>:7@tcp://127.0.0.1:1").value();
  const auto fresh = [&] { return ha::once_port_ref<int>::attest(addr); };  // the obligation goes with the bytes
  const auto parts = ha::wire::encode(fresh()).value();
  CHECK(parts.body.empty());
  REQUIRE(parts.parts.size() == 1);
  CHECK(parts.parts[0].is_typed);
  CHECK(parts.parts[0].typehash == ha::type_hash<ha::detail::once_port_repr>);
  const auto back = ha::wire::decode<ha::once_port_ref<int>>(parts).value();
  CHECK(ha::wire::encode(back).value().parts[0].bytes == parts.parts[0].bytes);

  const auto plain = ha::wire::encode_plain(fresh()).value();
  CHECK(plain == parts.parts[0].bytes);
  const auto again = ha::wire::decode_plain<ha::once_port_ref<int>>(plain.span()).value();
  CHECK(ha::wire::encode_plain(again).value() == plain);
  const auto repr = ha::wire::decode_plain<ha::detail::once_port_repr>(plain.span()).value();
  CHECK(repr.port_addr == addr);
  CHECK(ha::wire::decode_plain<ha::once_port_ref<int>>(plain.span().first(plain.size() - 1)).has_error());
}
