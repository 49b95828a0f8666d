// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/actor/instance.hpp>

#include "support/local.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <asio/steady_timer.hpp>

namespace {

using namespace test;

struct poke {};
struct look {
  ha::once_port_handle<std::string> reply;
};

/// What an actor of these tests does in `init`.
enum class start { well, with_error, with_exception, with_pause };

template <class Self> struct reads {
  std::string text;
  void handle(ha::context<Self>&, poke) { text += "poke "; }
  void handle(ha::context<Self>& cx, look m) { m.reply.post(cx, text); }
};

struct init_void : reads<init_void> {
  using handlers = ha::handlers<poke, look>;
  start how = start::well;
  explicit init_void(start h) : how(h) {}
  void init(ha::instance<init_void>& self) {
    if (how == start::with_exception) throw std::runtime_error("no luck");
    text += "init ";
    self.self().post(self, poke{});
  }
};
struct init_result : reads<init_result> {
  using handlers = ha::handlers<poke, look>;
  start how = start::well;
  explicit init_result(start h) : how(h) {}
  ha::result<void> init(ha::instance<init_result>&) {
    if (how == start::with_error) return ha::error(ha::mailbox_error::full, "no room");
    text += "init ";
    return {};
  }
};
asio::awaitable<void> a_moment() {
  asio::steady_timer t(co_await asio::this_coro::executor, 1ms);
  co_await t.async_wait(asio::use_awaitable);
}
struct init_awaits : reads<init_awaits> {
  using handlers = ha::handlers<poke, look>;
  start how = start::well;
  explicit init_awaits(start h) : how(h) {}
  asio::awaitable<void> init(ha::instance<init_awaits>&) {
    text += "begin ";
    co_await a_moment();
    if (how == start::with_exception) throw std::runtime_error("no luck");
    text += "init ";
  }
};
struct init_awaits_result : reads<init_awaits_result> {
  using handlers = ha::handlers<poke, look>;
  start how = start::well;
  explicit init_awaits_result(start h) : how(h) {}
  asio::awaitable<ha::result<void>> init(ha::instance<init_awaits_result>&) {
    co_await a_moment();
    if (how == start::with_error) co_return ha::error(ha::mailbox_error::full, "no room");
    text += "init ";
    co_return ha::result<void>{};
  }
};

template <class A> std::string first_words(local& in) {
  auto h = in.proc.spawn(A(start::well));
  h.post(in.client, poke{});
  const std::string out = ha::ask<look>(in.client, h).recv_for(patience).value();
  h.stop("done");
  CHECK(ended(h).to_string() == "stopped: done");
  return out;
}
template <class A> std::string failed_start(local& in, start how) {
  const log_lines lines;
  auto h = in.proc.spawn(A(how));
  auto rx = ha::ask<look>(in.client, h);
  const auto end = ended(h);
  CHECK(end.is_failed());
  CHECK(end.error_kind() == ha::actor_error_kind::generic);
  auto reply = rx.recv_for(patience);
  CHECK((reply.error() == ha::mailbox_error::reply_dropped || reply.error() == ha::mailbox_error::undeliverable));
  CHECK(contains(reply.error().message(), "actor failed") +
            contains(reply.error().message(), "failed: " + end.reason()) !=
        0);
  return end.reason();
}

struct leaves {
  using handlers = ha::handlers<poke>;
  shared_list<std::string> log;
  bool fails = false;
  void handle(ha::context<leaves>&, poke) { throw std::runtime_error("poked"); }
  void cleanup(ha::instance<leaves>& self, const ha::actor_error* failure) {
    log.add(failure == nullptr ? "clean" : failure->to_string());
    log.add(self.addr().to_string());
    if (fails) throw std::runtime_error("cannot clean");
  }
  ~leaves() { log.add("destroyed"); }
  leaves(shared_list<std::string> l, bool f) : log(std::move(l)), fails(f) {}
  leaves(leaves&&) = delete;
};

struct immovable {
  using handlers = ha::handlers<look>;
  std::string text;
  immovable(std::string a, int b) : text(std::move(a) + std::to_string(b)) {}
  immovable(const immovable&) = delete;
  immovable& operator=(const immovable&) = delete;
  void handle(ha::context<immovable>& cx, look m) { m.reply.post(cx, text); }
};

struct tick {
  int n;
};
struct timed {
  using handlers = ha::handlers<tick, look>;
  shared_list<int> seen;
  std::vector<ha::once_port_handle<std::string>> kept;
  void handle(ha::context<timed>& cx, tick m) {
    seen.add(m.n);
    if (m.n == 0) {
      cx.post_after(tick{3}, 30ms);
      cx.post_after(tick{2}, 20ms);
      cx.post_after(tick{1}, 10ms);
      cx.post_after(tick{4}, 30ms);
      cx.post_after(tick{100}, 1h);
    }
  }
  void handle(ha::context<timed>& cx, look m) { cx.post_after(std::move(m), 1h); }
};

struct later {
  ha::port_handle<int> by_handle;
  ha::port_ref<int> by_ref;
};
struct delays {
  using handlers = ha::handlers<later>;
  void handle(ha::context<delays>& cx, later m) {
    cx.post_after(m.by_ref, 2, 20ms);
    cx.post_after(m.by_handle, 1, 10ms);
    cx.post_after(std::move(m.by_ref), 3, 1h);
  }
};

struct too_early {};
struct on_time {};
struct patient {
  using handlers = ha::handlers<too_early, on_time, poke>;
  void handle(ha::context<patient>& cx, poke) {
    cx.post_after(too_early{}, std::chrono::nanoseconds::max());
    cx.post_after(too_early{}, std::chrono::hours::max());
    cx.post_after(too_early{}, std::chrono::duration<double>::max());
    cx.post_after(on_time{}, std::chrono::hours::min());
  }
  void handle(ha::context<patient>&, too_early) { throw std::runtime_error("too early"); }
  void handle(ha::context<patient>& cx, on_time) { cx.drain_and_stop("on time"); }
};

/// Starts timers that ring while it ends.
struct late_poster {
  using handlers = ha::handlers<poke>;
  void handle(ha::context<late_poster>&, poke) {}
  void cleanup(ha::instance<late_poster>& self, const ha::actor_error*) {
    for (int i = 0; i < 5; ++i) self.post_after(poke{}, std::chrono::microseconds(10 * i));
  }
};

struct make_child {
  ha::once_port_handle<ha::actor_handle<struct child>> reply;
};
struct child {
  using handlers = ha::handlers<poke>;
  event ended;
  void handle(ha::context<child>&, poke) {}
  void cleanup(ha::instance<child>&, const ha::actor_error*) { ended.set(); }
};
struct parent {
  using handlers = ha::handlers<make_child>;
  shared_list<ha::actor_handle<child>>* late = nullptr;
  void handle(ha::context<parent>& cx, make_child m) { m.reply.post(cx, cx.spawn(child{})); }
  void cleanup(ha::instance<parent>& self, const ha::actor_error*) {
    if (late != nullptr) late->add(self.spawn(child{}));
  }
};

}  // namespace

TEST_CASE("init in every form runs before the first message (test_init)") {
  local in;
  CHECK(first_words<init_void>(in).starts_with("init poke "));
  CHECK(first_words<init_result>(in) == "init poke ");
  CHECK(first_words<init_awaits>(in) == "begin init poke ");
  CHECK(first_words<init_awaits_result>(in) == "init poke ");
}

TEST_CASE("init that fails in any way is an initialization error") {
  local in;
  CHECK(failed_start<init_void>(in, start::with_exception) == "initialization error: no luck");
  CHECK(failed_start<init_result>(in, start::with_error) == "initialization error: no room");
  CHECK(failed_start<init_awaits>(in, start::with_exception) == "initialization error: no luck");
  CHECK(failed_start<init_awaits_result>(in, start::with_error) == "initialization error: no room");
  CHECK(in.is_empty());
  CHECK(in.proc.has_failed());
}

TEST_CASE("cleanup learns how the actor ended, then the actor is destroyed, then it is terminal [LOP-3]") {
  const log_lines lines;
  local in;
  shared_list<std::string> log;
  auto h = in.proc.spawn<leaves>(ha::in_place, log, false);
  h.stop("bye");
  CHECK(ended(h).to_string() == "stopped: bye");
  CHECK(log.get() == std::vector<std::string>{"clean", h.addr().to_string(), "destroyed"});

  shared_list<std::string> failed;
  auto f = in.proc.spawn<leaves>(ha::in_place, failed, false);
  f.post(in.client, poke{});
  CHECK(ended(f).to_string() == "failed: poked");
  CHECK(failed.get() ==
        std::vector<std::string>{"serving " + f.addr().to_string() + ": poked", f.addr().to_string(), "destroyed"});
}

TEST_CASE("a cleanup that throws fails an actor that stopped well, and changes no failure") {
  const log_lines lines;
  local in;
  auto h = in.proc.spawn<leaves>(ha::in_place, shared_list<std::string>{}, true);
  h.stop("bye");
  CHECK(ended(h).to_string() == "failed: cleanup error: cannot clean");
  auto f = in.proc.spawn<leaves>(ha::in_place, shared_list<std::string>{}, true);
  f.post(in.client, poke{});
  CHECK(ended(f).to_string() == "failed: poked");
}

TEST_CASE("actors that cannot be moved are made in place") {
  local in;
  auto h = in.proc.spawn<immovable>(ha::in_place, "seven", 7);
  auto named = in.proc.spawn<immovable>("named", ha::in_place, "eight", 8);
  CHECK(ha::ask<look>(in.client, h).recv_for(patience).value() == "seven7");
  CHECK(ha::ask<look>(in.client, named.value()).recv_for(patience).value() == "eight8");
  h.stop("");
  named->stop("");
  CHECK(in.is_empty());
}

TEST_CASE("post_after posts by deadline, then in the order of the calls (test_post_after_self_message)") {
  local in;
  timed t;
  const auto seen = t.seen;
  const auto began = std::chrono::steady_clock::now();
  auto h = in.proc.spawn(std::move(t));
  h.post(in.client, tick{0});
  CHECK(seen.wait_for(5) == std::vector<int>{0, 1, 2, 3, 4});
  CHECK(std::chrono::steady_clock::now() - began >= 30ms);
  // test_post_after_discards_pending_messages_on_shutdown
  h.drain_and_stop("test");
  CHECK(ended(h).to_string() == "stopped: test");
  CHECK(seen.get().size() == 5);
}

TEST_CASE("post_after with a delay beyond the end of the clock never posts, with one before now it posts at once") {
  local in;
  auto h = in.proc.spawn(patient{});
  h.post(in.client, poke{});
  CHECK(ended(h).to_string() == "stopped: on time");
}

TEST_CASE("timers that ring while their actor ends are dropped") {
  local in;
  for (int i = 0; i < 200; ++i) in.proc.spawn(late_poster{}).stop("over");
  CHECK(in.is_empty());
}

TEST_CASE("post_after posts to ports too, by handle and by reference (test_post_after_port_ref)") {
  local in;
  auto [port, rx] = in.client.open_port<int>();
  const auto began = std::chrono::steady_clock::now();
  auto h = in.proc.spawn(delays{});
  h.post(in.client, later{port, port.bind()});
  CHECK(rx.recv_for(patience).value() == 1);
  CHECK(std::chrono::steady_clock::now() - began >= 10ms);
  CHECK(rx.recv_for(patience).value() == 2);
  CHECK(std::chrono::steady_clock::now() - began >= 20ms);
  h.drain_and_stop("done");
  CHECK(ended(h).to_string() == "stopped: done");
  CHECK_FALSE(rx.try_recv().has_value());
}

TEST_CASE("a reply port in a delayed message is answered with the reason when the actor ends first") {
  local in;
  auto h = in.proc.spawn(timed{});
  auto rx = ha::ask<look>(in.client, h);
  auto seen = ha::ask<look>(in.client, h);
  h.drain_and_stop("early");
  CHECK(ended(h).to_string() == "stopped: early");
  const auto reply = rx.recv_for(patience);
  CHECK(reply.error() == ha::mailbox_error::reply_dropped);
  CHECK(reply.error().message() == "actor " + h.addr().to_string() + " stopped: early");
  CHECK(seen.recv_for(patience).error().message() == reply.error().message());
}

TEST_CASE("children stop with their parent (test_child_lifecycle)") {
  local in;
  auto p = in.proc.spawn(parent{});
  const auto one = ha::ask<make_child>(in.client, p).recv_for(patience).value();
  const auto two = ha::ask<make_child>(in.client, p).recv_for(patience).value();
  CHECK(one.addr() != two.addr());
  CHECK(one.addr().id().uid().label().view() == "child");  // test_spawn_uses_actor_type_label_for_child_actor
  p.stop("enough");
  CHECK(ended(p).to_string() == "stopped: enough");
  CHECK(one.status().get().to_string() == "stopped: parent stopping");
  CHECK(two.status().get().to_string() == "stopped: parent stopping");

  auto q = in.proc.spawn(parent{});
  const auto three = ha::ask<make_child>(in.client, q).recv_for(patience).value();
  q.drain_and_stop("enough");
  CHECK(ended(q).to_string() == "stopped: enough");
  CHECK(three.status().get().to_string() == "stopped: parent draining");
  CHECK(in.is_empty());
}

TEST_CASE(
    "children have the label of their type and an id of their own, whoever their parent is "
    "(test_spawn_with_name_creates_descriptive_name, test_spawn_with_name_no_child_overwrite, "
    "test_ai3_controller_actor_ids_unique_across_parents_same_proc, "
    "test_ai3_no_controller_overwrite_in_parent_or_proc_maps)") {
  local in;
  const auto one = in.proc.spawn(parent{});
  const auto two = in.proc.spawn(parent{});
  auto root = in.proc.spawn("child", child{}).value();  // a root may have the label as its name
  std::vector<ha::actor_handle<child>> children;
  for (const auto& p : {one, one, one, two}) {
    children.push_back(ha::ask<make_child>(in.client, p).recv_for(patience).value());
  }
  std::set<ha::actor_addr> distinct{root.addr()};
  for (const auto& c : children) {
    CHECK(c.addr().id().uid().label() == root.addr().id().uid().label());
    CHECK(c.addr().id().uid().is_instance());
    distinct.insert(c.addr());
  }
  CHECK(distinct.size() == 5);
  CHECK(in.proc.live_actors().get() == 7);
  one.stop("enough");
  CHECK(ended(one).is_stopped());
  for (std::size_t i = 0; i < 3; ++i) CHECK(children[i].status().get().to_string() == "stopped: parent stopping");
  CHECK_FALSE(children[3].status().get().is_terminal());  // the other parent's
  CHECK_FALSE(root.status().get().is_terminal());
  two.stop("enough");
  CHECK(ended(children[3]).to_string() == "stopped: parent stopping");
  root.stop("done");
  CHECK(in.is_empty());
}

TEST_CASE("a child that is spawned by a stopping parent is stopped from the start") {
  local in;
  shared_list<ha::actor_handle<child>> late;
  auto p = in.proc.spawn(parent{.late = &late});
  p.stop("enough");
  CHECK(ended(p).to_string() == "stopped: enough");
  REQUIRE(late.get().size() == 1);
  const auto c = late.get()[0];
  CHECK(c.status().get().to_string() == "stopped: parent stopping");
  CHECK(ended(c).is_stopped());
  auto undelivered = in.client.undelivered();
  c.post(in.client, poke{});
  CHECK(undelivered.recv_for(patience).value().as<poke>().has_value());
  CHECK(in.proc.live_actors().get() == 0);
}
