// SPDX-License-Identifier: BSD-3-Clause
#include "fixture.hpp"

#include <hyperactor/mailbox/dropped_reply.hpp>

#include <catch2/catch_test_macros.hpp>
#include <thread>

using namespace gateway_test;

namespace {

ha::channel_addr any_unix() { return ha::channel_addr::any<ha::transport::unix_socket>(); }

ha::port_addr port_at(const ha::channel_addr& addr) { return port_of({ha::proc_id::instance("p"), addr}); }

/// Accepts connections, reads nothing and says nothing.
class deaf_peer {
 public:
  deaf_peer() : addr_(any_unix()), acceptor_(io_) {
    std::string path(addr_.path());
    path.front() = '\0';
    acceptor_.open();
    acceptor_.bind(asio::local::stream_protocol::endpoint(path));
    acceptor_.listen();
  }
  [[nodiscard]] const ha::channel_addr& addr() const { return addr_; }
  /// Waits for the connection.
  void accept() { acceptor_.accept(peer_); }
  void hang_up() { peer_.close(); }

 private:
  ha::channel_addr addr_;
  asio::io_context io_;
  asio::local::stream_protocol::acceptor acceptor_;
  asio::local::stream_protocol::socket peer_{io_};
};

/// A reply that somebody owes.
class awaited final : public ha::detail::awaited_reply, public ha::detail::ref_counted<awaited> {
 public:
  explicit awaited(queue<std::string> lost) : lost_(std::move(lost)) {}
  void retain() const noexcept override { ref_counted::retain(); }
  void release() const noexcept override { ref_counted::release(); }
  void lose(ha::error reason) noexcept override { lost_.push(reason.what()); }

 private:
  queue<std::string> lost_;
};

queue<std::string> await_reply_from(const ha::channel_addr& addr) {
  queue<std::string> lost;
  ha::detail::pending_asks::instance().add(
      {ha::proc_id::instance("p"), addr},
      ha::detail::intrusive_ptr<ha::detail::awaited_reply>::adopt(new awaited(lost)));
  return lost;
}

}  // namespace

TEST_CASE(
    "messages of a channel that closes come back in posting order, with the address "
    "(test_mailbox_client_records_channel_closed_failure) [MCL-2]") {
  deaf_peer peer;
  auto client = ha::mailbox_client::dial(peer.addr()).value();
  returns back;
  for (std::uint64_t i = 0; i < 100; ++i) client.post_unchecked(envelope_for(port_at(peer.addr()), i), back.port());
  peer.accept();
  CHECK(back.empty());
  peer.hang_up();
  for (std::uint64_t i = 0; i < 100; ++i) {
    auto returned = back.next();
    REQUIRE(returned.as<std::uint64_t>().value() == i);
    REQUIRE(returned.root_failure()->reason() == ha::delivery_reason::channel_closed);
    REQUIRE(returned.root_failure()->channel() == peer.addr());
    REQUIRE(returned.root_failure()->reason_text() == "channel closed: " + peer.addr().to_string());
  }
  CHECK(client.is_closed());
  client.post_unchecked(envelope_for(port_at(peer.addr()), 100), back.port());
  CHECK(back.next().as<std::uint64_t>().value() == 100);
  CHECK(!flushed(client));
}

TEST_CASE("an address that nobody serves: dial failed, with the reason [MCL-1] [MCL-2]") {
  const ha::channel_addr nobody = any_unix();
  auto client = ha::mailbox_client::dial(nobody).value();
  returns back;
  client.post_unchecked(envelope_for(port_at(nobody), 1), back.port());
  auto returned = back.next();
  CHECK(returned.root_failure()->reason() == ha::delivery_reason::dial_failed);
  CHECK(returned.root_failure()->channel() == nobody);
  CHECK(!returned.root_failure()->detail_text().empty());

  const auto reserved = ha::channel_addr::local(ha::detail::next_local_number());
  auto refused = ha::mailbox_client::dial(reserved);  // local addresses are looked at (GW-11)
  REQUIRE(refused.has_error());
  CHECK(refused.error().message().find("channel closed") != std::string::npos);
}

TEST_CASE("a message that is too long comes back alone, and the channel goes on [MCL-3]") {
  const auto limit = ha::config::override_scoped<ha::config::codec_max_frame_length>(4096);
  fake_proc proc(ha::proc_id::instance("p"));
  ha::isolated_gateway lone;
  proc.attach(lone.network()).value();
  auto server = ha::mailbox_server::serve(any_unix(), proc.sender()).value();
  auto client = ha::mailbox_client::dial(server.addr()).value();
  returns back;
  const ha::actor_addr me = proc.actor("me");
  client.post_unchecked(envelope_for(proc.port(), 1), back.port());
  client.post_unchecked(ha::message_envelope::serialize(me, proc.port(), std::string(5000, 'x')).value(), back.port());
  client.post_unchecked(envelope_for(proc.port(), 2), back.port());
  CHECK(proc.next_value() == 1);
  CHECK(proc.next_value() == 2);
  auto returned = back.next();
  const auto* root = returned.root_failure();
  CHECK(root->reason() == ha::delivery_reason::oversized_frame);
  CHECK(root->frame_bytes() > 5000);
  CHECK(root->max_bytes() == 4096);
  CHECK(returned.as<std::string>().value().size() == 5000);
  CHECK_FALSE(client.is_closed());
  server.stop("bye");
}

TEST_CASE("who waits for a reply that is too long is told [MCL-6]") {
  const auto limit = ha::config::override_scoped<ha::config::codec_max_frame_length>(4096);
  fake_proc proc(ha::proc_id::instance("p"));
  ha::isolated_gateway lone;
  proc.attach(lone.network()).value();
  auto server = ha::mailbox_server::serve(any_unix(), proc.sender()).value();
  auto client = ha::mailbox_client::dial(server.addr()).value();
  returns back;
  const ha::actor_addr me = proc.actor("me");
  const auto asker = proc.actor("asker").port_addr(ha::port::ephemeral(1));
  auto reply = ha::message_envelope::serialize(me, asker, std::string(5000, 'x')).value();
  reply.set_return_undeliverable(false);  // as replies are
  client.post_unchecked(std::move(reply), back.port());
  auto told = proc.next();
  CHECK(told.dest() == asker);
  CHECK(told.as<ha::detail::reply_dropped>().value().why.find("max=4096") != std::string::npos);
  CHECK(back.empty());
  CHECK_FALSE(client.is_closed());
  server.stop("bye");
}

TEST_CASE("no acknowledgement within the delivery timeout: ack timed out [MCL-2]") {
  const auto limit = ha::config::override_scoped<ha::config::message_delivery_timeout>(30ms);
  deaf_peer peer;
  auto client = ha::mailbox_client::dial(peer.addr()).value();
  returns back;
  client.post_unchecked(envelope_for(port_at(peer.addr()), 1), back.port());
  auto returned = back.next();
  CHECK(returned.root_failure()->reason() == ha::delivery_reason::ack_timed_out);
  CHECK(returned.root_failure()->channel() == peer.addr());
}

TEST_CASE("a link that breaks ends the waits for replies from there, and is logged once [MCL-4]") {
  deaf_peer peer;
  log_lines log;
  auto client = ha::mailbox_client::dial(peer.addr()).value();
  returns back;
  auto lost = await_reply_from(peer.addr());
  auto others = await_reply_from(any_unix());
  client.post_unchecked(envelope_for(port_at(peer.addr()), 1), back.port());
  peer.accept();
  peer.hang_up();
  CHECK(lost.next().find("hyperactor.mailbox.peer_lost: connection to " + peer.addr().to_string() + " lost: ") == 0);
  CHECK(log.next_with("connection to " + peer.addr().to_string() + " lost: ").find("connection to ") == 0);
  CHECK(!back.empty());  // the better reason came first
  CHECK(!others.try_next());
}

TEST_CASE("dropping a client delivers what was posted, and loses no awaited reply [MCL-5]") {
  fake_proc proc(ha::proc_id::instance("p"));
  ha::isolated_gateway lone;
  proc.attach(lone.network()).value();
  auto server = ha::mailbox_server::serve(any_unix(), proc.sender()).value();
  queue<std::string> lost = await_reply_from(server.addr());
  returns back;
  {
    auto client = ha::mailbox_client::dial(server.addr()).value();
    for (std::uint64_t i = 0; i < 100; ++i) client.post_unchecked(envelope_for(proc.port(), i), back.port());
  }
  for (std::uint64_t i = 0; i < 100; ++i) REQUIRE(proc.next_value() == i);
  server.stop("bye");
  CHECK(server.join_for(20s).has_value());  // its peers are gone
  CHECK(back.empty());
  CHECK(!lost.try_next());
}

TEST_CASE("a flush waits for everything posted before it, from many threads [MBS-3]") {
  fake_proc proc(ha::proc_id::instance("p"));
  ha::isolated_gateway lone;
  proc.attach(lone.network()).value();
  auto server = ha::mailbox_server::serve(any_unix(), proc.sender()).value();
  auto client = ha::mailbox_client::dial(server.addr()).value();
  CHECK(!flushed(client));  // nothing to wait for
  std::vector<std::thread> threads;
  std::atomic<int> failures{0};
  for (std::uint64_t t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < 200; ++i) {
        client.post_unchecked(envelope_for(proc.port(), t), {});
        if (i % 20 == 0 && flushed(client)) ++failures;
      }
    });
  }
  for (auto& t : threads) t.join();
  CHECK(failures == 0);
  CHECK(!flushed(client));
  int count = 0;
  while (proc.try_next()) ++count;
  CHECK(count == 600);
  server.stop("bye");
}

TEST_CASE("a value of this process that goes out by wire after all is encoded on the way") {
  fake_proc proc(ha::proc_id::instance("p"));
  ha::isolated_gateway lone;
  proc.attach(lone.network()).value();
  auto server = ha::mailbox_server::serve(any_unix(), proc.sender()).value();
  auto client = ha::mailbox_client::dial(server.addr()).value();
  static std::uint64_t value = 17;
  static const ha::detail::local_payload_operations operations{
      [](void*) noexcept {},
      [](void* p) noexcept { return p; },
      [](void* p) { return ha::any_value::encode(*static_cast<std::uint64_t*>(p)); },
      "u64",
      ha::type_hash<std::uint64_t>,
      ha::detail::type_id<std::uint64_t>()};
  client.post_unchecked(
      ha::message_envelope(proc.actor("me"), proc.port(), ha::detail::local_payload(&value, operations)), {});
  CHECK(proc.next_value() == 17);

  static const ha::detail::local_payload_operations stays{[](void*) noexcept {},
                                                          [](void* p) noexcept { return p; },
                                                          nullptr,
                                                          "secret",
                                                          0,
                                                          ha::detail::type_id<std::uint64_t>()};
  returns back;
  client.post_unchecked(ha::message_envelope(proc.actor("me"), proc.port(), ha::detail::local_payload(&value, stays)),
                        back.port());
  auto returned = back.next();
  CHECK(returned.root_failure()->reason() == ha::delivery_reason::link_unavailable);
  CHECK(returned.root_failure()->detail_text().find("secret cannot travel") != std::string::npos);
  CHECK(returned.as<std::uint64_t>().value() == 17);
  server.stop("bye");
}
