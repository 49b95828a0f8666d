// SPDX-License-Identifier: BSD-3-Clause
// The samples of the user's view of the library, sections 1 to 4, as they stand there.
#include <hyperactor/proc.hpp>

#include <fmt/core.h>
#include <boost/hana/equal.hpp>
#include <boost/hana/for_each.hpp>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/use_future.hpp>

namespace ha = hyperactor;
namespace hana = boost::hana;

using namespace std::chrono_literals;

namespace samples {

struct add {
  int by;
};
struct get {
  ha::once_port_ref<int> reply;
};

struct counter {                            // no base class, no macro
  using handlers = ha::handlers<add, get>;  // compile-time typelist: what the actor handles
  using exports = ha::exports<add, get>;    // which of them actor_ref<counter> may send (default: none)

  int value = 0;
  void handle(ha::context<counter>&, add m) { value += m.by; }
  void handle(ha::context<counter>& cx, get m) { m.reply.post(cx, value); }
};

int counter_main() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");                   // a plain thread's way in
  ha::actor_handle<counter> c = proc.spawn(counter{});       // fresh identity, label from the type
  c.post(client, add{2});                                    // never blocks, never fails here
  c.post<add>(client, 3);                                    // the same, built in place: no move, no temporary
  int value = ha::ask<get>(client, c).recv_for(5s).value();  // 5
  c.drain_and_stop("done");
  return c.join().is_stopped() && value == 5 ? 0 : 1;  // stopped: done
}

// ---- section 2: all that an actor can have

struct nothing {};
struct failing {
  bool fails;
};
struct slow {
  ha::once_port_ref<std::string> reply;
};
struct slow_failing {
  std::string text;
};
struct children {
  ha::once_port_ref<int> reply;
};
struct later {
  ha::once_port_ref<int> reply;
};

struct everything {
  using handlers = ha::handlers<nothing, failing, slow, slow_failing, children, later>;
  using exports = ha::exports<nothing>;

  void handle(ha::context<everything>&, nothing) { ++handled; }
  ha::result<void> handle(ha::context<everything>&, failing m) {
    if (m.fails) return ha::error(ha::mailbox_error::full, "as asked");
    return {};
  }
  asio::awaitable<void> handle(ha::context<everything>& cx, slow m) {
    auto [port, rx] = cx.open_port<int>();
    port.post(cx, 7);
    ha::result<int> v = co_await rx.async_recv();
    m.reply.post(cx, std::to_string(v.value()));
  }
  asio::awaitable<ha::result<void>> handle(ha::context<everything>&, slow_failing m) {
    co_return ha::error(ha::mailbox_error::full, m.text);
  }
  asio::awaitable<void> handle(ha::context<everything>& cx, children m) {
    auto c = cx.spawn(counter{});
    c.post(cx, add{4});
    ha::result<int> v = co_await ha::ask<get>(cx, c).async_recv();
    m.reply.post(cx, v.value());
  }
  void handle(ha::context<everything>& cx, later m) {
    if (cx.headers().empty() || cx.addr() != cx.self().addr())
      throw std::runtime_error("a context without its message");
    cx.post_after(children{std::move(m.reply)}, 1ms);
  }

  void init(ha::instance<everything>&) { handled = 100; }
  void cleanup(ha::instance<everything>&, const ha::actor_error* failure) {
    if (seen != nullptr) *seen = failure == nullptr ? "clean" : failure->text();
  }
  bool handle_supervision_event(ha::instance<everything>&, const ha::supervision_event&) { return true; }
  ha::result<void> handle_undeliverable(ha::instance<everything>&, ha::undeliverable) { return {}; }
  std::string display_name() const { return "all in one"; }
  using executor = ha::dedicated_thread;

  std::string* seen = nullptr;
  int handled = 0;
};

// ---- section 3

struct adder : ha::behavior<"adder", add> {};
template <class T> struct put {
  T value;
};
template <class T> struct take {
  ha::once_port_ref<T> reply;
};
template <class T> struct store : ha::behavior<"store", put<T>, take<T>> {};
using adder_alias = ha::behavior<"adder", add>;

HYPERACTOR_ASSERT_BEHAVES(counter, adder);
static_assert(ha::behaves<counter, adder>);
static_assert(ha::behaves<counter, adder_alias>);
static_assert(ha::messages_of<adder> == hana::tuple_t<add>);
using all_of_it = ha::behavior_union<"everything", adder, store<int>>;

struct shelf {
  using handlers = ha::handlers<add, put<int>, take<int>>;
  int value = 0;
  void handle(ha::context<shelf>&, add m) { value += m.by; }
  void handle(ha::context<shelf>&, put<int> m) { value = m.value; }
  void handle(ha::context<shelf>& cx, take<int> m) { m.reply.post(cx, value); }
};
HYPERACTOR_ASSERT_BEHAVES(shelf, adder, store<int>, all_of_it);
static_assert(ha::messages_of<all_of_it> == hana::tuple_t<add, put<int>, take<int>>);
static_assert(ha::messages_of<ha::behavior_of<shelf>> == ha::messages_of<shelf>);
static_assert(ha::messages_of<ha::behavior_minus<"rest", all_of_it, adder>> == ha::messages_of<store<int>>);

// handles, refs and ports of a type may be members of that type and of its messages
struct introduce {
  ha::actor_ref<struct friendly> other;
  ha::port_ref<introduce> echo;
};
struct meet {
  ha::actor_handle<friendly> other;
};
struct friendly {
  using handlers = ha::handlers<introduce, meet, add>;
  using exports = ha::exports<introduce, add>;
  std::vector<ha::actor_ref<friendly>> refs;
  std::vector<ha::actor_handle<friendly>> handles;
  void handle(ha::context<friendly>& cx, introduce m) {
    refs.push_back(m.other);
    m.other.post(cx, add{1});
    m.echo.post(cx, introduce{cx.self().bind(), m.echo});
  }
  void handle(ha::context<friendly>&, meet m) { handles.push_back(std::move(m.other)); }
  void handle(ha::context<friendly>& cx, add) { cx.stop("met"); }
};

}  // namespace samples

using namespace samples;

TEST_CASE("a counter in one process: api sample of section 1") { CHECK(counter_main() == 0); }

TEST_CASE("named roots and construction in place: api section 1") {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  auto named = proc.spawn("counter", counter{});
  REQUIRE(named.has_value());
  CHECK(named->addr() == proc.addr().actor_addr("counter"));
  auto again = proc.spawn("counter", counter{});
  CHECK(again.error() == ha::proc_error::name_taken);
  CHECK(proc.spawn("Bad Name", counter{}).error() == ha::parse_error::invalid_label_start);
  auto placed = proc.spawn<counter>(ha::in_place);
  auto placed_named = proc.spawn<counter>("placed", ha::in_place);
  REQUIRE(placed_named.has_value());
  for (auto& h : {*named, placed, *placed_named}) {
    h.post(client, add{1});
    CHECK(ha::ask<get>(client, h).recv_for(5s).value() == 1);
    h.stop("done");
    h.join();
  }
}

TEST_CASE("handlers, hooks and context: api section 2") {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  std::string seen;
  auto e = proc.spawn(everything{.seen = &seen});
  e.post(client, nothing{});
  e.post(client, failing{false});
  CHECK(ha::ask<slow>(client, e).recv_for(5s).value() == "7");
  CHECK(ha::ask<children>(client, e).recv_for(5s).value() == 4);
  CHECK(ha::ask<later>(client, e).recv_for(5s).value() == 4);
  e.post(client, failing{true});
  CHECK(e.join().reason() == "as asked");
  CHECK(seen == "as asked");

  auto f = proc.spawn(everything{.seen = &seen});
  f.post(client, slow_failing{"slowly"});
  CHECK(f.join().to_string() == "failed: slowly");
  CHECK(seen == "slowly");

  auto g = proc.spawn(everything{.seen = &seen});
  g.stop("enough");
  CHECK(g.join().to_string() == "stopped: enough");
  CHECK(seen == "clean");
}

TEST_CASE("behaviours are contracts to compute with: api section 3") {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  auto c = proc.spawn(counter{});
  ha::actor_ref<adder> r = c.bind<adder>();
  ha::actor_ref<counter> own = c.bind();
  r.post(client, add{1});
  own.post(client, add{2});
  CHECK(ha::ask<get>(client, c).recv_for(5s).value() == 3);

  std::string names;
  hana::for_each(ha::messages_of<counter>,
                 [&](auto m) { names += fmt::format("{}\n", ha::wire_name<typename decltype(m)::type>); });
  CHECK(names == "samples::add\nsamples::get\n");

  CHECK(r == ha::actor_ref<adder>::attest(r.addr()));
  CHECK(std::hash<ha::actor_ref<adder>>{}(r) ==
        std::hash<ha::actor_ref<adder>>{}(ha::actor_ref<adder>::attest(r.addr())));
  CHECK(fmt::format("{}", r) == r.addr().to_string() + "<adder>");
  CHECK(ha::actor_addr::parse(fmt::format("{}", r.addr())).value() == r.addr());
  const std::unordered_set<ha::actor_ref<adder>> set{r, ha::actor_ref<adder>::attest(r.addr())};
  CHECK(set.size() == 1);
  c.stop("done");
  c.join();
}

TEST_CASE("messages and actors may hold references to themselves: api section 3") {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  auto a = proc.spawn(friendly{});
  auto b = proc.spawn(friendly{});
  auto [port, rx] = client.open_port<introduce>();
  a.post(client, meet{b});
  a.post(client, introduce{b.bind(), port.bind()});
  auto echoed = rx.recv_for(5s);
  REQUIRE(echoed.has_value());
  CHECK(echoed->other.addr() == a.addr());
  CHECK(b.join().to_string() == "stopped: met");
  echoed->other.post(client, add{1});
  CHECK(a.join().to_string() == "stopped: met");
}

TEST_CASE("ports: api sample of section 4") {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  auto [port, rx] = client.open_port<int>();  // port_handle<int>, receiver<int>
  auto [once, once_rx] = client.open_once_port<int>();
  port.post(client, 7);                 // in process, no serialization
  ha::port_ref<int> ref = port.bind();  // addressable from anywhere
  ref.post(client, 8);                  // serialized, routed, in order
  auto a = rx.recv();                   // result<int>: blocks; mailbox_error::closed at the end
  auto b = rx.recv_for(100ms);          // result<int>: mailbox_error::timed_out; may be tried again
  auto c = rx.try_recv();               // std::optional<int>
  auto d = rx.drain();                  // std::vector<int>
  CHECK(a.value() == 7);
  CHECK(b.value() == 8);
  CHECK_FALSE(c.has_value());
  CHECK(d.empty());
  CHECK(rx.recv_for(1ms).error() == ha::mailbox_error::timed_out);

  once.post(client, 9);
  CHECK(once_rx.recv_for(5s).value() == 9);
  CHECK(once_rx.recv_for(5s).error() == ha::mailbox_error::closed);

  port.post(client, 10);
  asio::io_context io;
  auto future = asio::co_spawn(
      io,
      [&]() -> asio::awaitable<int> {
        ha::result<int> v = co_await rx.async_recv();
        co_return v.value();
      },
      asio::use_future);
  io.run();
  CHECK(future.get() == 10);
}

TEST_CASE("what could not be delivered comes to the client: api section 4") {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  auto undelivered = client.undelivered();
  auto c = proc.spawn(counter{});
  c.stop("done");
  c.join();
  c.post(client, add{5});
  auto back = undelivered.recv_for(5s);
  REQUIRE(back.has_value());
  CHECK(back->as<add>().value().by == 5);
}
