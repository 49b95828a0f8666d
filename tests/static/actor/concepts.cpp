// SPDX-License-Identifier: BSD-3-Clause
// What is an actor and what is not. The concepts answer; they never stop the compiler.
#include <hyperactor/proc.hpp>

#include <memory>
#include <string>

namespace ha = hyperactor;

struct ping {};
struct pong {
  std::string text;
};
struct get {
  int key;
  ha::once_port_ref<int> reply;
};
struct parcel {
  std::unique_ptr<int> inside;
};

// [ACT-2] all forms of a handler
struct forms {
  using handlers = ha::handlers<ping, pong, get, parcel, int, long, std::string>;
  void handle(ha::context<forms>&, ping) const noexcept {}
  ha::result<void> handle(ha::context<forms>&, const pong&) { return {}; }
  asio::awaitable<void> handle(ha::context<forms>&, get) { co_return; }
  asio::awaitable<ha::result<void>> handle(ha::context<forms>&, parcel&&) const { co_return ha::result<void>(); }
  void handle(ha::context<forms>&, int) {}
  void handle(ha::context<forms>&, const long&) noexcept {}
  ha::result<void> handle(ha::context<forms>&, std::string) const { return {}; }
};
static_assert(ha::actor<forms>);

struct base {
  void handle(ha::context<struct heir>&, ping) {}
};
struct heir : base {
  using handlers = ha::handlers<ping, pong>;
  using base::handle;
  void handle(ha::context<heir>&, pong) {}
};
static_assert(ha::actor<heir>);

template <class T> struct generic {
  using handlers = ha::handlers<T, ping>;
  template <class M> void handle(ha::context<generic>&, const M&) {}
};
static_assert(ha::actor<generic<pong>> && ha::actor<generic<std::string>>);

struct constrained {
  using handlers = ha::handlers<int, long, pong>;
  template <std::integral M> ha::result<void> handle(ha::context<constrained>&, M) { return {}; }
  void handle(ha::context<constrained>&, pong&&) noexcept {}
};
static_assert(ha::actor<constrained>);

struct last final {
  using handlers = ha::handlers<>;
  void init(ha::instance<last>&) {}
};
static_assert(ha::actor<last>);

struct hooks {
  using handlers = ha::handlers<>;
  using executor = ha::dedicated_thread;
  asio::awaitable<ha::result<void>> init(ha::instance<hooks>&) { co_return ha::result<void>(); }
  void cleanup(ha::instance<hooks>&, const ha::actor_error*) noexcept {}
  bool handle_supervision_event(ha::instance<hooks>&, const ha::supervision_event&) { return true; }
  ha::result<void> handle_undeliverable(ha::instance<hooks>&, ha::undeliverable) { return {}; }
  [[nodiscard]] std::string display_name() const { return "hooks"; }
};
static_assert(ha::actor<hooks>);

// not actors, and none of these is an error by itself
struct no_list {};
struct no_handler {
  using handlers = ha::handlers<ping>;
};
class hidden {
  void handle(ha::context<hidden>&, ping) {}

 public:
  using handlers = ha::handlers<ping>;
};
struct wider {  // [ACT-1]
  using handlers = ha::handlers<int>;
  void handle(ha::context<wider>&, long) {}
};
struct converting {  // [ACT-1]
  using handlers = ha::handlers<const char*>;
  void handle(ha::context<converting>&, const std::string&) {}
};
struct by_reference {
  using handlers = ha::handlers<pong>;
  void handle(ha::context<by_reference>&, pong&) {}
};
struct returns_int {
  using handlers = ha::handlers<ping>;
  int handle(ha::context<returns_int>&, ping) { return 0; }
};
struct const_reply {
  using handlers = ha::handlers<get>;
  void handle(ha::context<const_reply>&, const get&) {}
};
struct twice {
  using handlers = ha::handlers<ping, ping>;
  void handle(ha::context<twice>&, ping) {}
};
struct reference {
  using handlers = ha::handlers<ping&>;
  void handle(ha::context<reference>&, ping&) {}
};
struct bad_init {  // [ACT-3]
  using handlers = ha::handlers<>;
  void init(int) {}
};
class hidden_hook {  // [ACT-3]
  void cleanup(ha::instance<hidden_hook>&, const ha::actor_error*) {}

 public:
  using handlers = ha::handlers<>;
};
struct overloaded_hook {  // [ACT-3]
  using handlers = ha::handlers<>;
  void init() {}
  void init(int) {}
};
struct bad_executor {
  using handlers = ha::handlers<>;
  using executor = int;
};
static_assert(!ha::actor<no_list> && !ha::actor<no_handler> && !ha::actor<hidden> && !ha::actor<int> &&
              !ha::actor<void>);
static_assert(!ha::actor<wider> && !ha::actor<converting> && !ha::actor<by_reference> && !ha::actor<returns_int>);
static_assert(!ha::actor<const_reply> && !ha::actor<twice> && !ha::actor<reference>);
static_assert(!ha::actor<bad_init> && !ha::actor<hidden_hook> && !ha::actor<overloaded_hook> &&
              !ha::actor<bad_executor>);

// behaves, handles: by A::handlers alone [BHV-1]
struct pinger : ha::behavior<"pinger", ping> {};
struct both : ha::behavior<"both", ping, pong> {};
struct other : ha::behavior<"other", parcel, double> {};
static_assert(ha::behaves<heir, pinger> && ha::behaves<heir, both> && !ha::behaves<heir, other>);
static_assert(!ha::behaves<no_list, pinger> && !ha::behaves<heir, int> && !ha::behaves<int, pinger> &&
              !ha::behaves<heir, heir>);
static_assert(ha::handles<heir, ping> && !ha::handles<heir, int> && !ha::handles<no_list, ping> &&
              !ha::handles<int, int>);
static_assert(ha::handles<wider, int> && !ha::handles<wider, long>);
static_assert(ha::behavior_type<both> && ha::behavior_type<ha::behavior<"x">> && !ha::behavior_type<heir> &&
              !ha::behavior_type<int>);
HYPERACTOR_ASSERT_BEHAVES(heir, pinger);
HYPERACTOR_ASSERT_BEHAVES(heir, pinger, both);
HYPERACTOR_ASSERT_BEHAVES(generic<pong>, ha::behavior<"two words", pong, ping>);

// usable as constraints: the overload that fits is taken
template <class A> constexpr int kind() { return 0; }
template <ha::actor A> constexpr int kind() { return 1; }
template <ha::actor A>
  requires ha::behaves<A, both>
constexpr int kind() {
  return 2;
}
static_assert(kind<no_handler>() == 0 && kind<bad_init>() == 0 && kind<forms>() == 2 && kind<last>() == 1 &&
              kind<heir>() == 2);

// spawn and all that stands behind it, once for each form
void spawn_all(ha::proc& p) {
  (void)p.spawn(forms{});
  (void)p.spawn(heir{});
  (void)p.spawn(generic<pong>{});
  (void)p.spawn(constrained{});
  (void)p.spawn(last{});
  (void)p.spawn(hooks{});
}
