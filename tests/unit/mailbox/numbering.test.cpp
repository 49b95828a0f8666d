// SPDX-License-Identifier: BSD-3-Clause
// Which numbers the messages of a sender get, on both ways to an actor.
#include <hyperactor/mailbox/numbering.hpp>

#include "support/local.hpp"
#include "unit/mailbox/support.hpp"

#include <hyperactor/gateway.hpp>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace numbering_tests {

using namespace test;

struct note {
  int n;
};
struct word {
  std::string text;
};
struct wait_here {
  ha::port_handle<ha::port_ref<int>> where;
  ha::once_port_ref<int> reply;
};

/// Keeps the place of each message in its sender's stream.
struct observer {
  using handlers = ha::handlers<note, word, wait_here>;
  using exports = ha::exports<note, word>;
  shared_list<ha::sequence_info> places;
  void handle(ha::context<observer>& cx, note) { places.add(place_in(cx)); }
  void handle(ha::context<observer>& cx, const word&) { places.add(place_in(cx)); }
  asio::awaitable<void> handle(ha::context<observer>& cx, wait_here m) {
    auto [port, rx] = cx.open_port<int>();
    m.where.post(cx, port.bind());
    const ha::result<int> v = co_await rx.async_recv();
    m.reply.post(cx, v.value());
  }
  static ha::sequence_info place_in(ha::context<observer>& cx) {
    return cx.headers().get<ha::header::seq_info>().value();
  }
};

std::vector<std::uint64_t> numbers_of(const std::vector<ha::sequence_info>& places, const ha::session_id& session) {
  std::vector<std::uint64_t> out;
  for (const auto& p : places) {
    if (p.session == session) out.push_back(p.sequence);
  }
  return out;
}

/// A proc whose messages to other procs stay with the test.
struct observed {
  mailbox_tests::recorder sent;
  ha::basic_gateway<mailbox_tests::recorder> gateway{sent};
  ha::proc proc = ha::proc::builder{}.gateway(gateway).build().value();
  ha::proc_addr far{ha::proc_id::instance("far"), ha::location::parse("tcp://127.0.0.1:1").value()};

  [[nodiscard]] ha::sequence_info place(std::size_t i) const {
    return sent.messages->at(i).headers().get<ha::header::seq_info>().value();
  }
};

}  // namespace numbering_tests

using namespace numbering_tests;

TEST_CASE(
    "before bind messages are direct, afterwards handle and reference share one stream for all handlers "
    "(test_sequencing_actor_handle_basic, test_sequencer_handler_ports_share_sequence)") {
  local in;
  observer o;
  const auto places = o.places;
  auto h = in.proc.spawn(std::move(o));
  h.post(in.client, note{0});
  const auto ref = h.bind();
  std::vector<std::uint64_t> expected;
  for (std::uint64_t round = 0; round < 10; ++round) {
    h.post(in.client, note{1});
    ref.post(in.client, note{2});
    ref.post(in.client, word{"3"});
    for (std::uint64_t i = 1; i <= 3; ++i) expected.push_back(3 * round + i);
  }
  const auto seen = places.wait_for(31);
  REQUIRE(seen.size() == 31);
  CHECK(seen[0].is_direct());
  CHECK(numbers_of({seen.begin() + 1, seen.end()}, seen[1].session) == expected);
  h.stop("done");
  CHECK(in.is_empty());
}

TEST_CASE(
    "the handlers of an actor are one stream, each of its opened ports is another "
    "(test_sequencing_mixed_handler_and_non_handler_ports, test_sequencing_mixed_actor_and_non_actor_ports, "
    "test_sequencer_mixed_handler_and_non_handler_ports)") {
  observed in;
  auto client = in.proc.client("main");
  const ha::actor_addr to = ha::actor_addr::parse("o<3>." + in.far.to_string()).value();
  const auto actor = ha::actor_ref<observer>::attest(to);
  const auto one = ha::port_ref<int>::attest(to.port_addr(ha::port::ephemeral(1)));
  const auto two = ha::port_ref<int>::attest(to.port_addr(ha::port::ephemeral(2)));
  actor.post(client, note{1});
  actor.post(client, word{"2"});
  one.post(client, 1);
  actor.post(client, note{3});
  one.post(client, 2);
  two.post(client, 1);
  actor.post(client, word{"4"});
  std::vector<std::uint64_t> numbers;
  for (std::size_t i = 0; i < in.sent.messages->size(); ++i) {
    numbers.push_back(in.place(i).sequence);
    CHECK(in.place(i).session == in.place(0).session);
  }
  CHECK(numbers == std::vector<std::uint64_t>{1, 2, 1, 3, 2, 1, 4});
}

TEST_CASE("each client has a session of its own and counts for itself (test_sequencing_multiple_clients)") {
  local in;
  observer o;
  const auto places = o.places;
  auto h = in.proc.spawn(std::move(o));
  auto other = in.proc.client("main");  // another one, though of the same name
  const auto ref = h.bind();
  ref.post(in.client, note{1});
  ref.post(other, note{1});
  h.post(in.client, note{2});
  ref.post(in.client, note{3});
  h.post(other, note{2});
  const auto seen = places.wait_for(5);
  REQUIRE(seen.size() == 5);
  const auto first = seen[0].session;
  const auto second = seen[1].session;
  CHECK(first != second);
  CHECK(numbers_of(seen, first) == std::vector<std::uint64_t>{1, 2, 3});
  CHECK(numbers_of(seen, second) == std::vector<std::uint64_t>{1, 2});

  observed out;  // and by wire
  auto a = out.proc.client("a");
  auto b = out.proc.client("b");
  const auto far = ha::actor_ref<observer>::attest(ha::actor_addr::parse("o<3>." + out.far.to_string()).value());
  far.post(a, note{1});
  far.post(b, note{1});
  far.post(a, note{2});
  CHECK(out.place(0).session == out.place(2).session);
  CHECK(out.place(0).session != out.place(1).session);
  CHECK(out.place(1).sequence == 1);
  CHECK(out.place(2).sequence == 2);
  h.stop("done");
  CHECK(in.is_empty());
}

TEST_CASE(
    "a port that a handler waits for is not held up by the messages that wait for the handler "
    "(test_sequencing_actor_handle_callback)") {
  local in;
  observer o;
  const auto places = o.places;
  auto h = in.proc.spawn(std::move(o));
  const auto ref = h.bind();
  auto [where, where_rx] = in.client.open_port<ha::port_ref<int>>();
  auto reply = ha::ask<wait_here>(in.client, h, where);
  const auto port = where_rx.recv_for(patience).value();
  ref.post(in.client, note{1});  // waits behind the handler
  port.post(in.client, 7);
  CHECK(reply.recv_for(patience).value() == 7);
  CHECK(places.wait_for(1).size() == 1);
  h.stop("done");
  CHECK(in.is_empty());
}

TEST_CASE(
    "what goes to another proc says when it was sent, its type and, at first, its sender "
    "(test_mailbox_ext_post_stamps_sender_actor_id) [HKY-1]") {
  observed at;
  ha::client client = at.proc.client("main");
  const auto to = ha::actor_ref<observer>::attest(
      ha::actor_addr(ha::actor_id::instance("observer", at.far.id()), at.far.location()));
  for (int i = 0; i < 6; ++i) to.post(client, note{i});
  REQUIRE(at.sent.messages->size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    const ha::headers& h = at.sent.messages->at(i).headers();
    CHECK(h.contains<ha::header::send_timestamp>());
    CHECK(h.get<ha::header::rust_message_type>() == std::string(ha::wire_name<note>));
    CHECK(at.place(i).sequence == i + 1);
    CHECK(h.get<ha::header::sender_actor_id>() == (i < 4 ? std::optional(client.addr()) : std::nullopt));
    CHECK(at.sent.messages->at(i).message_type() == ha::wire_name<note>);
  }
}
