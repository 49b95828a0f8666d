// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_DETAIL_SERVED_PROC_HPP
#define HYPERACTOR_HOST_DETAIL_SERVED_PROC_HPP

/// @file
/// A proc behind a host: known by the host's address, served at one of its own, sending everything else to the host.

#include <hyperactor/gateway/gateway.hpp>
#include <hyperactor/gateway/mailbox_client.hpp>
#include <hyperactor/gateway/mailbox_server.hpp>
#include <hyperactor/host/error.hpp>
#include <hyperactor/proc/proc.hpp>

#include <exception>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Any free address of the transport that `like` is of.
[[nodiscard]] HYPERACTOR_COLD inline channel_addr any_address_like(const channel_addr& like) {
  switch (like.dial_addr().which()) {
    case channel_addr::kind::local:
      return channel_addr::any<transport::local>();
    case channel_addr::kind::unix_socket:
      return channel_addr::any<transport::unix_socket>();
    default:
      return channel_addr::tcp(like.dial_addr().ip(), 0);
  }
}

/// A proc of a host and the server by which the host reaches it.
struct served_proc {
  hyperactor::proc proc;
  mailbox_server server;
  intrusive_ptr<network> gateway;

  /// Makes the proc at `addr`; everything that is not its own goes to `backend`.
  /// @errors those of dialling, of serving, and of building a proc
  [[nodiscard]] HYPERACTOR_COLD static result<served_proc> make(const proc_addr& addr, const channel_addr& backend) {
    auto outward = mailbox_client::dial(backend);
    if (!outward) return outward.error();
    const basic_gateway<mailbox_client> gateway(std::move(*outward));
    gateway.set_default_location(addr.location());
    auto built = hyperactor::proc::builder{}.id(addr.id()).gateway(gateway).build();
    if (!built) return built.error();
    auto server = mailbox_server::serve(any_address_like(backend), any_sender::of(gateway.downgrade()));
    if (!server) return server.error();
    return served_proc{std::move(*built), std::move(*server), gateway.network()};
  }
};

/// The actor type of what a function of `proc&` spawned: `actor_handle<A>`, or a `result` of it.
template <class T> struct spawned_agent {};
template <class A> struct spawned_agent<actor_handle<A>> {
  using type = A;
};
template <class A> struct spawned_agent<result<actor_handle<A>>> {
  using type = A;
};
template <class F>
concept agent_function = requires { typename spawned_agent<std::decay_t<std::invoke_result_t<F&, proc&>>>::type; };
/// Stands for the agent where there is none, so that one error is enough.
struct no_agent {};
template <class F> struct agent_of_function {
  using type = no_agent;
};
template <agent_function F> struct agent_of_function<F> {
  using type = typename spawned_agent<std::decay_t<std::invoke_result_t<F&, proc&>>>::type;
};
template <class F> using agent_of = typename agent_of_function<F>::type;

template <class Agent> [[nodiscard]] result<actor_handle<Agent>> as_result(actor_handle<Agent> h) { return h; }
template <class Agent> [[nodiscard]] result<actor_handle<Agent>> as_result(result<actor_handle<Agent>> h) { return h; }

/// Runs the function that starts the agent.
/// @errors host_error::agent_spawn_failed, also where it throws
template <class F>
[[nodiscard]] result<actor_handle<agent_of<F>>> spawn_agent(F& spawn, proc& p, const proc_addr& addr) {
  try {
    auto agent = as_result(spawn(p));
    if (!agent) return agent_failed_error(addr.to_string(), agent.error().message());
    return agent;
  } catch (const std::exception& e) {
    return agent_failed_error(addr.to_string(), e.what());
  }
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_HOST_DETAIL_SERVED_PROC_HPP
