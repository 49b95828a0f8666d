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
#include <hyperactor/actor/reply_port.hpp>
#include <hyperactor/mailbox/once_port.hpp>
#include <hyperactor/wire/aggregate.hpp>

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

template <class... Fs> consteval std::size_t once_port_index(wire_arguments<Fs...>) {
  constexpr bool is[] = {is_once_port<Fs>..., false};
  std::size_t i = 0;
  while (i < sizeof...(Fs) && !is[i]) ++i;
  return i;
}
template <std::size_t I, class L> struct member_at;
template <std::size_t I, class... Fs> struct member_at<I, wire_arguments<Fs...>> {
  // by tuple_element: members may have equal types
  using type = std::tuple_element_t<I, std::tuple<Fs...>>;
};

template <class M, std::size_t ReplyPorts> consteval void explain_reply_ports() {
  static_assert(
      ReplyPorts == 1,
      "hyperactor: ask needs exactly one reply port in message M; give M, a plain aggregate, exactly one member of "
      "type hyperactor::once_port_ref<Reply> or hyperactor::once_port_handle<Reply>, or use post");
}
template <class M, std::size_t Given, std::size_t Expected, std::size_t BeforePort>
consteval void explain_argument_count() {
  if constexpr (Given > Expected) {
    static_assert(
        Given <= Expected,
        "hyperactor: ask got more arguments than message M has members beside its reply port; the notes show M, the "
        "arguments given and the members that there are");
  } else {
    static_assert(
        Given >= BeforePort,
        "hyperactor: ask got too few arguments for message M; members that stand before the reply port must be "
        "given, only those behind it keep their defaults");
  }
}
template <class M, std::size_t Position, class Member, class Argument> consteval void explain_argument() {
  static_assert(std::convertible_to<Argument, Member>,
                "hyperactor: an argument of ask does not convert to its member of message M; the notes show M, the "
                "argument's position from 0, the member's type and the argument's");
}
template <class M, std::size_t Position, class Member> consteval void explain_default() {
  static_assert(
      Position + 1 == 0,
      "hyperactor: ask got too few arguments for message M; a member behind its reply port has no default value, so "
      "the arguments up to it must be given; the notes show M and the first member that got none");
}
template <class Destination> consteval void explain_destination() {
  static_assert(sizeof(Destination) == 0,
                "hyperactor: Destination takes no messages; ask an actor_handle<A> or an actor_ref<B>, which "
                "actor_ref<B>::attest(addr) makes from an address");
}

/// An rvalue argument that g++ before 13 would destroy twice inside a co_await statement.
template <class Arg>
inline constexpr bool is_hazardous_argument = HYPERACTOR_CO_AWAIT_DESTROYS_TWICE != 0 && !std::is_reference_v<Arg> &&
                                              std::is_aggregate_v<Arg> && !std::is_trivially_destructible_v<Arg>;

/// The receiver of an `ask` whose arguments this compiler does not handle within one co_await statement.
template <class R> class once_receiver_to_name : public once_receiver<R> {
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
  template <class A, class M> static void post(sender& cx, const actor_handle<A>& dest, M&& request) {
    auto* n = typed_message<M>::make(std::move(request));
    n->is_request = true;
    post_node(cx, *dest.core_, n, static_cast<std::uint32_t>(handler_slot<A, M>));
  }
  template <class B, class M> static void post(sender& cx, const actor_ref<B>& dest, M&& request) {
    dest.template send<M>(cx, true, std::move(request));
  }
  template <class Destination, class M> static void post(sender& cx, const Destination& dest, M&& request) {
    dest.post(cx, std::move(request));
  }
};

/// Whether a destination takes requests of type `M`, and one error that says why not.
template <class Destination, class M> struct asked {
  static consteval bool check() {
    return requires(const Destination& dest, sender& cx, M m) { dest.post(cx, std::move(m)); };
  }
  static consteval void explain() { explain_destination<Destination>(); }
};
template <class A, class M> struct asked<actor_handle<A>, M> {
  static consteval bool check() { return handles<A, M>; }
  static consteval void explain() { explain_post<A, M>(); }
};
template <class B, class M> struct asked<actor_ref<B>, M> {
  static consteval bool check() { return is_sendable<B, M>(); }
  static consteval void explain() { explain_send<B, M>(); }
};

template <class M, class Members> struct request_builder;
template <class M, class... Fs> struct request_builder<M, wire_arguments<Fs...>> {
  using members = wire_arguments<Fs...>;
  static constexpr std::size_t port_index = once_port_index(members{});
  using port_type = typename member_at<port_index, members>::type;
  using reply = typename port_type::message_type;

  /// The member that argument number `Position` is for.
  template <std::size_t Position>
  using member_for = typename member_at<(Position < port_index ? Position : Position + 1), members>::type;

  /// Whether the members behind the first `Given` have default values.
  template <std::size_t Given> static consteval bool has_defaults() {
    if constexpr (Given == sizeof...(Fs)) {
      return true;
    } else {
      return []<std::size_t... Is>(std::index_sequence<Is...>) {
        return requires { M{std::declval<typename member_at<Is, members>::type>()...}; };
      }(std::make_index_sequence<Given>());
    }
  }

  template <class... Args> static consteval bool check() {
    if constexpr (sizeof...(Args) + 1 > sizeof...(Fs) || sizeof...(Args) < port_index) {
      return false;
    } else {
      return []<std::size_t... Is>(std::index_sequence<Is...>) {
        return (std::convertible_to<Args, member_for<Is>> && ...) && has_defaults<sizeof...(Args) + 1>();
      }(std::index_sequence_for<Args...>());
    }
  }
  /// Says in one error which argument is wrong.
  template <class... Args> static consteval void explain() {
    if constexpr (sizeof...(Args) + 1 > sizeof...(Fs) || sizeof...(Args) < port_index) {
      explain_argument_count<M, sizeof...(Args), sizeof...(Fs) - 1, port_index>();
    } else if constexpr (!has_defaults<sizeof...(Args) + 1>()) {
      explain_default<M, sizeof...(Args), member_for<sizeof...(Args)>>();
    } else {
      explain_from<0, Args...>();
    }
  }
  template <std::size_t Position, class Arg, class... Args> static consteval void explain_from() {
    if constexpr (!std::convertible_to<Arg, member_for<Position>>) {
      explain_argument<M, Position, member_for<Position>, Arg>();
    } else {
      explain_from<Position + 1, Args...>();
    }
  }

  template <class... Args> static M build(once_state<reply>* state, Args&&... args) {
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

/// What an ask gives that does not compile: takes what one does with a reply, without another error.
struct no_reply {
  template <class T> operator T() const;
};

}  // namespace detail

/// Builds an `M` from `args` (its other members, in order), fills its one reply port, posts it to `dest` and returns
/// the receiver of the reply. Members behind the port may be left out and keep their defaults.
/// @errors of the receiver: mailbox_error::reply_dropped, undeliverable, peer_lost, ask_timed_out
/// @complexity local: two blocks from the pool
template <class M, class Destination, class... Args>
[[nodiscard]] auto ask(sender& cx, const Destination& dest, Args&&... args) {
  if constexpr (detail::reply_ports<M> != 1) {
    detail::explain_reply_ports<M, detail::reply_ports<M>>();
    return once_receiver<detail::no_reply>(nullptr);
  } else {
    using builder = detail::request_builder<M, typename detail::request_members<M>::type>;
    using reply = typename builder::reply;
    using rx = std::conditional_t<(detail::is_hazardous_argument<Args> || ...), detail::once_receiver_to_name<reply>,
                                  once_receiver<reply>>;
    if constexpr (!detail::asked<Destination, M>::check()) {
      detail::asked<Destination, M>::explain();
      return rx(nullptr);
    } else if constexpr (!builder::template check<Args...>()) {
      builder::template explain<Args...>();
      return rx(nullptr);
    } else {
      auto* state = detail::once_state<reply>::make(detail_sender_access::mailbox(cx).session());
      rx out(detail::intrusive_ptr<detail::once_state<reply>>::adopt(state));
      detail::request_access::post(cx, dest, builder::build(state, std::forward<Args>(args)...));
      return out;
    }
  }
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_ASK_HPP
