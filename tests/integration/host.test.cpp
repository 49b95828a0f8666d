// SPDX-License-Identifier: BSD-3-Clause
// Hosts with real child processes. The program is its own child: main boots when a host started it.
#include <hyperactor/channel.hpp>
#include <hyperactor/host.hpp>
#include <hyperactor/proc.hpp>
#include <support/children.hpp>

#include <asio/post.hpp>
#include <asio/use_future.hpp>
#include <catch2/catch_session.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <mutex>
#include <thread>

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace host_test {

// ---- the agent of every child

struct agent;
struct where {
  ha::once_port_ref<ha::actor_addr> reply;
};
struct process_of {
  ha::once_port_ref<std::int32_t> reply;
};
struct keep {
  ha::once_port_ref<std::int32_t> reply;
};  // never answered
struct forward {
  ha::actor_ref<agent> to;
  ha::once_port_ref<std::int32_t> reply;
};  // to another one's process_of
struct ask_for {
  ha::actor_ref<agent> to;
  ha::once_port_ref<std::string> reply;
};  // asks keep of another one, says how it ended
struct take {
  std::vector<std::uint8_t> bytes;
};
struct leave {
  int code;
};
struct fail {};
struct has_variable {
  std::string name;
  ha::once_port_ref<std::int32_t> reply;
};
struct spawn_busy {};

struct busy {  // never stops in time
  using handlers = ha::handlers<fail>;
  void handle(ha::context<busy>&, fail) {
    for (;;) ::pause();
  }
};

struct agent {
  using handlers = ha::handlers<where, process_of, keep, forward, ask_for, take, leave, fail, has_variable, spawn_busy>;
  using exports = ha::exports<where, process_of, keep, forward, ask_for, take, leave, fail, has_variable, spawn_busy>;

  std::vector<ha::once_port_ref<std::int32_t>> kept;

  void handle(ha::context<agent>& cx, where m) { m.reply.post(cx, cx.addr()); }
  void handle(ha::context<agent>& cx, process_of m) { m.reply.post(cx, ::getpid()); }
  void handle(ha::context<agent>&, keep m) { kept.push_back(std::move(m.reply)); }
  void handle(ha::context<agent>& cx, forward m) { m.to.post(cx, process_of{std::move(m.reply)}); }
  asio::awaitable<void> handle(ha::context<agent>& cx, ask_for m) {
    const ha::result<std::int32_t> got = co_await ha::ask<keep>(cx, m.to).async_recv();
    m.reply.post(cx, got ? std::string("answered") : got.error().what());
  }
  void handle(ha::context<agent>&, take) {}
  void handle(ha::context<agent>&, leave m) { std::_Exit(m.code); }
  void handle(ha::context<agent>&, fail) { throw std::runtime_error("on purpose"); }
  void handle(ha::context<agent>& cx, has_variable m) {
    m.reply.post(cx, std::getenv(m.name.c_str()) != nullptr ? 1 : 0);
  }
  void handle(ha::context<agent>& cx, spawn_busy) { cx.spawn(busy{}).post(cx, fail{}); }
};

struct go {};

}  // namespace host_test

namespace {

using namespace host_test;
using manager = ha::process_proc_manager<agent>;
using process_host = ha::host<manager>;

/// What a child does, told by its environment; the default is to boot.
int child_main() {
  if (const char* const path = std::getenv("HOST_TEST_LOG")) {
    const int fd = ::open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ha::log::replace_sink([fd](ha::log::severity, std::string_view line) {
      [[maybe_unused]] const auto written = ::write(fd, line.data(), line.size());
    });
  }
  const char* const mode = std::getenv("HOST_TEST_MODE");
  const std::string_view what = mode ? mode : "";
  if (what == "leave") return 3;
  if (what == "crash") ::raise(SIGKILL);
  if (what == "silent") ::pause();  // SIGTERM ends it
  if (what == "throw") {
    return manager::boot(
        [](ha::proc&) -> ha::result<ha::actor_handle<agent>> { throw std::runtime_error("no agent today"); });
  }
  if (what == "nested") {  // forgot is_child
    auto nested =
        process_host::make(manager{ha::this_executable()}, ha::channel_addr::any<ha::transport::unix_socket>());
    return nested.error() == ha::host_error::child_not_booted ? 7 : 8;
  }
  return manager::boot([](ha::proc& p) { return p.spawn("host_agent", agent{}); });
}

ha::process_config mode(std::string m) { return {{}, {"HOST_TEST_MODE=" + std::move(m)}}; }

process_host make_host() {
  return process_host::make(manager{ha::this_executable()}, ha::channel_addr::any<ha::transport::unix_socket>())
      .value();
}
std::int32_t process_at(ha::client& client, const ha::actor_ref<agent>& a) {
  return ha::ask<process_of>(client, a).recv_for(30s).value();
}
struct blocker {
  process_host* h;
  using handlers = ha::handlers<go>;
  void handle(ha::context<blocker>&, go) { (void)h->spawn("proc1"); }
};
/// The lines that this process logs meanwhile.
struct log_lines {
  std::mutex mutex;
  std::string text;
  ha::log::scoped_sink sink{[this](ha::log::severity, std::string_view line) {
    const std::lock_guard lock(mutex);
    text += std::string(line) + '\n';
  }};

  /// Those of links that end right now as well: the reactor has nothing left to say.
  std::string all() {
    for (int i = 0; i != 10; ++i) asio::post(ha::detail::reactor::instance().context(), asio::use_future).get();
    ha::log::flush_limited();
    const std::lock_guard lock(mutex);
    return text;
  }
};
/// A file that goes with its test.
struct temporary_file {
  std::string path = "/tmp/hyperactor-host-test-" + std::to_string(::getpid());
  ~temporary_file() { ::unlink(path.c_str()); }
  [[nodiscard]] std::string content() const {
    std::string out;
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    char buffer[1000];
    for (ssize_t n = 0; fd >= 0 && (n = ::read(fd, buffer, sizeof buffer)) > 0;)
      out.append(buffer, static_cast<std::size_t>(n));
    ::close(fd);
    return out;
  }
};
struct quiet {
  ha::log::scoped_sink sink{[](ha::log::severity, std::string_view) {}};
};

}  // namespace

TEST_CASE(
    "the program of the host chapter (test_process_proc_manager, "
    "test_bootstrap_child_round_trip_with_legacy_service_proc) [BOO-1]") {
  quiet log;
  auto host = make_host();
  auto serving = host.serve().value();
  auto [proc1, agent1] = host.spawn("proc1").value();
  auto [proc2, agent2] = host.spawn("proc2").value();
  CHECK(proc1.to_string() == "proc1@" + host.addr().to_url());
  CHECK(agent1.addr().proc_addr() == proc1);
  CHECK(agent2.addr().proc_addr() == proc2);
  CHECK(agent1.addr().to_string() == "host_agent.proc1@" + host.addr().to_url());

  const auto taken = host.spawn("proc1");
  CHECK(taken.error() == ha::host_error::proc_exists);
  CHECK(taken.error().message() == "proc 'proc1' already exists");
  CHECK(host.spawn("service").error() == ha::host_error::proc_exists);
  CHECK(host.spawn("local").error() == ha::host_error::proc_exists);

  ha::client client = host.system_proc().client("main");
  CHECK(ha::ask<where>(client, agent1).recv_for(30s).value() == agent1.addr());
  CHECK(ha::ask<where>(client, agent2).recv_for(30s).value() == agent2.addr());
  ha::client local = host.local_proc().client("main");
  CHECK(ha::ask<where>(local, agent2).recv_for(30s).value() == agent2.addr());
  CHECK(process_at(client, agent1) != process_at(client, agent2));
  CHECK(process_at(client, agent1) != ::getpid());
  // child to child, through the host
  CHECK(ha::ask<forward>(client, agent1, agent2).recv_for(30s).value() == process_at(client, agent2));

  const auto again = host.serve();
  CHECK(again.error() == ha::host_error::already_serving);
  CHECK(again.error().what() == "hyperactor.host.already_serving: host is already serving");
  const auto summary = host.terminate_children(client, {.timeout = 30s, .max_in_flight = 8, .reason = "bye"});
  CHECK(summary.to_string() == "attempted=2 ok=2 failed=0");
  CHECK(test::has_no_children());
  serving.stop("bye");
  CHECK(serving.join().has_value());
}

TEST_CASE(
    "a proc elsewhere reaches the children by the front end, and they answer it (test_simplex_client_to_duplex_host)") {
  quiet log;
  auto host = make_host();
  auto [proc1, agent1] = host.spawn("proc1").value();
  const ha::proc outside = ha::proc::direct(ha::channel_addr::any<ha::transport::unix_socket>(), "outside").value();
  ha::client client = ha::proc(outside).client("main");
  auto early = ha::ask<where>(client, agent1);  // before serve: it waits at the front end (messages sent before serve)
  auto serving = host.serve().value();
  CHECK(early.recv_for(30s).value() == agent1.addr());
  CHECK(process_at(client, agent1) != ::getpid());
  serving.stop("enough");
  CHECK(serving.join().has_value());
}

TEST_CASE("a host without a served front end still serves its own procs") {
  quiet log;
  auto host = make_host();
  auto [proc1, agent1] = host.spawn("proc1").value();
  ha::client client = host.system_proc().client("main");
  CHECK(ha::ask<where>(client, agent1).recv_for(30s).value() == agent1.addr());
}

TEST_CASE(
    "a killed child is noticed, what it owed completes, and its name is free (a killed child noticed, respawn) [HCO-1] "
    "[HCO-3] [PHD-1]") {
  quiet log;
  auto host = make_host();
  ha::client client = host.system_proc().client("main");
  auto [proc1, agent1] = host.spawn("proc1").value();
  auto [proc2, agent2] = host.spawn("proc2").value();
  const std::int32_t before = process_at(client, agent1);
  auto owed = ha::ask<keep>(client, agent1);
  auto owed_to_sibling = ha::ask<ask_for>(client, agent2, agent1);
  // answered after both keeps: the first by order, the second because the sibling asks before it answers this
  CHECK(process_at(client, agent1) == before);
  const auto handle = host.find("proc1");
  REQUIRE(handle.has_value());
  CHECK(handle->status().get().is_ready());
  ::kill(before, SIGKILL);
  CHECK(handle->wait().value() == ha::process_status::killed(SIGKILL, false));
  const ha::result<std::int32_t> lost = owed.recv_for(30s);
  CHECK(lost.error() == ha::mailbox_error::peer_lost);
  // told by the host, or by the link where the request was not acknowledged yet
  const std::string told = lost.error().message();
  CHECK((told == "proc " + proc1.to_string() + " ended: Killed(sig=9)" ||
         told.find(": channel closed: ") != std::string::npos));
  CHECK_FALSE(host.find("proc1").has_value());
  // the sibling's own request ends too: lost with the proc, or returned if it was still on its way
  const std::string how = owed_to_sibling.recv_for(30s).value();
  INFO(how);
  CHECK((how.find("hyperactor.mailbox.peer_lost: ") == 0 || how.find("hyperactor.mailbox.undeliverable: ") == 0));

  auto [same_proc, same_agent] = host.spawn("proc1").value();
  CHECK(same_proc == proc1);
  CHECK(same_agent == agent1);
  CHECK(process_at(client, same_agent) != before);
  CHECK(ha::ask<forward>(client, agent2, same_agent).recv_for(30s).value() == process_at(client, agent1));
  // an end is told to a handle of the old one and not mixed up with the new one
  CHECK(handle->wait().value().signal() == SIGKILL);
  CHECK(handle->kill().error() == ha::host_error::already_terminated);
  CHECK(handle->kill().error().message() == "proc already terminated (status: Killed(sig=9))");
  CHECK(handle->ready().error() == ha::host_error::already_terminated);
  CHECK(host.terminate_children(client) == ha::termination_summary{2, 2, 0});
  CHECK(test::has_no_children());
}

TEST_CASE("a sender in another child starts anew with the next proc of that name [LNO-1] [HNW-4]") {
  quiet log;
  auto host = make_host();
  ha::client client = host.system_proc().client("main");
  auto [proc1, agent1] = host.spawn("proc1").value();
  auto [proc2, agent2] = host.spawn("proc2").value();
  for (int round = 0; round != 3; ++round) {
    for (int i = 0; i != 5; ++i) CHECK(ha::ask<forward>(client, agent2, agent1).recv_for(30s).has_value());
    CHECK(host.find("proc1")->kill().value().signal() == SIGKILL);
    REQUIRE(host.spawn("proc1").has_value());
  }
  CHECK(ha::ask<forward>(client, agent2, agent1).recv_for(30s).has_value());
}

TEST_CASE("a message to a proc that has ended comes back with the reason") {
  quiet log;
  auto host = make_host();
  ha::client client = host.system_proc().client("main");
  auto [proc1, agent1] = host.spawn("proc1").value();
  agent1.post(client, leave{4});
  REQUIRE(host.find("proc1").has_value() == true);
  const auto handle = *host.find("proc1");
  CHECK(handle.wait().value().exit_code() == 4);
  const auto nothing = ha::ask<where>(client, agent1).recv_for(30s);
  CHECK((nothing.error() == ha::mailbox_error::undeliverable || nothing.error() == ha::mailbox_error::peer_lost));
  const auto unknown =
      ha::actor_ref<agent>::attest(ha::proc_addr::from_name(host.addr(), "nobody").actor_addr("host_agent"));
  CHECK(ha::ask<where>(client, unknown).recv_for(30s).error() == ha::mailbox_error::undeliverable);
}

TEST_CASE(
    "a child that dies before it reports makes spawn fail with its status (ready_errs_if_process_exits_before_running) "
    "[PPM-2]") {
  quiet log;
  auto host = make_host();
  const std::string prefix = "proc 'proc1@" + host.addr().to_url() + "' failed to configure process: Ready(Terminal(";
  struct {
    const char *mode, *status;
  } const cases[] = {{"leave", "Stopped(exit=3)"},
                     {"crash", "Killed(sig=9)"},
                     {"throw", "Stopped(exit=1)"},
                     {"nested", "Stopped(exit=7)"}};
  for (const auto& c : cases) {
    const auto failed = host.spawn("proc1", mode(c.mode));
    REQUIRE(failed.has_error());
    CHECK(failed.error() == ha::host_error::process_configuration_failed);
    CHECK(failed.error().message() == prefix + c.status + "))");
  }
  CHECK(test::has_no_children());
  CHECK(host.spawn("proc1").has_value());  // the name is free (failed spawn leaves no live child and the name reusable)
}

TEST_CASE("a child that does not report in time is killed (host_spawn_times_out_when_configured with a process)") {
  quiet log;
  auto host = make_host();
  {
    const auto limit = ha::config::override_scoped<ha::config::host_spawn_ready_timeout>(20ms);
    const auto failed = host.spawn("proc1", mode("silent"));
    CHECK(failed.error() == ha::host_error::process_configuration_failed);
    CHECK(failed.error().message() ==
          "proc 'proc1@" + host.addr().to_url() +
              "' failed to configure process: Timeout: not ready within 20ms (HYPERACTOR_HOST_SPAWN_READY_TIMEOUT)");
    CHECK(test::has_no_children());
  }
  CHECK(host.spawn("proc1").has_value());
}

TEST_CASE("a program that does not exist is process_spawn_failed [PPM-3]") {
  auto host =
      process_host::make(manager{"/no/such/program"}, ha::channel_addr::any<ha::transport::unix_socket>()).value();
  for (int i = 0; i != 2; ++i) {  // the name stays free
    const auto failed = host.spawn("proc1");
    CHECK(failed.error() == ha::host_error::process_spawn_failed);
    CHECK(failed.error().message() ==
          "proc 'proc1@" + host.addr().to_url() +
              "' (command: /no/such/program) failed to spawn process: No such file or directory");
  }
  CHECK(test::has_no_children());
}

TEST_CASE("a program that is no child at all fails with its status") {
  quiet log;
  auto host = process_host::make(manager{"/bin/true"}, ha::channel_addr::any<ha::transport::unix_socket>()).value();
  CHECK(host.spawn("proc1").error().message() ==
        "proc 'proc1@" + host.addr().to_url() + "' failed to configure process: Ready(Terminal(Stopped(exit=0)))");
}

TEST_CASE("a front end that cannot be bound is an error: path too long, taken, no directory") {
  const auto make = [](std::string_view path) {
    return process_host::make(manager{ha::this_executable()}, ha::channel_addr::unix_socket(path)).error();
  };
  const std::string too_long = "/tmp/" + std::string(120, 'x');
  CHECK(make(too_long) == ha::channel_error::invalid_address);
  CHECK(make(too_long).message().find("is 125 bytes long; at most 107 are possible") != std::string::npos);
  auto host = make_host();
  CHECK(make(host.addr().path()) == ha::channel_error::address_in_use);
  CHECK(make("/no/such/directory/socket") == ha::channel_error::listen_failed);
}

TEST_CASE(
    "a handle of a child: ready, terminate, kill and their asynchronous twins "
    "(bootstrap_handle_terminate_graceful, bootstrap_handle_kill_forced, handle_ready_allows_waiters, "
    "proc_handle_ready_ok_through_trait, proc_handle_wait_returns_terminal_status) [PHD-1] [PHD-2] "
    "[PHD-3]") {
  quiet log;
  auto host = make_host();
  ha::client client = host.system_proc().client("main");
  REQUIRE(host.spawn("a").has_value());
  REQUIRE(host.spawn("b").has_value());
  REQUIRE(host.spawn("c").has_value());
  const auto a = *host.find("a");
  CHECK(a.ready().has_value());
  CHECK(a.async_ready(asio::use_future).get().has_value());
  CHECK(a.addr().has_value());
  CHECK(a.agent_ref().has_value());
  CHECK(a.status().get().to_string().find("Ready at unix:@") == 0);
  auto waiting = a.async_wait(asio::use_future);
  CHECK(a.terminate(client, {.timeout = 30s}).value() == ha::process_status::stopped(0));
  CHECK(waiting.get().value() == ha::process_status::stopped(0));
  CHECK(a.terminate(client).error().message() == "proc already terminated (status: Stopped(exit=0))");
  CHECK(a.addr().has_value());  // [PHD-2]

  const auto b = *host.find("b");
  auto first = b.async_terminate(client, {.timeout = 30s}, asio::use_future);
  auto second = b.async_terminate(client, {.timeout = 30s}, asio::use_future);  // [PHD-3]
  CHECK(first.get().value() == ha::process_status::stopped(0));
  const auto outcome = second.get();
  CHECK((outcome.has_value() ? *outcome == ha::process_status::stopped(0)
                             : outcome.error() == ha::host_error::already_terminated));
  CHECK(b.async_kill(asio::use_future).get().error() == ha::host_error::already_terminated);

  const auto c = *host.find("c");
  CHECK(c.async_kill(asio::use_future).get().value() == ha::process_status::killed(SIGKILL, false));
  CHECK(c.was_asked_to_end());
  CHECK(test::has_no_children());
  CHECK(host.terminate_children(client).attempted == 0);
}

TEST_CASE("asynchronous spawning and ending (async_spawn, async_terminate_children)") {
  quiet log;
  auto host = make_host();
  ha::client client = host.system_proc().client("main");
  auto one = host.async_spawn("one", {}, asio::use_future);
  auto two = host.async_spawn("two", {}, asio::use_future);
  auto same = host.async_spawn("one", {}, asio::use_future);
  CHECK(same.get().error() == ha::host_error::proc_exists);
  CHECK(one.get().has_value());
  CHECK(two.get().has_value());
  CHECK(host.async_terminate_children(client, {.timeout = 30s, .max_in_flight = 0}, asio::use_future).get() ==
        ha::termination_summary{2, 2, 0});
}

TEST_CASE("terminate_children, then the same names again") {
  quiet log;
  auto host = make_host();
  ha::client client = host.system_proc().client("main");
  for (int round = 0; round != 2; ++round) {
    auto [proc, agent1] = host.spawn("proc1").value();
    REQUIRE(host.spawn("proc2").has_value());
    CHECK(process_at(client, agent1) > 0);
    CHECK(host.terminate_children(client, {.timeout = 30s}) == ha::termination_summary{2, 2, 0});
    CHECK(host.terminate_children(client) == ha::termination_summary{});
  }
}

TEST_CASE(
    "a child whose actor failed exits with 1; one whose actor does not stop is killed at the deadline [BOO-2] "
    "[EPR-2]") {
  quiet log;
  auto host = make_host();
  ha::client client = host.system_proc().client("main");
  {
    auto [proc, agent1] = host.spawn("failing").value();
    agent1.post(client, fail{});
    CHECK(ha::ask<where>(client, agent1).recv_for(30s).has_error());
    CHECK(host.find("failing")->terminate(client, {.timeout = 30s}).value() == ha::process_status::stopped(1));
  }
  {
    auto [proc, agent2] = host.spawn("busy").value();
    agent2.post(client, spawn_busy{});
    CHECK(process_at(client, agent2) > 0);
    CHECK(host.find("busy")->terminate(client, {.timeout = 50ms}).value() ==
          ha::process_status::killed(SIGKILL, false));
  }
}

TEST_CASE(
    "ends that were asked for are quiet, in the host, in its children and for strangers; others are logged [MCL-4] "
    "[HCO-3]") {
  (void)log_lines().all();  // what is left of earlier tests, and counts of their lines
  const temporary_file child_log;
  const ha::process_config logging{{}, {"HOST_TEST_LOG=" + child_log.path}};
  log_lines log;
  {
    ha::proc outside = ha::proc::direct(ha::channel_addr::any<ha::transport::unix_socket>(), "outside").value();
    ha::client stranger = outside.client("main");
    auto host = make_host();
    auto serving = host.serve().value();
    ha::client client = host.system_proc().client("main");
    auto [proc1, agent1] = host.spawn("proc1", logging).value();
    auto [proc2, agent2] = host.spawn("proc2", logging).value();
    CHECK(ha::ask<forward>(client, agent1, agent2).recv_for(30s).has_value());
    CHECK(ha::ask<where>(stranger, agent1).recv_for(30s).has_value());
    CHECK(host.find("proc1")->terminate(client, {.timeout = 30s}).value() == ha::process_status::stopped(0));
    CHECK(host.terminate_children(client, {.timeout = 30s}).ok == 1);
    serving.stop("enough");
    CHECK(serving.join_for(30s).has_value());
  }
  CHECK(log.all() == "");
  CHECK(child_log.content() == "");
  {
    auto host = make_host();
    ha::client client = host.system_proc().client("main");
    auto [proc1, agent1] = host.spawn("proc1").value();
    const auto handle = *host.find("proc1");
    ::kill(process_at(client, agent1), SIGKILL);
    CHECK(handle.wait().has_value());
    CHECK(log.all().find("proc " + proc1.to_string() + " ended: Killed(sig=9)\n") != std::string::npos);
  }
}

TEST_CASE("booting takes the three variables out of the environment") {
  quiet log;
  auto host = make_host();
  ha::client client = host.system_proc().client("main");
  auto [proc, agent1] = host.spawn("proc1").value();
  for (const char* name :
       {"HYPERACTOR_HOST_PROC_ID", "HYPERACTOR_HOST_BACKEND_ADDR", "HYPERACTOR_HOST_CALLBACK_ADDR", "HOST_TEST_MODE"}) {
    CHECK(ha::ask<has_variable>(client, agent1, name).recv_for(30s).value() == 0);
  }
  CHECK(ha::ask<has_variable>(client, agent1, "HYPERACTOR_PROCESS_NAME").recv_for(30s).value() == 1);
}

TEST_CASE("the end of a host kills its children, also those that will not go [PPM-1] [HST-1]") {
  quiet log;
  {
    auto host = make_host();
    ha::client client = host.system_proc().client("main");
    auto [proc, agent1] = host.spawn("proc1").value();
    REQUIRE(host.spawn("proc2").has_value());
    agent1.post(client, spawn_busy{});
    CHECK(process_at(client, agent1) > 0);
    auto moved = std::move(host);
    CHECK(moved.find("proc2").has_value());
  }
  CHECK(test::has_no_children());
}

TEST_CASE("children end with their host's process, however it ends [BOO-3]") {
  quiet log;
  // a process in between makes a host with a child, tells its number, and dies
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const std::string out = "HOST_TEST_OUT=/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(ends[1]);
  auto l = ha::detail::launcher::make();
  auto between = ha::detail::child_process::make("between");
  REQUIRE_FALSE(l->start(
      between,
      {ha::this_executable(), {}, ha::detail::environment_with({out, std::string("HOST_TEST_ROLE=dying-host")})}));
  char buffer[16];
  std::string text(3, '\0');
  REQUIRE(::read(ends[0], text.data(), 3) == 3);
  ::close(ends[1]);
  // the end of file comes when the child has gone too: it inherited the descriptor as its standard output
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(n));
  ::close(ends[0]);
  CHECK(text == "up\n");
  CHECK(between->status().wait([](const ha::process_status& s) { return s.is_terminal(); }).signal() == SIGKILL);
}

TEST_CASE("four clients during the end of the front end (test_simplex_clients_during_host_shutdown)") {
  quiet log;
  auto host = make_host();
  auto serving = host.serve().value();
  auto [proc, agent1] = host.spawn("proc1").value();
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  for (int t = 0; t != 4; ++t) {
    clients.emplace_back([&, a = agent1] {
      ha::proc outside = ha::proc::direct(ha::channel_addr::any<ha::transport::unix_socket>(), "outside").value();
      ha::client client = outside.client("main");
      for (int i = 0; i != 5; ++i) answered += ha::ask<where>(client, a).recv_for(30s).has_value();
    });
  }
  for (auto& t : clients) t.join();
  CHECK(answered == 20);
  serving.stop("enough");
  CHECK(serving.join_for(30s).has_value());
}

TEST_CASE("a host in a process that has not booted is child_not_booted [HST-3]") {
  ::setenv("HYPERACTOR_HOST_CALLBACK_ADDR", "unix:@nobody", 1);
  const auto refused =
      process_host::make(manager{ha::this_executable()}, ha::channel_addr::any<ha::transport::unix_socket>());
  ::unsetenv("HYPERACTOR_HOST_CALLBACK_ADDR");
  REQUIRE(refused.has_error());
  CHECK(refused.error() == ha::host_error::child_not_booted);
  CHECK(refused.error().message() ==
        "this process was started by a host and has not booted: begin main with 'if (manager::is_child()) return "
        "manager::boot(...);'");
}

TEST_CASE("boot without its variables fails with their name; a host that has gone fails the boot") {
  CHECK_FALSE(manager::is_child());
  const auto start = [](std::vector<std::string> variables) {
    auto l = ha::detail::launcher::make();
    auto c = ha::detail::child_process::make("c");
    variables.push_back("HOST_TEST_ROLE=boot");
    variables.push_back("HYPERACTOR_MESSAGE_DELIVERY_TIMEOUT=1s");
    REQUIRE_FALSE(l->start(c, {"/bin/sh",
                               {"-c", "exec " + ha::this_executable() + " 2> /dev/null"},
                               ha::detail::environment_with(std::move(variables))}));
    return c->status().wait([](const ha::process_status& s) { return s.is_terminal(); });
  };
  CHECK(start({}) == ha::process_status::stopped(1));
  CHECK(start({"HYPERACTOR_HOST_PROC_ID=proc1@ipc://@x", "HYPERACTOR_HOST_BACKEND_ADDR=unix:@nobody-here",
               "HYPERACTOR_HOST_CALLBACK_ADDR=unix:@nobody-here"}) == ha::process_status::stopped(1));
}

TEST_CASE("a blocking call on a runtime thread names its asynchronous twin") {
  quiet log;
  auto host = make_host();
  ha::proc p = ha::proc::isolated();
  ha::client client = p.client("main");
  auto b = p.spawn(blocker{&host});
  b.post(client, go{});
  const auto status = b.join();
  CHECK(status.is_failed());
  CHECK(status.reason().find("async_spawn") != std::string::npos);
}

int main(int argc, char** argv) {
  const char* const role = std::getenv("HOST_TEST_ROLE");
  if (role != nullptr && std::string_view(role) == "boot") return child_main();
  if (manager::is_child()) return child_main();
  if (role != nullptr && std::string_view(role) == "dying-host") {
    ::unsetenv("HOST_TEST_ROLE");
    const int fd = ::open(std::getenv("HOST_TEST_OUT"), O_WRONLY | O_CLOEXEC);
    ::dup2(fd, STDOUT_FILENO);
    ::close(fd);
    auto host = make_host();
    auto made = host.spawn("proc1");
    if (made && ::write(STDOUT_FILENO, "up\n", 3) == 3) ::raise(SIGKILL);
    return 1;
  }
  return Catch::Session().run(argc, argv);
}
