// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/return_port.hpp>

#include "unit/mailbox/support.hpp"

namespace ha = hyperactor;
using namespace mailbox_tests;

TEST_CASE("a message is given back once, with its failure and target (test_detached_return_handle) [RTP-1]") {
  returns back;
  back.port.undeliverable(envelope(), ha::delivery_failure::actor_stopped());
  REQUIRE(back.messages().size() == 1);
  CHECK(back.messages()[0].root_failure()->message() == "invalid reference b.q@inproc://2: actor stopped");
  CHECK(back.messages()[0].as<std::uint64_t>().value() == 42);
}

TEST_CASE("later failures do not hide the cause [RTP-1]") {
  returns back;
  auto m = envelope();
  m.push_delivery_failure(ha::delivery_failure::expired());
  back.port.undeliverable(std::move(m), ha::delivery_failure::no_route());
  CHECK(back.reason() == ha::delivery_reason::expired);
  CHECK(back.messages()[0].delivery_failures().size() == 2);
}

TEST_CASE("a message that nobody wants back is dropped and counted [RTP-1]") {
  returns back;
  const auto before = ha::detail::dropped_envelopes.load();
  auto m = envelope();
  m.set_return_undeliverable(false);
  back.port.undeliverable(std::move(m), ha::delivery_failure::no_route());
  CHECK(back.messages().empty());
  CHECK(ha::detail::dropped_envelopes.load() == before + 1);
}

TEST_CASE("reports reach the sink [RTP-1]") {
  returns back;
  back.port.report({actor("a.p@inproc://1"),
                    ha::endpoint_location::local(actor("b.q@inproc://2"), "u64"),
                    "u64",
                    {ha::delivery_failure::link_unavailable("closed").with_target(port("b.q:7@inproc://2"))}});
  REQUIRE(back.messages().size() == 1);
  CHECK(back.messages()[0].dest() == "b.q@inproc://2<u64>");
}

TEST_CASE("without a sink there is one line in the log, and a count of more [RTP-2]") {
  std::vector<std::string> lines;
  ha::log::flush_limited();
  const ha::log::scoped_sink sink{[&](ha::log::severity, std::string_view text) { lines.emplace_back(text); }};
  const ha::return_port nowhere;
  CHECK_FALSE(nowhere);
  for (int i = 0; i < 3; ++i) nowhere.undeliverable(envelope("b.q:77@inproc://2"), ha::delivery_failure::no_route());
  nowhere.undeliverable(envelope("b.q:77@inproc://2"), ha::delivery_failure::port_gone());
  REQUIRE(lines.size() >= 2);
  CHECK(lines[0].starts_with("message not delivered to b.q:77@inproc://2: sender=a.p@inproc://1 message_type="));
  CHECK(lines[0].ends_with("data_len=8 error=delivery failure: transport failure to b.q:77@inproc://2: no route"));
  CHECK(lines.back().ends_with("port gone: b.q:77@inproc://2"));
}

TEST_CASE("copies share the sink, and the last one ends it") {
  struct counting final : ha::detail::return_sink {
    int* ends;
    explicit counting(int* e) : ends(e) {}
    ~counting() override { ++*ends; }
    void returned(ha::undeliverable) noexcept override {}
  };
  int ends = 0;
  {
    const ha::return_port first(ha::detail::intrusive_ptr<ha::detail::return_sink>::adopt(new counting(&ends)));
    const ha::return_port second = first;  // NOLINT(performance-unnecessary-copy-initialization)
    CHECK(first == second);
    CHECK_FALSE(first == ha::return_port());
    CHECK(ends == 0);
  }
  CHECK(ends == 1);
}
