// SPDX-License-Identifier: BSD-3-Clause
// One host process and its children: typed requests and replies, a reference that travels from child to child, a child
// that is killed and noticed, a new one under its name, and a clean end. Prints what happens; exit code 0 only if all
// of it did.
#include <hyperactor/hyperactor.hpp>

#include <fmt/core.h>
#include <signal.h>
#include <unistd.h>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace ha = hyperactor;

using namespace std::chrono_literals;

// ---- what runs in every child ---------------------------------------------------------------------------------------

struct worker;

struct answer {
  std::int64_t value;
  std::int32_t process;
};
struct square {
  std::int64_t value;
  ha::once_port_ref<answer> reply;
};
struct relay {
  std::int64_t value;
  ha::actor_ref<worker> to;
  ha::once_port_ref<answer> reply;
};  // hand it on to another worker
struct ponder {
  ha::once_port_ref<answer> reply;
};  // and never answer

struct worker {
  using handlers = ha::handlers<square, relay, ponder>;
  using exports = ha::exports<square, relay, ponder>;

  std::vector<ha::once_port_ref<answer>> unanswered;

  void handle(ha::context<worker>& cx, square m) { m.reply.post(cx, answer{m.value * m.value, ::getpid()}); }
  void handle(ha::context<worker>& cx, relay m) { m.to.post(cx, square{m.value, std::move(m.reply)}); }
  void handle(ha::context<worker>&, ponder m) { unanswered.push_back(std::move(m.reply)); }
};

// ---- the host
// ---------------------------------------------------------------------------------------------------------

using manager = ha::process_proc_manager<worker>;

struct child {
  std::string name;
  ha::actor_ref<worker> agent;
  std::int32_t process;
};

bool all_is_well = true;

void expect(bool ok, const char* what) {
  if (ok) return;
  all_is_well = false;
  fmt::print("  UNEXPECTED: {}\n", what);
}

template <class... Args> void say(fmt::format_string<Args...> format, Args&&... args) {
  fmt::print("{}\n", fmt::format(format, std::forward<Args>(args)...));
  std::fflush(stdout);
}

child start(ha::host<manager>& host, ha::client& client, const std::string& name) {
  auto [proc, agent] = host.spawn(name).value();
  const answer first = ha::ask<square>(client, agent, 1).recv_for(10s).value();
  say("  {}: process {}, reached at {}", name, first.process, proc);
  expect(first.process != ::getpid(), "a child in the host's own process");
  return {name, agent, first.process};
}

int run() {
  auto host =
      ha::host<manager>::make(manager{ha::this_executable()}, ha::channel_addr::any<ha::transport::unix_socket>())
          .value();
  auto serving = host.serve().value();
  ha::client client = host.system_proc().client("main");
  say("host: process {}, serving {}", ::getpid(), host.addr());

  say("starting three children");
  std::vector<child> children;
  for (const char* name : {"worker1", "worker2", "worker3"}) children.push_back(start(host, client, name));

  say("asking each for a square");
  for (std::int64_t i = 0; i != 3; ++i) {
    const child& c = children[static_cast<std::size_t>(i)];
    const answer a = ha::ask<square>(client, c.agent, i + 7).recv_for(10s).value();
    say("  {}: {} * {} = {}", c.name, i + 7, i + 7, a.value);
    expect(a.value == (i + 7) * (i + 7) && a.process == c.process, "a wrong answer");
  }

  say("asking worker1 to hand a request on to worker3");
  const answer relayed = ha::ask<relay>(client, children[0].agent, 12, children[2].agent).recv_for(10s).value();
  say("  12 * 12 = {}, answered by {}", relayed.value,
      relayed.process == children[2].process ? "worker3" : "somebody else");
  expect(relayed.value == 144 && relayed.process == children[2].process, "a wrong answer");

  say("killing worker2 while it owes an answer");
  auto owed = ha::ask<ponder>(client, children[1].agent);
  // answered after ponder was taken in: messages of one sender to one actor stay in order
  expect(ha::ask<square>(client, children[1].agent, 2).recv_for(10s).value().value == 4, "a wrong answer");
  const auto handle = host.find("worker2");
  ::kill(children[1].process, SIGKILL);
  const ha::process_status end = handle->wait().value();
  say("  the host noticed: {}", end);
  const ha::result<answer> lost = owed.recv_for(10s);
  say("  the request ended: {}", lost ? "with an answer" : lost.error().what());
  expect(end.signal() == SIGKILL && !lost && lost.error() == ha::mailbox_error::peer_lost, "another end");

  say("starting worker2 again");
  const std::int32_t before = children[1].process;
  children[1] = start(host, client, "worker2");
  expect(children[1].process != before, "the old process");
  const ha::result<answer> again = ha::ask<square>(client, children[1].agent, 20).recv_for(10s);
  say("  worker2: 20 * 20 = {}", again ? std::to_string(again->value) : again.error().what());
  expect(again && again->value == 400, "a wrong answer");

  say("ending all children");
  std::vector<ha::process_handle<worker>> handles;
  for (const child& c : children) handles.push_back(*host.find(c.name));
  const ha::termination_summary summary =
      host.terminate_children(client, {.timeout = 10s, .max_in_flight = 8, .reason = "the demo is over"});
  for (std::size_t i = 0; i != 3; ++i) {
    const ha::process_status status = handles[i].wait().value();
    say("  {}: {}", children[i].name, status);
    expect(status.exit_code() == 0, "a child that did not end by itself");
  }
  say("  {}", summary);
  expect(summary == ha::termination_summary{3, 3, 0}, "another summary");

  serving.stop("the demo is over");
  expect(serving.join().has_value(), "a front end that did not stop");
  say("{}", all_is_well ? "all of it happened" : "something went wrong");
  return all_is_well ? 0 : 1;
}

int main() {
  if (manager::is_child())  // the same program, started by the host
    return manager::boot([](ha::proc& p) { return p.spawn("host_agent", worker{}); });
  try {
    return run();
  } catch (const std::exception& e) {
    say("FAILED: {}", e.what());
    return 1;
  }
}
