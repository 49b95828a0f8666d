// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_BEHAVIOR_HPP
#define HYPERACTOR_ACTOR_BEHAVIOR_HPP

/// @file
/// Behaviours: named typelists of messages, the contract between who sends and who handles.
///
///   struct adder : ha::behavior<"adder", add> {};
///   HYPERACTOR_ASSERT_BEHAVES(counter, adder);
///
/// [BHV-1] `behaves<A, B>` looks at `A::handlers` and nothing else.
/// [BHV-2] A failed check is one error that names the actor, the behaviour and each missing message.

#include <hyperactor/actor/handlers.hpp>
#include <hyperactor/base/fixed_string.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace hyperactor::inline v0 {

namespace detail {

struct behavior_base : message_list_base {};

/// Concatenation by fold: `(type_list<>{} + ... + type_list<M>{})`.
template <class... As, class... Bs>
type_list<As..., Bs...> operator+(type_list<As...>, type_list<Bs...>);

/// Those of `Ms...` for which the parallel condition holds.
template <class... Picked>
using joined = decltype((type_list<>{} + ... + Picked{}));

template <bool Keep, class M>
using pick = std::conditional_t<Keep, type_list<M>, type_list<>>;

template <class L, class In>
struct missing_in;
template <class... Ms, class In>
struct missing_in<type_list<Ms...>, In> {
  using type = joined<pick<message_index<Ms, In> == not_found, Ms>...>;
};
/// The messages of `L` that `In` does not have.
template <class L, class In>
using missing_messages = typename missing_in<L, In>::type;

/// `L` without repetitions; the first of each stays.
template <class Done, class... Ms>
struct distinct {
  using type = Done;
};
template <class... Ds, class M, class... Ms>
struct distinct<type_list<Ds...>, M, Ms...>
    : distinct<std::conditional_t<contains<M, Ds...>, type_list<Ds...>, type_list<Ds..., M>>, Ms...> {};

}  // namespace detail

/// A named contract: the messages that an actor accepts. Derive from it or name it with `using`.
/// @tparam Name      what errors and references print
/// @tparam Messages  each once, without reference or const
template <fixed_string Name, class... Messages>
struct behavior : detail::behavior_base {
  using messages = detail::type_list<Messages...>;
  static constexpr std::string_view behavior_name = Name.view();
};

/// A type that names a contract.
template <class B>
concept behavior_type = std::is_base_of_v<detail::behavior_base, B>;

namespace detail {

template <class A>
concept has_handlers = requires { typename A::handlers::messages; };
template <class A>
concept has_exports = requires { typename A::exports::messages; };

template <class A, class B>
inline constexpr bool behaves_as = false;
template <has_handlers A, behavior_type B>
inline constexpr bool behaves_as<A, B> =
    std::is_same_v<missing_messages<messages_in<B>, messages_in<typename A::handlers>>, type_list<>>;

template <class L, fixed_string Name>
struct named_list;
template <class... Ms, fixed_string Name>
struct named_list<type_list<Ms...>, Name> {
  using type = behavior<Name, Ms...>;
};

template <class L>
struct distinct_of;
template <class... Ms>
struct distinct_of<type_list<Ms...>> : distinct<type_list<>, Ms...> {};

/// What a failed check prints: the actor, the behaviour, and each message that is missing.
template <class A, class B, class... Missing>
struct behaves_check {
  static_assert(sizeof...(Missing) == 0,
                "hyperactor: actor A does not behave as B, because A::handlers lacks messages that B has; add each of "
                "Missing to A::handlers and write 'void handle(hyperactor::context<A>&, Missing)' for it");
};
template <class A, class B, class L>
struct behaves_check_of;
template <class A, class B, class... Missing>
struct behaves_check_of<A, B, type_list<Missing...>> : behaves_check<A, B, Missing...> {};

template <class A>
struct names_handlers {
  static_assert(has_handlers<A>,
                "hyperactor: A is no actor, because it has no public list of messages; write 'using handlers = "
                "hyperactor::handlers<Message, ...>;' in A");
  static constexpr bool value = has_handlers<A>;
};
template <class B>
struct names_behavior {
  static_assert(behavior_type<B>,
                "hyperactor: B is no behaviour; write 'struct B : hyperactor::behavior<\"name\", Message, ...> {};'");
  static constexpr bool value = behavior_type<B>;
};

/// Asserts one `behaves`, with one error at most.
template <class A, class B>
consteval bool explain_behaves() {
  if constexpr (names_handlers<A>::value && names_behavior<B>::value) {
    (void)sizeof(behaves_check_of<A, B, missing_messages<messages_in<B>, messages_in<typename A::handlers>>>);
  }
  return true;
}
template <class A, class... Bs>
consteval bool explain_behaves_all() {
  return (explain_behaves<A, Bs>() && ...);
}

}  // namespace detail

/// Actor `A` handles every message of behaviour `B`.
template <class A, class B>
concept behaves = detail::behaves_as<A, B>;

/// The messages of all `Behaviors`, each once.
template <fixed_string Name, class... Behaviors>
using behavior_union = typename detail::named_list<
    typename detail::distinct_of<detail::joined<detail::messages_in<Behaviors>...>>::type, Name>::type;

/// The messages of `B` that `Without` does not have.
template <fixed_string Name, class B, class Without>
using behavior_minus =
    typename detail::named_list<detail::missing_messages<detail::messages_in<B>, detail::messages_in<Without>>, Name>::type;

namespace detail {
template <class A>
struct behavior_of_actor : behavior_base {
  using messages = messages_in<typename A::handlers>;
  static constexpr std::string_view behavior_name = "behavior_of";
};
}  // namespace detail

/// All that actor `A` handles, as a behaviour.
template <class A>
using behavior_of = detail::behavior_of_actor<A>;

}  // namespace hyperactor::inline v0

/// Checks at compile time that an actor behaves as one or more behaviours: `HYPERACTOR_ASSERT_BEHAVES(counter, adder);`
/// at namespace scope. Template-ids with commas need no parentheses.
#define HYPERACTOR_ASSERT_BEHAVES(...) static_assert(::hyperactor::detail::explain_behaves_all<__VA_ARGS__>())

#endif  // HYPERACTOR_ACTOR_BEHAVIOR_HPP
