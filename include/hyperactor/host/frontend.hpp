// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_FRONTEND_HPP
#define HYPERACTOR_HOST_FRONTEND_HPP

/// @file
/// What a host's front end speaks: a policy of `host`.

#include <concepts>

namespace hyperactor::inline v0 {

namespace detail {
struct frontend_category {};
}  // namespace detail

/// Front ends of hosts.
namespace frontend {

/// Messages both ways over one connection, so that procs which nobody can dial may attach. Costs nothing until one
/// does. The default.
/// @note attaching is not there yet: until then it serves what `simplex` serves
struct duplex {
  using policy_category = detail::frontend_category;
  static constexpr bool accepts_attach = true;
};
/// One connection for each direction: whoever wants to be reached serves an address. Choose it where attaching must not
/// be possible.
struct simplex {
  using policy_category = detail::frontend_category;
  static constexpr bool accepts_attach = false;
};

}  // namespace frontend

/// A front end of a host.
template <class P>
concept frontend_policy = requires {
  requires std::same_as<typename P::policy_category, detail::frontend_category>;
  { P::accepts_attach } -> std::convertible_to<bool>;
};
static_assert(frontend_policy<frontend::duplex> && frontend_policy<frontend::simplex>);

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_HOST_FRONTEND_HPP
