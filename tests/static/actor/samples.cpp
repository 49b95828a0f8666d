// SPDX-License-Identifier: BSD-3-Clause
// What the documentation shows of actors, behaviours, ports and messages compiles as it is shown.
#include <hyperactor/proc.hpp>

#include <fmt/core.h>
#include <boost/hana.hpp>
#include <optional>
#include <string>
#include <vector>

namespace ha = hyperactor;
namespace hana = boost::hana;
using namespace std::chrono_literals;

// clang-format off: as in the documentation
struct add { int by; };
struct sub { int by; };
struct get { ha::once_port_ref<int> reply; };

struct counter {                                   // no base class, no macro
  using handlers = ha::handlers<add, get>;         // compile-time typelist: what the actor handles
  using exports  = ha::exports<add, get>;          // which of them actor_ref<counter> may send (default: none)

  int value = 0;
  void handle(ha::context<counter>&, add m) { value += m.by; }
  void handle(ha::context<counter>& cx, get m) { m.reply.post(cx, value); }
};

int one_process() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");                     // a plain thread's way in
  ha::actor_handle<counter> c = proc.spawn(counter{});         // fresh identity, label from the type
  c.post(client, add{2});                                      // never blocks, never fails here
  c.post<add>(client, 3);                                      // the same, built in place: no move, no temporary
  int value = ha::ask<get>(client, c).recv_for(5s).value();    // 5
  c.drain_and_stop("done");
  return c.join().is_stopped() && value == 5 ? 0 : 1;          // stopped: done
}

void spawning(ha::proc& proc) {
  ha::result<ha::actor_handle<counter>> named = proc.spawn("name", counter{});
  ha::actor_handle<counter> in_place = proc.spawn<counter>(ha::in_place);
  ha::result<ha::actor_handle<counter>> both = proc.spawn<counter>("other", ha::in_place);
  in_place.stop("reason");
  in_place.kill("reason");
  ha::result<ha::actor_status> status = in_place.join_for(1s);
  (void)in_place.status().get();
}

struct asker {
  using handlers = ha::handlers<ha::actor_ref<counter>, ha::actor_handle<counter>>;
  asio::awaitable<ha::result<void>> handle(ha::context<asker>& cx, ha::actor_handle<counter> c) {
    ha::result<int> v = co_await ha::ask<get>(cx, c).async_recv();
    co_return v ? ha::result<void>() : ha::result<void>(v.error());
  }
  ha::result<void> handle(ha::context<asker>& cx, ha::actor_ref<counter> c) {
    c.post(cx, add{1});
    cx.spawn(counter{}).post(cx, add{1});
    cx.self().post(cx, c);
    cx.post_after(c, 100ms);
    (void)cx.headers();
    (void)cx.addr();
    (void)cx.open_port<int>();
    cx.stop("enough");
    return {};
  }
};
static_assert(ha::actor<asker>);

template <class T>
struct put { T value; };
template <class T>
struct take { ha::once_port_ref<T> reply; };
struct adder : ha::behavior<"adder", add> {};              // a named typelist of messages
template <class T> struct store : ha::behavior<"store", put<T>, take<T>> {};
using adder_alias = ha::behavior<"adder", add>;            // also fine; errors then print the template-id

HYPERACTOR_ASSERT_BEHAVES(counter, adder);                 // namespace scope; variadic, so template-ids with commas work
HYPERACTOR_ASSERT_BEHAVES(counter, ha::behavior<"adder", add>);
static_assert(ha::behaves<counter, adder>);                // concept, usable in requires
static_assert(ha::messages_of<adder> == hana::tuple_t<add>);
using everything = ha::behavior_union<"everything", adder, store<int>>;    // also: behavior_minus, behavior_of<counter> (all it handles)

void behaviours(const ha::actor_handle<counter>& c, ha::client& client, const ha::actor_addr& addr) {
  ha::actor_ref<adder> r = c.bind<adder>();                // c.bind() gives actor_ref<counter>
  ha::actor_ref<counter> own = c.bind();
  r.post(client, add{1});
  (void)ha::actor_ref<everything>::attest(addr);
  (void)(r == ha::actor_ref<adder>::attest(addr));
  (void)fmt::format("{}", r);
  (void)std::hash<ha::actor_ref<adder>>{}(r);
  hana::for_each(ha::messages_of<counter>, [](auto m) { fmt::print("{}\n", ha::wire_name<typename decltype(m)::type>); });
}

asio::awaitable<void> ports(ha::client& client) {
  auto [port, rx]      = client.open_port<int>();            // port_handle<int>, receiver<int>
  auto [once, once_rx] = client.open_once_port<int>();
  port.post(client, 7);                                      // in process, no serialization
  ha::port_ref<int> ref = port.bind();                       // addressable from anywhere
  ref.post(client, 8);                                       // serialized, routed, in order
  auto a = rx.recv();                                        // result<int>: blocks; mailbox_error::closed at the end
  auto b = rx.recv_for(100ms);                               // result<int>: mailbox_error::timed_out; may be tried again
  auto c = rx.try_recv();                                    // std::optional<int>
  auto d = rx.drain();                                       // std::vector<int>
  ha::result<int> v = co_await rx.async_recv();              // any completion token; default asio::use_awaitable
  static_assert(std::is_same_v<decltype(a), ha::result<int>> && std::is_same_v<decltype(b), ha::result<int>>);
  static_assert(std::is_same_v<decltype(c), std::optional<int>> && std::is_same_v<decltype(d), std::vector<int>>);
  once.post(client, 1);
  (void)once_rx;
  (void)v;
  (void)client.undelivered();
}

struct result_msg { std::uint64_t id; double value; };
struct job { std::uint64_t id; std::string name; std::vector<double> weights; ha::port_ref<result_msg> out; };
static_assert(ha::remote_message<job>);
