// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_BOOTSTRAP_HPP
#define HYPERACTOR_HOST_BOOTSTRAP_HPP

/// @file
/// The child's side of a process proc manager: from the variables of the environment to the exit code.
///
/// [BOO-1] The host hears of a child only when its proc serves and its agent runs and is bound.
/// [BOO-2] SIGTERM stops all actors; then the process ends: 0, or 1 where an actor failed.
/// [BOO-3] A child whose host has gone ends: Linux kills it with its parent, and one that lost the parent while it
///         started exits.

#include <hyperactor/channel/dial.hpp>
#include <hyperactor/host/detail/end_proc.hpp>
#include <hyperactor/host/detail/outcome.hpp>
#include <hyperactor/host/detail/served_proc.hpp>
#include <hyperactor/host/handshake.hpp>
#include <hyperactor/host/process_handle.hpp>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

#include <csignal>
#include <cstdio>

namespace hyperactor::inline v0::detail {

/// Turns SIGTERM into a descriptor that can be polled. The first call sets it up; a handler, and not a blocked signal,
/// because threads may run already.
class termination_request {
 public:
  [[nodiscard]] HYPERACTOR_COLD static result<void> install() {
    event() = ::eventfd(0, EFD_CLOEXEC);
    if (event() < 0) return error(std::error_code(errno, std::generic_category()));
    struct sigaction action{};
    action.sa_handler = [](int) {
      const int saved = errno;
      const std::uint64_t one = 1;
      [[maybe_unused]] const auto written = ::write(event(), &one, sizeof one);
      errno = saved;
    };
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGTERM, &action, nullptr);
    sigset_t term;
    ::sigemptyset(&term);
    ::sigaddset(&term, SIGTERM);
    ::pthread_sigmask(SIG_UNBLOCK, &term, nullptr);
    return {};
  }
  /// Blocks until SIGTERM arrives; one that came before counts.
  static void wait() noexcept {
    std::uint64_t count = 0;
    while (::read(event(), &count, sizeof count) < 0 && errno == EINTR) {
    }
  }

 private:
  [[nodiscard]] HYPERACTOR_SHARED static int& event() noexcept {
    static constinit int descriptor = -1;
    return descriptor;
  }
};

/// The kernel kills this process when the thread that started it ends ([BOO-3]).
HYPERACTOR_COLD inline void die_with_parent() {
  const pid_t parent = ::getppid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) std::_Exit(0);  // it has ended before the request counted
}

[[nodiscard]] HYPERACTOR_COLD inline int boot_failure(const error& why) noexcept {
  std::fprintf(stderr, "hyperactor: %s\n", why.what().c_str());
  return 1;
}

/// Runs a child to its end.
/// @returns the exit code
template <class F> [[nodiscard]] int boot_child(F& spawn) {
  using agent_type = agent_of<F>;
  die_with_parent();
  auto host = handshake::take();
  if (!host) return boot_failure(host.error());
  if (auto ready = termination_request::install(); !ready) return boot_failure(ready.error());
  auto self = served_proc::make(host->proc, host->backend);
  if (!self) return boot_failure(self.error());
  auto agent = spawn_agent(spawn, self->proc, host->proc);
  if (!agent) return boot_failure(agent.error());
  {
    auto callback = dial<child_report<agent_type>>(host->callback);
    if (!callback) return boot_failure(callback.error());
    const child_report<agent_type> report(self->server.addr(), agent->bind());  // [BOO-1]
    const auto heard = await_outcome<result<void>>(
        [&](outcome_callback<result<void>> done) { (void)callback->send(report, std::move(done)); });
    if (!heard) return boot_failure(heard.error());
  }
  termination_request::wait();
  const bool is_clean = await_outcome<bool>([&](proc_end::callback done) {
    proc_end::start(std::move(*self), config::get<config::stop_actor_timeout>(), "the host asked the process to end",
                    std::move(done));
  });
  return is_clean ? 0 : 1;  // [BOO-2]
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_HOST_BOOTSTRAP_HPP
