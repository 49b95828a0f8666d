// SPDX-License-Identifier: BSD-3-Clause
// Contracts are Boost.Hana sequences of types, and can be computed with.
#include <hyperactor/proc.hpp>

#include <boost/hana.hpp>
#include <string_view>

namespace ha = hyperactor;
namespace hana = boost::hana;

struct add {
  int by;
};
struct sub {
  int by;
};
struct get {
  ha::once_port_ref<int> reply;
};
template <class T> struct put {
  T value;
};
template <class T> struct take {
  ha::once_port_ref<T> reply;
};

struct adder : ha::behavior<"adder", add> {};
template <class T> struct store : ha::behavior<"store", put<T>, take<T>> {};
using adder_alias = ha::behavior<"adder", add>;
struct counter {
  using handlers = ha::handlers<add, sub, get>;
  using exports = ha::exports<add, get>;
  void handle(ha::context<counter>&, add) {}
  void handle(ha::context<counter>&, sub) {}
  void handle(ha::context<counter>&, get) {}
};

// messages_of: an actor's handlers, a behaviour, a list
static_assert(ha::messages_of<adder> == hana::tuple_t<add>);
static_assert(ha::messages_of<adder_alias> == hana::tuple_t<add>);
static_assert(ha::messages_of<counter> == hana::tuple_t<add, sub, get>);
static_assert(ha::messages_of<counter::exports> == hana::tuple_t<add, get>);
static_assert(ha::messages_of<store<int>> == hana::tuple_t<put<int>, take<int>>);
static_assert(adder::behavior_name == std::string_view("adder") &&
              store<int>::behavior_name == std::string_view("store"));

// the lists themselves are sequences
constexpr auto exported = counter::exports{};
static_assert(hana::length(exported) == hana::size_c<2>);
static_assert(hana::front(exported) == hana::type_c<add> && hana::at_c<1>(exported) == hana::type_c<get>);
static_assert(hana::contains(exported, hana::type_c<get>) && !hana::contains(exported, hana::type_c<sub>));
static_assert(exported == hana::tuple_t<add, get> && counter::handlers{} != hana::tuple_t<add, get>);
static_assert(hana::to_tuple(adder{}) == hana::tuple_t<add> && !hana::is_empty(adder{}) &&
              hana::is_empty(ha::handlers<>{}));
static_assert(hana::size(hana::drop_front(counter::handlers{})) == hana::size_c<2>);
constexpr auto small = hana::filter(ha::messages_of<counter>, [](auto m) {
  return hana::bool_c < sizeof(typename decltype(m)::type) == sizeof(int) > ;
});
static_assert(small == hana::tuple_t<add, sub>);

// behaviours of behaviours, each message once and in order of its first place
using everything = ha::behavior_union<"everything", adder, store<int>, ha::behavior<"more", sub, add>>;
static_assert(ha::messages_of<everything> == hana::tuple_t<add, put<int>, take<int>, sub>);
static_assert(everything::behavior_name == std::string_view("everything"));
using rest = ha::behavior_minus<"rest", everything, adder>;
static_assert(ha::messages_of<rest> == hana::tuple_t<put<int>, take<int>, sub>);
static_assert(ha::messages_of<ha::behavior_minus<"none", adder, adder>> == hana::tuple_t<>);
static_assert(ha::messages_of<ha::behavior_of<counter>> == hana::tuple_t<add, sub, get>);
static_assert(ha::behaves<counter, ha::behavior_of<counter>> && ha::behaves<counter, ha::behavior<"nothing">>);
static_assert(ha::behavior_type<everything> && ha::behavior_type<ha::behavior_of<counter>>);
static_assert(!ha::behaves<counter, everything> &&
              ha::behaves<counter, ha::behavior_minus<"own", everything, store<int>>>);

// references to all of them
void refer(const ha::actor_handle<counter>& c, ha::client& client) {
  ha::actor_ref<adder> r = c.bind<adder>();
  r.post(client, add{1});
  c.bind<ha::behavior_of<counter>>().post(client, sub{1});
  c.bind().post<add>(client, 1);
  hana::for_each(ha::messages_of<counter::exports>, [](auto m) { (void)ha::wire_name<typename decltype(m)::type>; });
}
