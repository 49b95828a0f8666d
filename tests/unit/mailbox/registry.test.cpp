// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/registry.hpp>

#include "support/local.hpp"

#include <catch2/catch_test_macros.hpp>
#include <thread>
#include <vector>

namespace {

using namespace test;
using ha::detail::instance_registry;

struct idle {
  using handlers = ha::handlers<int>;
  void handle(ha::context<idle>&, int) {}
};

std::uint64_t session_of(const ha::actor_handle<idle>& h) { return h.addr().id().uid().number(); }

}  // namespace

TEST_CASE(
    "an instance is found while it lives, and remembered with how it ended "
    "(test_resolve_actor_ref_none_for_terminal_actor) [REG-1][REG-2]") {
  const log_lines lines;
  auto& registry = instance_registry::instance();
  local in;
  auto stops = in.proc.spawn(idle{});
  auto fails = in.proc.spawn(idle{});
  const auto found = registry.find(session_of(stops));
  REQUIRE(found != nullptr);
  CHECK(found->addr() == stops.addr());
  CHECK(found->is_actor());
  CHECK(registry.how_ended(session_of(stops)) == ha::detail::mailbox_state::open);
  stops.stop("over");
  fails.kill("over");
  CHECK(ended(stops).is_stopped());
  CHECK(ended(fails).is_failed());
  CHECK(registry.find(session_of(stops)) == nullptr);
  CHECK(registry.how_ended(session_of(stops)) == ha::detail::mailbox_state::stopped);
  CHECK(registry.how_ended(session_of(fails)) == ha::detail::mailbox_state::failed);
  CHECK(registry.how_ended(1) == ha::detail::mailbox_state::open);
  CHECK(registry.find(1) == nullptr);
}

TEST_CASE("an instance that ended opens no port, whether it had ports before or not [MBX-2]") {
  local in;
  for (const bool had_ports : {false, true}) {
    auto h = in.proc.spawn(idle{});
    const auto m = instance_registry::instance().find(session_of(h));
    REQUIRE(m != nullptr);
    const auto entry = [&](std::uint64_t index) {
      return ha::detail::intrusive_ptr<ha::detail::port_entry>::adopt(
          new ha::detail::once_binding<int>(ha::detail::intrusive_ptr(m), index));
    };
    if (had_ports) CHECK(m->add_port(0, entry(0)));
    CHECK((m->find_port(0).get() != nullptr) == had_ports);
    h.stop("over");
    CHECK(ended(h).is_stopped());
    CHECK_FALSE(m->add_port(1, entry(1)));
    CHECK(m->find_port(0).get() == nullptr);
    CHECK(m->find_port(1).get() == nullptr);
  }
}

TEST_CASE("thousands of instances are found each, and all are listed [REG-1]") {
  local in;
  std::vector<ha::actor_handle<idle>> all;
  for (int i = 0; i < 3000; ++i) all.push_back(in.proc.spawn(idle{}));
  auto& registry = instance_registry::instance();
  bool found_each = true;
  for (const auto& h : all) {
    const auto m = registry.find(session_of(h));
    found_each = found_each && m != nullptr && m->id() == h.addr().id();
  }
  CHECK(found_each);
  std::size_t listed = 0;
  registry.for_each([&](ha::detail::mailbox& m) { listed += m.is_actor() ? 1 : 0; });
  CHECK(listed == all.size());
  in.proc.stop_all("done");
  CHECK(in.is_empty());
}

TEST_CASE("instances may be looked for while they end [REG-1]") {
  local in;
  for (int i = 0; i < 200; ++i) {
    auto h = in.proc.spawn(idle{});
    const auto session = session_of(h);
    const auto ref = ha::actor_addr(h.addr());
    {
      std::jthread looks([&] {
        while (const auto m = instance_registry::instance().find(session)) {
          if (m->id() != ref.id()) std::terminate();
        }
      });
      h.stop("over");
      {
        auto gone = std::move(h);
      }
    }
  }
  CHECK(in.is_empty());
}
