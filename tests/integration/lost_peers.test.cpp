// SPDX-License-Identifier: BSD-3-Clause
// Who awaits a reply from a child process that dies hears of it, wherever the asker lives and however the reply port
// got there. The program is its own child: main boots when a host started it.
#include <hyperactor/channel.hpp>
#include <hyperactor/host.hpp>
#include <hyperactor/proc.hpp>
#include <support/children.hpp>

#include <asio/use_future.hpp>
#include <catch2/catch_session.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace lost_peers_test {

// ---- the agent of every child

struct agent;
struct keep {
  ha::once_port_ref<std::int32_t> reply;
};
struct pay {
  std::int32_t value;
};  // answers all that is kept
struct has_kept {
  std::int32_t count;
  ha::once_port_ref<std::int32_t> reply;
};  // answered when so many are kept
struct process_of {
  ha::once_port_ref<std::int32_t> reply;
};
struct hand_on {
  ha::actor_ref<agent> to;
  ha::once_port_ref<std::int32_t> reply;
};  // for the other one to keep
struct ask_for {
  ha::actor_ref<agent> to;
  ha::once_port_ref<std::string> reply;
};  // has the other one keep a port of this one, says what came of it

struct agent {
  using handlers = ha::handlers<keep, pay, has_kept, process_of, hand_on, ask_for>;
  using exports = ha::exports<keep, pay, has_kept, process_of, hand_on, ask_for>;

  std::vector<ha::once_port_ref<std::int32_t>> kept;
  std::vector<has_kept> waiting;

  void handle(ha::context<agent>& cx, keep m) {
    kept.push_back(std::move(m.reply));
    tell(cx);
  }
  void handle(ha::context<agent>& cx, pay m) {
    for (auto& reply : std::exchange(kept, {})) reply.post(cx, m.value);
  }
  void handle(ha::context<agent>& cx, has_kept m) {
    waiting.push_back(std::move(m));
    tell(cx);
  }
  void handle(ha::context<agent>& cx, process_of m) { m.reply.post(cx, ::getpid()); }
  void handle(ha::context<agent>& cx, hand_on m) { m.to.post(cx, keep{std::move(m.reply)}); }
  asio::awaitable<void> handle(ha::context<agent>& cx, ask_for m) {
    const ha::result<std::int32_t> got = co_await ha::ask<keep>(cx, m.to).async_recv();
    m.reply.post(cx, got ? std::to_string(*got) : got.error().what());
  }

 private:
  void tell(ha::context<agent>& cx) {
    std::erase_if(waiting, [&](has_kept& w) {
      if (static_cast<std::size_t>(w.count) > kept.size()) return false;
      w.reply.post(cx, w.count);
      return true;
    });
  }
};

using manager = ha::process_proc_manager<agent>;
using process_host = ha::host<manager>;
using agent_ref = ha::actor_ref<agent>;

inline process_host make_host() {
  return process_host::make(manager{ha::this_executable()}, ha::channel_addr::any<ha::transport::unix_socket>())
      .value();
}

struct fixture {
  ha::log::scoped_sink quiet{[](ha::log::severity, std::string_view) {}};
  process_host host = make_host();
  ha::mailbox_server front = host.serve().value();
  ha::spawned_proc<agent> one = host.spawn("one").value();
  ha::spawned_proc<agent> two = host.spawn("two").value();
  ha::client own = host.system_proc().client("main");
  ha::proc outside = ha::proc::direct(ha::channel_addr::any<ha::transport::unix_socket>(), "outside").value();
  ha::client stranger = outside.client("main");

  void await_kept(const agent_ref& by, std::int32_t count) {
    REQUIRE(ha::ask<has_kept>(own, by, count).recv_for(30s).value() == count);
  }
  void kill(std::string_view name) {
    REQUIRE(host.find(name)->kill().value() == ha::process_status::killed(SIGKILL, false));
  }
  static std::string end_of(const ha::spawned_proc<agent>& p) {
    return "hyperactor.mailbox.peer_lost: proc " + p.proc.to_string() + " ended: Killed(sig=9)";
  }
};
template <class T> std::string outcome(ha::once_receiver<T>& rx) {
  const ha::result<T> r = rx.recv_for(30s);
  if (!r) return r.error().what();
  if constexpr (std::same_as<T, std::string>) {
    return *r;
  } else {
    return std::to_string(*r);
  }
}

/// The outcome, where what the link says of a request that was not acknowledged yet counts as the end of its proc.
template <class T> std::string heard(ha::once_receiver<T>& rx, const ha::spawned_proc<agent>& p) {
  std::string out = outcome(rx);
  const bool is_returned =
      out.find("hyperactor.mailbox.peer_lost: ") == 0 && out.find(": channel closed: ") != out.npos;
  return is_returned ? fixture::end_of(p) : out;
}

}  // namespace lost_peers_test

using namespace lost_peers_test;

TEST_CASE_METHOD(fixture,
                 "every asker hears of a child that is killed: own, sibling, stranger, child of another host "
                 "[HNW-4] [OWE-2]") {
  process_host other = make_host();
  auto other_front = other.serve().value();
  auto far = other.spawn("far").value();

  auto from_own = ha::ask<keep>(own, one.agent);
  auto from_stranger = ha::ask<keep>(stranger, one.agent);
  auto from_sibling = ha::ask<ask_for>(own, two.agent, one.agent);
  auto from_far = ha::ask<ask_for>(stranger, far.agent, one.agent);
  await_kept(one.agent, 4);
  kill("one");
  CHECK(heard(from_own, one) == end_of(one));
  CHECK(heard(from_stranger, one) == end_of(one));
  CHECK(heard(from_sibling, one) == end_of(one));
  CHECK(heard(from_far, one) == end_of(one));
}

TEST_CASE_METHOD(fixture, "askers of a child that was replaced under its name hear of it, and the next one answers") {
  auto from_stranger = ha::ask<keep>(stranger, one.agent);
  auto from_sibling = ha::ask<ask_for>(own, two.agent, one.agent);
  await_kept(one.agent, 2);
  kill("one");
  const auto next = host.spawn("one").value();
  CHECK(next.agent == one.agent);
  CHECK(heard(from_stranger, one) == end_of(one));
  CHECK(heard(from_sibling, one) == end_of(one));

  auto again = ha::ask<keep>(stranger, next.agent);
  auto sibling_again = ha::ask<ask_for>(own, two.agent, next.agent);
  await_kept(next.agent, 2);
  next.agent.post(own, pay{5});
  CHECK(outcome(again) == "5");
  CHECK(outcome(sibling_again) == "5");
}

TEST_CASE_METHOD(fixture, "a request on its way to a child that dies comes back or is lost with it, at once") {
  const auto limit = ha::config::override_scoped<ha::config::ask_timeout>(60s);
  std::vector<ha::once_receiver<std::int32_t>> pending;
  for (int i = 0; i != 50; ++i) pending.push_back(ha::ask<keep>(stranger, one.agent));
  const auto dying = host.find("one")->async_kill(asio::use_future);
  for (int i = 0; i != 50; ++i) pending.push_back(ha::ask<keep>(stranger, one.agent));
  dying.wait();
  for (int i = 0; i != 10; ++i) pending.push_back(ha::ask<keep>(stranger, one.agent));
  for (auto& rx : pending) {
    const auto r = rx.recv_for(30s);
    REQUIRE(r.has_error());
    CHECK((r.error() == ha::mailbox_error::peer_lost || r.error() == ha::mailbox_error::undeliverable));
  }
}

TEST_CASE_METHOD(fixture, "a reply that came before the death of its sender is the outcome") {
  auto answered = ha::ask<process_of>(stranger, one.agent);
  auto later = ha::ask<process_of>(stranger, one.agent);
  const std::int32_t process = later.recv_for(30s).value();  // in order after the first
  auto kept = ha::ask<keep>(stranger, one.agent);
  await_kept(one.agent, 1);
  kill("one");
  CHECK(heard(kept, one) == end_of(one));
  CHECK(answered.recv_for(0s).value() == process);
}

TEST_CASE_METHOD(fixture,
                 "a reply port that was handed on is owed by whoever has it: the death of the first one loses "
                 "nothing, that of the second does [DRP-2] [OWE-1]") {
  auto from_own = ha::ask<hand_on>(own, one.agent, two.agent);
  auto from_stranger = ha::ask<hand_on>(stranger, one.agent, two.agent);
  auto stays = ha::ask<keep>(stranger, one.agent);
  await_kept(two.agent, 2);
  await_kept(one.agent, 1);
  kill("one");
  CHECK(heard(stays, one) == end_of(one));
  SECTION("the second one answers") {
    two.agent.post(own, pay{7});
    CHECK(outcome(from_own) == "7");
    CHECK(outcome(from_stranger) == "7");
  }
  SECTION("the second one dies") {
    kill("two");
    CHECK(heard(from_own, two) == end_of(two));
    CHECK(heard(from_stranger, two) == end_of(two));
  }
}

TEST_CASE_METHOD(fixture, "a reply port that was handed on to another host is lost with the child that has it there") {
  process_host other = make_host();
  auto other_front = other.serve().value();
  auto far = other.spawn("far").value();
  auto pending = ha::ask<hand_on>(stranger, one.agent, far.agent);
  auto stays = ha::ask<keep>(stranger, one.agent);
  REQUIRE(ha::ask<has_kept>(stranger, far.agent, 1).recv_for(30s).has_value());
  await_kept(one.agent, 1);
  kill("one");
  CHECK(heard(stays, one) == end_of(one));
  CHECK(other.find("far")->kill().has_value());
  CHECK(heard(pending, far) == end_of(far));
}

TEST_CASE_METHOD(fixture, "a reply port that is handed on to a child that has ended is lost at once") {
  kill("two");
  auto pending = ha::ask<hand_on>(stranger, one.agent, two.agent);
  const auto r = pending.recv_for(30s);
  REQUIRE(r.has_error());
  CHECK(r.error() == ha::mailbox_error::peer_lost);
  CHECK(r.error().message().find("host_agent.two") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "the end of a host is told to askers behind another one") {
  auto other = std::make_unique<process_host>(make_host());
  auto other_front = other->serve().value();
  auto far = other->spawn("far").value();
  auto pending = ha::ask<ask_for>(own, two.agent, far.agent);
  REQUIRE(ha::ask<has_kept>(stranger, far.agent, 1).recv_for(30s).has_value());
  other.reset();
  CHECK(outcome(pending).find("hyperactor.mailbox.peer_lost: ") == 0);
}

int main(int argc, char** argv) {
  if (manager::is_child()) {
    return manager::boot([](ha::proc& p) { return p.spawn("host_agent", agent{}); });
  }
  return Catch::Session().run(argc, argv);
}
