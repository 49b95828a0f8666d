// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_PROC_PROC_HPP
#define HYPERACTOR_PROC_PROC_HPP

/// @file
/// `proc`: a named container of actors in one OS process. A cheap shared handle; dropping it stops nothing.

#include <hyperactor/actor/ask.hpp>
#include <hyperactor/actor/bind.hpp>
#include <hyperactor/actor/client.hpp>
#include <hyperactor/actor/instance_cell.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/proc_addr.hpp>
#include <hyperactor/proc/default_runtime.hpp>
#include <hyperactor/proc/proc_core.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0 {

using std::in_place;  // `proc.spawn<A>(ha::in_place, args...)`: constructs in place
using std::in_place_t;

/// @threadsafe
class proc {
 public:
  class builder;

  /// A proc with a fresh id and no way out of it.
  [[nodiscard]] static proc isolated() { return proc(detail::proc_core::make(proc_id::anonymous(), nullptr)); }
  /// A proc that serves `addr` itself and dials for what goes out. Defined where procs and channels meet:
  /// <hyperactor/host.hpp>.
  [[nodiscard]] static result<proc> direct(const channel_addr& addr, std::string_view name);

  [[nodiscard]] const proc_id& id() const noexcept { return core_->id(); }
  /// Id and location, as references that are made now carry it.
  [[nodiscard]] proc_addr addr() const { return proc_addr(core_->id(), core_->default_location()); }
  /// Where references that are made from now on say that this proc is reached; live actors are found as before.
  void set_default_location(location l) { core_->set_default_location(std::move(l)); }
  [[nodiscard]] location default_location() const { return core_->default_location(); }

  /// Spawns an actor under a fresh id whose label comes from its type.
  template <class A> actor_handle<A> spawn(A actor) {
    if constexpr (detail::spawnable<A, A>) {
      return start<A>(uid::instance(detail::label_of_type<A>()), std::move(actor));
    } else {
      detail::explain_spawn<A, A>();
      return actor_handle<A>(nullptr);
    }
  }
  /// The same, constructed in place.
  template <class A, class... Args> actor_handle<A> spawn(std::in_place_t, Args&&... args) {
    if constexpr (detail::spawnable<A, Args&&...>) {
      return start<A>(uid::instance(detail::label_of_type<A>()), std::forward<Args>(args)...);
    } else {
      detail::explain_spawn<A, Args&&...>();
      return actor_handle<A>(nullptr);
    }
  }
  /// Spawns a named root, reachable by `addr().actor_addr(name)`.
  /// @errors parse_error: no label; proc_error::name_taken
  template <class A> [[nodiscard]] result<actor_handle<A>> spawn(std::string_view name, A actor) {
    return spawn_named<A>(name, std::move(actor));
  }
  /// The same, constructed in place.
  template <class A, class... Args>
  [[nodiscard]] result<actor_handle<A>> spawn(std::string_view name, std::in_place_t, Args&&... args) {
    return spawn_named<A>(name, std::forward<Args>(args)...);
  }

  /// A fresh client with this label. Literals become labels at compile time.
  [[nodiscard]] hyperactor::v0::client client(label name) {
    return hyperactor::v0::client(detail::intrusive_ptr<detail::client_mailbox>::adopt(
        new detail::client_mailbox(uid::instance(std::move(name)), core_)));
  }

  /// Number of actors that are not terminal.
  [[nodiscard]] watch<std::uint64_t> live_actors() const {
    return watch<std::uint64_t>(detail::intrusive_ptr<const detail::watch_source<std::uint64_t>>(core_.get()));
  }
  /// Whether a root actor failed and nobody supervised it.
  [[nodiscard]] bool has_failed() const noexcept { return core_->has_failed(); }
  /// Sends all root actors of this proc a stop; their children follow. @threadsafe
  void stop_all(const std::string& reason) const {
    detail::instance_registry::instance().for_each([&](detail::mailbox& m) {
      if (&m.office() != core_.get() || !m.is_actor()) return;
      auto& actor = static_cast<detail::actor_core&>(m);
      if (actor.is_root()) actor.send_stop(detail::signal_kind::stop, reason);
    });
  }

  /// Posts an envelope into this proc, which routes it. Models `mailbox_sender`.
  template <class Tag = void> void post_unchecked(message_envelope message, return_port back) const {
    detail::use_actor_remote_half<Tag>();
    core_->post(std::move(message), std::move(back));
  }

  friend bool operator==(const proc& a, const proc& b) noexcept { return a.core_ == b.core_; }

 private:
  explicit proc(detail::intrusive_ptr<detail::proc_core> core) noexcept : core_(std::move(core)) {}

  template <class A, class... Args> actor_handle<A> start(uid id, Args&&... args) {
    return detail::spawn_actor<A>(std::move(id), core_, runtime::instance(), nullptr, detail::nothing_before_start,
                                  std::forward<Args>(args)...);
  }
  template <class A, class... Args> result<actor_handle<A>> spawn_named(std::string_view text, Args&&... args) {
    if constexpr (detail::spawnable<A, Args&&...>) {
      auto name = label::parse<detail::when_used<label, A>>(text);
      if (!name) return name.error();
      if (!core_->reserve(*name)) {
        return error(proc_error::name_taken, "an actor with name '" + std::string(text) + "' has already been spawned");
      }
      detail::proc_core::reserved_name reserved(*core_, *name);
      return detail::spawn_actor<A>(
          uid::singleton(*name), core_, runtime::instance(), nullptr, [&](detail::mailbox& m) { reserved.give_to(m); },
          std::forward<Args>(args)...);
    } else {
      detail::explain_spawn<A, Args&&...>();
      return actor_handle<A>(nullptr);
    }
  }

  detail::intrusive_ptr<detail::proc_core> core_;
};

/// Makes procs with a given id and gateway.
class proc::builder {
 public:
  /// The proc's id; a fresh anonymous one otherwise.
  builder& id(proc_id value) {
    id_ = std::move(value);
    return *this;
  }
  /// The gateway that it is attached to; none otherwise: the proc is isolated then.
  template <class Gateway> builder& gateway(Gateway& gw) {
    if constexpr (requires {
                    { gw.network() } -> std::same_as<detail::intrusive_ptr<detail::network>>;
                  }) {
      detail::use_actor_remote_half();
      network_ = gw.network();
    } else {
      static_assert(sizeof(Gateway) == 0,
                    "hyperactor: Gateway is no gateway; pass a hyperactor::basic_gateway<Forwarder>, such as "
                    "hyperactor::gateway");
    }
    return *this;
  }
  /// @errors proc_error::id_taken; proc_error::reserved_id
  template <class P = proc> [[nodiscard]] result<P> build() {
    if (id_.uid().is_singleton() && !may_be_reserved_ &&
        (id_.uid().label().view() == "service" || id_.uid().label().view() == "local")) {
      return error(proc_error::reserved_id, "legacy pseudo-singleton proc id '" + id_.to_string() +
                                                "' must be constructed with a dedicated Proc constructor");
    }
    auto core = detail::proc_core::make(id_, network_);
    if (network_) {
      detail::when_used<detail::network, P>& net = *network_;
      if (auto attached = net.attach(id_, core->as_sender()); !attached) return attached.error();
      core->attached();
    }
    return proc(std::move(core));
  }

 private:
  friend struct reserved_proc_access;
  proc_id id_ = proc_id::anonymous();
  detail::intrusive_ptr<detail::network> network_;
  bool may_be_reserved_ = false;
};

/// For hosts: procs with the well-known names.
struct reserved_proc_access {
  static void allow(proc::builder& b) noexcept { b.may_be_reserved_ = true; }
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_PROC_PROC_HPP
