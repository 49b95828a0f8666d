// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/remote_half.hpp>

#include "support/local.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace returned_tests {

using namespace test;

struct two_questions {
  ha::once_port_ref<int> first;
  int other;
  ha::once_port_ref<std::string> second;
};
struct question {
  ha::once_port_ref<int> reply;
};
struct statement {
  int n;
};

}  // namespace returned_tests

using namespace returned_tests;

TEST_CASE("every reply port of a request that came back completes with the reason, and nothing else is told [AKS-1]") {
  const log_lines lines;
  local in;
  auto undelivered = in.client.undelivered();
  auto [one, one_rx] = in.client.open_once_port<int>();
  auto [two, two_rx] = in.client.open_once_port<std::string>();
  struct both : ha::behavior<"both", two_questions> {};
  const auto nobody = ha::actor_ref<both>::attest(ha::actor_addr::parse("q.elsewhere@inproc://1").value());
  nobody.post(in.client, two_questions{one.bind(), 7, two.bind()});
  const auto first = one_rx.recv_for(patience);
  const auto second = two_rx.recv_for(patience);
  CHECK(first.error() == ha::mailbox_error::undeliverable);
  CHECK(second.error() == ha::mailbox_error::undeliverable);
  CHECK(contains(first.error().message(), "no route"));
  CHECK(first.error().message() == second.error().message());
  CHECK_FALSE(undelivered.try_recv().has_value());
  CHECK(lines.get().empty());
}

TEST_CASE("the reply port of somebody else's request completes too, where it was passed on") {
  local in;
  auto asker = in.proc.client("asker");
  auto forwarder = in.proc.client("forwarder");
  auto [port, rx] = asker.open_once_port<int>();
  // the request reached the forwarder by wire, and goes on from there to nobody
  auto bytes = ha::any_value::encode(question{port.bind()}).value();
  auto request = bytes.decode<question>().value();
  struct asks : ha::behavior<"asks", question> {};
  auto undelivered = forwarder.undelivered();
  ha::actor_ref<asks>::attest(ha::actor_addr::parse("q.elsewhere@inproc://1").value())
      .post(forwarder, std::move(request));
  auto back = undelivered.recv_for(patience).value();  // the forwarder gets it back, with the obligation
  back.as<question>().value().reply.post(forwarder, 5);
  CHECK(rx.recv_for(patience).value() == 5);
}

TEST_CASE("a returned message without reply ports is an undeliverable message") {
  local in;
  auto undelivered = in.client.undelivered();
  struct tells : ha::behavior<"tells", statement> {};
  ha::actor_ref<tells>::attest(ha::actor_addr::parse("q.elsewhere@inproc://1").value()).post(in.client, statement{3});
  CHECK(undelivered.recv_for(patience).value().as<statement>().value().n == 3);
}

TEST_CASE("a reply by wire is not numbered: one message has no order, and no stream is kept for it") {
  local in;
  auto undelivered = in.client.undelivered();
  const auto nobody = ha::actor_addr::parse("q<2Wz4vPvWxZQ>.elsewhere@inproc://1").value();
  ha::once_port_ref<int>::attest(nobody.port_addr(ha::port::ephemeral(7))).post(in.client, 3);
  auto reply = undelivered.recv_for(patience).value();
  CHECK(reply.envelope()->headers().get<ha::header::seq_info>().value().is_direct());
  ha::port_ref<int>::attest(nobody.port_addr(ha::port::ephemeral(7))).post(in.client, 3);
  auto message = undelivered.recv_for(patience).value();
  CHECK_FALSE(message.envelope()->headers().get<ha::header::seq_info>().value().is_direct());
}
