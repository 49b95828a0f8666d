// SPDX-License-Identifier: BSD-3-Clause
// The dialling end against acceptors made by hand.

#include <hyperactor/channel.hpp>
#include <hyperactor/identity/codec.hpp>

#include <support/json.hpp>
#include <support/raw_peer.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/use_future.hpp>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

namespace ha = hyperactor;
using namespace std::chrono_literals;
using raw::operator+;

namespace shop {
struct note {
  std::string text;
  std::uint64_t n;
};
struct hello {
  ha::channel_addr addr;
};
struct data {
  ha::wire::part part;
};
struct text {
  std::uint64_t n;
  std::string value;
};
using echo = std::variant<hello, data, text>;
struct wait_time {
  std::chrono::nanoseconds d;
};
}  // namespace shop

namespace {

using number = std::uint64_t;
const auto is_closed = [](const ha::channel_status& s) { return s.is_closed(); };

struct fixture {
  ha::channel_addr addr = ha::channel_addr::any<ha::transport::unix_socket>();
  raw::listener listener{addr};
  ha::transmitter<number> tx = ha::dial<number>(addr).value();
};

/// Collects what comes back.
template <class M> class returns {
 public:
  auto hook() {
    return [this](M m, const ha::error& why) {
      const std::lock_guard lock(mutex_);
      all_.emplace_back(std::move(m), why);
      changed_.notify_all();
    };
  }
  std::vector<std::pair<M, ha::error>> wait(std::size_t count) {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, 20s, [&] { return all_.size() >= count; }));
    return all_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<M, ha::error>> all_;
};

}  // namespace

TEST_CASE("nothing is connected before the first message [CTX-1]") {
  auto addr = ha::channel_addr::any<ha::transport::unix_socket>();
  auto tx = ha::dial<number>(addr).value();  // nobody serves it yet
  CHECK(tx.status().get().is_active());
  const raw::listener listener(addr);
  tx.post(1);
}

TEST_CASE("what goes out has the bytes of the original: handshake and frames [FRM-2][SES-1]") {
  fixture f;
  f.tx.post(42);
  f.tx.post(0);
  f.tx.post(~number{0});
  raw::connection peer = f.listener.accept();
  const json::value root = json::load_vectors("link-capture.json");
  const json::value* capture = nullptr;
  for (const json::value& c : root["groups"]["simplex"].items()) {
    if (c["name"].text() == "unix-u64-ack-every-1-connection-0") capture = &c;
  }
  REQUIRE(capture != nullptr);
  const raw::bytes expected = (*capture)["initiator_to_acceptor"].bytes();
  raw::bytes got = peer.read(expected.size());
  REQUIRE(got.size() == expected.size());
  CHECK(std::equal(got.begin(), got.begin() + 4, expected.begin()));      // magic
  CHECK(got[12] == 0);                                                    // stream
  CHECK(std::equal(got.begin() + 13, got.end(), expected.begin() + 13));  // frames
}

TEST_CASE("messages with parts go out with the bytes of the original [FRM-2][BAT-2]") {
  const auto addr = ha::channel_addr::any<ha::transport::unix_socket>();
  raw::listener listener(addr);
  auto tx = ha::dial<shop::echo>(addr).value();
  const json::value root = json::load_vectors("link-capture.json");
  for (const json::value& c : root["groups"]["simplex"].items()) {
    if (c["name"].text() != "tcp-echo-default-acks-connection-0") continue;
    tx.post(shop::hello{ha::channel_addr::parse("tcp:127.0.0.1:8080").value()});
    tx.post(shop::data{ha::wire::part(ha::wire::buffer("abc", 3))});
    tx.post(shop::data{});
    tx.post(shop::text{7, "hi"});
    raw::connection peer = listener.accept();
    const raw::bytes expected = c["initiator_to_acceptor"].bytes();
    raw::bytes got = peer.read(expected.size());
    std::copy(expected.begin() + 4, expected.begin() + 12, got.begin() + 4);  // the session id
    CHECK(raw::to_hex(got) == raw::to_hex(expected));
  }
}

TEST_CASE(
    "the reactions to responses are those of the original (initiator-reactions, test_net_tx_closed_on_server_reject) "
    "[SES-2][SES-4]") {
  struct reaction {
    const char* name;
    raw::bytes response;
    const char* receipts;  // a: accepted, r: rejected, p: pending
    bool stays_active;
    const char* reason;
  };
  const reaction all[] = {
      {"ack-all", raw::ack(1), "aa", true, ""},
      {"ack-not-yet-sent", raw::ack(9), "aa", true, ""},
      {"ack-repeated", raw::ack(1) + raw::ack(1), "aa", true, ""},
      {"ack-lower", raw::ack(1) + raw::ack(0), "aa", false, ": the peer took its acknowledgement of 1 back to 0"},
      {"reject-other-text", raw::reject("no"), "rr", false, ": rejected: no"},
      {"reject-out-of-sequence", raw::reject("x out-of-sequence message y"), "rr", false,
       "stale session: x out-of-sequence message y"},
      {"ack-then-reject", raw::ack(0) + raw::reject("no"), "ar", false, ": rejected: no"},
      {"closed", raw::closed(), "rr", false, ": server closed"},
      {"ack-then-closed", raw::ack(0) + raw::closed(), "ar", false, ": server closed"},
      {"garbage-response", raw::frame(0, raw::little(3, 4)), "rr", false, ": malformed response of 4 bytes"},
      {"response-with-tag-1", raw::frame(1, raw::little(0, 4) + raw::little(1, 8)), "rr", false,
       ": a response with tag 1"},
  };
  for (const reaction& r : all) {
    CAPTURE(r.name);
    fixture f;
    std::future<ha::result<void>> sent[] = {f.tx.send(10, asio::use_future), f.tx.send(11, asio::use_future)};
    raw::connection peer = f.listener.accept();
    peer.read(13 + 36 + 36);
    peer.send(r.response);
    for (std::size_t i = 0; i < 2; ++i) CHECK(sent[i].get().has_value() == (r.receipts[i] == 'a'));
    if (r.stays_active) {
      CHECK(f.tx.status().get().is_active());
      auto later = f.tx.send(12, asio::use_future);
      peer.read(36);
      if (std::string_view(r.name) == "ack-not-yet-sent") CHECK(later.get().has_value());
      continue;
    }
    REQUIRE(f.tx.status().wait_for(is_closed, 20s));
    const ha::channel_status status = f.tx.status().get();
    CHECK(status.error().message().ends_with(r.reason));
    CHECK((status.reason() == ha::close_reason::sequence_mismatch) ==
          (std::string_view(r.name) == "reject-out-of-sequence"));
    const auto later = f.tx.send(12, asio::use_future).get();
    CHECK(later.error() == ha::channel_error::closed);
    CHECK(later.error().message() == status.error().message());
  }
}

TEST_CASE("messages of a link that dies come back in order, with the acknowledged ones gone [SES-2][CTX-3][CMP-1]") {
  const std::size_t texts[] = {10, 30000, 5, 0, 70000, 8};  // small and large ones
  const auto addr = ha::channel_addr::any<ha::transport::unix_socket>();
  raw::listener listener(addr);
  auto tx = ha::dial<shop::note>(addr).value();
  returns<shop::note> back;
  for (number i = 0; i < 6; ++i) tx.post(shop::note{std::string(texts[i], 'x'), i}, back.hook());
  tx.post(shop::note{"nobody asks for this one", 99});
  raw::connection peer = listener.accept();
  peer.read(13 + 48);
  peer.send(raw::ack(0));
  peer.read_frame();
  peer.close();
  const auto all = back.wait(5);
  REQUIRE(all.size() == 5);
  for (number i = 1; i < 6; ++i) {
    CHECK(all[i - 1].first.n == i);
    CHECK(all[i - 1].first.text.size() == texts[i]);
    CHECK(all[i - 1].second == ha::channel_error::closed);
    CHECK(all[i - 1].second.message().find(": the link was lost: ") != std::string::npos);
  }
  REQUIRE(tx.status().wait_for(is_closed, 20s));
  tx.post(shop::note{"late", 7}, back.hook());
  CHECK(back.wait(6).back().first.text == "late");
}

TEST_CASE(
    "an address that nobody serves closes the transmitter and hands everything back "
    "(test_tcp_unreachable_peer_surfaces_closed)") {
  for (const char* text : {"unix:@hyperactor-nobody-is-here", "tcp:127.0.0.1:1", "unix:/nonexistent/socket"}) {
    CAPTURE(text);
    auto tx = ha::dial<number>(ha::channel_addr::parse(text).value()).value();
    returns<number> back;
    tx.post(1, back.hook());
    const auto all = back.wait(1);
    CHECK(all[0].first == 1);
    CHECK(all[0].second == ha::channel_error::connect_failed);
    CHECK(all[0].second.message().find("cannot connect: ") != std::string::npos);
    REQUIRE(tx.status().wait_for(is_closed, 20s));
    CHECK(tx.send(2, asio::use_future).get().error() == ha::channel_error::connect_failed);
  }
}

namespace {
/// An address that answers no connect.
struct silent_address {
  asio::io_context io;
  asio::ip::tcp::acceptor full{io, asio::ip::tcp::v4()};
  std::vector<asio::ip::tcp::socket> waiting;

  silent_address() {
    full.bind({asio::ip::address_v4::loopback(), 0});
    full.listen(0);  // and nobody accepts: one more waits, the next one is not answered
    for (int i = 0; i < 3; ++i) {
      asio::ip::tcp::socket& s = waiting.emplace_back(io, asio::ip::tcp::v4());
      s.non_blocking(true);
      const asio::ip::tcp::endpoint to = full.local_endpoint();
      (void)::connect(s.native_handle(), to.data(), static_cast<socklen_t>(to.size()));  // Asio's would wait
    }
  }
  [[nodiscard]] ha::channel_addr addr() const {
    return ha::channel_addr::tcp(ha::ip_address::loopback_v4(), full.local_endpoint().port());
  }
};
}  // namespace

TEST_CASE("one attempt to connect has a limit of its own, also where the delivery has none") {
  const silent_address nobody;
  const auto soon = ha::config::override_scoped<ha::config::channel_reconnect_timeout>(50ms);
  for (const auto delivery : {std::chrono::nanoseconds(30s), std::chrono::nanoseconds::max()}) {
    const auto late = ha::config::override_scoped<ha::config::message_delivery_timeout>(delivery);
    auto tx = ha::dial<number>(nobody.addr()).value();
    returns<number> back;
    tx.post(1, back.hook());
    const auto all = back.wait(1);
    CHECK(all[0].second == ha::channel_error::connect_timed_out);
    CHECK(all[0].second.message().ends_with("cannot connect within 50ms (CHANNEL_RECONNECT_TIMEOUT)"));
  }
  // what connects in time has the limit of the delivery
  const auto later = ha::config::override_scoped<ha::config::message_delivery_timeout>(200ms);
  fixture f;
  auto sent = f.tx.send(1, asio::use_future);
  raw::connection peer = f.listener.accept();
  CHECK(sent.get().error() == ha::channel_error::timed_out);
}

TEST_CASE("a link that does not come about in time closes the transmitter (test_tcp_tx_delivery_timeout)") {
  const silent_address nobody;
  const auto soon = ha::config::override_scoped<ha::config::message_delivery_timeout>(50ms);
  auto tx = ha::dial<number>(nobody.addr()).value();
  returns<number> back;
  tx.post(1, back.hook());
  tx.post(2, back.hook());
  const auto all = back.wait(2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(all[i].first == i + 1);
    CHECK(all[i].second == ha::channel_error::connect_timed_out);
    CHECK(all[i].second.message().ends_with(
        "failed to deliver message within timeout 50ms (MESSAGE_DELIVERY_TIMEOUT); never connected"));
  }
  REQUIRE(tx.status().wait_for(is_closed, 20s));
  CHECK(tx.send(3, asio::use_future).get().error() == ha::channel_error::connect_timed_out);
}

TEST_CASE("no acknowledgement in time closes the transmitter (test_ack_exceeded_limit_with_connected_link)") {
  const auto soon = ha::config::override_scoped<ha::config::message_delivery_timeout>(50ms);
  fixture f;
  auto sent = f.tx.send(1, asio::use_future);
  raw::connection peer = f.listener.accept();
  const auto outcome = sent.get();
  CHECK(outcome.error() == ha::channel_error::timed_out);
  CHECK(outcome.error().message().find("failed to receive ack within timeout 50ms") != std::string::npos);
  CHECK(f.tx.status().wait_for(is_closed, 20s));
}

TEST_CASE("an acknowledgement starts the wait for the next one anew") {
  const auto soon = ha::config::override_scoped<ha::config::message_delivery_timeout>(200ms);
  fixture f;
  auto first = f.tx.send(1, asio::use_future);
  raw::connection peer = f.listener.accept();
  peer.read(13 + 36);
  peer.send(raw::ack(0));
  CHECK(first.get().has_value());
  CHECK_FALSE(f.tx.status().wait_for(is_closed, 300ms));  // nothing waits
  auto second = f.tx.send(2, asio::use_future);
  CHECK(second.get().error() == ha::channel_error::timed_out);
}

TEST_CASE("a message that stands alone on an idle link is watched, and comes back, like any other [OBX-4][SES-2]") {
  for (const bool dies : {false, true}) {
    const auto soon = ha::config::override_scoped<ha::config::message_delivery_timeout>(dies ? 30s : 300ms);
    fixture f;
    auto first = f.tx.send(0, asio::use_future);
    raw::connection peer = f.listener.accept();
    peer.read(13 + 36);
    peer.send(raw::ack(0));
    CHECK(first.get().has_value());
    for (number i = 1; i < 3; ++i) {
      auto sent = f.tx.send(i, asio::use_future);
      peer.read(36);
      peer.send(raw::ack(i));
      CHECK(sent.get().has_value());
    }
    returns<number> back;
    for (number i = 3; i < 6; ++i) f.tx.post(i, back.hook());
    peer.read(3 * 36);
    peer.send(raw::ack(3));
    if (dies) peer.close();
    const auto all = back.wait(2);
    REQUIRE(all.size() == 2);
    CHECK(all[0].first == 4);
    CHECK(all[1].first == 5);
    CHECK(all[0].second == (dies ? ha::channel_error::closed : ha::channel_error::timed_out));
  }
}

TEST_CASE("single messages, bursts and large ones of several threads arrive once and in order [OBX-4][CTX-2]") {
  auto [addr, rx] = ha::serve<shop::note, ha::transport::unix_socket>().value();
  auto tx = ha::dial<shop::note>(addr).value();
  constexpr std::uint64_t threads = 3;
  constexpr std::uint64_t rounds = 150;
  constexpr std::uint64_t per_round = 7;
  std::atomic<unsigned> failed{0};
  std::vector<std::thread> senders;
  for (std::uint64_t t = 0; t < threads; ++t) {
    senders.emplace_back([&, t] {
      std::uint64_t n = t;
      const auto next = [&](std::size_t size) {
        shop::note out{std::string(size, 'x'), n};
        n += threads;
        return out;
      };
      for (std::uint64_t i = 0; i < rounds; ++i) {
        failed += tx.send(next(i), asio::use_future).get().has_value() ? 0U : 1U;
        failed += tx.send(next(1), asio::use_future).get().has_value() ? 0U : 1U;
        for (std::uint64_t k = 0; k + 3 < per_round; ++k) tx.post(next(k));
        tx.post(next(40'000));
      }
    });
  }
  std::uint64_t expected[threads] = {0, 1, 2};
  for (std::uint64_t i = 0; i < threads * rounds * per_round; ++i) {
    const shop::note got = rx.recv_for(20s).value();
    const std::uint64_t t = got.n % threads;
    REQUIRE(got.n == expected[t]);
    expected[t] += threads;
  }
  for (std::thread& t : senders) t.join();
  CHECK(failed == 0);
  CHECK_FALSE(rx.recv_for(1ms).has_value());
}

TEST_CASE(
    "our own frame over the limit comes back and closes the transmitter (oversize-max-27, test_tcp_message_size)") {
  const auto limit = ha::config::override_scoped<ha::config::codec_max_frame_length>(28);
  auto [addr, rx] = ha::serve<std::string, ha::transport::tcp>("127.0.0.1:0").value();
  auto tx = ha::dial<std::string>(addr).value();
  auto fits = tx.send("", asio::use_future);
  returns<std::string> back;
  tx.post("x", back.hook());
  const auto all = back.wait(1);
  CHECK(all[0].first == "x");
  CHECK(all[0].second == ha::channel_error::frame_too_large);
  CHECK(all[0].second.message() ==
        "rejecting oversize frame: len=29 > max=28. ack will not arrive before timeout; increase "
        "CODEC_MAX_FRAME_LENGTH to "
        "allow.");
  REQUIRE(tx.status().wait_for(is_closed, 20s));
  CHECK(tx.status().get().reason() == ha::close_reason::oversized_frame);
  CHECK(fits.get().has_value());  // what was posted before is delivered
  CHECK(rx.recv_for(10s).value().empty());
  CHECK(tx.send("", asio::use_future).get().error() == ha::channel_error::frame_too_large);
}

TEST_CASE(
    "a frame over the limit, and what is posted behind it, come back behind what was posted before [CMP-1][SES-2]") {
  const auto limit = ha::config::override_scoped<ha::config::codec_max_frame_length>(100);
  const auto addr = ha::channel_addr::any<ha::transport::unix_socket>();
  raw::listener listener{addr};
  auto tx = ha::dial<std::string>(addr).value();
  returns<std::string> back;
  tx.post("one", back.hook());
  raw::connection peer = listener.accept();
  tx.post("two", back.hook());
  tx.post(std::string(200, 'x'), back.hook());
  tx.post("four", back.hook());
  peer.send(raw::ack(0));
  peer.close();
  const auto all = back.wait(3);
  CHECK(all[0].first == "two");
  CHECK(all[1].first == std::string(200, 'x'));
  CHECK(all[2].first == "four");
  REQUIRE(tx.status().wait_for(is_closed, 20s));
  CHECK(tx.status().get().reason() == ha::close_reason::oversized_frame);
}

TEST_CASE("a message that cannot be encoded comes back, and the channel goes on") {
  auto [addr, rx] = ha::serve<shop::wait_time, ha::transport::local>().value();
  auto tx = ha::dial<shop::wait_time>(addr).value();
  returns<shop::wait_time> back;
  tx.post(shop::wait_time{-1s}, back.hook());
  const auto all = back.wait(1);
  CHECK(all[0].first.d == -1s);
  CHECK(all[0].second == ha::channel_error::encode_failed);
  CHECK(tx.send(shop::wait_time{-1s}, asio::use_future).get().error() == ha::channel_error::encode_failed);
  CHECK(tx.send(shop::wait_time{1s}, asio::use_future).get().has_value());
  CHECK(rx.recv_for(10s).value().d == 1s);
}

TEST_CASE("a send can be awaited, in place too [CMP-2]") {
  auto [addr, rx] = ha::serve<shop::note, ha::transport::local>().value();
  const auto tx = ha::dial<shop::note>(addr).value();
  auto done = asio::co_spawn(
      ha::detail::reactor::instance().context(),
      [&tx]() -> asio::awaitable<int> {
        ha::result<void> a = co_await tx.send<shop::note>(ha::in_place, "built inside", number{1});
        shop::note named{"named", 2};
        ha::result<void> b = co_await tx.send(named);
        co_return (a ? 1 : 0) + (b ? 1 : 0);
      },
      asio::use_future);
  CHECK(done.get() == 2);
  tx.post<shop::note>(ha::in_place, "posted", number{3});
  CHECK(tx.send<shop::note>(ha::in_place, "future", number{4}, asio::use_future).get().has_value());
  std::promise<bool> called;
  tx.send(shop::note{"callback", 5}, [&](ha::result<void> r) { called.set_value(r.has_value()); });
  CHECK(called.get_future().get());
  for (number i = 1; i <= 5; ++i) CHECK(rx.recv_for(10s).value().n == i);
}

TEST_CASE("a send that waits can be cancelled, once and for good") {
  fixture f;
  asio::cancellation_signal signal;
  std::promise<ha::result<void>> outcome;
  f.tx.send(1, asio::bind_cancellation_slot(signal.slot(), [&](ha::result<void> r) { outcome.set_value(r); }));
  raw::connection peer = f.listener.accept();
  asio::post(ha::detail::reactor::instance().context(), [&] { signal.emit(asio::cancellation_type::terminal); });
  CHECK(outcome.get_future().get().error().code() == std::errc::operation_canceled);
  peer.read(13 + 36);  // it went out all the same
  peer.send(raw::ack(0));
  auto next = f.tx.send(2, asio::use_future);
  peer.read(36);
  peer.send(raw::ack(1));
  CHECK(next.get().has_value());
}

TEST_CASE("dropping the transmitter delivers what was posted, then closes the link [CTX-4]") {
  fixture f;
  {
    const ha::transmitter<number> gone = std::move(f.tx);
    for (number i = 0; i < 3; ++i) gone.post(i);
  }
  raw::connection peer = f.listener.accept();
  CHECK(peer.read(13).size() == 13);
  for (number i = 0; i < 3; ++i) CHECK(peer.read_frame() == raw::number_frame(i, i));
  peer.send(raw::ack(2));
  CHECK(peer.read_all().empty());  // closes the socket without a word
}

TEST_CASE("a hook that posts again or throws does no harm") {
  const ha::log::scoped_sink quiet([](ha::log::severity, std::string_view) {});
  fixture f;
  f.listener.close();
  std::promise<ha::error> second;
  f.tx.post(1, [&](number, const ha::error&) {
    f.tx.post(2, [&](number, const ha::error& why) {
      second.set_value(why);
      throw 2;
    });
    throw std::runtime_error("mine");
  });
  CHECK(second.get_future().get() == ha::channel_error::connect_failed);
}

TEST_CASE("what the peer said before it closed is heard, although writing fails already [SES-2][SES-5]") {
  for (int round = 0; round < 50; ++round) {
    fixture f;
    returns<number> back;
    for (number i = 0; i < 3; ++i) f.tx.post(i, back.hook());
    raw::connection peer = f.listener.accept();
    peer.read(13 + 36);
    peer.send(raw::ack(0) + raw::reject("x out-of-sequence message y"));
    peer.close();
    for (number i = 3; i < 100; ++i) f.tx.post(i, back.hook());  // writes into a closed socket
    const auto all = back.wait(99);
    for (number i = 1; i < 100; ++i) REQUIRE(all[i - 1].first == i);
    REQUIRE(f.tx.status().wait_for(is_closed, 20s));
    CHECK(f.tx.status().get().reason() == ha::close_reason::sequence_mismatch);
  }
}

TEST_CASE("when the status says closed, what was posted before has come back [SES-3]") {
  for (int round = 0; round < 20; ++round) {
    fixture f;
    std::atomic<int> back{0};
    for (number i = 0; i < 200; ++i) f.tx.post(i, [&](number, const ha::error&) { ++back; });
    {
      raw::connection peer = f.listener.accept();
    }
    f.tx.status().wait(is_closed);
    CHECK(back == 200);
  }
}
