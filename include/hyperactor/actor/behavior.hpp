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

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

struct behavior_base : message_list_base {};

/// Concatenation by fold: `(type_list<>{} + ... + type_list<M>{})`.
template <class... As, class... Bs> type_list<As..., Bs...> operator+(type_list<As...>, type_list<Bs...>);

template <class... Lists> using joined = decltype((type_list<>{} + ... + Lists{}));

template <class L, class In> struct missing_in;
template <class... Ms, class In> struct missing_in<type_list<Ms...>, In> {
  using type = pick<type_list<Ms...>, (message_index<Ms, In> == not_found)...>;
};
/// The messages of `L` that `In` does not have.
template <class L, class In> using missing_messages = typename missing_in<L, In>::type;
/// Whether `In` has all messages of `L`.
template <class L, class In> inline constexpr bool is_part_of = false;
template <class... Ms, class In>
inline constexpr bool is_part_of<type_list<Ms...>, In> = all_of({message_index<Ms, In> != not_found...});

/// Something of each type that has an address of its own.
template <class T> inline constexpr char mark_of = 0;

template <class L, class Indices = std::make_index_sequence<L::size>> struct distinct_in;
template <class... Ms, std::size_t... Is> struct distinct_in<type_list<Ms...>, std::index_sequence<Is...>> {
  static constexpr auto is_first = [] {
    constexpr const char* marks[] = {&mark_of<Ms>..., nullptr};
    std::array<bool, sizeof...(Ms) + 1> out{};
    for (std::size_t i = 0; i < sizeof...(Ms); ++i) {
      out[i] = true;
      for (std::size_t j = 0; j < i; ++j) out[i] = out[i] && marks[j] != marks[i];
    }
    return out;
  }();
  using type = pick<type_list<Ms...>, is_first[Is]...>;
};
/// `L` without repetitions; the first of each stays.
template <class L> using distinct = typename distinct_in<L>::type;

}  // namespace detail

/// A named contract: the messages that an actor accepts. Derive from it or name it with `using`.
/// @tparam Name      what errors and references print
/// @tparam Messages  each once, without reference or const
template <fixed_string Name, class... Messages> struct behavior : detail::behavior_base {
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

template <class A, class B> inline constexpr bool behaves_as = false;
template <has_handlers A, behavior_type B>
inline constexpr bool behaves_as<A, B> = is_part_of<messages_in<B>, messages_in<typename A::handlers>>;

template <class L, fixed_string Name> struct named_list;
template <class... Ms, fixed_string Name> struct named_list<type_list<Ms...>, Name> {
  using type = behavior<Name, Ms...>;
};

}  // namespace detail

/// Actor `A` handles every message of behaviour `B`.
template <class A, class B>
concept behaves = detail::behaves_as<A, B>;

/// Actor `A` lists message `M`.
template <class A, class M>
concept handles =
    detail::has_handlers<A> && detail::message_index<M, detail::messages_in<typename A::handlers>> != detail::not_found;

namespace detail {

template <class A> consteval void explain_no_handlers() {
  static_assert(has_handlers<A>,
                "hyperactor: A is no actor, because it has no public list of messages; write 'using handlers = "
                "hyperactor::handlers<Message, ...>;' in A");
}
template <class B> consteval void explain_no_behavior() {
  static_assert(behavior_type<B>,
                "hyperactor: B is no behaviour; write 'struct B : hyperactor::behavior<\"name\", Message, ...> {};'");
}
template <class A, class B, class... Missing> consteval void explain_missing(type_list<Missing...>) {
  static_assert(behaves<A, B>,
                "hyperactor: actor A does not behave as B, because A::handlers lacks messages that B has; add each of "
                "Missing to A::handlers and write 'void handle(hyperactor::context<A>&, Missing)' for it");
}

/// Whether `A` behaves as `B`; if not, one error that says why.
template <class A, class B> consteval bool explain_behaves() {
  if constexpr (!has_handlers<A>) {
    explain_no_handlers<A>();
  } else if constexpr (!behavior_type<B>) {
    explain_no_behavior<B>();
  } else if constexpr (!is_good_list<messages_in<B>>) {
    explain_list<B>(messages_in<B>{});
  } else if constexpr (!behaves<A, B>) {
    explain_missing<A, B>(missing_messages<messages_in<B>, messages_in<typename A::handlers>>{});
  }
  return true;
}
template <class A, class... Bs> consteval bool explain_behaves_all() { return (explain_behaves<A, Bs>() && ...); }

}  // namespace detail

/// The messages of all `Behaviors`, each once.
template <fixed_string Name, class... Behaviors>
using behavior_union =
    typename detail::named_list<detail::distinct<detail::joined<detail::messages_in<Behaviors>...>>, Name>::type;

/// The messages of `B` that `Without` does not have.
template <fixed_string Name, class B, class Without>
using behavior_minus =
    typename detail::named_list<detail::missing_messages<detail::messages_in<B>, detail::messages_in<Without>>,
                                Name>::type;

namespace detail {
template <class A> struct behavior_of_actor : behavior_base {
  using messages = messages_in<typename A::handlers>;
  static constexpr std::string_view behavior_name = "behavior_of";
};
}  // namespace detail

/// All that actor `A` handles, as a behaviour.
template <class A> using behavior_of = detail::behavior_of_actor<A>;

}  // namespace hyperactor::inline v0

/// Checks at compile time that an actor behaves as one or more behaviours: `HYPERACTOR_ASSERT_BEHAVES(counter, adder);`
/// at namespace scope. Template-ids with commas need no parentheses.
#define HYPERACTOR_ASSERT_BEHAVES(...) static_assert(::hyperactor::detail::explain_behaves_all<__VA_ARGS__>())

#endif  // HYPERACTOR_ACTOR_BEHAVIOR_HPP
