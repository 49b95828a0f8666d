// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/port_ref.hpp>

#include "support/local.hpp"
#include "unit/mailbox/support.hpp"

#include <hyperactor/gateway.hpp>

#include <fmt/core.h>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <unordered_set>
#include <vector>

namespace port_tests {

using namespace test;

inline std::atomic<int> encodings{0};
struct counted {
  int n;
};

/// An envelope for the port, with a place in a stream.
template <class M>
ha::message_envelope numbered(const ha::port_addr& to, const M& value, std::uint64_t session, std::uint64_t sequence) {
  ha::message_envelope out = ha::message_envelope::serialize(mailbox_tests::actor("a.p@inproc://1"), to, value).value();
  out.headers().set<ha::header::seq_info>(ha::sequence_info{ha::detail::session_of_key(session), sequence});
  return out;
}

struct carry {
  ha::port_ref<int> to;
};
struct sends {
  using handlers = ha::handlers<carry>;
  using exports = ha::exports<carry>;
  void handle(ha::context<sends>& cx, const carry& m) {
    for (int i = 1; i <= 3; ++i) m.to.post(cx, i);
  }
};

/// Opens a port for whoever asks, and keeps the receiving end.
struct give_port {
  ha::once_port_handle<ha::port_ref<int>> reply;
};
struct port_owner {
  using handlers = ha::handlers<give_port>;
  std::vector<ha::receiver<int>> kept;
  void handle(ha::context<port_owner>& cx, give_port m) {
    auto [port, rx] = cx.open_port<int>();
    kept.push_back(std::move(rx));
    m.reply.post(cx, port.bind());
  }
};

}  // namespace port_tests

template <> struct hyperactor::codec<port_tests::counted> {
  static void encode(wire::encoder& e, const port_tests::counted& m) {
    ++port_tests::encodings;
    e.put(m.n);
  }
  static result<port_tests::counted> decode(wire::decoder& d) {
    auto n = d.take<int>();
    if (!n) return n.error();
    return port_tests::counted{*n};
  }
};

using namespace port_tests;

TEST_CASE(
    "posts by handle and by reference share one stream: Direct before bind, 1, 2, 3 after "
    "(test_ephemeral_port_orders_raw_and_serialized_sends) [PHN-1]") {
  local in;
  auto [port, rx] = in.client.open_port<int>();
  port.post(in.client, 0);  // Direct: waits for nothing
  const auto ref = port.bind();
  port.post(in.client, 1);
  ref.post(in.client, 2);
  port.post(in.client, 3);
  ref.post(in.client, 4);
  CHECK(rx.drain() == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("an attested reference shares the stream of its port too (test_send_port_typed_remote) [PHN-1][PRF-1]") {
  local in;
  auto [port, rx] = in.client.open_port<int>();
  const auto ref = port.bind();
  const auto attested = ha::port_ref<int>::attest(ref.port_addr());
  port.post(in.client, 1);
  attested.post(in.client, 2);
  ref.post(in.client, 3);
  attested.post(in.client, 4);
  port.post(in.client, 5);
  std::vector<int> seen;
  while (seen.size() < 5) {
    auto v = rx.recv_for(5s);
    REQUIRE(v.has_value());
    seen.push_back(*v);
  }
  CHECK(seen == std::vector<int>{1, 2, 3, 4, 5});
}

TEST_CASE("serialized messages that arrive out of order are received in order, copies once [ORD-1][ORD-3]") {
  local in;
  auto [port, rx] = in.client.open_port<int>();
  const auto to = port.bind().port_addr();
  const mailbox_tests::returns back;
  for (const int n : {2, 3, 1, 3, 2, 5}) {
    in.proc.post_unchecked(numbered(to, n, 77, static_cast<std::uint64_t>(n)), back.port);
  }
  CHECK(rx.drain() == std::vector<int>{1, 2, 3});
  in.proc.post_unchecked(numbered(to, 100, 78, 1), back.port);  // another session does not wait
  CHECK(rx.drain() == std::vector<int>{100});
  in.proc.post_unchecked(numbered(to, 4, 77, 4), back.port);
  CHECK(rx.drain() == std::vector<int>{4, 5});
  CHECK(back.messages().empty());
}

TEST_CASE("local references move their messages and do not encode them [PRF-1]") {
  local in;
  auto [port, rx] = in.client.open_port<counted>();
  encodings = 0;
  port.bind().post(in.client, counted{7});
  CHECK(rx.try_recv().value().n == 7);
  CHECK(encodings == 0);
  ha::port_ref<counted>::attest(port.bind().port_addr()).post(in.client, counted{8});
  CHECK(rx.recv_for(patience).value().n == 8);
}

TEST_CASE("references carried by messages arrive, and their actor's posts are in order") {
  local in;
  auto [port, rx] = in.client.open_port<int>();
  auto h = in.proc.spawn(sends{});
  h.post(in.client, carry{port.bind()});
  for (int i = 1; i <= 3; ++i) CHECK(rx.recv_for(patience).value() == i);
  // and the same reference, decoded from bytes
  const mailbox_tests::returns back;
  auto envelope = ha::message_envelope::serialize(in.client.addr(), h.addr().port_addr(ha::handler_port<carry>()),
                                                  carry{port.bind()});
  in.proc.post_unchecked(std::move(envelope.value()), back.port);
  REQUIRE(back.messages().empty());
  for (int i = 1; i <= 3; ++i) CHECK(rx.recv_for(patience).value() == i);
  CHECK(back.messages().empty());
  h.stop("done");
  CHECK(in.is_empty());
}

TEST_CASE(
    "a port reference is a value: equality, order, hash, text, return flag "
    "(test_port_remote_construction_and_accessors, test_port_remote_eq_and_hash, test_port_remote_fromstr_roundtrip, "
    "test_port_remote_display_matches_port_ref)") {
  local in;
  auto [port, rx] = in.client.open_port<int>();
  auto [other, other_rx] = in.client.open_port<int>();
  const auto a = port.bind();
  CHECK(a == port.bind());  // test_bind_handler_port_handle_twice_is_idempotent
  CHECK(a == ha::port_ref<int>::attest(a.port_addr()));
  CHECK_FALSE(a == other.bind());
  CHECK((a < other.bind()) != (other.bind() < a));
  CHECK(std::unordered_set<ha::port_ref<int>>{a, other.bind(), port.bind()}.size() == 2);
  CHECK(fmt::format("{}", a) == a.port_addr().to_string());
  CHECK(a.port_addr() == port.addr());
  CHECK(ha::port_addr::parse(a.to_string()).value() == a.port_addr());
  auto quiet = a;
  quiet.return_undeliverable(false);
  CHECK_FALSE(quiet == a);
  CHECK(a.returns_undeliverable());
  CHECK_FALSE(quiet.returns_undeliverable());
}

TEST_CASE(
    "what a closed port does not take returns, unless its reference says otherwise "
    "(test_missing_dropped_port_records_recipient_gone)") {
  local in;
  auto undelivered = in.client.undelivered();
  auto [port, rx] = in.client.open_port<int>();
  auto ref = port.bind();
  const auto attested = ha::port_ref<int>::attest(ref.port_addr());
  {
    const auto gone = std::move(rx);
  }
  ref.post(in.client, 1);
  auto one = undelivered.recv_for(patience).value();
  CHECK(one.root_failure()->reason() == ha::delivery_reason::port_gone);
  CHECK(one.as<int>().value() == 1);
  attested.post(in.client, 2);
  auto two = undelivered.recv_for(patience).value();
  CHECK(two.root_failure()->reason() == ha::delivery_reason::port_gone);
  CHECK(two.as<int>().value() == 2);
  ref.return_undeliverable(false).post(in.client, 3);
  auto by_address = ha::port_ref<int>::attest(ref.port_addr());
  by_address.return_undeliverable(false).post(in.client, 4);
  CHECK_FALSE(undelivered.try_recv().has_value());
  // test_missing_never_allocated_port_records_invalid_reference
  ha::port_ref<int>::attest(in.client.addr().port_addr(ha::port::ephemeral(1000))).post(in.client, 5);
  CHECK(undelivered.recv_for(patience).value().root_failure()->reason() == ha::delivery_reason::port_never_allocated);
}

TEST_CASE(
    "a reference to a port of an ended actor says how that ended, also where it stays in the process "
    "(test_mailbox_closed_with_owner_stopped_reason / _failed_reason) [PRF-2]") {
  const log_lines lines;
  local in;
  auto undelivered = in.client.undelivered();
  for (const bool fails : {false, true}) {
    auto h = in.proc.spawn(port_owner{});
    const auto ref = ha::ask<give_port>(in.client, h).recv_for(patience).value();
    fails ? h.kill("over") : h.stop("over");
    CHECK(ended(h).is_failed() == fails);
    for (const auto& r : {ref, ha::port_ref<int>::attest(ref.port_addr())}) {
      r.post(in.client, 5);
      auto back = undelivered.recv_for(patience).value();
      CHECK(back.root_failure()->reason() ==
            (fails ? ha::delivery_reason::actor_failed : ha::delivery_reason::actor_stopped));
      CHECK(back.root_failure()->target_text() == h.addr().to_string());
      CHECK(back.fails_sender());
      CHECK(back.as<int>().value() == 5);
    }
  }
}

TEST_CASE(
    "a port of another proc of the gateway is one stream by handle and by reference "
    "(test_ping_pong_across_shared_gateway)") {
  ha::gateway gw;
  auto alpha = ha::proc::builder{}.id(ha::proc_id::instance("alpha")).gateway(gw).build().value();
  auto beta = ha::proc::builder{}.id(ha::proc_id::instance("beta")).gateway(gw).build().value();
  auto a = alpha.client("a");
  auto b = beta.client("b");
  auto [port, rx] = b.open_port<int>();
  const auto ref = port.bind();
  const auto attested = ha::port_ref<int>::attest(ref.port_addr());
  for (int i = 1; i <= 30; i += 3) {
    port.post(a, i);
    attested.post(a, i + 1);
    ref.post(a, i + 2);
  }
  for (int i = 1; i <= 30; ++i) {
    auto v = rx.recv_for(5s);
    REQUIRE(v.has_value());
    CHECK(*v == i);
  }
}

TEST_CASE(
    "an opened port is addressed by its index, whatever handlers its instance has "
    "(test_bind_open_port_uses_ephemeral_port)") {
  local in;
  auto [first, first_rx] = in.client.open_port<int>();
  auto [second, second_rx] = in.client.open_port<int>();
  const auto a = first.bind().port_addr();
  const auto b = second.bind().port_addr();
  CHECK(a.actor_addr() == in.client.addr());
  CHECK(a.port().is_ephemeral());
  CHECK_FALSE(a.port().is_handler());
  CHECK(b.port().number() == a.port().number() + 1);
  CHECK(b.port() != ha::handler_port<int>());
}

TEST_CASE(
    "a port reference inside a message is one typed part, and plain bytes hold all of it "
    "(test_port_ref_serde_multipart_part_codec, test_port_ref_regular_serde_uses_repr, "
    "test_port_remote_serde_roundtrip)") {
  const auto addr = mailbox_tests::port("b<2>.q<3>:7@tcp://127.0.0.1:1");
  auto quiet = ha::port_ref<int>::attest(addr);
  quiet.return_undeliverable(false);
  for (const auto& ref : {ha::port_ref<int>::attest(addr), quiet}) {
    const auto parts = ha::wire::encode(carry{ref}).value();
    CHECK(parts.body.empty());
    REQUIRE(parts.parts.size() == 1);
    CHECK(parts.parts[0].is_typed);
    CHECK(parts.parts[0].typehash == ha::type_hash<ha::detail::port_repr>);
    CHECK(ha::wire::decode<carry>(parts).value().to == ref);

    const auto plain = ha::wire::encode_plain(ref).value();
    CHECK(plain == parts.parts[0].bytes);  // nothing but the representation
    CHECK(ha::wire::decode_plain<ha::port_ref<int>>(plain.span()).value() == ref);
    CHECK(ha::wire::decode_plain<ha::port_ref<int>>(plain.span().first(plain.size() - 1)).has_error());
  }
}
