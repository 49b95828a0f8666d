// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/host/detail/child_process.hpp>
#include <hyperactor/host/process_status.hpp>

#include <catch2/catch_test_macros.hpp>

#include <thread>

namespace ha = hyperactor;
using namespace std::chrono_literals;
using status = ha::process_status;

namespace {

auto child() { return ha::detail::child_process::make("proc1"); }
status running() { return status::running(status::clock::now()); }
status ready() { return status::ready(status::clock::now(), ha::channel_addr::local(3)); }
status stopping() { return status::stopping(status::clock::now()); }

struct quiet {
  std::string text;
  ha::log::scoped_sink sink{[this](ha::log::severity, std::string_view line) { text += line; }};
};

}  // namespace

TEST_CASE("a child that starts can run (starting_to_running_ok) [PST-1]") {
  auto c = child();
  CHECK(c->current().to_string() == "Starting");
  const auto since = status::clock::now() - 62s;
  CHECK(c->advance(status::running(since)));
  CHECK(c->current().which() == status::state::running);
  CHECK(c->current().started_at() == since);
}

TEST_CASE("a child that runs can stop (running_to_stopping_to_stopped_ok) [PST-1]") {
  auto c = child();
  CHECK(c->advance(running()));
  CHECK(c->advance(stopping()));
  CHECK(c->advance(status::stopped(3)));
  CHECK(c->current().exit_code() == 3);
  CHECK(c->current().is_terminal());
}

TEST_CASE("a child that runs can be killed (running_to_killed_ok) [PST-1]") {
  auto c = child();
  CHECK(c->advance(running()));
  CHECK(c->advance(status::killed(9, true)));
  CHECK(c->current().signal() == 9);
  CHECK(c->current().has_core());
}

TEST_CASE("a child that runs can fail (running_to_failed_ok) [PST-1]") {
  auto c = child();
  CHECK(c->advance(running()));
  CHECK(c->advance(status::failed("why")));
  CHECK(c->current().reason() == "why");
}

TEST_CASE("other changes are refused and logged (illegal_transitions_are_rejected) [PST-2]") {
  quiet log;
  auto c = child();
  CHECK(c->advance(running()));
  CHECK_FALSE(c->advance(running()));
  CHECK_FALSE(c->advance(status()));
  CHECK(c->advance(status::stopped(0)));
  CHECK_FALSE(c->advance(ready()));
  CHECK_FALSE(c->advance(stopping()));
  CHECK_FALSE(c->advance(status::killed(9, false)));
  CHECK(c->current() == status::stopped(0));
  CHECK(log.text.find("proc 'proc1': status Stopped(exit=0) cannot become Killed(sig=9): ignored") !=
        std::string::npos);
}

TEST_CASE("a ready child can stop (transitions_from_ready_are_legal) [PST-1]") {
  auto c = child();
  CHECK(c->advance(ready()));
  CHECK(c->advance(stopping()));
  CHECK(c->advance(status::stopped(0)));
}

TEST_CASE("a ready child can be killed (ready_to_killed_is_legal) [PST-1]") {
  auto c = child();
  CHECK(c->advance(running()));
  CHECK(c->advance(ready()));
  CHECK(c->advance(status::killed(9, false)));
}

TEST_CASE("a stopping child can fail (mark_failed_from_stopping_is_allowed) [PST-1]") {
  auto c = child();
  CHECK(c->advance(running()));
  CHECK(c->advance(stopping()));
  CHECK_FALSE(c->advance(ready()));
  CHECK(c->advance(status::failed("unknown exit status")));
}

TEST_CASE("a watch sees the changes in order (watch_notifies_on_status_changes) [CHP-1]") {
  auto c = child();
  const ha::watch<status> w = c->status();
  std::thread changer([&] {
    CHECK(c->advance(running()));
    // the next change waits until this one was seen: a watch may skip values otherwise
    w.wait([](const status& s) { return s.which() != status::state::running; });
  });
  CHECK(w.wait([](const status& s) { return s.which() != status::state::starting; }).which() == status::state::running);
  CHECK(c->advance(status::stopped(0)));
  changer.join();
  CHECK(w.get() == status::stopped(0));
}

TEST_CASE(
    "texts of a status (display_running_includes_uptime, display_ready_includes_addr, "
    "display_stopped_includes_exit_code, display_other_variants_does_not_panic) [PST-1]") {
  const auto since = status::clock::now() - 90s;
  CHECK(status::running(since).to_string().substr(0, 16) == "Running up 1m 30");
  CHECK(status::ready(since, ha::channel_addr::unix_socket("@x")).to_string().substr(0, 24) ==
        "Ready at unix:@x up 1m 3");
  CHECK(status::stopping(since).to_string().substr(0, 14) == "Stopping up 1m");
  CHECK(status::stopped(7).to_string() == "Stopped(exit=7)");
  CHECK(status::killed(9, false).to_string() == "Killed(sig=9)");
  CHECK(status::killed(6, true).to_string() == "Killed(sig=6, core)");
  CHECK(status::failed("wait failed: x").to_string() == "Failed(wait failed: x)");
  CHECK(fmt::format("{}", status()) == "Starting");
  CHECK(ha::detail::duration_text(0ns) == "0ms");
  CHECK(ha::detail::duration_text(25h) == "1d 1h");
  CHECK(ha::detail::duration_text(3s + 20ms) == "3s 20ms");
}

TEST_CASE("who asked is told of the end before anybody can see it [CHP-2]") {
  auto c = child();
  CHECK(c->advance(running()));
  status seen;
  bool was_visible = true;
  c->on_end([&](const status& end) {
    seen = end;
    was_visible = c->current().is_terminal();
  });
  c->end(status::stopped(3));
  CHECK(seen == status::stopped(3));
  CHECK_FALSE(was_visible);
  CHECK(c->current() == status::stopped(3));
  int late = 0;
  c->on_end([&](const status& end) { late = end.exit_code(); });
  CHECK(late == 3);
}

TEST_CASE("a child remembers that it was asked to end") {
  auto c = child();
  CHECK(c->advance(running()));
  CHECK_FALSE(c->was_asked_to_end());
  CHECK(c->advance(stopping()));
  CHECK(c->was_asked_to_end());
}
