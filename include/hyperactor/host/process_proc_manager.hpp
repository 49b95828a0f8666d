// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_PROCESS_PROC_MANAGER_HPP
#define HYPERACTOR_HOST_PROCESS_PROC_MANAGER_HPP

/// @file
/// `process_proc_manager<Agent>`: one operating-system process for each proc.
///
/// [PPM-1] The end of the manager kills all of its children, reaps them and joins the thread that watched them.
/// [PPM-2] A child that ends before it reports makes its host's `spawn` fail at once, with its status.
/// [PPM-3] Where the program cannot be started nothing is left behind.

#include <hyperactor/channel/serve.hpp>
#include <hyperactor/host/bootstrap.hpp>
#include <hyperactor/host/concepts.hpp>
#include <hyperactor/host/handshake.hpp>
#include <hyperactor/host/process_handle.hpp>

#include <string>
#include <utility>
#include <vector>

namespace hyperactor::inline v0 {

/// What one child gets in addition to what its manager gives to all.
struct process_config {
  std::vector<std::string> arguments;    ///< behind those of the manager
  std::vector<std::string> environment;  ///< `NAME=value`; the rest is inherited
};

/// Starts a process for every proc. The program calls `boot` when `is_child()` says so; it may be the host's own.
/// @tparam Agent  the actor that runs in every child, and that `host::spawn` returns a reference to
template <class Agent> class process_proc_manager {
 public:
  using agent = Agent;
  using config = process_config;
  using handle = process_handle<Agent>;
  using transport = hyperactor::transport::unix_socket;

  /// @param program    a path, as of `this_executable()`; `PATH` is not searched
  /// @param arguments  what every child is started with
  explicit process_proc_manager(std::string program, std::vector<std::string> arguments = {})
      : program_(std::move(program)), arguments_(std::move(arguments)), launcher_(detail::launcher::make()) {}
  process_proc_manager(process_proc_manager&&) noexcept = default;
  process_proc_manager& operator=(process_proc_manager&& o) noexcept {
    if (this != &o) {
      end();
      program_ = std::move(o.program_);
      arguments_ = std::move(o.arguments_);
      launcher_ = std::move(o.launcher_);
    }
    return *this;
  }
  ~process_proc_manager() { end(); }

  /// Whether a host started this process: `main` then returns what `boot` returns.
  [[nodiscard]] static bool is_child() noexcept { return detail::handshake::is_pending(); }

  /// Runs this process as a child: makes its proc, calls `spawn(proc&)`, which starts the agent and returns its handle
  /// (or a `result` of it), reports to the host, and waits for SIGTERM.
  /// @returns the exit code: 0; 1 where an actor failed, or with the error on stderr where it could not boot
  template <class F> [[nodiscard]] static int boot(F&& spawn) {
    constexpr bool is_usable = detail::agent_function<std::decay_t<F>>;
    static_assert(
        is_usable,
        "hyperactor: the function given to boot takes a 'hyperactor::proc&' and returns the handle of the agent that "
        "it spawned, or a result of it: [](hyperactor::proc& p) { return p.spawn(\"host_agent\", Agent{}); }");
    if constexpr (is_usable) {
      constexpr bool is_agent = std::same_as<detail::agent_of<std::decay_t<F>>, Agent>;
      static_assert(is_agent,
                    "hyperactor: the function given to boot spawns another actor than the manager's Agent; name that "
                    "one in hyperactor::process_proc_manager<Agent>");
      return detail::boot_child(spawn);
    } else {
      return 1;
    }
  }

  /// Starts a process for the proc `addr` and returns its handle; it is ready when it has called back.
  /// @errors host_error::process_spawn_failed; channel errors, where it could not be given an address to call back
  [[nodiscard]] result<handle> spawn(const proc_addr& addr, const channel_addr& forwarder, process_config extra = {}) {
    using report = detail::child_report<Agent>;
    const auto record =
        detail::intrusive_ptr<detail::child_record<Agent>>::adopt(new detail::child_record<Agent>(addr, launcher_));
    auto callback =
        serve_each<report>(channel_addr::any<transport>(), [record](report r) { record->report(std::move(r)); });
    if (!callback) return callback.error();

    detail::launch_command command{program_, arguments_, {}};
    for (std::string& argument : extra.arguments) command.arguments.push_back(std::move(argument));
    std::vector<std::string> changes = detail::handshake{addr, forwarder, callback->addr()}.to_variables();
    for (std::string& entry : extra.environment) changes.push_back(std::move(entry));
    command.environment = detail::environment_with(std::move(changes));
    if (const std::error_code failure = launcher_->start(record->process, command)) {
      callback->stop("the process could not be started");
      return detail::spawn_failed_error(addr.to_string(), program_, failure.message());
    }
    handle out(record);
    out.async_ready([server = *callback](const result<void>&) { server.stop("the child has reported, or ended"); });
    return out;
  }

 private:
  void end() noexcept {
    if (launcher_) launcher_->shut_down();  // [PPM-1]
  }

  std::string program_;
  std::vector<std::string> arguments_;
  detail::intrusive_ptr<detail::launcher> launcher_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_HOST_PROCESS_PROC_MANAGER_HPP
