// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/host/launcher.hpp>
#include <support/children.hpp>

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>

namespace ha = hyperactor;
using namespace std::chrono_literals;
using ha::process_status;
using ha::detail::child_process;
using ha::detail::environment_with;
using ha::detail::launch_command;
using ha::detail::launcher;

namespace {

launch_command shell(std::string script, std::vector<std::string> environment = {}) {
  return {"/bin/sh", {"-c", std::move(script)}, environment_with(std::move(environment))};
}
process_status end_of(const child_process& c) {
  return c.status().wait([](const process_status& s) { return s.is_terminal(); });
}
ha::detail::steady_time in(std::chrono::milliseconds d) { return std::chrono::steady_clock::now() + d; }

/// Text that a child writes to the descriptor that it was given as standard error... read until all its writers have
/// gone.
class pipe_to {
 public:
  pipe_to() { REQUIRE(::pipe2(ends_, O_CLOEXEC) == 0); }
  ~pipe_to() {
    ::close(ends_[0]);
    close_writer();
  }
  /// A path under which a child of this process opens the writing end itself.
  std::string path() const { return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(ends_[1]); }
  void close_writer() {
    if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
  }
  std::string read_line() const {
    std::string out;
    char c = 0;
    while (::read(ends_[0], &c, 1) == 1 && c != '\n') out += c;
    return out;
  }
  std::string read_all() {
    close_writer();
    std::string out;
    char buffer[256];
    for (ssize_t n = 0; (n = ::read(ends_[0], buffer, sizeof buffer)) > 0;)
      out.append(buffer, static_cast<std::size_t>(n));
    return out;
  }

 private:
  int ends_[2] = {-1, -1};
};

}  // namespace

TEST_CASE("the exact exit code is reported (exit_kind_maps_exit_code) [LCH-3]") {
  auto l = launcher::make();
  for (const int code : {0, 1, 3, 255}) {
    auto c = child_process::make("p");
    REQUIRE_FALSE(l->start(c, shell("exit " + std::to_string(code))));
    CHECK(end_of(*c) == process_status::stopped(code));
  }
  CHECK(test::has_no_children());
}

TEST_CASE("a program that does not exist is an error, not a child") {
  auto l = launcher::make();
  auto c = child_process::make("p");
  const std::error_code failure = l->start(c, {"/no/such/program", {}, {}});
  CHECK(failure == std::errc::no_such_file_or_directory);
  CHECK(l->start(c, {"/", {}, {}}) == std::errc::permission_denied);
  CHECK(c->current() == process_status());
  CHECK(test::has_no_children());
}

TEST_CASE("a killed child is reported with its signal (kill_results_in_signaled_and_pid_table_is_removed) [LCH-2]") {
  auto l = launcher::make();
  auto c = child_process::make("p");
  REQUIRE_FALSE(l->start(c, shell("sleep 1000")));
  CHECK(c->current().which() == process_status::state::running);
  l->kill(c);
  CHECK(end_of(*c) == process_status::killed(9, false));
  CHECK(test::has_no_children());
  l->kill(c);  // nothing to signal any more
  l->terminate(c, in(0ms));
}

TEST_CASE("a child that obeys SIGTERM ends at once (bootstrap_handle_terminate_graceful)") {
  auto l = launcher::make();
  auto c = child_process::make("p");
  REQUIRE_FALSE(l->start(c, {"/bin/sleep", {"1000"}, {}}));
  l->terminate(c, in(1h));
  CHECK(end_of(*c) == process_status::killed(SIGTERM, false));
}

TEST_CASE(
    "a child that ignores SIGTERM is killed at the deadline "
    "(terminate_escalates_to_sigkill_if_child_ignores_sigterm)") {
  auto l = launcher::make();
  auto c = child_process::make("p");
  pipe_to said;
  REQUIRE_FALSE(
      l->start(c, shell("trap '' TERM; echo ready > $OUT; while :; do sleep 1000; done", {"OUT=" + said.path()})));
  CHECK(said.read_line() == "ready");
  l->terminate(c, in(50ms));
  CHECK(end_of(*c) == process_status::killed(SIGKILL, false));
}

TEST_CASE("grandchildren end with the group of the child [LCH-3]") {
  auto l = launcher::make();
  pipe_to alive;  // its writers: this test, and the grandchild
  const std::string script = "exec 3> $OUT; (trap '' TERM; echo up >&3; exec sleep 1000) & wait_for=$!; ";
  SECTION("of a child that was killed") {
    auto c = child_process::make("p");
    REQUIRE_FALSE(l->start(c, shell(script + "wait", {"OUT=" + alive.path()})));
    CHECK(alive.read_line() == "up");
    l->kill(c);
    CHECK(alive.read_all().empty());  // the end of file: nobody holds the pipe any more
  }
  SECTION("of a child that ends by itself") {
    pipe_to go;
    auto c = child_process::make("p");
    REQUIRE_FALSE(l->start(c, shell(script + "read x < $GO; exit 4", {"OUT=" + alive.path(), "GO=" + go.path()})));
    CHECK(alive.read_line() == "up");
    const int fd = ::open(go.path().c_str(), O_WRONLY | O_CLOEXEC);
    REQUIRE(::write(fd, "x\n", 2) == 2);
    ::close(fd);
    CHECK(end_of(*c) == process_status::stopped(4));
    CHECK(alive.read_all().empty());
  }
}

TEST_CASE("the end of the launcher kills and reaps (drop_closes_child_stdio) [LCH-4]") {
  pipe_to alive;
  auto c = child_process::make("p");
  auto gone = child_process::make("q");
  {
    auto l = launcher::make();
    REQUIRE_FALSE(l->start(c, shell("exec > $OUT; trap '' TERM; echo up; exec sleep 1000", {"OUT=" + alive.path()})));
    CHECK(alive.read_line() == "up");
    auto kept = l;
    l->shut_down();
    CHECK(c->current() == process_status::killed(SIGKILL, false));
    CHECK(kept->start(gone, shell("exit 0")) == std::errc::operation_canceled);
    kept->kill(c);
  }
  CHECK(alive.read_all().empty());
  CHECK(test::has_no_children());
}

TEST_CASE("a launcher that never started anything has no thread [LCH-1]") {
  auto l = launcher::make();
  l->kill(child_process::make("p"));
  l->shut_down();
}

TEST_CASE("a child inherits its environment and standard streams, and no other descriptor [STP-1]") {
  auto l = launcher::make();
  pipe_to out;
  ::setenv("LAUNCHER_TEST_CHANGED", "old", 1);
  ::setenv("LAUNCHER_TEST_KEPT", "kept", 1);
  const int leaked = ::open("/dev/null", O_RDONLY);  // not close-on-exec
  auto c = child_process::make("p");
  const std::string script = "exec > $OUT; echo $LAUNCHER_TEST_CHANGED $LAUNCHER_TEST_KEPT; [ -e /proc/$$/fd/" +
                             std::to_string(leaked) + " ] && echo leaked; grep -h SigBlk /proc/self/status";
  REQUIRE_FALSE(l->start(c, shell(script, {"LAUNCHER_TEST_CHANGED=new", "OUT=" + out.path()})));
  end_of(*c);
  CHECK(out.read_all() == "new kept\nSigBlk:\t0000000000000000\n");
  ::close(leaked);
  ::unsetenv("LAUNCHER_TEST_CHANGED");
  ::unsetenv("LAUNCHER_TEST_KEPT");
}

TEST_CASE("several threads may start and end children at a time [LCH-2]") {
  auto l = launcher::make();
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5; ++i) {
        auto c = child_process::make("p");
        if (t % 2 == 0) {
          if (!l->start(c, shell("exit 5")) && end_of(*c) == process_status::stopped(5)) ++right;
        } else {
          if (!l->start(c, {"/bin/sleep", {"1000"}, {}})) {
            l->kill(c);
            if (end_of(*c).signal() == SIGKILL) ++right;
          }
        }
      }
    });
  }
  for (auto& t : threads) t.join();
  CHECK(right == 20);
  CHECK(test::has_no_children());
}

TEST_CASE("somebody else reaping the child is reported as a failed wait") {
  // with SIGCHLD ignored the kernel reaps
  struct sigaction before{};
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGCHLD, &ignore, &before);
  auto l = launcher::make();
  auto c = child_process::make("p");
  REQUIRE_FALSE(l->start(c, shell("exit 0")));
  CHECK(end_of(*c).to_string() == "Failed(wait failed: No child processes)");
  ::sigaction(SIGCHLD, &before, nullptr);
}

TEST_CASE("this_executable is the program that runs") {
  const std::string path = ha::this_executable();
  CHECK(::access(path.c_str(), X_OK) == 0);
  CHECK(path.front() == '/');
}

TEST_CASE(
    "a child writes to the standard streams of its parent: nothing is captured "
    "(stdio_is_captured_only_when_requested) [STP-1]") {
  auto l = launcher::make();
  pipe_to out;
  const auto name_of = [](int fd) {
    char text[256];
    const ssize_t n = ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), text, sizeof text);
    return std::string(text, n > 0 ? static_cast<std::size_t>(n) : 0);
  };
  auto c = child_process::make("p");
  const std::string script = "a=$(readlink /proc/$$/fd/1); b=$(readlink /proc/$$/fd/2); echo \"$a $b\" > " + out.path();
  REQUIRE_FALSE(l->start(c, shell(script)));
  CHECK(end_of(*c) == process_status::stopped(0));
  CHECK(out.read_all() == name_of(1) + " " + name_of(2) + "\n");
  CHECK_FALSE(name_of(1).empty());
}
