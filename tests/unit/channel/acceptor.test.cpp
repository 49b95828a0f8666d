// SPDX-License-Identifier: BSD-3-Clause
// The serving end against peers made by hand.

#include <hyperactor/channel/dial.hpp>
#include <hyperactor/channel/serve.hpp>

#include <support/json.hpp>
#include <support/raw_peer.hpp>

#include <asio/use_future.hpp>
#include <catch2/catch_test_macros.hpp>

namespace ha = hyperactor;
using namespace std::chrono_literals;
using raw::operator+;

namespace {

using number = std::uint64_t;

auto serve_numbers() { return ha::serve<number, ha::transport::unix_socket>().value(); }

/// The log is not part of these tests.
struct quiet {
  ha::log::scoped_sink sink{[](ha::log::severity, std::string_view) {}};
};

raw::bytes to_raw(const std::vector<unsigned char>& b) { return b; }

}  // namespace

TEST_CASE("recorded streams of the original get the answers of the original [ACC-1][ACC-3][FRM-2]") {
  const quiet q;
  const json::value root = json::load_vectors("link-capture.json");
  std::size_t count = 0;
  for (const json::value& c : root["groups"]["simplex-errors"].items()) {
    const std::string name = c["name"].text();
    CAPTURE(name);
    ++count;
    auto [addr, rx] = serve_numbers();
    raw::connection peer(addr);
    peer.send(to_raw(c["initiator_to_acceptor"].bytes()));
    peer.finish_sending();
    const raw::answers got(peer.read_all());
    const raw::answers expected(to_raw(c["acceptor_to_initiator"].bytes()));
    CHECK(got.has_ack == expected.has_ack);
    CHECK(got.ack == expected.ack);  // the moments of acknowledgements are not meaningful, the last one is
    CHECK(got.acks_rise);
    CHECK(raw::to_hex(got.others) == raw::to_hex(expected.others));
    const auto delivered = rx.drain();
    CHECK(delivered.size() == (expected.has_ack ? expected.ack + 1 : 0));
  }
  CHECK(count >= 10);
}

TEST_CASE("recorded sessions of the original are served byte for byte up to the moments of acks") {
  const json::value root = json::load_vectors("link-capture.json");
  for (const json::value& c : root["groups"]["simplex"].items()) {
    const std::string name = c["name"].text();
    if (c["message_type"].text() != "u64") continue;
    CAPTURE(name);
    auto [addr, rx] = serve_numbers();
    raw::connection peer(addr);
    peer.send(to_raw(c["initiator_to_acceptor"].bytes()));
    std::vector<number> values;
    for (const json::value& piece : c["initiator_to_acceptor_split"].items()) {
      if (piece["kind"].text() != "data") continue;
      number v = 0;
      const auto body = piece["message_body"].bytes();
      for (std::size_t i = 8; i-- > 0;) v = v << 8 | body[i];
      values.push_back(v);
    }
    for (const number v : values) CHECK(rx.recv_for(10s).value() == v);
    rx.stop("done");
    rx.join();
    const raw::answers got(peer.read_all());
    CHECK(got.ack + 1 == values.size());
    CHECK(got.others == raw::closed());
  }
}

TEST_CASE(
    "a gap is rejected (test_server_rejects_conn_on_out_of_sequence_message) and the session is forgotten [ACC-2]") {
  auto [addr, rx] = serve_numbers();
  raw::connection peer(addr);
  peer.send(raw::simplex_init(1) + raw::number_frame(0, 100) + raw::number_frame(1, 101) + raw::number_frame(3, 103));
  const raw::answers got(peer.read_all());
  CHECK(got.ack == 1);
  CHECK(got.others == raw::reject("out-of-sequence message, expected seq 2, got 3"));
  CHECK(rx.drain() == std::vector<number>{100, 101});
  raw::connection again(addr);
  again.send(raw::simplex_init(1) + raw::number_frame(2, 102));
  CHECK(raw::answers(again.read_all()).others == raw::reject("out-of-sequence message, expected seq 0, got 2"));
}

TEST_CASE("a session goes on over a second link, without duplicates (test_persistent_server_session) [ACC-1][ACC-4]") {
  auto [addr, rx] = serve_numbers();
  {
    raw::connection peer(addr);
    peer.send(raw::simplex_init(9));
    for (number i = 0; i < 4; ++i) peer.send(raw::number_frame(i, 10 + i));
    peer.finish_sending();
    CHECK(raw::answers(peer.read_all()).ack == 3);
  }
  raw::connection peer(addr);
  peer.send(raw::simplex_init(9));
  for (number i = 2; i < 6; ++i) peer.send(raw::number_frame(i, 10 + i));
  peer.finish_sending();
  const raw::answers got(peer.read_all());
  CHECK(got.ack == 5);
  CHECK(got.acks_rise);
  CHECK(rx.drain() == std::vector<number>{10, 11, 12, 13, 14, 15});
}

TEST_CASE("a message that came again is acknowledged again [ACC-4]") {
  auto [addr, rx] = serve_numbers();
  raw::connection peer(addr);
  peer.send(raw::simplex_init(1) + raw::number_frame(0, 5));
  CHECK(peer.read_frame() == raw::ack(0));
  peer.send(raw::number_frame(0, 5));
  CHECK(peer.read_frame() == raw::ack(0));
  CHECK(rx.drain() == std::vector<number>{5});
}

TEST_CASE("a second link of a session is served after the first has ended") {
  auto [addr, rx] = serve_numbers();
  raw::connection first(addr);
  first.send(raw::simplex_init(4) + raw::number_frame(0, 1));
  CHECK(first.read_frame() == raw::ack(0));
  raw::connection second(addr);
  second.send(raw::simplex_init(4) + raw::number_frame(2, 3));
  first.send(raw::number_frame(1, 2));
  CHECK(first.read_frame() == raw::ack(1));
  first.close();
  CHECK(second.read_frame() == raw::ack(2));
  CHECK(rx.drain() == std::vector<number>{1, 2, 3});
}

TEST_CASE(
    "stop and join flush the pending acknowledgements (rx_join_flushes_pending_ack_single_stream, test_ack_flush) "
    "[ACC-2]") {
  const auto lazily = ha::config::override_scoped<ha::config::message_ack_when_idle>(false);
  const auto seldom = ha::config::override_scoped<ha::config::message_ack_every_n_messages>(1000000);
  const auto slowly = ha::config::override_scoped<ha::config::message_ack_time_interval>(24h);
  auto [addr, rx] = serve_numbers();
  std::vector<raw::connection> peers;
  for (number s = 0; s < 3; ++s) {
    peers.emplace_back(addr).send(raw::simplex_init(s));
    for (number i = 0; i <= s; ++i) peers.back().send(raw::number_frame(i, i));
  }
  auto tx = ha::dial<number>(addr).value();
  auto sent = tx.send(9, asio::use_future);
  for (int i = 0; i < 7; ++i) CHECK(rx.recv_for(10s).has_value());
  CHECK(sent.wait_for(0s) == std::future_status::timeout);
  rx.stop("bye");
  rx.join();
  for (number s = 0; s < 3; ++s) CHECK(peers[s].read_all() == raw::ack(s) + raw::closed());
  CHECK(sent.get().has_value());
}

TEST_CASE("acknowledgements come every n messages (test_ack_from_server_session) [ACK-1]") {
  const auto lazily = ha::config::override_scoped<ha::config::message_ack_when_idle>(false);
  const auto slowly = ha::config::override_scoped<ha::config::message_ack_time_interval>(24h);
  const auto n = ha::config::override_scoped<ha::config::message_ack_every_n_messages>(3);
  auto [addr, rx] = serve_numbers();
  raw::connection peer(addr);
  peer.send(raw::simplex_init(1));
  for (number i = 0; i < 3; ++i) peer.send(raw::number_frame(i, i));
  CHECK(peer.read_frame() == raw::ack(2));
  for (number i = 3; i < 8; ++i) peer.send(raw::number_frame(i, i));
  CHECK(raw::answers(peer.read_frame()).ack >= 5);
  rx.join();
  CHECK(raw::answers(peer.read_all()).others == raw::closed());
}

TEST_CASE("acknowledgements come after the interval (test_ack_every_time_interval) [ACK-1]") {
  const auto lazily = ha::config::override_scoped<ha::config::message_ack_when_idle>(false);
  const auto soon = ha::config::override_scoped<ha::config::message_ack_time_interval>(20ms);
  auto [addr, rx] = serve_numbers();
  raw::connection peer(addr);
  peer.send(raw::simplex_init(1) + raw::number_frame(0, 7));
  CHECK(peer.read_frame() == raw::ack(0));
  peer.send(raw::number_frame(1, 7));
  CHECK(peer.read_frame() == raw::ack(1));
}

TEST_CASE("a message that half a frame follows is acknowledged with it, or after the interval [ACK-2]") {
  const raw::bytes next = raw::number_frame(1, 11);
  const auto half = next.begin() + 20;
  for (const bool comes_soon : {true, false}) {
    const auto interval =
        ha::config::override_scoped<ha::config::message_ack_time_interval>(comes_soon ? 3'600'000ms : 20ms);
    auto [addr, rx] = serve_numbers();
    raw::connection peer(addr);
    peer.send(raw::simplex_init(1) + raw::number_frame(0, 10) + raw::bytes(next.begin(), half));
    CHECK(rx.recv_for(20s).value() == 10);  // the message itself does not wait
    if (!comes_soon) CHECK(peer.read(20) == raw::ack(0));
    peer.send(raw::bytes(half, next.end()));
    CHECK(peer.read(20) == raw::ack(1));
    CHECK(rx.recv_for(20s).value() == 11);
  }
}

TEST_CASE("a message that the beginning of a long frame follows is acknowledged at once [ACK-2]") {
  const auto interval = ha::config::override_scoped<ha::config::message_ack_time_interval>(1h);
  auto [addr, rx] = serve_numbers();
  raw::connection peer(addr);
  peer.send(raw::simplex_init(1) + raw::number_frame(0, 10) + raw::bytes{0, 0, 0, 0, 6, 0, 0, 0});
  CHECK(peer.read(20) == raw::ack(0));
}

TEST_CASE("a frame over the limit drops the link and nobody else notices [ACC-3][FRD-2]") {
  const quiet q;
  const auto limit = ha::config::override_scoped<ha::config::codec_max_frame_length>(28);
  auto [addr, rx] = serve_numbers();
  raw::connection good(addr);
  good.send(raw::simplex_init(1) + raw::number_frame(0, 5));  // exactly the limit
  CHECK(good.read_frame() == raw::ack(0));
  raw::connection bad(addr);
  bad.send(raw::simplex_init(2) + raw::number_frame(0, 6) + raw::big(29, 8));
  const raw::answers got(bad.read_all());
  CHECK(got.ack == 0);
  CHECK(got.others.empty());
  good.send(raw::number_frame(1, 7));
  CHECK(good.read_frame() == raw::ack(1));
  CHECK(rx.drain() == std::vector<number>{5, 6, 7});
}

TEST_CASE("no stream of bytes upsets the server [ACC-3]") {
  const quiet q;
  auto [addr, rx] = serve_numbers();
  const raw::bytes good = raw::simplex_init(77) + raw::number_frame(0, 1) + raw::number_frame(1, 2);
  std::uint64_t seed = 88172645463325252;
  for (int round = 0; round < 300; ++round) {
    raw::bytes stream = good;
    stream[10] = static_cast<unsigned char>(round);  // a session of its own
    stream[9] = static_cast<unsigned char>(round >> 8);
    for (int flips = 0; flips < 3; ++flips) {
      seed ^= seed << 13;
      seed ^= seed >> 7;
      seed ^= seed << 17;
      if (round % 3 == 0) {
        stream.resize(seed % (stream.size() + 1));
        if (stream.empty()) break;
      } else {
        stream[13 + seed % (stream.size() - 13)] ^= static_cast<unsigned char>(1U << (seed >> 32) % 8);
      }
    }
    raw::connection peer(addr);
    peer.send(stream);
    peer.finish_sending();
    const raw::answers got(peer.read_all());  // it ends, and is well-formed
    CHECK(got.acks_rise);
  }
  auto tx = ha::dial<number>(addr).value();
  CHECK(tx.send(1, asio::use_future).get().has_value());
}

TEST_CASE("a peer that says nothing, or half a handshake, does not hold up a join [ACC-2]") {
  auto [addr, rx] = serve_numbers();
  raw::connection silent(addr);
  raw::connection half(addr);
  half.send(raw::from_hex("534d50"));
  raw::connection idle(addr);
  idle.send(raw::simplex_init(3));
  auto tx = ha::dial<number>(addr).value();
  CHECK(tx.send(1, asio::use_future).get().has_value());
  rx.stop("bye");
  CHECK(rx.server().join_for(10s));
  CHECK(silent.read_all().empty());
  CHECK(half.read_all().empty());
  const auto last = idle.read_all();
  CHECK((last == raw::closed() || last.empty()));  // empty when it had not been accepted yet
}

TEST_CASE("a peer of the other kind is refused (test_mismatched_protocol_kinds_are_rejected)") {
  const quiet q;
  auto [addr, rx] = serve_numbers();
  raw::connection duplex(addr);
  duplex.send(raw::from_hex("44505800 0000000000000001 00") + raw::number_frame(0, 1));
  CHECK(duplex.read_all().empty());
  raw::connection unordered(addr);
  unordered.send(raw::simplex_init(1, 1) + raw::number_frame(0, 1));
  CHECK(unordered.read_all().empty());
  CHECK(rx.drain().empty());
}

TEST_CASE("the last response is not lost to a reset, although the peer goes on sending [INL-2]") {
  auto [addr, rx] = ha::serve<number, ha::transport::tcp>("127.0.0.1:0").value();
  raw::connection peer(addr);
  peer.send(raw::simplex_init(1) + raw::number_frame(0, 5));
  CHECK(peer.read_frame() == raw::ack(0));
  rx.stop("bye");
  rx.join();
  for (number i = 1; i < 20000; ++i) peer.send(raw::number_frame(i, i));
  peer.finish_sending();
  CHECK(peer.read_all() == raw::closed());
  CHECK(rx.drain() == std::vector<number>{5});
}

TEST_CASE("responses are whole and rise while the peer floods and reads slowly [INL-1]") {
  const auto often = ha::config::override_scoped<ha::config::message_ack_every_n_messages>(1);
  auto [addr, rx] = serve_numbers();
  raw::connection peer(addr);
  raw::bytes flood = raw::simplex_init(1);
  for (number i = 0; i < 5000; ++i) flood = std::move(flood) + raw::number_frame(i, i);
  peer.send(flood);
  peer.finish_sending();
  const raw::answers got(peer.read_all());
  CHECK(got.ack == 4999);
  CHECK(got.acks_rise);
  CHECK(got.others.empty());
}
