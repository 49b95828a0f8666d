// SPDX-License-Identifier: BSD-3-Clause
// Shutdown orders under load, each in a program of its own: this program starts itself with the name of a scenario. A
// scenario must end by itself, with its exit code, and, under a leak checker, with nothing left.
#include <hyperactor/proc.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch_session.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <asio/steady_timer.hpp>

namespace shutdown_tests {

namespace ha = hyperactor;
using namespace std::chrono_literals;

constexpr int good = 77;

struct add {
  int by;
};
struct get {
  ha::once_port_ref<int> reply;
};
struct keep {
  ha::once_port_ref<int> reply;
};
struct leave {
  int code;
};
struct wait_long {};
struct wait_forever {
  ha::once_port_handle<int> reply;
};
struct pass {
  int n;
};
struct compute {
  std::chrono::milliseconds time;
};
struct meet {
  ha::actor_handle<struct node> other;
};
struct have_child {};
struct later {};

struct node {
  using handlers = ha::handlers<add, get, keep, leave, wait_long, wait_forever, pass, compute, meet, have_child, later>;
  using exports = ha::exports<add, get>;
  int value = 0;
  std::shared_ptr<int> memory = std::make_shared<int>(1);  // for the leak checker
  std::vector<keep> kept;
  std::vector<ha::actor_handle<node>> others;

  void handle(ha::context<node>&, add m) { value += m.by; }
  void handle(ha::context<node>& cx, get m) { m.reply.post(cx, value); }
  void handle(ha::context<node>&, keep m) { kept.push_back(std::move(m)); }
  void handle(ha::context<node>&, leave m) { std::exit(m.code); }
  asio::awaitable<void> handle(ha::context<node>&, wait_long) {
    asio::steady_timer t(co_await asio::this_coro::executor, 1h);
    co_await t.async_wait(asio::use_awaitable);
  }
  asio::awaitable<void> handle(ha::context<node>& cx, wait_forever) {
    auto [port, rx] = cx.open_port<int>();
    (void)co_await rx.async_recv();
  }
  void handle(ha::context<node>& cx, pass m) {
    if (others.empty()) return;
    others[static_cast<std::size_t>(m.n) % others.size()].post(cx, pass{m.n + 1});
  }
  void handle(ha::context<node>&, compute m) {
    const auto until = std::chrono::steady_clock::now() + m.time;
    while (std::chrono::steady_clock::now() < until) {
    }
  }
  void handle(ha::context<node>&, meet m) { others.push_back(std::move(m.other)); }
  void handle(ha::context<node>& cx, have_child) { others.push_back(cx.spawn(node{})); }
  void handle(ha::context<node>& cx, later) { cx.post_after(add{1}, 1h); }
};
struct own_thread {
  using handlers = ha::handlers<get, leave>;
  using executor = ha::dedicated_thread;
  void handle(ha::context<own_thread>& cx, get m) { m.reply.post(cx, 1); }
  void handle(ha::context<own_thread>&, leave m) { std::exit(m.code); }
};

/// Ends the process while the runtime is being shut down.
struct late_leaver {
  using handlers = ha::handlers<leave>;
  std::shared_ptr<std::atomic<bool>> entered;
  void handle(ha::context<late_leaver>&, leave m) {
    entered->store(true);
    while (ha::runtime::instance().is_open()) std::this_thread::yield();
    std::exit(m.code);
  }
};

/// Awaits for longer than anybody waits, and fails when that ends.
struct sleeper {
  using handlers = ha::handlers<get, ha::once_port_handle<int>>;
  std::shared_ptr<std::atomic<int>> entered;
  asio::awaitable<void> handle(ha::context<sleeper>&, get) {
    asio::steady_timer t(co_await asio::this_coro::executor, 1h);
    entered->fetch_add(1);
    co_await t.async_wait(asio::use_awaitable);
  }
  asio::awaitable<ha::result<void>> handle(ha::context<sleeper>& cx, ha::once_port_handle<int>) {
    auto [port, rx] = cx.open_port<int>();
    entered->fetch_add(1);
    auto r = co_await rx.async_recv();
    if (!r) co_return r.error();
    co_return ha::result<void>();
  }
};

/// A ring of nodes that pass messages without end.
inline std::vector<ha::actor_handle<node>> busy_ring(ha::proc& proc, ha::client& client) {
  std::vector<ha::actor_handle<node>> ring;
  for (int i = 0; i < 50; ++i) ring.push_back(proc.spawn(node{}));
  for (std::size_t i = 0; i < ring.size(); ++i) {
    ring[i].post(client, meet{ring[(i + 1) % ring.size()]});
    ring[i].post(client, pass{static_cast<int>(i)});
  }
  return ring;
}

inline int handle_last_without_stop() {
  std::optional<ha::actor_handle<node>> last;
  {
    ha::proc proc = ha::proc::isolated();
    last = proc.spawn(node{});
  }
  return good;  // the handle goes after everything else, its actor lives
}
inline int handle_last() {
  std::optional<ha::actor_handle<node>> last;
  std::optional<ha::client> client;
  {
    ha::proc proc = ha::proc::isolated();
    client = proc.client("main");
    last = proc.spawn(node{});
  }
  last->post(*client, add{3});
  if (ha::ask<get>(*client, *last).recv_for(30s).value() != 3) return 1;
  last->drain_and_stop("done");
  return last->join().is_stopped() ? good : 2;
}
inline int client_last() {
  std::optional<ha::client> last;
  {
    ha::proc proc = ha::proc::isolated();
    last = proc.client("main");
    auto h = proc.spawn(node{});
    h.post(*last, add{1});
    if (ha::ask<get>(*last, h).recv_for(30s).value() != 1) return 1;
    h.stop("done");
  }
  auto [port, rx] = last->open_port<int>();
  port.post(*last, 1);
  return rx.recv_for(30s).value() == 1 ? good : 2;
}
inline bool works() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  auto h = proc.spawn(node{});
  h.post(client, add{2});
  return ha::ask<get>(client, h).recv_for(30s).value() == 2;
}
inline int fork_before_first_use() {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(30);
    std::exit(works() ? 0 : 1);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status == 0 && works() ? good : 1;
}

inline ha::client client_of(ha::proc& proc) { return proc.client("main"); }

struct globals {
  ha::proc proc = ha::proc::isolated();
  ha::client client = client_of(proc);
  std::vector<ha::actor_handle<node>> handles;
  std::optional<ha::once_receiver<int>> reply;
  std::optional<std::pair<ha::port_handle<int>, ha::receiver<int>>> port;
};
inline int all_static(bool before_first_use) {
  if (!before_first_use) (void)ha::runtime::instance();
  static globals g;
  g.handles = busy_ring(g.proc, g.client);
  g.handles[0].post(g.client, have_child{});
  g.handles[1].post(g.client, wait_long{});
  g.handles[2].post(g.client, compute{50ms});
  g.handles[4].post(g.client, later{});
  g.handles[5].post<wait_forever>(g.client, g.client.open_once_port<int>().first);
  g.reply = ha::ask<keep>(g.client, g.handles[3]);
  g.port = g.client.open_port<int>();
  g.port->first.bind().post(g.client, 1);
  return good;
}
inline int exit_in_handler() {
  static globals g;
  g.handles = busy_ring(g.proc, g.client);
  g.reply = ha::ask<keep>(g.client, g.handles[3]);
  g.handles[0].post(g.client, leave{good});
  for (;;) ::pause();
}
inline int exit_in_handler_while_main_waits() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  auto h = proc.spawn(node{});
  h.post(client, leave{good});
  (void)ha::ask<get>(client, h).recv_for(30s);
  return 7;
}
inline int exit_in_handler_during_shutdown() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  const auto entered = std::make_shared<std::atomic<bool>>(false);
  proc.spawn(late_leaver{entered}).post(client, leave{good});
  while (!entered->load()) std::this_thread::yield();
  (void)ha::runtime::shutdown(100ms);
  for (;;) ::pause();
}
inline int shutdown_of_awaiting_handlers() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  const auto entered = std::make_shared<std::atomic<int>>(0);
  auto throws = proc.spawn(sleeper{entered});
  auto refuses = proc.spawn(sleeper{entered});
  auto first = ha::ask<get>(client, throws);
  auto second = ha::ask<ha::once_port_handle<int>>(client, refuses);
  while (entered->load() != 2) std::this_thread::yield();
  if (!ha::runtime::shutdown(30s)) return 2;
  if (throws.join().to_string() != "stopped: runtime shutdown") return 3;
  if (refuses.join().to_string() != "stopped: runtime shutdown") return 4;
  if (first.recv().error().message() != "actor " + throws.addr().to_string() + " stopped: runtime shutdown") return 5;
  if (second.recv().error().message() != "actor " + refuses.addr().to_string() + " stopped: runtime shutdown") return 6;
  return proc.has_failed() ? 7 : good;
}
inline int exit_in_handler_of_own_thread() {
  static globals g;
  auto h = g.proc.spawn(own_thread{});
  g.handles = busy_ring(g.proc, g.client);
  h.post(g.client, leave{good});
  for (;;) ::pause();
}
inline int exit_from_main_under_load() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  auto ring = busy_ring(proc, client);
  std::exit(good);
}
inline int shutdown_under_load() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  auto ring = busy_ring(proc, client);
  ring[1].post(client, wait_long{});
  ring[2].post(client, have_child{});
  ring[4].post(client, later{});
  auto own = proc.spawn(own_thread{});
  auto kept = ha::ask<keep>(client, ring[3]);
  std::atomic<bool> stop{false};
  std::vector<std::jthread> posters;
  for (int t = 0; t < 2; ++t) {
    posters.emplace_back([&, c = client]() mutable {
      for (int i = 0; !stop; ++i) ring[static_cast<std::size_t>(i) % ring.size()].post(c, add{1});
    });
  }
  if (!ha::runtime::shutdown(20s)) return 2;
  stop = true;
  posters.clear();
  for (auto& h : ring) {
    if (!h.status().get().is_terminal()) return 3;
  }
  if (kept.recv_for(10s).error() != ha::mailbox_error::reply_dropped) return 4;
  if (ha::ask<get>(client, ring[0]).recv_for(10s).error() != ha::mailbox_error::undeliverable) return 5;
  if (!ha::runtime::shutdown(1s)) return 6;  // again: nothing to do
  ha::client late = proc.client("late");
  auto returned = late.undelivered();
  ring[0].post(late, add{1});
  if (!returned.recv_for(10s).has_value()) return 7;
  return good;
}
inline int spawn_while_shutting_down() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  (void)proc.spawn(node{});
  std::atomic<bool> stop{false};
  std::atomic<int> joined{0};
  std::vector<std::jthread> spawners;
  for (int t = 0; t < 2; ++t) {
    spawners.emplace_back([&, c = client, p = proc]() mutable {
      while (!stop) {
        auto h = p.spawn(node{});
        auto rx = ha::ask<get>(c, h);
        h.stop("done");
        if (!h.join_for(10s).has_value()) std::_Exit(3);
        if (rx.recv_for(10s).error() == ha::mailbox_error::timed_out) std::_Exit(4);
        ++joined;
      }
    });
  }
  while (joined < 10) std::this_thread::yield();
  if (!ha::runtime::shutdown(20s)) return 2;
  const int before = joined;
  while (joined < before + 10) std::this_thread::yield();
  stop = true;
  spawners.clear();
  auto late = proc.spawn("late", node{});
  if (!late.has_value() || late->join().to_string() != "stopped: runtime shutdown") return 5;
  return proc.live_actors().get() == 0 ? good : 6;
}
inline int shutdown_before_first_use() { return ha::runtime::shutdown(1s) ? good : 1; }
inline int shutdown_misses_its_deadline() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  auto h = proc.spawn(node{});
  h.post(client, compute{300ms});
  if (!h.status().wait_for([](const ha::actor_status& s) { return s.is_processing(); }, 10s)) return 1;
  if (ha::runtime::shutdown(1ms)) return 2;
  return ha::runtime::shutdown(1ms) ? 3 : good;  // again: no better
}

inline int run(std::string_view scenario) {
  ha::log::replace_sink([](ha::log::severity, std::string_view) {});  // a busy ring that ends has much to say
  if (scenario == "handle_last_without_stop") return handle_last_without_stop();
  if (scenario == "handle_last") return handle_last();
  if (scenario == "fork_before_first_use") return fork_before_first_use();
  if (scenario == "client_last") return client_last();
  if (scenario == "all_static") return all_static(false);
  if (scenario == "all_static_before_first_use") return all_static(true);
  if (scenario == "exit_in_handler") return exit_in_handler();
  if (scenario == "exit_in_handler_while_main_waits") return exit_in_handler_while_main_waits();
  if (scenario == "exit_in_handler_during_shutdown") return exit_in_handler_during_shutdown();
  if (scenario == "shutdown_of_awaiting_handlers") return shutdown_of_awaiting_handlers();
  if (scenario == "exit_in_handler_of_own_thread") return exit_in_handler_of_own_thread();
  if (scenario == "exit_from_main_under_load") return exit_from_main_under_load();
  if (scenario == "shutdown_under_load") return shutdown_under_load();
  if (scenario == "spawn_while_shutting_down") return spawn_while_shutting_down();
  if (scenario == "shutdown_before_first_use") return shutdown_before_first_use();
  if (scenario == "shutdown_misses_its_deadline") return shutdown_misses_its_deadline();
  return 1;
}

/// How the scenario ended, as a sentence; `good` where all is well.
/// @param joins_all  false: the process ends while threads of the runtime are not joined, which is no leak here
inline std::string outcome(const char* scenario, bool joins_all = true) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const char* const options = std::getenv("TSAN_OPTIONS");
    const std::string more = std::string(options == nullptr ? "" : options) + " report_thread_leaks=0";
    if (!joins_all) ::setenv("TSAN_OPTIONS", more.c_str(), 1);
    ::alarm(60);  // nothing hangs
    ::execl("/proc/self/exe", "shutdown", "--scenario", scenario, nullptr);
    ::_exit(126);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) {
    return WEXITSTATUS(status) == good ? "good" : "exit code " + std::to_string(WEXITSTATUS(status));
  }
  return WTERMSIG(status) == SIGALRM ? "hung" : "signal " + std::to_string(WTERMSIG(status));
}

}  // namespace shutdown_tests

using shutdown_tests::outcome;

TEST_CASE("programs may fork before the first use of the runtime [RUN-1]") {
  CHECK(outcome("fork_before_first_use") == "good");
}

TEST_CASE("programs end with the handle last, its actor alive or not, and with the client last [RUN-2]") {
  CHECK(outcome("handle_last_without_stop") == "good");
  CHECK(outcome("handle_last") == "good");
  CHECK(outcome("client_last") == "good");
}

TEST_CASE("programs leave a busy proc to static destruction [RUN-2]") {
  for (int i = 0; i < 5; ++i) {
    CHECK(outcome("all_static") == "good");
    CHECK(outcome("all_static_before_first_use") == "good");
  }
}

TEST_CASE("programs call std::exit in a handler under load, on a shared thread and on one of its own [RUN-2]") {
  for (int i = 0; i < 5; ++i) {
    CHECK(outcome("exit_in_handler") == "good");
    CHECK(outcome("exit_in_handler_while_main_waits") == "good");
    CHECK(outcome("exit_in_handler_of_own_thread") == "good");
  }
}

TEST_CASE("programs call std::exit in a handler for which a shutdown waits [RUN-2]") {
  CHECK(outcome("exit_in_handler_during_shutdown", false) == "good");
}

TEST_CASE("a shutdown cancels handlers that await; they do not fail by that [RUN-2]") {
  CHECK(outcome("shutdown_of_awaiting_handlers") == "good");
}

TEST_CASE("programs call std::exit in main under load [RUN-2]") {
  for (int i = 0; i < 5; ++i) CHECK(outcome("exit_from_main_under_load") == "good");
}

TEST_CASE(
    "programs shut the runtime down while threads post: all actors end, all replies come, pending timers never "
    "fire, later messages come back (shutdown_aborts_in_flight_task) [RUN-2] [TMQ-4]") {
  for (int i = 0; i < 5; ++i) CHECK(outcome("shutdown_under_load") == "good");
}

TEST_CASE("what is spawned during and after the shutdown ends, and nobody waits for it in vain [RUN-2]") {
  for (int i = 0; i < 5; ++i) CHECK(outcome("spawn_while_shutting_down") == "good");
}

TEST_CASE(
    "programs shut down before the first use, and miss their deadline (shutdown_runtimes_empty_is_noop) "
    "[RUN-1][RUN-2]") {
  CHECK(outcome("shutdown_before_first_use") == "good");
  CHECK(outcome("shutdown_misses_its_deadline") == "good");
}

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--scenario") return shutdown_tests::run(argv[2]);
  return Catch::Session().run(argc, argv);
}
