// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/mailbox.hpp>

#include "support/local.hpp"
#include "unit/mailbox/support.hpp"

#include <hyperactor/mailbox/port_ref.hpp>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace mailbox_test {

using namespace test;

struct number {
  std::uint64_t n;
};
struct other {
  std::string text;
};
struct hidden {
  int n;
};

struct taker {
  using handlers = ha::handlers<number, other, hidden>;
  using exports = ha::exports<number, other>;
  shared_list<std::uint64_t> log;
  void handle(ha::context<taker>& cx, number m) {
    // test_remote_endpoint_headers: the sender's headers arrive
    const auto place = cx.headers().get<ha::header::seq_info>();
    if (m.n < 10 && place && place->sequence != m.n) cx.kill("another message's headers");
    log.add(m.n);
  }
  void handle(ha::context<taker>&, const other& m) { log.add(m.text.size()); }
  void handle(ha::context<taker>&, hidden m) { log.add(static_cast<std::uint64_t>(m.n)); }
};

struct hides : ha::behavior<"hides", hidden> {};

/// Stays in the handler of its first message until it is told to go.
struct blocker {
  using handlers = ha::handlers<number, hidden>;
  using exports = ha::exports<number>;
  using executor = ha::dedicated_thread;
  event entered;
  event go;
  void handle(ha::context<blocker>&, number) {
    entered.set();
    (void)go.wait();
  }
  void handle(ha::context<blocker>&, hidden) {}
};

template <class M>
ha::message_envelope to_port(const ha::port_addr& dest, const M& value, std::uint64_t session = 0,
                             std::uint64_t sequence = 0) {
  ha::message_envelope out =
      ha::message_envelope::serialize(mailbox_tests::actor("a.p@inproc://1"), dest, value).value();
  if (sequence != 0) {
    out.headers().template set<ha::header::seq_info>(ha::sequence_info{ha::detail::session_of_key(session), sequence});
  }
  return out;
}
template <class M>
ha::message_envelope to_handler(const ha::actor_addr& dest, const M& value, std::uint64_t session = 0,
                                std::uint64_t sequence = 0) {
  return to_port(dest.port_addr(ha::handler_port<M>()), value, session, sequence);
}

}  // namespace mailbox_test

using namespace mailbox_test;

TEST_CASE(
    "serialized messages reach handlers in the order of their numbers, copies once "
    "(test_sequencing_actor_ref_known_delivery_order) [MBX-1][ORD-1]") {
  local in;
  taker t;
  const auto log = t.log;
  auto h = in.proc.spawn(std::move(t));
  const mailbox_tests::returns back;
  for (const std::uint64_t n : std::initializer_list<std::uint64_t>{3, 1, 2, 2, 5})
    in.proc.post_unchecked(to_handler(h.addr(), number{n}, 9, n), back.port);
  in.proc.post_unchecked(to_handler(h.addr(), number{100}, 10, 1), back.port);
  in.proc.post_unchecked(to_handler(h.addr(), number{200}), back.port);  // direct
  CHECK(log.wait_for(5) == std::vector<std::uint64_t>{1, 2, 3, 100, 200});
  in.proc.post_unchecked(to_handler(h.addr(), other{"1234"}, 9, 4), back.port);  // all handlers are one stream
  CHECK(log.wait_for(7) == std::vector<std::uint64_t>{1, 2, 3, 100, 200, 4, 5});
  h.stop("done");
  CHECK(in.is_empty());
  CHECK(back.messages().empty());
}

TEST_CASE(
    "without the buffer serialized messages are handled as they come "
    "(test_sequencing_actor_ref_known_delivery_order)") {
  const auto off = ha::config::override_scoped<ha::config::enable_dest_actor_reordering_buffer>(false);
  local in;
  taker t;
  const auto log = t.log;
  auto h = in.proc.spawn(std::move(t));
  const mailbox_tests::returns back;
  for (const std::uint64_t n : std::initializer_list<std::uint64_t>{3, 1, 2, 5})
    in.proc.post_unchecked(to_handler(h.addr(), number{n}, 9, n), back.port);
  CHECK(log.wait_for(4) == std::vector<std::uint64_t>{3, 1, 2, 5});
  h.stop("done");
  CHECK(in.is_empty());
  CHECK(back.messages().empty());
}

TEST_CASE(
    "10,000 numbered messages in any order are handled in theirs (test_sequencing_actor_ref_random_delivery_order)") {
  local in;
  taker t;
  const auto log = t.log;
  auto h = in.proc.spawn(std::move(t));
  std::vector<std::uint64_t> numbers(10'000);
  std::iota(numbers.begin(), numbers.end(), std::uint64_t{1});
  const auto in_order = numbers;
  std::shuffle(numbers.begin(), numbers.end(), std::mt19937(7));
  const mailbox_tests::returns back;
  for (const std::uint64_t n : numbers) in.proc.post_unchecked(to_handler(h.addr(), number{n}, 9, n), back.port);
  CHECK(log.wait_for(numbers.size()) == in_order);
  h.stop("done");
  CHECK(in.is_empty());
  CHECK(back.messages().empty());
}

TEST_CASE("what waits behind a gap returns when the actor ends [LOP-4][MBX-2]") {
  local in;
  taker t;
  const auto log = t.log;
  auto h = in.proc.spawn(std::move(t));
  const mailbox_tests::returns back;
  in.proc.post_unchecked(to_handler(h.addr(), number{2}, 9, 2), back.port);
  in.proc.post_unchecked(to_handler(h.addr(), number{1}), back.port);
  CHECK(log.wait_for(1) == std::vector<std::uint64_t>{1});
  h.drain_and_stop("over");
  CHECK(ended(h).to_string() == "stopped: over");
  REQUIRE(back.messages().size() == 1);
  CHECK(back.messages()[0].as<number>().value().n == 2);
  CHECK(back.messages()[0].sender().to_string() == "a.p@inproc://1");
  CHECK(log.get().size() == 1);
}

TEST_CASE(
    "messages for unknown places come back with the reason (test_missing_handler_port_records_invalid_reference, "
    "test_mailbox_muxer, test_missing_never_allocated_port_records_invalid_reference)") {
  const log_lines lines;
  local in;
  auto h = in.proc.spawn(taker{});
  const mailbox_tests::returns back;
  const auto reason_of = [&](ha::message_envelope m) {
    in.proc.post_unchecked(std::move(m), back.port);
    return back.reason(back.messages().size() - 1);
  };
  using reason = ha::delivery_reason;
  CHECK(reason_of(to_handler(h.addr(), hidden{1})) == reason::handler_not_bound);
  CHECK(reason_of(to_handler(in.client.addr(), number{1})) == reason::handler_not_bound);
  CHECK(reason_of(to_handler(in.proc.addr().actor_addr("nobody"), number{1})) == reason::actor_does_not_exist);
  CHECK(reason_of(to_port(in.client.addr().port_addr(ha::port::ephemeral(77)), 1)) == reason::port_never_allocated);
  CHECK(reason_of(to_handler(mailbox_tests::actor("q.elsewhere@inproc://1"), number{1})) == reason::no_route);
  auto foreign = to_port(h.addr().port_addr(ha::handler_port<other>()), std::uint8_t{1});
  CHECK(reason_of(std::move(foreign)) == reason::protocol_mismatch);
  // test_ttl_expiration_records_root_delivery_failure
  auto expired = to_handler(h.addr(), number{1});
  expired.set_ttl(0);
  CHECK(reason_of(std::move(expired)) == reason::expired);
  h.stop("over");
  CHECK(ended(h).is_stopped());
  CHECK(reason_of(to_handler(h.addr(), number{1})) == reason::actor_stopped);
  auto failing = in.proc.spawn(taker{});
  failing.kill("so");
  CHECK(ended(failing).is_failed());
  CHECK(reason_of(to_handler(failing.addr(), number{1})) == reason::actor_failed);
}

TEST_CASE(
    "a location in an address does not hide an actor of this proc (test_mailbox_muxer_delivers_by_actor_id, "
    "test_default_location_changes_new_bindings_not_lookup)") {
  local in;
  taker t;
  const auto log = t.log;
  auto h = in.proc.spawn(std::move(t));
  const auto before = h.addr();
  in.proc.set_default_location(ha::location::parse("inproc://4711").value());
  CHECK(h.addr().to_string().ends_with("@inproc://4711"));
  CHECK(h.addr().id() == before.id());
  const mailbox_tests::returns back;
  in.proc.post_unchecked(to_handler(before, number{1}), back.port);
  in.proc.post_unchecked(to_handler(h.addr(), number{2}), back.port);
  h.drain_and_stop("done");
  CHECK(ended(h).is_stopped());
  CHECK(log.get() == std::vector<std::uint64_t>{1, 2});
  CHECK(back.messages().empty());
}

TEST_CASE("a mismatch evicts no port (test_mailbox_type_mismatch_does_not_evict_unbounded_port)") {
  local in;
  auto [port, rx] = in.client.open_port<std::string>();
  const auto to = port.bind().port_addr();
  const mailbox_tests::returns back;
  in.proc.post_unchecked(to_port(to, std::uint8_t{1}), back.port);
  REQUIRE(back.messages().size() == 1);
  CHECK(back.reason() == ha::delivery_reason::protocol_mismatch);
  in.proc.post_unchecked(to_port(to, std::string("fits")), back.port);
  CHECK(rx.try_recv() == "fits");
}

TEST_CASE(
    "a dropped receiver unregisters its port, and the failure stays the same "
    "(test_mailbox_closed_unbounded_port_is_removed_after_send_failure)") {
  local in;
  auto [port, rx] = in.client.open_port<int>();
  const auto to = port.bind().port_addr();
  {
    auto gone = std::move(rx);
  }
  const mailbox_tests::returns back;
  in.proc.post_unchecked(to_port(to, 1), back.port);
  in.proc.post_unchecked(to_port(to, 2), back.port);
  REQUIRE(back.messages().size() == 2);
  CHECK(back.reason(0) == ha::delivery_reason::port_gone);
  CHECK(back.messages()[0].error_message() == back.messages()[1].error_message());
}

TEST_CASE("serialized messages in the queue of an actor that ends return, those of a bound behaviour too [LOP-4]") {
  const log_lines lines;
  local in;
  const event entered;
  const event go;
  auto h = in.proc.spawn(blocker{entered, go});
  (void)h.bind<hides>();  // not exported: reachable from here on
  const mailbox_tests::returns back;
  in.proc.post_unchecked(to_handler(h.addr(), number{1}), back.port);
  REQUIRE(entered.wait());
  in.proc.post_unchecked(to_handler(h.addr(), hidden{2}), back.port);
  in.proc.post_unchecked(to_handler(h.addr(), number{3}), back.port);
  h.stop("over");
  go.set();
  CHECK(ended(h).to_string() == "stopped: over");
  REQUIRE(back.messages().size() == 2);
  CHECK(back.messages()[0].as<hidden>().value().n == 2);
  CHECK(back.messages()[1].as<number>().value().n == 3);
  CHECK(back.messages()[1].root_failure()->reason_text() == "link unavailable: actor stopped");
}
