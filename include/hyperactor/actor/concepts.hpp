// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_CONCEPTS_HPP
#define HYPERACTOR_ACTOR_CONCEPTS_HPP

/// @file
/// What makes a plain struct an actor: its handlers and hooks, found and checked at compile time.
///
/// [ACT-1] A handler matches its message exactly: `handle(long)` takes no `int`.
/// [ACT-2] Handlers may be const, noexcept, templates, inherited, and take `M`, `M&&` or `const M&`.
/// [ACT-3] Hooks are found by name, so that a wrong signature is an error and never an ignored function.

#include <hyperactor/actor/behavior.hpp>
#include <hyperactor/actor/fwd.hpp>
#include <hyperactor/actor/handlers.hpp>
#include <hyperactor/base/result.hpp>
#include <hyperactor/mailbox/undeliverable.hpp>

#include <asio/awaitable.hpp>
#include <concepts>
#include <string>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0 {

/// Where an actor runs unless it says otherwise: on the runtime's shared worker threads. Its handlers must not block.
struct shared_pool {};
/// `using executor = ha::dedicated_thread;`: a thread of the actor's own, which its handlers may block. Costs a thread.
struct dedicated_thread {};

namespace detail {

/// Converts to an `M`, and to nothing else.
template <class M>
struct exactly {
  template <class T>
    requires std::same_as<std::remove_const_t<T>, M>
  operator T&&() const;
};

struct no_handler {};

template <class A, class M>
concept exactly_handles = requires(A& a, context<A>& cx, exactly<M> probe, M& message) {
  a.handle(cx, probe);
  a.handle(cx, static_cast<M&&>(message));
};

/// The permitted forms of a handler, for overload sets that the exact probe cannot see into.
template <class A, class R, class P>
concept has_handler_form = requires { static_cast<R (A::*)(context<A>&, P)>(&A::handle); } ||
                           requires { static_cast<R (A::*)(context<A>&, P) const>(&A::handle); };
template <class A, class R, class M>
concept has_handler_returning = has_handler_form<A, R, M> || has_handler_form<A, R, M&&> || has_handler_form<A, R, const M&>;

template <class A, class M>
consteval auto probe_handler() {
  if constexpr (exactly_handles<A, M>) {
    // of the call itself: beside a template, which takes the probe as it is, M may have a handler of its own
    using R = decltype(std::declval<A&>().handle(std::declval<context<A>&>(), std::declval<M>()));
    return std::type_identity<R>{};
  } else if constexpr (has_handler_returning<A, void, M>) {
    return std::type_identity<void>{};
  } else if constexpr (has_handler_returning<A, result<void>, M>) {
    return std::type_identity<result<void>>{};
  } else if constexpr (has_handler_returning<A, asio::awaitable<void>, M>) {
    return std::type_identity<asio::awaitable<void>>{};
  } else if constexpr (has_handler_returning<A, asio::awaitable<result<void>>, M>) {
    return std::type_identity<asio::awaitable<result<void>>>{};
  } else {
    return std::type_identity<no_handler>{};
  }
}

/// What `A`'s handler for `M` returns; `no_handler` where there is none. Instantiated once per actor and message.
template <class A, class M>
using handler_result = typename decltype(probe_handler<A, M>())::type;

template <class R>
inline constexpr bool is_awaitable = false;
template <class T>
inline constexpr bool is_awaitable<asio::awaitable<T>> = true;
template <class R>
inline constexpr bool is_handler_result = std::is_void_v<R> || std::is_same_v<R, result<void>> ||
                                          std::is_same_v<R, asio::awaitable<void>> ||
                                          std::is_same_v<R, asio::awaitable<result<void>>>;

// ---- hooks

// A name that stands in two bases is ambiguous, whatever its access, kind or number of overloads.
#define HYPERACTOR_DETAIL_HOOK(NAME)                                                      \
  struct hook_name_##NAME {                                                               \
    int NAME;                                                                             \
  };                                                                                      \
  template <class A>                                                                      \
  struct hook_probe_##NAME : A, hook_name_##NAME {};                                      \
  template <class A>                                                                      \
  consteval bool find_hook_##NAME() {                                                     \
    if constexpr (std::is_final_v<A>) {                                                   \
      return requires { &A::NAME; };                                                      \
    } else {                                                                              \
      return !requires { &hook_probe_##NAME<A>::NAME; };                                  \
    }                                                                                     \
  }                                                                                       \
  template <class A>                                                                      \
  inline constexpr bool has_hook_##NAME = find_hook_##NAME<A>();

HYPERACTOR_DETAIL_HOOK(init)
HYPERACTOR_DETAIL_HOOK(cleanup)
HYPERACTOR_DETAIL_HOOK(handle_supervision_event)
HYPERACTOR_DETAIL_HOOK(handle_undeliverable)
HYPERACTOR_DETAIL_HOOK(display_name)
#undef HYPERACTOR_DETAIL_HOOK

template <class A>
concept good_init = requires(A& a, instance<A>& self) {
  requires is_handler_result<decltype(a.init(self))>;
};
template <class A>
concept good_cleanup = requires(A& a, instance<A>& self, const actor_error* failure) {
  { a.cleanup(self, failure) } -> std::same_as<void>;
};
template <class A>
concept good_supervision = requires(A& a, instance<A>& self, const supervision_event& event) {
  { a.handle_supervision_event(self, event) } -> std::same_as<bool>;
};
template <class A>
concept good_undeliverable = requires(A& a, instance<A>& self, undeliverable u) {
  { a.handle_undeliverable(self, std::move(u)) } -> std::same_as<result<void>>;
};
template <class A>
concept good_display_name = requires(const A& a) {
  { a.display_name() } -> std::convertible_to<std::string>;
};

template <class A>
struct executor_of {
  using type = shared_pool;
};
template <class A>
  requires requires { typename A::executor; }
struct executor_of<A> {
  using type = typename A::executor;
};

// ---- the checks of spawn, one error per mistake

template <class A, class... Missing>
struct has_all_handlers {
  static_assert(sizeof...(Missing) == 0,
                "hyperactor: A lists message M but has no matching public handler; add 'void "
                "handle(hyperactor::context<A>&, M)' for each M that is named beside A in the notes");
};
template <class A, class M, class R>
struct has_handler_result {
  static_assert(is_handler_result<R>,
                "hyperactor: A's handler for message M returns R; a handler returns void, hyperactor::result<void>, "
                "asio::awaitable<void> or asio::awaitable<hyperactor::result<void>>");
};
template <class A, class... NotHandled>
struct exports_what_it_handles {
  static_assert(sizeof...(NotHandled) == 0,
                "hyperactor: A exports message M but does not handle it; add each M that is named beside A in the notes "
                "to A::handlers, or take it out of A::exports");
};
template <class A, class L>
struct has_all_handlers_of;
template <class A, class... Missing>
struct has_all_handlers_of<A, type_list<Missing...>> : has_all_handlers<A, Missing...> {};
template <class A, class L>
struct exports_what_it_handles_of;
template <class A, class... NotHandled>
struct exports_what_it_handles_of<A, type_list<NotHandled...>> : exports_what_it_handles<A, NotHandled...> {};

template <class A, class L>
struct unhandled_in;
template <class A, class... Ms>
struct unhandled_in<A, type_list<Ms...>> {
  using type = joined<pick<std::is_same_v<handler_result<A, Ms>, no_handler>, Ms>...>;
};
template <class A>
using unhandled_messages = typename unhandled_in<A, messages_in<typename A::handlers>>::type;

template <class A, class... Ms>
consteval bool explain_results(type_list<Ms...>) {
  ((void)sizeof(has_handler_result<A, Ms, handler_result<A, Ms>>), ...);
  return (is_handler_result<handler_result<A, Ms>> && ...);
}
template <class... Ms>
consteval bool explain_list(type_list<Ms...>) {
  return explain_message_list<Ms...>();
}

template <class A>
struct hooks_are_good {
  static_assert(!has_hook_init<A> || good_init<A>,
                "hyperactor: A has a hook 'init' with a wrong signature; write a public 'void "
                "init(hyperactor::instance<A>&)', or one that returns hyperactor::result<void> or an asio::awaitable of it");
  static_assert(!has_hook_cleanup<A> || good_cleanup<A>,
                "hyperactor: A has a hook 'cleanup' with a wrong signature; write a public 'void "
                "cleanup(hyperactor::instance<A>&, const hyperactor::actor_error*)'");
  static_assert(!has_hook_handle_supervision_event<A> || good_supervision<A>,
                "hyperactor: A has a hook 'handle_supervision_event' with a wrong signature; write a public 'bool "
                "handle_supervision_event(hyperactor::instance<A>&, const hyperactor::supervision_event&)'");
  static_assert(!has_hook_handle_undeliverable<A> || good_undeliverable<A>,
                "hyperactor: A has a hook 'handle_undeliverable' with a wrong signature; write a public "
                "'hyperactor::result<void> handle_undeliverable(hyperactor::instance<A>&, hyperactor::undeliverable)'");
  static_assert(!has_hook_display_name<A> || good_display_name<A>,
                "hyperactor: A has a hook 'display_name' with a wrong signature; write a public 'std::string "
                "display_name() const'");
  static_assert(std::is_same_v<typename executor_of<A>::type, shared_pool> ||
                    std::is_same_v<typename executor_of<A>::type, dedicated_thread>,
                "hyperactor: A::executor is no policy of this library; write 'using executor = "
                "hyperactor::dedicated_thread;' or 'using executor = hyperactor::shared_pool;'");
  static constexpr bool value =
      (!has_hook_init<A> || good_init<A>) && (!has_hook_cleanup<A> || good_cleanup<A>) &&
      (!has_hook_handle_supervision_event<A> || good_supervision<A>) &&
      (!has_hook_handle_undeliverable<A> || good_undeliverable<A>) && (!has_hook_display_name<A> || good_display_name<A>) &&
      (std::is_same_v<typename executor_of<A>::type, shared_pool> ||
       std::is_same_v<typename executor_of<A>::type, dedicated_thread>);
};

/// Says what is wrong with `A` as an actor, with one error, and whether the caller may go on.
template <class A>
consteval bool explain_actor() {
  if constexpr (!names_handlers<A>::value) {
    return false;
  } else if constexpr (!explain_list(messages_in<typename A::handlers>{})) {
    return false;
  } else if constexpr (!std::is_same_v<unhandled_messages<A>, type_list<>>) {
    (void)sizeof(has_all_handlers_of<A, unhandled_messages<A>>);
    return false;
  } else if constexpr (!explain_results<A>(messages_in<typename A::handlers>{})) {
    return false;
  } else if constexpr (!hooks_are_good<A>::value) {
    return false;
  } else {
    return true;
  }
}

template <class A, class... Ms>
consteval bool handles_all(type_list<Ms...>) {
  return (is_handler_result<handler_result<A, Ms>> && ...);
}
template <class A>
inline constexpr bool is_actor = false;
template <has_handlers A>
inline constexpr bool is_actor<A> = handles_all<A>(messages_in<typename A::handlers>{}) && hooks_are_good<A>::value;

}  // namespace detail

/// A plain struct with a list of messages and a handler for each of them.
template <class A>
concept actor = detail::is_actor<A>;

/// Actor `A` lists message `M`.
template <class A, class M>
concept handles = detail::has_handlers<A> && detail::message_index<M, detail::messages_in<typename A::handlers>> != detail::not_found;

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_CONCEPTS_HPP
