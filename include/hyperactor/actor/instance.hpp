// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_INSTANCE_HPP
#define HYPERACTOR_ACTOR_INSTANCE_HPP

/// @file
/// `instance<A>` and `context<A>`: what hooks and handlers know of the actor that they run for. They have almost no
/// members of their own; the rest is in `instance_base`, which is compiled once.

#include <hyperactor/actor/actor_core.hpp>
#include <hyperactor/actor/actor_handle.hpp>
#include <hyperactor/actor/executor.hpp>
#include <hyperactor/mailbox/header_keys.hpp>
#include <hyperactor/mailbox/message_origin.hpp>
#include <hyperactor/mailbox/sender.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {
template <class C> actor_handle<C> spawn_child(actor_core& parent, C actor);

/// Headers of a message that never left the process, put together on demand.
template <class Tag = void> [[nodiscard]] HYPERACTOR_COLD headers headers_of(const message_node& n) {
  if (n.origin != nullptr) return origin_of(n).headers;
  headers h;
  h.set<header::seq_info>(n.sequence == 0 ? sequence_info{} : sequence_info{session_of_key(n.session), n.sequence});
  return h;
}
}  // namespace detail

/// What does not depend on the actor's type. Valid on the actor's own turns only.
/// @owner_thread the turn's
class instance_base : public sender {
 public:
  /// Spawns a child, which stops when this actor does.
  template <class C> actor_handle<C> spawn(C child);

  /// Stops this actor after the handler that runs: queued messages return to their senders.
  void stop(std::string reason) { core().send_stop(detail::signal_kind::stop, std::move(reason)); }
  /// Stops this actor after all that was accepted is handled.
  void drain_and_stop(std::string reason) { core().send_stop(detail::signal_kind::drain_and_stop, std::move(reason)); }
  /// Fails this actor after the handler that runs.
  void kill(std::string reason) { core().send_stop(detail::signal_kind::kill, std::move(reason)); }

  /// An executor whose functions run as turns of this actor.
  [[nodiscard]] turn_executor get_executor() const noexcept { return detail::executor_of_actor(core()); }

  /// Posts `message` to `dest` after `delay`, never earlier; dropped when the actor ends first. A delay that is longer
  /// than the clock runs never ends.
  template <class Destination, class M, class Rep, class Period>
  void post_after(Destination dest, M message, std::chrono::duration<Rep, Period> delay) {
    core().post_at(detail::deadline_after(delay, core().runtime().now()),
                   [from = core_sender(core()), dest = std::move(dest), m = std::move(message)]() mutable {
                     dest.post(from, std::move(m));
                   });
  }

 protected:
  explicit instance_base(detail::actor_core& core) noexcept : sender(&core) {}
  [[nodiscard]] detail::actor_core& core() const noexcept { return static_cast<detail::actor_core&>(mailbox()); }

 private:
  class core_sender : public sender {
   public:
    explicit core_sender(detail::actor_core& core) noexcept : sender(&core) {}
  };
};

/// What hooks of `A` get.
template <class A> class instance : public instance_base {
 public:
  explicit instance(detail::actor_core& core) noexcept : instance_base(core) {}

  /// A handle of this actor.
  [[nodiscard]] actor_handle<A> self() const {
    return actor_handle<A>(detail::intrusive_ptr<detail::actor_core>(&core()));
  }
  using instance_base::post_after;
  /// Posts `message` to this actor itself after `delay`.
  template <class M, class Rep, class Period> void post_after(M message, std::chrono::duration<Rep, Period> delay) {
    instance_base::post_after(self(), std::move(message), delay);
  }
};

/// What handlers of `A` get: the instance and the headers of the message.
template <class A> class context : public instance<A> {
 public:
  context(detail::actor_core& core, const detail::message_node& n) noexcept : instance<A>(core), message_(&n) {}

  /// The headers of the message that is handled.
  [[nodiscard]] hyperactor::headers headers() const { return detail::headers_of(*message_); }

 private:
  const detail::message_node* message_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_INSTANCE_HPP
