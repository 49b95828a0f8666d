// SPDX-License-Identifier: BSD-3-Clause
// Behaviours: named lists of messages, checked when the program is compiled, and computed with.
#include <hyperactor/hyperactor.hpp>

#include <fmt/core.h>
#include <boost/hana/equal.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/tuple.hpp>
#include <map>
#include <string>

namespace ha = hyperactor;
namespace hana = boost::hana;

using namespace std::chrono_literals;

namespace shop {

template <class T> struct put {
  std::string key;
  T value;
};
template <class T> struct take {
  std::string key;
  ha::once_port_ref<T> reply;
};
struct count {
  ha::once_port_ref<std::uint64_t> reply;
};

template <class T> struct store : ha::behavior<"store", put<T>, take<T>> {};
struct counted : ha::behavior<"counted", count> {};

}  // namespace shop

struct warehouse {
  using handlers = ha::handlers<shop::put<int>, shop::take<int>, shop::count>;
  using exports = ha::exports<shop::put<int>, shop::take<int>, shop::count>;

  std::map<std::string, int> goods;

  void handle(ha::context<warehouse>&, shop::put<int> m) { goods[m.key] += m.value; }
  void handle(ha::context<warehouse>& cx, shop::take<int> m) {
    m.reply.post(cx, goods[m.key]);
    goods.erase(m.key);
  }
  void handle(ha::context<warehouse>& cx, shop::count m) { m.reply.post(cx, goods.size()); }
};

// what warehouse promises; without a matching handler this is one error that names the message
HYPERACTOR_ASSERT_BEHAVES(warehouse, shop::store<int>);
static_assert(ha::behaves<warehouse, shop::counted>);
static_assert(!ha::behaves<warehouse, shop::store<double>>);
static_assert(ha::messages_of<shop::counted> == hana::tuple_t<shop::count>);

using everything = ha::behavior_union<"everything", shop::store<int>, shop::counted>;

int main() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  ha::actor_handle<warehouse> w = proc.spawn("warehouse", warehouse{}).value();

  ha::actor_ref<shop::store<int>> store = w.bind<shop::store<int>>();  // may put and take, and nothing else
  store.post(client, shop::put<int>{"apples", 3});
  store.post(client, shop::put<int>{"apples", 4});
  store.post(client, shop::put<int>{"pears", 1});
  fmt::print("apples: {}\n", ha::ask<shop::take<int>>(client, store, "apples").recv_for(5s).value());

  ha::actor_ref<everything> all = w.bind<everything>();
  fmt::print("kinds left: {}\n", ha::ask<shop::count>(client, all).recv_for(5s).value());

  fmt::print("warehouse handles:\n");
  hana::for_each(ha::messages_of<warehouse>,
                 [](auto m) { fmt::print("  {}\n", ha::wire_name<typename decltype(m)::type>); });

  w.drain_and_stop("closed");
  return w.join().is_stopped() ? 0 : 1;
}
