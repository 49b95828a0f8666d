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
#include <hyperactor/actor/reply_port.hpp>
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

/// Stands for a message when handlers are looked for: converts to an `M`, and to nothing else. A generic handler that
/// does not declare its return type is instantiated with it, and then the compiler's error shows this name.
template <class M> struct declare_the_return_type_of_this_handler_for {
  template <class T>
    requires std::same_as<std::remove_const_t<T>, M>
  operator T&&() const;
};
template <class M> using exactly = declare_the_return_type_of_this_handler_for<M>;

struct no_handler {};

template <class A, class M>
concept can_call_handler = requires(A& a, context<A>& cx, M& message) { a.handle(cx, static_cast<M&&>(message)); };
template <class A, class M>
concept exactly_handles =
    requires(A& a, context<A>& cx, exactly<M> probe) { a.handle(cx, probe); } && can_call_handler<A, M>;

/// The permitted forms of a handler, for overload sets that the exact probe cannot see into.
template <class A, class R, class P>
concept has_handler_form = requires { static_cast<R (A::*)(context<A>&, P)>(&A::handle); } ||
                           requires { static_cast<R (A::*)(context<A>&, P) const>(&A::handle); };
template <class A, class R, class M>
concept has_handler_returning =
    has_handler_form<A, R, M> || has_handler_form<A, R, M&&> || has_handler_form<A, R, const M&>;

template <class A, class M> consteval auto probe_handler() {
  if constexpr (exactly_handles<A, M>) {
    // of the call itself: beside a template, which takes the probe as it is, M may have a handler of its own
    using R = decltype(std::declval<A&>().handle(std::declval<context<A>&>(), std::declval<M>()));
    return std::type_identity<R>{};
  } else if constexpr (!can_call_handler<A, M>) {
    return std::type_identity<no_handler>{};
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
template <class A, class M> using handler_result = typename decltype(probe_handler<A, M>())::type;

template <class R> inline constexpr bool is_awaitable = false;
template <class T> inline constexpr bool is_awaitable<asio::awaitable<T>> = true;
template <class R>
inline constexpr bool is_handler_result =
    std::is_void_v<R> || std::is_same_v<R, result<void>> || std::is_same_v<R, asio::awaitable<void>> ||
    std::is_same_v<R, asio::awaitable<result<void>>>;

/// `A` handles `M` by a const reference, although it has a reply port, which cannot be posted to then.
template <class A, class M> consteval bool find_const_reply() {
  if constexpr (std::is_copy_constructible_v<M>) {
    return false;  // and no reflection: messages with reply ports are move-only
  } else if constexpr (reply_ports<M> == 0) {
    return false;
  } else if constexpr (requires(A& a, context<A>& cx, const M& m) { a.handle(cx, m); }) {
    using R = handler_result<A, M>;
    return !has_handler_form<A, R, M> && !has_handler_form<A, R, M&&>;
  } else {
    return false;
  }
}

// ---- hooks

template <class A>
concept good_init = requires(A& a, instance<A>& self) { requires is_handler_result<decltype(a.init(self))>; };
template <class A>
concept good_cleanup = requires(A& a, instance<A>& self, const actor_error* failure) {
  { a.cleanup(self, failure) } -> std::same_as<void>;
};
template <class A>
concept good_handle_supervision_event = requires(A& a, instance<A>& self, const supervision_event& event) {
  { a.handle_supervision_event(self, event) } -> std::same_as<bool>;
};
template <class A>
concept good_handle_undeliverable = requires(A& a, instance<A>& self, undeliverable u) {
  { a.handle_undeliverable(self, std::move(u)) } -> std::same_as<result<void>>;
};
template <class A>
concept good_display_name = requires(const A& a) {
  { a.display_name() } -> std::convertible_to<std::string>;
};
template <class A>
concept good_executor =
    std::is_same_v<typename A::executor, shared_pool> || std::is_same_v<typename A::executor, dedicated_thread>;
template <class A>
concept good_exports = has_exports<A>;

// A name that stands in two bases is ambiguous, whatever its access, kind or number of overloads. Final classes cannot
// be derived from: there a private hook is not seen.
#define HYPERACTOR_DETAIL_HOOK(NAME)                                                \
  struct hook_name_##NAME {                                                         \
    int NAME;                                                                       \
  };                                                                                \
  template <class A> struct hook_probe_##NAME : A, hook_name_##NAME {};             \
  template <class A> consteval bool find_hook_##NAME() {                            \
    if constexpr (std::is_final_v<A>) {                                             \
      return good_##NAME<A> || requires { &A::NAME; };                              \
    } else {                                                                        \
      return !requires { &hook_probe_##NAME<A>::NAME; };                            \
    }                                                                               \
  }                                                                                 \
  template <class A> inline constexpr bool has_hook_##NAME = find_hook_##NAME<A>(); \
  template <class A> inline constexpr bool is_hook_good_##NAME = !has_hook_##NAME<A> || good_##NAME<A>;

HYPERACTOR_DETAIL_HOOK(init)
HYPERACTOR_DETAIL_HOOK(cleanup)
HYPERACTOR_DETAIL_HOOK(handle_supervision_event)
HYPERACTOR_DETAIL_HOOK(handle_undeliverable)
HYPERACTOR_DETAIL_HOOK(display_name)
HYPERACTOR_DETAIL_HOOK(executor)
HYPERACTOR_DETAIL_HOOK(exports)
#undef HYPERACTOR_DETAIL_HOOK

template <class A> struct executor_of {
  using type = shared_pool;
};
template <class A>
  requires requires { typename A::executor; }
struct executor_of<A> {
  using type = typename A::executor;
};

// ---- what makes an actor

template <class A>
inline constexpr bool are_hooks_good =
    is_hook_good_init<A> && is_hook_good_cleanup<A> && is_hook_good_handle_supervision_event<A> &&
    is_hook_good_handle_undeliverable<A> && is_hook_good_display_name<A> && is_hook_good_executor<A> &&
    is_hook_good_exports<A>;

/// Whether all messages are defined here, not only declared.
template <class L> inline constexpr bool has_complete_messages = false;
template <class... Ms>
  requires requires { all_of({sizeof(Ms) != 0 ...}); }
inline constexpr bool has_complete_messages<type_list<Ms...>> = true;

template <class A, class L> inline constexpr bool handles_all = false;
template <class A, class... Ms>
inline constexpr bool handles_all<A, type_list<Ms...>> = all_of({is_handler_result<handler_result<A, Ms>>...});
template <class A, class L> inline constexpr bool can_answer_all = false;
template <class A, class... Ms>
inline constexpr bool can_answer_all<A, type_list<Ms...>> = all_of({!find_const_reply<A, Ms>()...});

template <class A> consteval bool check_actor() {
  if constexpr (!has_handlers<A>) {
    return false;
  } else if constexpr (!is_good_list<messages_in<typename A::handlers>>) {
    return false;
  } else if constexpr (!has_complete_messages<messages_in<typename A::handlers>>) {
    return false;
  } else if constexpr (!handles_all<A, messages_in<typename A::handlers>>) {
    return false;
  } else {
    return can_answer_all<A, messages_in<typename A::handlers>> && are_hooks_good<A>;
  }
}

}  // namespace detail

/// A plain struct with a list of messages and a handler for each of them.
template <class A>
concept actor = std::is_class_v<A> && detail::check_actor<A>();

namespace detail {

// ---- why something is no actor, one error for each mistake

template <class A, class M>
inline constexpr bool has_uncallable_handler =
    !can_call_handler<A, M> &&
    (has_handler_returning<A, void, M> || has_handler_returning<A, result<void>, M> ||
     has_handler_returning<A, asio::awaitable<void>, M> || has_handler_returning<A, asio::awaitable<result<void>>, M>);
template <class A, class M> consteval void explain_uncallable_handler() {
  static_assert(can_call_handler<A, M>,
                "hyperactor: A has a handler for message M that cannot be called with one; keep one of the overloads "
                "that take 'M', 'M&&' and 'const M&', and take a message that cannot be moved by 'const M&'");
}
template <class A, class M, class... More> consteval void explain_uncallable_handlers(type_list<M, More...>) {
  explain_uncallable_handler<A, M>();
}
template <class A, class... M> consteval void explain_handlers(type_list<M...>) {
  static_assert(sizeof...(M) == 0,
                "hyperactor: A lists message M but has no matching public handler; add 'void "
                "handle(hyperactor::context<A>&, M)' for each M that is named beside A in the notes");
}
template <class A, class M, class R> consteval void explain_handler_result() {
  static_assert(is_handler_result<R>,
                "hyperactor: A's handler for message M returns R; a handler returns void, hyperactor::result<void>, "
                "asio::awaitable<void> or asio::awaitable<hyperactor::result<void>>");
}
template <class A, class M> consteval void explain_const_reply() {
  static_assert(
      !find_const_reply<A, M>(),
      "hyperactor: A's handler takes message M by const reference, but M holds a reply port, which could not be "
      "answered then; take it by value: 'void handle(hyperactor::context<A>&, M)'");
}
template <class A, class M, class... More> consteval void explain_handler_results(type_list<M, More...>) {
  explain_handler_result<A, M, handler_result<A, M>>();
}
template <class A, class M, class... More> consteval void explain_const_replies(type_list<M, More...>) {
  explain_const_reply<A, M>();
}

template <class A> consteval void explain_hooks() {
  if constexpr (!is_hook_good_init<A>) {
    static_assert(
        good_init<A>,
        "hyperactor: A has a hook 'init' with a wrong signature; write a public 'void "
        "init(hyperactor::instance<A>&)', or one that returns hyperactor::result<void> or an asio::awaitable of it");
  } else if constexpr (!is_hook_good_cleanup<A>) {
    static_assert(good_cleanup<A>,
                  "hyperactor: A has a hook 'cleanup' with a wrong signature; write a public 'void "
                  "cleanup(hyperactor::instance<A>&, const hyperactor::actor_error*)'");
  } else if constexpr (!is_hook_good_handle_supervision_event<A>) {
    static_assert(good_handle_supervision_event<A>,
                  "hyperactor: A has a hook 'handle_supervision_event' with a wrong signature; write a public 'bool "
                  "handle_supervision_event(hyperactor::instance<A>&, const hyperactor::supervision_event&)'");
  } else if constexpr (!is_hook_good_handle_undeliverable<A>) {
    static_assert(
        good_handle_undeliverable<A>,
        "hyperactor: A has a hook 'handle_undeliverable' with a wrong signature; write a public "
        "'hyperactor::result<void> handle_undeliverable(hyperactor::instance<A>&, hyperactor::undeliverable)'");
  } else if constexpr (!is_hook_good_display_name<A>) {
    static_assert(good_display_name<A>,
                  "hyperactor: A has a hook 'display_name' with a wrong signature; write a public 'std::string "
                  "display_name() const'");
  } else if constexpr (!is_hook_good_executor<A>) {
    static_assert(good_executor<A>,
                  "hyperactor: A::executor is no policy of this library; write a public 'using executor = "
                  "hyperactor::dedicated_thread;' or 'using executor = hyperactor::shared_pool;'");
  } else {
    static_assert(good_exports<A>,
                  "hyperactor: A::exports is no public list of messages; write 'using exports = "
                  "hyperactor::exports<Message, ...>;' in the public part of A");
  }
}

template <class A, class... Ms> consteval void explain_messages(type_list<Ms...>) {
  if constexpr (!all_of({!has_uncallable_handler<A, Ms>...})) {
    explain_uncallable_handlers<A>(pick<type_list<Ms...>, has_uncallable_handler<A, Ms>...>{});
  } else if constexpr (!all_of({!std::is_same_v<handler_result<A, Ms>, no_handler>...})) {
    explain_handlers<A>(pick<type_list<Ms...>, std::is_same_v<handler_result<A, Ms>, no_handler>...>{});
  } else if constexpr (!handles_all<A, type_list<Ms...>>) {
    explain_handler_results<A>(pick<type_list<Ms...>, !is_handler_result<handler_result<A, Ms>>...>{});
  } else if constexpr (!can_answer_all<A, type_list<Ms...>>) {
    explain_const_replies<A>(pick<type_list<Ms...>, find_const_reply<A, Ms>()...>{});
  } else {
    explain_hooks<A>();
  }
}

template <class M>
concept complete_message = requires { sizeof(M); };
template <class A, class M, class... More> consteval void explain_incomplete(type_list<M, More...>) {
  static_assert(complete_message<M>,
                "hyperactor: A lists message M, which is only declared here; define M before A is spawned");
}
template <class A, class... Ms> consteval void explain_incomplete_messages(type_list<Ms...>) {
  explain_incomplete<A>(pick<type_list<Ms...>, !complete_message<Ms>...>{});
}

/// Says in one error why `A` is no actor.
template <class A> consteval void explain_actor() {
  if constexpr (!actor<A>) {
    if constexpr (!has_handlers<A>) {
      explain_no_handlers<A>();
    } else if constexpr (!is_good_list<messages_in<typename A::handlers>>) {
      explain_list<A>(messages_in<typename A::handlers>{});
    } else if constexpr (!has_complete_messages<messages_in<typename A::handlers>>) {
      explain_incomplete_messages<A>(messages_in<typename A::handlers>{});
    } else {
      explain_messages<A>(messages_in<typename A::handlers>{});
    }
  }
}

}  // namespace detail

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_CONCEPTS_HPP
