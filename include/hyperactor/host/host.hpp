// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_HOST_HPP
#define HYPERACTOR_HOST_HOST_HPP

/// @file
/// `host`: the procs of one machine behind one address. It makes them through a manager, routes for them, and ends
/// them.
///
/// [HST-1] A host owns its procs: its end kills the children, reaps them, and joins what watched them. Its addresses
///         are free then.
/// [HST-2] Only the first `serve` succeeds.
/// [HST-3] A process that a host started, and that has not booted, cannot make a host: a main that forgot `is_child`
///         does not fork without end.

#include <hyperactor/host/concepts.hpp>
#include <hyperactor/host/detail/host_core.hpp>
#include <hyperactor/host/frontend.hpp>
#include <hyperactor/host/handshake.hpp>

#include <asio/use_awaitable.hpp>
#include <optional>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0 {

/// The host of a policy that is none: one error that says what is missing, and nothing behind it.
template <class Manager, class Frontend = frontend::duplex> class host {
  static_assert(sizeof(detail::explained_manager<Manager>) != 0);
  static_assert(frontend_policy<Frontend>,
                "hyperactor: Frontend is no front end of a host; write hyperactor::frontend::duplex or "
                "hyperactor::frontend::simplex");

 public:
  template <class... Args> [[nodiscard]] static result<host> make(Args&&...);
};

/// A host.
/// @tparam Manager   how procs are made: `process_proc_manager<Agent>`, `local_proc_manager`, or your own
/// `proc_manager`
/// @tparam Frontend  what the front end speaks: `frontend::duplex` or `frontend::simplex`
/// @note movable; the owner. Functions other than `make`, moves and the destructor may be called from several threads.
template <proc_manager Manager, frontend_policy Frontend> class host<Manager, Frontend> {
  using core = detail::host_core<Manager>;

 public:
  using manager_type = Manager;
  using agent = typename Manager::agent;
  using handle = typename Manager::handle;
  using config = typename Manager::config;

  /// Makes a host whose front end is bound to `frontend`; it serves from `serve()` on.
  /// @errors host_error::child_not_booted; channel_error::address_in_use, invalid_address, listen_failed
  [[nodiscard]] static result<host> make(Manager manager, const channel_addr& frontend) {
    if (detail::handshake::is_pending()) return host_error::child_not_booted;  // [HST-3]
    auto network = detail::host_network::make(frontend, channel_addr::any<typename Manager::transport>());
    if (!network) return network.error();
    return host(detail::intrusive_ptr<core>::adopt(new core(std::move(manager), std::move(*network))));
  }
  host(host&&) noexcept = default;
  host& operator=(host&& o) noexcept {
    if (this != &o) {
      end();
      core_ = std::move(o.core_);
    }
    return *this;
  }
  ~host() { end(); }

  /// Starts to deliver what arrives at the front end, also what arrived before. The handle stops it: `stop(reason)`,
  /// `join()`.
  /// @errors host_error::already_serving
  [[nodiscard]] result<mailbox_server> serve() {
    {
      const std::lock_guard lock(core_->mutex);
      if (std::exchange(core_->is_serving, true)) return host_error::already_serving;  // [HST-2]
    }
    core_->network.open();
    return core_->network.front_end();
  }

  /// Makes a proc and waits until its agent runs.
  /// @param name  `label`, or `label-xxxxxxxx` for an instance; the same name is the same address
  /// @errors host_error::proc_exists, process_spawn_failed, process_configuration_failed, agent_spawn_failed; throws
  ///         `misuse_error` on a runtime thread
  [[nodiscard]] result<spawned_proc<agent>> spawn(std::string_view name, config configuration = {}) {
    detail::require_blocking_allowed("spawn", "async_spawn");
    return detail::await_outcome<result<spawned_proc<agent>>>(
        [&](auto done) { core_->spawn(name, std::move(configuration), std::move(done)); });
  }
  /// The same for any completion token of signature `void(result<spawned_proc<agent>>)`. It cannot be cancelled; the
  /// time of `config::host_spawn_ready_timeout` limits it.
  /// @errors as `spawn`, and host_error::lifecycle_closed, where the host had ended when it began
  template <class CompletionToken = asio::use_awaitable_t<>>
  [[nodiscard]] auto async_spawn(std::string_view name, config configuration = {}, CompletionToken&& token = {}) {
    return detail::async_outcome<result<spawned_proc<agent>>>(
        [core = core_, name = std::string(name), c = std::move(configuration)](auto done) mutable {
          core->spawn(name, std::move(c), std::move(done));
        },
        std::forward<CompletionToken>(token));
  }

  /// The handle of the proc with this name, unless it has ended.
  [[nodiscard]] std::optional<handle> find(std::string_view name) const { return core_->find(name); }

  /// Ends all procs and waits until they have ended. Their names are free then.
  /// @returns how many had not been released yet, and what came of them; one that was found dead counts as ok
  /// @errors throws `misuse_error` on a runtime thread
  termination_summary terminate_children(sender& cx, termination_options options = {}) {
    detail::require_blocking_allowed("terminate_children", "async_terminate_children");
    return detail::await_outcome<termination_summary>(
        [&](auto done) { core_->terminate_all(cx, std::move(options), std::move(done)); });
  }
  /// The same for any completion token of signature `void(termination_summary)`.
  /// @pre `cx` lives until it completes
  template <class CompletionToken = asio::use_awaitable_t<>>
  [[nodiscard]] auto async_terminate_children(sender& cx, termination_options options = {},
                                              CompletionToken&& token = {}) {
    return detail::async_outcome<termination_summary>(
        [core = core_, &cx, o = std::move(options)](auto done) mutable {
          core->terminate_all(cx, std::move(o), std::move(done));
        },
        std::forward<CompletionToken>(token));
  }

  /// The address of the front end, as it was bound.
  [[nodiscard]] const channel_addr& addr() const noexcept { return core_->network.front_end().addr(); }
  /// The proc for what belongs to the host itself.
  [[nodiscard]] proc system_proc() const { return core_->network.service(); }
  /// The proc for clients in this process. It has no actors unless you spawn some.
  [[nodiscard]] proc local_proc() const { return core_->network.local(); }
  [[nodiscard]] Manager& manager() noexcept { return *core_->manager; }
  [[nodiscard]] const Manager& manager() const noexcept { return *core_->manager; }

 private:
  explicit host(detail::intrusive_ptr<core> c) noexcept : core_(std::move(c)) {}

  void end() noexcept {
    if (!core_) return;
    core_->end_manager();  // [HST-1]
    core_->network.stop("the host has ended");
    core_->network.await_stopped();
    core_.reset();
  }

  detail::intrusive_ptr<core> core_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_HOST_HOST_HPP
