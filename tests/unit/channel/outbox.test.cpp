// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/channel/link.hpp>
#include <hyperactor/channel/message_frame.hpp>
#include <hyperactor/channel/outbox.hpp>

#include <algorithm>
#include <asio/local/connect_pair.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace ha = hyperactor;
namespace hd = hyperactor::detail;

namespace {

hd::outbox::outcome post(hd::outbox& box, const std::string& text) {
  ha::wire::multipart m = hd::encode_message(text).value();
  std::unique_ptr<hd::completion> none;
  const std::size_t bytes = m.framed_bytes();
  return box.post(m, none, bytes);
}

/// Takes so many bytes at once, and no more.
struct narrow_link final : hd::link_base {
  explicit narrow_link(std::size_t r) : room(r) {}
  void read_some(void*, std::size_t, hd::io_handler) override {}
  void write_some(std::span<const asio::const_buffer>, hd::io_handler) override {}
  std::size_t write_now(asio::const_buffer b) noexcept override {
    const std::size_t n = std::min(room, b.size());
    room -= n;
    taken += n;
    return n;
  }
  void finish_sending() noexcept override {}
  void close() noexcept override {}
  std::size_t room;
  std::size_t taken = 0;
};

}  // namespace

TEST_CASE("only the post that finds the reactor idle wakes it [OBX-2]") {
  hd::outbox box;
  hd::outbox::taken to;
  CHECK(post(box, "a") == hd::outbox::outcome::queued_first);
  CHECK(post(box, "b") == hd::outbox::outcome::queued);
  box.take(to);
  CHECK(post(box, "c") == hd::outbox::outcome::queued);  // there is something to write: the reactor comes back
  box.take(to);
  while (!to.batches.empty()) to.batches.pop();
  box.take(to);
  CHECK(to.batches.empty());
  CHECK(post(box, "d") == hd::outbox::outcome::queued_first);
}

TEST_CASE("numbers have no gaps, whatever the size of the messages [OBX-1]") {
  hd::outbox box;
  hd::outbox::taken to;
  for (std::size_t i = 0; i < 100; ++i) CHECK(post(box, std::string(i * 700, 'x')) != hd::outbox::outcome::refused);
  box.take(to);
  std::uint64_t next = 0;
  while (!to.batches.empty()) {
    const auto batch = to.batches.pop();
    CHECK(batch->first_sequence() == next);
    batch->for_each([&](std::uint64_t sequence, std::span<const std::byte> body) {
      CHECK(sequence == next);
      CHECK(hd::data_frame_sequence(body).value() == next);
      CHECK(hd::decode_message_frame<std::string>(body).value().size() == next * 700);
      ++next;
    });
  }
  CHECK(next == 100);
}

TEST_CASE("batches are used again [OBX-3]") {
  hd::outbox box;
  hd::outbox::taken to;
  CHECK(post(box, "a") == hd::outbox::outcome::queued_first);
  box.take(to);
  const hd::frame_batch* const first = to.batches.front();
  to.spent.push_back(to.batches.pop());
  box.take(to);
  CHECK(to.spent.empty());
  CHECK(post(box, "b") == hd::outbox::outcome::queued_first);
  box.take(to);
  CHECK(to.batches.front() == first);
  CHECK(to.batches.front()->first_sequence() == 1);
}

TEST_CASE("a closed outbox refuses, and the first reason counts") {
  hd::outbox box;
  hd::outbox::taken to;
  CHECK(post(box, "a") == hd::outbox::outcome::queued_first);
  CHECK(box.refuse({ha::close_reason::oversized_frame, ha::channel_error::frame_too_large}));
  CHECK_FALSE(box.refuse({ha::close_reason::other, ha::channel_error::closed}));
  CHECK(post(box, "b") == hd::outbox::outcome::refused);
  CHECK(box.close({ha::close_reason::other, ha::channel_error::closed}, to).reason() ==
        ha::close_reason::oversized_frame);
  CHECK(box.status().error() == ha::channel_error::frame_too_large);
  CHECK(to.batches.front() != nullptr);  // what was queued before is handed out
}

TEST_CASE("posts that find the link offered write themselves, as many as were offered [OBX-4]") {
  hd::outbox box;
  hd::outbox::taken to;
  narrow_link link(1000);
  box.offer(link, 2);
  CHECK(post(box, "a") == hd::outbox::outcome::written);
  CHECK(post(box, "b") == hd::outbox::outcome::written);
  CHECK(post(box, "c") == hd::outbox::outcome::queued_first);
  CHECK(post(box, "d") == hd::outbox::outcome::queued);
  box.take(to);
  REQUIRE(!to.unacked.empty());
  CHECK(to.unacked.front()->first_sequence() == 0);
  CHECK(to.unacked.back()->last_sequence() == 1);
  CHECK(to.unacked.front()->total_bytes() + to.unacked.back()->total_bytes() == link.taken);
  CHECK(to.offset == 0);
  CHECK(to.batches.front()->first_sequence() == 2);
  CHECK(to.batches.back()->last_sequence() == 3);
}

TEST_CASE("an offer ends with whatever the reactor takes, and while it is awake there is none [OBX-4]") {
  hd::outbox box;
  hd::outbox::taken to;
  narrow_link link(1000);
  box.offer(link, 2);
  box.take_written(to);
  CHECK(post(box, "a") == hd::outbox::outcome::queued_first);
  box.offer(link, 2);
  CHECK(post(box, "b") == hd::outbox::outcome::queued);
  box.take(to);
  to.batches.pop();
  box.take(to);
  box.offer(link, 2);
  CHECK(post(box, std::string(100'000, 'x')) == hd::outbox::outcome::queued_first);  // large ones go another way
  CHECK(box.close({ha::close_reason::other, ha::channel_error::closed}, to).is_closed());
  box.offer(link, 2);
  CHECK(post(box, "c") == hd::outbox::outcome::refused);
  CHECK(link.taken == 0);
}

TEST_CASE("what a link does not take at once is left to the reactor, from the first byte that is missing [OBX-4]") {
  hd::outbox box;
  hd::outbox::taken to;
  narrow_link link(10);
  box.offer(link, 2);
  CHECK(post(box, "abc") == hd::outbox::outcome::queued_first);
  CHECK(link.taken == 10);
  CHECK(post(box, "def") == hd::outbox::outcome::queued);
  box.take(to);
  CHECK(to.unacked.empty());
  CHECK(to.offset == 10);
  CHECK(to.batches.front()->first_sequence() == 0);
  box.take(to);
  CHECK(to.offset == 10);
}

TEST_CASE("batches that posts wrote themselves are used again [OBX-3][OBX-4]") {
  hd::outbox box;
  hd::outbox::taken to;
  narrow_link link(1000);
  const hd::frame_batch* first = nullptr;
  for (int i = 0; i < 3; ++i) {
    box.offer(link, 1);
    CHECK(post(box, "a") == hd::outbox::outcome::written);
    box.take_written(to);
    if (first == nullptr) first = to.unacked.front();
    CHECK(to.unacked.front() == first);
    to.spent.push_back(to.unacked.pop());
    box.take_written(to);
    CHECK(to.spent.empty());
  }
}

TEST_CASE("a socket is written to at once as far as it takes bytes [LNK-2]") {
  asio::io_context io;
  asio::local::stream_protocol::socket here(io);
  asio::local::stream_protocol::socket there(io);
  asio::local::connect_pair(here, there);
  hd::stream_link<asio::local::stream_protocol::socket> link(std::move(here));
  const std::string text(100'000, 'x');
  std::size_t written = 0;
  while (const std::size_t n = link.write_now(asio::buffer(text))) written += n;
  CHECK(written > 0);
  std::vector<char> room(written);
  CHECK(asio::read(there, asio::buffer(room)) == written);
  there.close();
  CHECK(link.write_now(asio::buffer(text)) == 0);
}

TEST_CASE("closing a link ends what is pending on it [LNK-1]") {
  asio::io_context io;
  asio::local::stream_protocol::socket here(io);
  asio::local::stream_protocol::socket there(io);
  asio::local::connect_pair(here, there);
  hd::stream_link<asio::local::stream_protocol::socket> link(std::move(here));
  std::byte room[8];
  std::error_code outcome;
  bool in_close = true;
  link.read_some(room, sizeof room, [&](const std::error_code& e, std::size_t) {
    CHECK_FALSE(in_close);
    outcome = e;
  });
  link.close();
  in_close = false;
  io.run();
  CHECK(outcome == asio::error::operation_aborted);
}
