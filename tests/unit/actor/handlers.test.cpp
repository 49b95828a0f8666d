// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/actor/handlers.hpp>

#include "support/local.hpp"

#include <boost/hana/at.hpp>
#include <boost/hana/back.hpp>
#include <boost/hana/drop_front.hpp>
#include <boost/hana/equal.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/front.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/size.hpp>
#include <boost/hana/transform.hpp>
#include <boost/hana/unpack.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include <asio/steady_timer.hpp>

namespace {

using namespace test;
namespace hana = boost::hana;

struct a {
  int n;
};
struct b {
  int n;
};
struct c {
  int n;
};
struct only_moves {
  explicit only_moves(int v) : n(std::make_unique<int>(v)) {}
  std::unique_ptr<int> n;
};
struct sum {
  ha::once_port_handle<int> reply;
};

template <class A, class... Ms> int total_of(local& in, const ha::actor_handle<A>& h, Ms... ms) {
  (h.post(in.client, std::move(ms)), ...);
  const int out = ha::ask<sum>(in.client, h).recv_for(patience).value();
  h.stop("done");
  CHECK(ended(h).to_string() == "stopped: done");
  return out;
}

struct adds_up {
  int total = 0;
  void add(int n) { total += n; }
};
#define ANSWERS(A) \
  void handle(ha::context<A>& cx, sum m) { m.reply.post(cx, this->total); }

struct by_value : adds_up {
  using handlers = ha::handlers<a, only_moves, sum>;
  void handle(ha::context<by_value>&, a m) { add(m.n); }
  void handle(ha::context<by_value>&, only_moves m) { add(*m.n); }
  ANSWERS(by_value)
};
struct by_rvalue : adds_up {
  using handlers = ha::handlers<a, only_moves, sum>;
  void handle(ha::context<by_rvalue>&, a&& m) { add(m.n); }
  void handle(ha::context<by_rvalue>&, only_moves&& m) { add(*m.n); }
  ANSWERS(by_rvalue)
};
struct by_const : adds_up {
  using handlers = ha::handlers<a, only_moves, sum>;
  void handle(ha::context<by_const>&, const a& m) { add(m.n); }
  void handle(ha::context<by_const>&, const only_moves& m) { add(*m.n); }
  ANSWERS(by_const)
};
struct quiet : adds_up {
  using handlers = ha::handlers<a, b, sum>;
  int* out;
  explicit quiet(int* o) : out(o) {}
  void handle(ha::context<quiet>&, a m) const noexcept { *out += m.n; }
  void handle(ha::context<quiet>&, const b& m) noexcept { add(m.n); }
  void handle(ha::context<quiet>& cx, sum m) const { m.reply.post(cx, total + *out); }
};
struct templated : adds_up {
  using handlers = ha::handlers<a, b, c, sum>;
  template <class M> void handle(ha::context<templated>& cx, M m) {
    if constexpr (std::is_same_v<M, sum>) {
      m.reply.post(cx, total);
    } else {
      add(m.n);
    }
  }
};
struct templated_const : adds_up {
  using handlers = ha::handlers<a, b, sum>;
  template <class M> ha::result<void> handle(ha::context<templated_const>&, const M& m) {
    add(m.n);
    return {};
  }
  ANSWERS(templated_const)
};
template <class Self> struct handles_a {
  void handle(ha::context<Self>&, a m) { static_cast<Self*>(this)->add(m.n); }
};
template <class Self> struct handles_b {
  void handle(ha::context<Self>&, b m) { static_cast<Self*>(this)->add(10 * m.n); }
};
struct mixed : adds_up, handles_a<mixed>, handles_b<mixed> {
  using handlers = ha::handlers<a, b, sum>;
  using handles_a<mixed>::handle;
  using handles_b<mixed>::handle;
  ANSWERS(mixed)
};
template <class T> struct generic : adds_up {
  using handlers = ha::handlers<T, sum>;
  void handle(ha::context<generic>&, T m) { add(m.n); }
  ANSWERS(generic)
};
struct exact {
  using handlers = ha::handlers<int, long, std::string, sum>;
  std::string seen;
  void handle(ha::context<exact>&, int) { seen += "i"; }
  void handle(ha::context<exact>&, long) { seen += "l"; }
  void handle(ha::context<exact>&, const std::string& s) { seen += s; }
  void handle(ha::context<exact>& cx, sum m) { m.reply.post(cx, seen == "iltext" ? 1 : 0); }
};
struct awaits_all_ways : adds_up {
  using handlers = ha::handlers<a, b, c, sum>;
  asio::awaitable<void> handle(ha::context<awaits_all_ways>&, a m) {
    co_await pause();
    add(m.n);
  }
  asio::awaitable<ha::result<void>> handle(ha::context<awaits_all_ways>&, const b& m) {
    co_await pause();
    add(m.n);
    co_return ha::result<void>{};
  }
  asio::awaitable<void> handle(ha::context<awaits_all_ways>&, c&& m) {
    co_await pause();
    add(m.n);
  }
  ANSWERS(awaits_all_ways)
  static asio::awaitable<void> pause() {
    asio::steady_timer t(co_await asio::this_coro::executor, 1ms);
    co_await t.async_wait(asio::use_awaitable);
  }
};
struct no_messages {
  using handlers = ha::handlers<>;
};

static_assert(ha::actor<by_value> && ha::actor<templated> && ha::actor<mixed> && ha::actor<exact> &&
              ha::actor<no_messages>);
struct takes_long {
  using handlers = ha::handlers<int>;
  void handle(ha::context<takes_long>&, long) {}
};
static_assert(!ha::actor<takes_long>);
static_assert(ha::handles<by_value, a> && !ha::handles<by_value, b>);

}  // namespace

TEST_CASE("handlers take messages by value, rvalue and const reference (test_multi_handler) [ACT-2]") {
  local in;
  CHECK(total_of(in, in.proc.spawn(by_value{}), a{1}, only_moves(20)) == 21);
  CHECK(total_of(in, in.proc.spawn(by_rvalue{}), a{2}, only_moves(20)) == 22);
  CHECK(total_of(in, in.proc.spawn(by_const{}), a{3}, only_moves(20)) == 23);
}

TEST_CASE("handlers may be const, noexcept, templates, inherited, mixins, of a class template [ACT-2]") {
  local in;
  int out = 0;
  CHECK(total_of(in, in.proc.spawn(quiet(&out)), a{1}, b{2}) == 3);
  CHECK(total_of(in, in.proc.spawn(templated{}), a{1}, b{2}, c{4}) == 7);
  CHECK(total_of(in, in.proc.spawn(templated_const{}), a{1}, b{2}) == 3);
  CHECK(total_of(in, in.proc.spawn(mixed{}), a{1}, b{2}) == 21);
  CHECK(total_of(in, in.proc.spawn(generic<b>{}), b{5}) == 5);
}

TEST_CASE("a handler gets the message of exactly its type [ACT-1]") {
  local in;
  CHECK(total_of(in, in.proc.spawn(exact{}), 1, 2L, std::string("text")) == 1);
}

TEST_CASE("awaiting handlers in all forms keep the order of messages") {
  local in;
  CHECK(total_of(in, in.proc.spawn(awaits_all_ways{}), a{1}, b{2}, c{4}) == 7);
}

TEST_CASE("an actor without messages can be stopped") {
  local in;
  auto h = in.proc.spawn(no_messages{});
  h.stop("enough");
  CHECK(ended(h).to_string() == "stopped: enough");
}

TEST_CASE("lists of messages are Hana sequences of types [HDL-1]") {
  using list = ha::handlers<a, b, c>;
  static_assert(ha::messages_of<list> == hana::tuple_t<a, b, c>);
  static_assert(ha::messages_of<by_value> == hana::tuple_t<a, only_moves, sum>);
  static_assert(hana::length(list{}) == hana::size_c<3>);
  static_assert(hana::front(list{}) == hana::type_c<a>);
  static_assert(hana::at_c<1>(list{}) == hana::type_c<b>);
  static_assert(!decltype(hana::is_empty(list{}))::value);
  static_assert(decltype(hana::is_empty(ha::handlers<>{}))::value);
  static_assert(hana::equal(list{}, hana::tuple_t<a, b, c>));
  static_assert(hana::transform(ha::messages_of<list>, [](auto t) {
                  return hana::size_c<sizeof(typename decltype(t)::type)>;
                }) == hana::make_tuple(hana::size_c<4>, hana::size_c<4>, hana::size_c<4>));
  int count = 0;
  hana::for_each(list{}, [&](auto) { ++count; });
  CHECK(count == 3);
}
