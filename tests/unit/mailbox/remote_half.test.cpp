// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/proc.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace {

/// Keeps what comes back.
struct sink final : ha::detail::return_sink {
  void returned(ha::undeliverable u) noexcept override { last = u.root_failure()->message(); }
  std::string last;
};

// as a function: clang 16 emits calls of label's immediate constructor from initializers of members
ha::client client_of(ha::proc& proc) { return proc.client("main"); }

struct fixture {
  ha::proc proc = ha::proc::isolated();
  ha::client client = client_of(proc);
  ha::detail::intrusive_ptr<sink> back = ha::detail::intrusive_ptr<sink>::adopt(new sink);

  void send(const ha::port_addr& to, std::uint64_t value) {
    proc.post_unchecked(ha::message_envelope::serialize(client.addr(), to, value).value(),
                        ha::return_port(ha::detail::intrusive_ptr<ha::detail::return_sink>(back)));
  }
};

}  // namespace

TEST_CASE_METHOD(fixture,
                 "a message that does not decode goes back and the port still works "
                 "(test_mailbox_type_mismatch_does_not_evict_unbounded_port) [RMH-1]") {
  auto [port, rx] = client.open_port<std::string>();
  const ha::port_ref<std::string> ref = port.bind();
  send(ref.port_addr(), 7);
  CHECK(back->last.find("protocol mismatch") != std::string::npos);
  ref.post(client, std::string("still there"));
  CHECK(rx.recv_for(10s).value() == "still there");
}

TEST_CASE_METHOD(fixture, "serialized messages reach a bound port by its index") {
  auto [port, rx] = client.open_port<std::uint64_t>();
  const auto ref = port.bind();
  send(ref.port_addr(), 7);
  CHECK(rx.recv_for(10s).value() == 7);
}

TEST_CASE_METHOD(
    fixture,
    "ports that never were and ports that are gone (test_missing_never_allocated_port_records_invalid_reference, "
    "test_missing_dropped_port_records_recipient_gone)") {
  send(client.addr().port_addr(ha::port::ephemeral(99)), 1);
  CHECK(back->last.find("port never allocated") != std::string::npos);
  ha::port_addr gone = [&] {
    auto [port, rx] = client.open_port<std::uint64_t>();
    return port.bind().port_addr();
  }();
  send(gone, 1);
  CHECK(back->last.find("port gone") != std::string::npos);
  send(client.addr().port_addr(ha::handler_port<std::uint64_t>()), 1);
  CHECK(back->last.find("handler not bound") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "an actor that does not exist (test_mailbox_muxer)") {
  send(proc.addr().actor_addr("nobody").port_addr(ha::port::ephemeral(0)), 1);
  CHECK(back->last.find("actor does not exist") != std::string::npos);
}

TEST_CASE_METHOD(
    fixture, "a mailbox refuses what is addressed to another one (test_mailbox_rejects_messages_for_other_actors)") {
  auto other = proc.client("other");
  auto [port, rx] = other.open_port<std::uint64_t>();
  const auto to = port.bind().port_addr();
  const auto hand_to = [&](ha::client& c) {
    ha::detail::remote_half_of_mailboxes<void>::deliver(
        ha::detail_sender_access::mailbox(c),
        ha::message_envelope::serialize(client.addr(), to, std::uint64_t{7}).value(),
        ha::return_port(ha::detail::intrusive_ptr<ha::detail::return_sink>(back)));
  };
  hand_to(client);
  CHECK(back->last.find("wrong mailbox owner") != std::string::npos);
  CHECK_FALSE(rx.try_recv().has_value());
  hand_to(other);
  CHECK(rx.try_recv() == 7);
}
