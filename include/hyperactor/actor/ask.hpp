// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_ASK_HPP
#define HYPERACTOR_ACTOR_ASK_HPP

/// @file
/// `ask<M>(cx, dest, args...)`: builds a request, sends it, and returns the receiver of the reply.
///
/// [AKS-1] The reply always comes: as a value, or as the reason why there is none.
/// [AKS-2] The message is built inside the library, so that `co_await ha::ask<M>(...).async_recv()` is safe on every
///         compiler.

#include <hyperactor/actor/actor_handle.hpp>
#include <hyperactor/actor/actor_ref.hpp>
#include <hyperactor/mailbox/once_port.hpp>
#include <hyperactor/wire/aggregate.hpp>

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

template <class T>
inline constexpr bool is_once_port = false;
template <class R>
inline constexpr bool is_once_port<once_port_ref<R>> = true;
template <class R>
inline constexpr bool is_once_port<once_port_handle<R>> = true;

template <class M>
struct request_members {
  using type = members_of<M>;
};
template <class M>
  requires is_once_port<M>
struct request_members<M> {
  using type = wire_arguments<M>;  // the port is the message
};

template <class... Fs>
consteval std::size_t count_once_ports(wire_arguments<Fs...>) {
  return (std::size_t{is_once_port<Fs>} + ... + 0);
}
template <class... Fs>
consteval std::size_t once_port_index(wire_arguments<Fs...>) {
  constexpr bool is[] = {is_once_port<Fs>..., false};
  std::size_t i = 0;
  while (i < sizeof...(Fs) && !is[i]) ++i;
  return i;
}
template <std::size_t I, class L>
struct member_at;
template <std::size_t I, class... Fs>
struct member_at<I, wire_arguments<Fs...>> {
  // by tuple_element: members may have equal types
  using type = std::tuple_element_t<I, std::tuple<Fs...>>;
};

template <class M, std::size_t Count>
struct has_one_reply_port {
  static_assert(Count == 1,
                "hyperactor: ask needs exactly one reply port in message M; give M exactly one member of type "
                "hyperactor::once_port_ref<Reply> or hyperactor::once_port_handle<Reply>, or use post");
};
template <class M, std::size_t Given, std::size_t Expected, std::size_t BeforePort>
struct has_right_arguments {
  static_assert(Given <= Expected,
                "hyperactor: ask got more arguments than message M has members beside its reply port; the notes show M, the "
                "arguments given and the members that there are");
  static_assert(Given >= BeforePort,
                "hyperactor: ask got too few arguments for message M; members that stand before the reply port must be "
                "given, only those behind it keep their defaults");
};
template <class M, std::size_t Position, class Member, class Argument>
struct argument_converts {
  static_assert(std::convertible_to<Argument, Member>,
                "hyperactor: an argument of ask does not convert to its member of message M; the notes show M, the "
                "argument's position from 0, the member's type and the argument's");
};

/// An rvalue argument that g++ before 13 would destroy twice inside a co_await statement.
template <class Arg>
inline constexpr bool is_hazardous_argument = HYPERACTOR_CO_AWAIT_DESTROYS_TWICE != 0 && !std::is_reference_v<Arg> &&
                                              std::is_aggregate_v<Arg> && !std::is_trivially_destructible_v<Arg>;

/// The receiver of an `ask` whose arguments this compiler does not handle within one co_await statement.
template <class R>
class once_receiver_to_name : public once_receiver<R> {
 public:
  using once_receiver<R>::once_receiver;
  template <class CompletionToken = asio::use_awaitable_t<>>
  [[nodiscard]] auto async_recv(CompletionToken&& token = {}) & {
    return once_receiver<R>::async_recv(std::forward<CompletionToken>(token));
  }
  template <class CompletionToken = asio::use_awaitable_t<>>
  asio::awaitable<result<R>> async_recv(CompletionToken&& = {}) && {
    static_assert(!std::is_same_v<R, R>,
                  "hyperactor: this compiler destroys an aggregate temporary of a co_await statement twice; name the "
                  "receiver: auto rx = ha::ask<M>(...); co_await rx.async_recv();");
  }
};

/// Sends a request that is built already.
struct request_access {
  template <class A, class M>
  static void post(sender& cx, const actor_handle<A>& dest, M&& request) {
    using T = std::remove_cvref_t<M>;
    constexpr std::size_t slot = sends_listed_message<A, T>::slot;
    if constexpr (slot != not_found) {
      auto* n = typed_message<T>::make(std::forward<M>(request));
      n->is_request = true;
      post_node(cx, *dest.core_, n, static_cast<std::uint32_t>(slot));
    }
  }
  template <class B, class M>
  static void post(sender& cx, const actor_ref<B>& dest, M&& request) {
    using T = std::remove_cvref_t<M>;
    if constexpr (has_message<B, T>::index != not_found) {
      explain_remote_message<T>();
      if constexpr (remote_message<T>) dest.template send<T>(cx, true, std::forward<M>(request));
    }
  }
  template <class Destination, class M>
  static void post(sender& cx, const Destination& dest, M&& request) {
    dest.post(cx, std::forward<M>(request));
  }
};

template <class M, class Members>
struct request_builder;
template <class M, class... Fs>
struct request_builder<M, wire_arguments<Fs...>> {
  using members = wire_arguments<Fs...>;
  static constexpr std::size_t port_index = once_port_index(members{});
  using port_type = typename member_at<port_index, members>::type;
  using reply = typename port_type::message_type;

  template <std::size_t Position, class Argument>
  static consteval bool check_argument() {
    using member = typename member_at<(Position < port_index ? Position : Position + 1), members>::type;
    (void)sizeof(argument_converts<M, Position, member, Argument>);
    return std::convertible_to<Argument, member>;
  }
  template <class... Args>
  static consteval bool check() {
    (void)sizeof(has_right_arguments<M, sizeof...(Args), sizeof...(Fs) - 1, port_index>);
    if constexpr (sizeof...(Args) + 1 <= sizeof...(Fs) && sizeof...(Args) >= port_index) {
      return []<std::size_t... Is>(std::index_sequence<Is...>) {
        return (check_argument<Is, Args>() && ...);
      }(std::index_sequence_for<Args...>());
    }
    return false;
  }

  template <class... Args>
  static M build(once_state<reply>* state, Args&&... args) {
    if constexpr (is_once_port<M>) {
      return M(reply_obligation<reply>(state));
    } else {
      std::tuple<Args&&...> given(std::forward<Args>(args)...);
      return build_from(state, given, std::make_index_sequence<sizeof...(Args) + 1>());
    }
  }

 private:
  template <class Tuple, std::size_t... Is>
  static M build_from(once_state<reply>* state, Tuple& given, std::index_sequence<Is...>) {
    return M{member<Is>(state, given)...};
  }
  template <std::size_t I, class Tuple>
  static auto member(once_state<reply>* state, [[maybe_unused]] Tuple& given) -> typename member_at<I, members>::type {
    if constexpr (I == port_index) {
      return port_type(reply_obligation<reply>(state));
    } else {
      constexpr std::size_t position = I < port_index ? I : I - 1;
      return static_cast<typename member_at<I, members>::type>(std::get<position>(std::move(given)));
    }
  }
};

struct no_reply {};

template <class M, class... Args>
struct ask_plan {
  using members = typename request_members<M>::type;
  static constexpr std::size_t ports = count_once_ports(members{});
  static constexpr has_one_reply_port<M, ports> checked{};
};

}  // namespace detail

/// Builds an `M` from `args` (its other members, in order), fills its one reply port, posts it to `dest` and returns the
/// receiver of the reply. Members behind the port may be left out and keep their defaults.
/// @errors of the receiver: mailbox_error::reply_dropped, undeliverable, peer_lost, ask_timed_out
/// @complexity local: two blocks from the pool
template <class M, class Destination, class... Args>
[[nodiscard]] auto ask(sender& cx, const Destination& dest, Args&&... args) {
  using plan = detail::ask_plan<M>;
  (void)plan::checked;
  if constexpr (plan::ports == 1) {
    using builder = detail::request_builder<M, typename plan::members>;
    using reply = typename builder::reply;
    using rx = std::conditional_t<(detail::is_hazardous_argument<Args> || ...), detail::once_receiver_to_name<reply>,
                                  once_receiver<reply>>;
    auto* state = detail::once_state<reply>::make(detail_sender_access::mailbox(cx).session());
    rx out(detail::intrusive_ptr<detail::once_state<reply>>::adopt(state));
    if constexpr (builder::template check<Args...>()) {
      detail::request_access::post(cx, dest, builder::build(state, std::forward<Args>(args)...));
    }
    return out;
  } else {
    return once_receiver<detail::no_reply>(nullptr);
  }
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_ASK_HPP
