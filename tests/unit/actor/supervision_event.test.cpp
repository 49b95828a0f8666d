// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/actor/supervision_event.hpp>

#include "support/local.hpp"

#include <fmt/core.h>
#include <catch2/catch_test_macros.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace test;

struct fail {
  std::string text;
};
struct make {
  ha::once_port_handle<ha::actor_handle<struct node>> reply;
};
struct ping {
  ha::once_port_handle<int> reply;
};

enum class hook { handles, refuses, throws };

/// An actor with a supervision hook that does as it is told.
struct node {
  using handlers = ha::handlers<fail, make, ping>;
  hook how = hook::refuses;
  shared_list<std::string> events;
  std::string shown;

  void handle(ha::context<node>&, const fail& m) { throw std::runtime_error(m.text); }
  void handle(ha::context<node>& cx, make m) { m.reply.post(cx, cx.spawn(node{hook::refuses, events, "leaf"})); }
  void handle(ha::context<node>& cx, ping m) { m.reply.post(cx, 1); }
  bool handle_supervision_event(ha::instance<node>& self, const ha::supervision_event& e) {
    if (self.addr() == e.actor()) return false;
    events.add(e.to_string());
    if (how == hook::throws) throw std::runtime_error("cannot cope");
    return how == hook::handles;
  }
  std::string display_name() const { return shown; }
};
/// The same without a hook.
struct plain_make {
  ha::once_port_handle<ha::actor_handle<struct plain>> reply;
};
struct plain {
  using handlers = ha::handlers<fail, plain_make>;
  void handle(ha::context<plain>&, const fail& m) { throw std::runtime_error(m.text); }
  void handle(ha::context<plain>& cx, plain_make m) { m.reply.post(cx, cx.spawn(plain{})); }
};

struct family {
  log_lines lines;
  local in;
  shared_list<std::string> events;
  ha::actor_handle<node> parent;
  explicit family(hook how) : parent(in.proc.spawn(node{how, events, "root"})) {}
  ha::actor_handle<node> child() { return ha::ask<make>(in.client, parent).recv_for(patience).value(); }
};

}  // namespace

TEST_CASE("a child's failure that the parent handles changes nothing else (test_supervision)") {
  family f(hook::handles);
  const auto child = f.child();
  const auto sibling = f.child();
  child.post(f.in.client, fail{"some random failure"});
  CHECK(ended(child).to_string() == "failed: some random failure");
  CHECK(f.events.wait_for(1) ==
        std::vector<std::string>{"Supervision event: actor leaf failed:\n  some random failure"});
  CHECK(ha::ask<ping>(f.in.client, f.parent).recv_for(patience).value() == 1);
  CHECK(ha::ask<ping>(f.in.client, sibling).recv_for(patience).value() == 1);
  CHECK_FALSE(f.in.proc.has_failed());
  f.parent.stop("done");
  CHECK(ended(f.parent).to_string() == "stopped: done");
  CHECK(f.lines.get().empty());
}

TEST_CASE("a child's failure that nobody handles ends its ancestors with the same text (test_parent_failure)") {
  const log_lines lines;
  local in;
  auto root = in.proc.spawn(plain{});
  auto middle = ha::ask<plain_make>(in.client, root).recv_for(patience).value();
  auto leaf = ha::ask<plain_make>(in.client, middle).recv_for(patience).value();
  auto sibling = ha::ask<plain_make>(in.client, root).recv_for(patience).value();
  leaf.post(in.client, fail{"some random failure"});
  CHECK(ended(root).to_string() == "failed: some random failure");
  CHECK(ended(middle).to_string() == "failed: some random failure");
  CHECK(ended(sibling).to_string() == "stopped: parent stopping");
  CHECK(in.is_empty());
  CHECK(in.proc.has_failed());
  // the event that reaches the top is the leaf's
  CHECK(lines.wait_for(1).at(0) ==
        "nobody supervises Supervision event: actor " + leaf.addr().to_string() + " failed:   some random failure");
}

TEST_CASE(
    "a failure climbs to the first ancestor that handles it, and no further (test_local_supervision_propagation)") {
  family f(hook::handles);
  const auto child_of = [&](const ha::actor_handle<node>& p) {
    return ha::ask<make>(f.in.client, p).recv_for(patience).value();
  };
  const auto top = f.in.proc.spawn(node{hook::refuses, shared_list<std::string>{}, "top"});
  const auto first = f.child();
  const auto second = child_of(first);
  const auto third = child_of(second);
  third.post(f.in.client, fail{"some random failure"});
  CHECK(ended(first).to_string() == "failed: some random failure");
  CHECK(ended(second).to_string() == "failed: some random failure");
  // both hooks on the way were called and refused, the third handled it: each with the leaf's event
  const std::string event = "Supervision event: actor leaf failed:\n  some random failure";
  CHECK(f.events.wait_for(3) == std::vector<std::string>{event, event, event});
  CHECK(ha::ask<ping>(f.in.client, f.parent).recv_for(patience).value() == 1);
  CHECK(ha::ask<ping>(f.in.client, top).recv_for(patience).value() == 1);  // another tree
  CHECK_FALSE(f.in.proc.has_failed());
  CHECK(f.lines.get().empty());
  f.in.proc.stop_all("done");
  CHECK(f.in.is_empty());
}

TEST_CASE("a chain of actors lives in one proc and may be ended from its end (test_spawn_child)") {
  const log_lines lines;
  local in;
  auto root = in.proc.spawn(plain{});
  auto middle = ha::ask<plain_make>(in.client, root).recv_for(patience).value();
  auto leaf = ha::ask<plain_make>(in.client, middle).recv_for(patience).value();
  CHECK(middle.addr().proc_addr() == root.addr().proc_addr());
  CHECK(leaf.addr().proc_addr() == root.addr().proc_addr());
  std::uint64_t live = 3;
  for (const auto& h : {leaf, middle, root}) {
    CHECK(in.proc.live_actors().get() == live);
    h.stop("from below");
    CHECK(ended(h).to_string() == "stopped: from below");
    --live;
    CHECK(in.proc.live_actors().wait_for([&](std::uint64_t n) { return n == live; }, patience));
  }
  CHECK(lines.get().empty());
}

TEST_CASE("a supervision hook that refuses a failure passes it on; one that throws fails with both texts") {
  {
    family f(hook::refuses);
    f.child().post(f.in.client, fail{"bad"});
    CHECK(ended(f.parent).to_string() == "failed: bad");
  }
  {
    family f(hook::throws);
    f.child().post(f.in.client, fail{"bad"});
    const auto end = ended(f.parent);
    CHECK(end.to_string() == "failed: cannot cope while handling Supervision event: actor leaf failed:\n  bad");
  }
}

TEST_CASE("a parent learns of a clean stop, and need not handle it (test_supervision_event_on_clean_stop)") {
  family f(hook::refuses);
  const auto child = f.child();
  child.stop("test");
  CHECK(ended(child).to_string() == "stopped: test");
  CHECK(f.events.wait_for(1) == std::vector<std::string>{"Supervision event: actor leaf has status:\n  stopped: test"});
  CHECK(ha::ask<ping>(f.in.client, f.parent).recv_for(patience).value() == 1);
  f.parent.stop("done");
  CHECK(ended(f.parent).is_stopped());
}

TEST_CASE("the event reaches the parent before the status is visible [LOP-3]") {
  for (int i = 0; i < 50; ++i) {
    family f(hook::handles);
    const auto child = f.child();
    child.post(f.in.client, fail{"bad"});
    CHECK(ended(child).is_failed());
    CHECK(ha::ask<ping>(f.in.client, f.parent).recv_for(patience).value() == 1);  // signals come before messages
    CHECK(f.events.get().size() == 1);
    f.parent.stop("done");
    CHECK(ended(f.parent).is_stopped());
  }
}

TEST_CASE("texts of supervision events (test_display_generic, test_display_stopped)") {
  const auto addr = ha::actor_addr::parse("a.p@inproc://1").value();
  const ha::supervision_event failed(addr, std::nullopt,
                                     ha::actor_status::failed(ha::actor_error_kind::generic, "two\nlines"));
  CHECK(fmt::format("{}", failed) == "Supervision event: actor a.p@inproc://1 failed:\n  two\n  lines");
  CHECK(failed.is_error());
  CHECK(failed.actor() == addr);
  CHECK(failed.name() == "a.p@inproc://1");
  const ha::supervision_event stopped(addr, "shown", ha::actor_status::stopped("done"));
  CHECK(stopped.to_string() == "Supervision event: actor shown has status:\n  stopped: done");
  CHECK_FALSE(stopped.is_error());
  CHECK(stopped.display_name() == "shown");
  CHECK(stopped.occurred_at() >= failed.occurred_at());
  CHECK(failed == failed);
  CHECK_FALSE(failed == stopped);
}
