// SPDX-License-Identifier: BSD-3-Clause
// Ends of processes. Each case runs in a child that is forked before the runtime starts, and must end by itself.
#include <hyperactor/proc.hpp>

#include <catch2/catch_test_macros.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <vector>

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace {

struct add {
  int by;
};
struct get {
  ha::once_port_ref<int> reply;
};
struct leave {};
struct wait_forever {
  ha::once_port_handle<int> reply;
};

struct counter {
  using handlers = ha::handlers<add, get, leave, wait_forever>;
  int value = 0;
  void handle(ha::context<counter>&, add m) { value += m.by; }
  void handle(ha::context<counter>& cx, get m) { m.reply.post(cx, value); }
  void handle(ha::context<counter>&, leave) { std::exit(0); }
  asio::awaitable<void> handle(ha::context<counter>& cx, wait_forever) {
    auto [port, rx] = cx.open_port<int>();
    (void)co_await rx.async_recv();
  }
};

/// Runs `scenario` in a child process; its exit code, or -1 where it was ended by a signal (an alarm after 30 s too).
template <class F> int in_child(F scenario) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::alarm(30);
    std::exit(scenario());
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool works(ha::proc& proc) {
  ha::client client = proc.client("main");
  auto c = proc.spawn(counter{});
  c.post(client, add{2});
  return ha::ask<get>(client, c).recv_for(10s).value() == 2;
}

}  // namespace

TEST_CASE("a process may fork before the first use of the runtime [RUN-1]") {
  CHECK(in_child([] {
          const pid_t pid = ::fork();
          if (pid == 0) {
            ::alarm(30);
            ha::proc proc = ha::proc::isolated();
            std::exit(works(proc) ? 0 : 1);
          }
          int status = 0;
          ::waitpid(pid, &status, 0);
          ha::proc proc = ha::proc::isolated();
          return status == 0 && works(proc) ? 0 : 1;
        }) == 0);
}

TEST_CASE("the proc is dropped first, the handle last") {
  CHECK(in_child([] {
          auto proc = std::make_unique<ha::proc>(ha::proc::isolated());
          ha::client client = proc->client("main");
          auto c = proc->spawn(counter{});
          proc.reset();
          c.post(client, add{3});
          const int value = ha::ask<get>(client, c).recv_for(10s).value();
          c.drain_and_stop("done");
          return c.join().is_stopped() && value == 3 ? 0 : 1;
        }) == 0);
}

TEST_CASE("the client is dropped last") {
  CHECK(in_child([] {
          auto proc = std::make_unique<ha::proc>(ha::proc::isolated());
          ha::client client = proc->client("main");
          {
            auto c = proc->spawn(counter{});
            c.stop("done");
            c.join();
          }
          proc.reset();
          auto [port, rx] = client.open_port<int>();
          port.post(client, 1);
          return rx.recv().value() == 1 ? 0 : 1;
        }) == 0);
}

TEST_CASE("everything is left to static destruction [RUN-2]") {
  CHECK(in_child([] {
          static ha::proc proc = ha::proc::isolated();
          static ha::client client = proc.client("main");
          static std::vector<ha::actor_handle<counter>> actors;
          for (int i = 0; i < 20; ++i) {
            actors.push_back(proc.spawn(counter{}));
            actors.back().post(client, add{i});
          }
          auto [once, rx] = client.open_once_port<int>();
          actors[0].post<wait_forever>(client, std::move(once));
          return 0;
        }) == 0);
}

TEST_CASE("a handler calls std::exit") {
  CHECK(in_child([] {
          ha::proc proc = ha::proc::isolated();
          ha::client client = proc.client("main");
          auto c = proc.spawn(counter{});
          c.post(client, leave{});
          (void)ha::ask<get>(client, c).recv_for(20s);
          return 7;
        }) == 0);
}

TEST_CASE("the runtime is shut down under load; timers that are pending never fire [RUN-2][TMQ-4]") {
  CHECK(in_child([] {
          ha::proc proc = ha::proc::isolated();
          ha::client client = proc.client("main");
          auto returned = client.undelivered();
          std::vector<ha::actor_handle<counter>> actors;
          for (int i = 0; i < 50; ++i) actors.push_back(proc.spawn(counter{}));
          for (int i = 0; i < 5000; ++i) actors[static_cast<std::size_t>(i % 50)].post(client, add{1});
          if (!ha::runtime::shutdown(20s)) return 1;
          for (auto& a : actors) {
            if (!a.status().get().is_terminal()) return 2;
          }
          actors[0].post(client, add{1});  // comes back
          return returned.recv_for(10s).has_value() ? 0 : 3;
        }) == 0);
}
