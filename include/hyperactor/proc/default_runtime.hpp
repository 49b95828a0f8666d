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
    const std::lock_guard lock(mutex);
    if (stopped) return true;
    stopped = true;
    pool.close();
    const steady_time deadline = deadline_after(timeout);
    auto& registry = instance_registry::instance();
    const auto each_actor = [&](auto&& f) {
      registry.for_each([&](mailbox& m) {
        if (m.is_actor()) f(static_cast<actor_core&>(m));
      });
    };
    bool all = true;
    for (int round = 0; round < 3; ++round) {  // actors may spawn others before they learn of the kill
      bool any = false;
      each_actor([&](actor_core& a) {
        any = true;
        a.send_stop(signal_kind::shut_down, "runtime shutdown");
      });
      if (!any) break;
      each_actor([&](actor_core& a) {
        if (&a == current_instance || !all) return;
        const watch<actor_status> status{intrusive_ptr<const watch_source<actor_status>>(&a)};
        all = status.wait_until_deadline(&is_terminal_status, deadline);
      });
    }
    pool.stop_workers();
    log::flush_limited();
    return all;
  }

  std::mutex mutex;
  bool stopped = false;
  pool_runtime& pool = *new pool_runtime([] {
    const auto n = static_cast<unsigned>(config::get<config::runtime_threads>());
    return n != 0 ? n : os_thread::processors();
  }());
};

}  // namespace detail

inline runtime& runtime::instance() { return detail::default_runtime::instance().pool; }

inline bool runtime::shutdown(std::chrono::nanoseconds deadline) {
  detail::require_blocking_allowed("runtime::shutdown", "asio::post");
  return detail::default_runtime::instance().stop(deadline);
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_PROC_DEFAULT_RUNTIME_HPP
