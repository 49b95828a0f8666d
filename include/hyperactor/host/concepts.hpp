// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_CONCEPTS_HPP
#define HYPERACTOR_HOST_CONCEPTS_HPP

/// @file
/// What a host needs of a proc manager: a policy that makes procs, and handles that tell how they fare.
///
/// Laws, for every manager `m` and handle `h` of it:
/// [MGR-1] `m.spawn(addr, forwarder, config)` makes a proc with that address, which sends everything that is not its
///         own to `forwarder`, and starts an agent in it. It does not wait until the proc is ready.
/// [MGR-2] `addr()` and `agent_ref()` are there when `async_ready` succeeded, and stay.
/// [MGR-3] Every operation may be started several times, before and after what it waits for, and completes once.
/// [MGR-4] `async_kill` and `async_terminate` complete when the proc has ended, with what was observed; where the
///         manager cannot end procs, with `host_error::terminate_unsupported`; where the proc had ended, with
///         `already_terminated`.
/// [MGR-5] The end of the manager ends its procs.

#include <hyperactor/actor/actor_ref.hpp>
#include <hyperactor/base/result.hpp>
#include <hyperactor/host/termination.hpp>
#include <hyperactor/identity/channel_addr.hpp>
#include <hyperactor/identity/proc_addr.hpp>
#include <hyperactor/mailbox/sender.hpp>

#include <concepts>
#include <optional>

namespace hyperactor::inline v0 {

namespace detail {

/// Takes any outcome: what the concepts hand to asynchronous operations.
struct any_outcome {
  template <class T> void operator()(T&&) const {}
};

}  // namespace detail

/// A cheap, shared view of one proc. Optional: `on_end(hook)`, which calls `hook(const terminal_status&)` before the
/// end is visible, so that the host has released the name by then; `bool was_asked_to_end()`, so that the host logs
/// other ends only.
template <class H>
concept proc_handle = std::copy_constructible<H> &&
                      requires(const H& h, sender& cx, const termination_options& o, detail::any_outcome done) {
                        typename H::agent;
                        typename H::terminal_status;
                        { h.proc_addr() } -> std::convertible_to<proc_addr>;
                        { h.addr() } -> std::same_as<std::optional<channel_addr>>;
                        { h.agent_ref() } -> std::same_as<std::optional<actor_ref<typename H::agent>>>;
                        { h.is_terminal() } -> std::same_as<bool>;
                        h.async_ready(done);             // void(result<void>)
                        h.async_wait(done);              // void(result<terminal_status>)
                        h.async_terminate(cx, o, done);  // void(result<terminal_status>)
                        h.async_kill(done);              // void(result<terminal_status>)
                      };

/// Makes procs for a host. `transport` is the one that the procs reach the host by.
template <class M>
concept proc_manager = std::move_constructible<M> &&
                       requires(M& m, const proc_addr& addr, const channel_addr& forwarder, typename M::config config) {
                         typename M::agent;
                         typename M::transport;
                         requires proc_handle<typename M::handle>;
                         { m.spawn(addr, forwarder, std::move(config)) } -> std::same_as<result<typename M::handle>>;
                       };

namespace detail {

template <class P>
concept names_manager_types = requires {
  typename P::agent;
  typename P::config;
  typename P::handle;
  typename P::transport;
};
template <class P>
concept names_proc_handle = names_manager_types<P> && proc_handle<typename P::handle>;

/// One readable error where `P` is no proc manager: `static_assert(sizeof(explained_manager<P>) != 0)`.
template <class P> struct explained_manager {
  static_assert(
      names_manager_types<P>,
      "hyperactor: P is no proc manager; give it the public types 'agent' (the actor that runs in every proc), "
      "'config', 'handle' and 'transport', or use hyperactor::process_proc_manager<Agent>");
  static_assert(!names_manager_types<P> || names_proc_handle<P>,
                "hyperactor: the type 'handle' of proc manager P is no handle of a proc; see the concept "
                "hyperactor::proc_handle for what it needs");
  static_assert(!names_proc_handle<P> || proc_manager<P>,
                "hyperactor: proc manager P must be movable and have a public 'hyperactor::result<handle> spawn(const "
                "hyperactor::proc_addr&, const hyperactor::channel_addr& forwarder, config)'");
};

}  // namespace detail
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_HOST_CONCEPTS_HPP
