// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/channel/link.hpp>
#include <hyperactor/channel/message_frame.hpp>
#include <hyperactor/channel/outbox.hpp>

#include <asio/local/connect_pair.hpp>
#include <asio/local/stream_protocol.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>

namespace ha = hyperactor;
namespace hd = hyperactor::detail;

namespace {

hd::outbox::outcome post(hd::outbox& box, const std::string& text) {
  ha::wire::multipart m = hd::encode_message(text).value();
  std::unique_ptr<hd::completion> none;
  const std::size_t bytes = m.framed_bytes();
  return box.post(m, none, bytes);
}

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
