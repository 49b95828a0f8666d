// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_PROC_DEFAULT_RUNTIME_HPP
#define HYPERACTOR_PROC_DEFAULT_RUNTIME_HPP

/// @file
/// The runtime of the process: made at first use, stopped at static destruction or by `runtime::shutdown`.

#include <hyperactor/config/store.hpp>
#include <hyperactor/proc/pool_runtime.hpp>

namespace hyperactor::inline v0 {

namespace detail {

struct default_runtime {
  HYPERACTOR_SHARED static default_runtime& instance() {
    static auto* const self = new default_runtime;  // never freed: actors may outlast static destruction
    static const struct at_exit {
      ~at_exit() { (void)self->stop(config::get<config::runtime_exit_timeout>()); }
    } stopper;
    return *self;
  }

  bool stop(std::chrono::nanoseconds timeout) noexcept {
    std::unique_lock lock(mutex, std::defer_lock);
    if (current_instance == nullptr) {
      lock.lock();
    } else if (!lock.try_lock()) {
      return false;  // a handler ends the process, and whoever stops the runtime waits for this very thread
    }
    if (stopped) return in_time;
    stopped = true;
    pool.close();
    shutdown_round round{deadline_after(timeout)};
    for (int n = 0; n < 3; ++n) {  // actors may spawn others before they learn of the kill
      round.any = false;
      instance_registry::instance().visit(&shutdown_round::kill, &round);
      if (!round.any) break;
      instance_registry::instance().visit(&shutdown_round::join, &round);
    }
    pool.stop_workers();
    log::flush_limited();
    return in_time = round.all;
  }

  struct shutdown_round {
    steady_time deadline;
    bool any = false;  // actors were alive
    bool all = true;   // they ended in time

    static void kill(mailbox& m, void* self) {
      if (!m.is_actor()) return;
      static_cast<shutdown_round*>(self)->any = true;
      static_cast<actor_core&>(m).send_stop(signal_kind::shut_down, "runtime shutdown");
    }
    static void join(mailbox& m, void* self) {
      auto& round = *static_cast<shutdown_round*>(self);
      if (!m.is_actor() || &m == current_instance || !round.all) return;
      const watch<actor_status> status{intrusive_ptr<const watch_source<actor_status>>(&static_cast<actor_core&>(m))};
      round.all = status.wait_until_deadline(&is_terminal_status, round.deadline);
    }
  };

  std::mutex mutex;
  bool stopped = false;
  bool in_time = false;  // all actors had ended when it stopped
  pool_runtime& pool = *new pool_runtime(threads());

 private:
  [[nodiscard]] static unsigned threads() {
    const auto n = static_cast<unsigned>(config::get<config::runtime_threads>());
    return n != 0 ? n : os_thread::processors();
  }
};

}  // namespace detail

inline runtime& runtime::instance() { return detail::default_runtime::instance().pool; }

inline bool runtime::shutdown(std::chrono::nanoseconds deadline) {
  detail::require_blocking_allowed("runtime::shutdown", "asio::post");
  return detail::default_runtime::instance().stop(deadline);
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_PROC_DEFAULT_RUNTIME_HPP
