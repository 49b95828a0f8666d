// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_DETAIL_HOST_CORE_HPP
#define HYPERACTOR_HOST_DETAIL_HOST_CORE_HPP

/// @file
/// What a host does, independent of who owns it: its procs by name, spawning and ending them. Operations that run keep it.
///
/// [HCO-1] A name is taken from the start of a spawn until the end of its proc is noticed, or the spawn has failed and
///         nothing of it is left.
/// [HCO-2] A proc that is not ready in time, ends before, or reports nothing usable is killed before the spawn fails.
/// [HCO-3] The end of a proc, whoever caused it, removes its route and completes what was awaited from it.

#include <hyperactor/base/log.hpp>
#include <hyperactor/config/keys.hpp>
#include <hyperactor/config/store.hpp>
#include <hyperactor/host/concepts.hpp>
#include <hyperactor/host/detail/host_network.hpp>
#include <hyperactor/host/detail/outcome.hpp>
#include <hyperactor/host/process_status.hpp>

#include <asio/steady_timer.hpp>
#include <memory>
#include <optional>

namespace hyperactor::inline v0 {

/// What `host::spawn` makes: `auto [proc, agent] = host.spawn("proc1").value();`
template <class Agent>
struct spawned_proc {
  proc_addr proc;          ///< the address of the proc, at the host's front end
  actor_ref<Agent> agent;  ///< the actor that runs in it
};

namespace detail {

template <class Status>
[[nodiscard]] std::string status_text(const Status& s) {
  if constexpr (requires { s.to_string(); }) {
    return s.to_string();
  } else {
    return "()";
  }
}

/// @threadsafe
template <class Manager>
class host_core : public ref_counted<host_core<Manager>> {
 public:
  using agent = typename Manager::agent;
  using handle = typename Manager::handle;
  using config_type = typename Manager::config;
  using spawn_outcome = result<spawned_proc<agent>>;

  host_core(Manager m, host_network n) : network(std::move(n)), manager(std::in_place, std::move(m)) {}

  void spawn(std::string_view name, config_type config, outcome_callback<spawn_outcome> done) {
    const proc_addr addr = proc_addr::from_name(network.front_end().addr(), name);
    if (!reserve(addr)) return done(proc_exists_error(name));
    auto made = manager->spawn(addr, network.back_end().addr(), std::move(config));
    if (!made) {
      forget(addr);
      return done(made.error());
    }
    spawning::start(intrusive_ptr(this), addr, std::move(*made), std::move(done));
  }

  [[nodiscard]] std::optional<handle> find(std::string_view name) {
    const proc_id id = proc_id::from_name(name);
    const std::lock_guard lock(mutex);
    for (const entry& e : entries) {
      if (e.addr.id() == id && e.proc && !e.proc->is_terminal()) return e.proc;
    }
    return std::nullopt;
  }

  void terminate_all(sender& cx, termination_options options, outcome_callback<termination_summary> done) {
    auto work = std::make_shared<termination>();
    {
      const std::lock_guard lock(mutex);
      for (const entry& e : entries) {
        if (e.proc) work->waiting.push_back(*e.proc);
      }
    }
    work->cx = &cx;
    work->options = std::move(options);
    work->summary.attempted = work->waiting.size();
    work->done = std::move(done);
    if (work->waiting.empty()) return work->done(work->summary);
    const std::size_t first = std::max<std::size_t>(1, std::min(work->options.max_in_flight, work->waiting.size()));
    for (std::size_t i = 0; i != first; ++i) terminate_next(work);
  }

  host_network network;
  std::optional<Manager> manager;  // gone once the host is
  bool is_serving = false;         // the host's, under its mutex
  std::mutex mutex;                // protects is_serving and entries

 private:
  struct entry {
    proc_addr addr;
    std::optional<handle> proc;  // nothing while it is being started
  };
  struct termination {
    std::mutex mutex;
    std::vector<handle> waiting;
    sender* cx = nullptr;
    termination_options options;
    termination_summary summary;
    outcome_callback<termination_summary> done;
  };

  // ---- names

  [[nodiscard]] bool reserve(const proc_addr& addr) {
    if (addr.id() == network.service().id() || addr.id() == network.local().id()) return false;
    std::optional<proc_addr> ended;
    {
      const std::lock_guard lock(mutex);
      for (entry& e : entries) {
        if (e.addr.id() != addr.id()) continue;
        if (!e.proc || !e.proc->is_terminal()) return false;
        ended = e.addr;  // it has ended, and its monitor is about to tell
        e.proc.reset();
      }
      if (!ended) entries.push_back({addr, std::nullopt});
    }
    if (ended) network.drop_route(*ended, lost_text(*ended, "ended"));
    return true;
  }
  void set_handle(const proc_addr& addr, const handle& h) {
    const std::lock_guard lock(mutex);
    for (entry& e : entries) {
      if (e.addr == addr) e.proc = h;
    }
  }
  void forget(const proc_addr& addr) {
    const std::lock_guard lock(mutex);
    std::erase_if(entries, [&](const entry& e) { return e.addr == addr; });
  }
  /// @returns whether it was there, and not yet another one of that name
  bool forget_ended(const proc_addr& addr) {
    const std::lock_guard lock(mutex);
    return std::erase_if(entries, [&](const entry& e) { return e.addr == addr && e.proc && e.proc->is_terminal(); }) != 0;
  }
  [[nodiscard]] static std::string lost_text(const proc_addr& addr, std::string_view how) {
    return "proc " + addr.to_string() + " " + std::string(how);
  }

  /// Notices the end of a proc ([HCO-3]).
  void watch(const proc_addr& addr, const handle& h) {
    h.async_wait([self = intrusive_ptr(this), addr, h](const auto& end) {
      const std::string how = end ? "ended: " + status_text(*end) : "was lost: " + end.error().message();
      bool is_news = true;
      if constexpr (requires { bool(h.was_asked_to_end()); }) is_news = !h.was_asked_to_end();
      if (is_news) log::write(log::severity::warning, lost_text(addr, how));
      if (self->forget_ended(addr)) self->network.drop_route(addr, lost_text(addr, how));
    });
  }

  // ---- one spawn

  /// From the manager's handle to the host's answer. Everything after `start` runs on the reactor.
  class spawning : public ref_counted<spawning> {
   public:
    static void start(intrusive_ptr<host_core> host, const proc_addr& addr, handle h, outcome_callback<spawn_outcome> done) {
      const auto self = intrusive_ptr<spawning>::adopt(
          new spawning(std::move(host), addr, std::move(h), std::move(done)));
      const std::chrono::nanoseconds limit = config::get<config::host_spawn_ready_timeout>();
      if (limit != std::chrono::nanoseconds::zero()) {
        self->timer_.expires_at(deadline_after(limit));
        self->timer_.async_wait([self, limit](const std::error_code& cancelled) {
          if (!cancelled) self->failed(timeout_text(limit));
        });
      }
      self->proc_.async_ready([self](result<void> ready) {
        asio::post(reactor::instance().context(), [self, ready = std::move(ready)] { self->settled(ready); });
      });
    }

   private:
    spawning(intrusive_ptr<host_core> host, proc_addr addr, handle h, outcome_callback<spawn_outcome> done)
        : host_(std::move(host)),
          addr_(std::move(addr)),
          proc_(std::move(h)),
          done_(std::move(done)),
          timer_(reactor::instance().context()) {}

    [[nodiscard]] HYPERACTOR_COLD static std::string timeout_text(std::chrono::nanoseconds limit) {
      return "Timeout: not ready within " + duration_text(limit) + " (HYPERACTOR_HOST_SPAWN_READY_TIMEOUT)";
    }
    void settled(const result<void>& ready) {
      if (is_over_) return;
      if (!ready) {
        return failed("Ready(" + (ready.error() == host_error::lifecycle_closed ? "ChannelClosed" : ready.error().message()) +
                      ")");
      }
      const auto addr = proc_.addr();
      if (!addr) return failed("MissingAddr");
      auto agent = proc_.agent_ref();
      if (!agent) return failed("MissingAgentRef");
      is_over_ = true;
      timer_.cancel();
      host_->network.add_route(addr_, *addr);
      host_->set_handle(addr_, proc_);
      host_->watch(addr_, proc_);
      done_(spawned_proc<agent_type>{addr_, std::move(*agent)});
    }
    void failed(std::string reason) {
      if (std::exchange(is_over_, true)) return;
      timer_.cancel();
      proc_.async_kill([self = intrusive_ptr(this), reason = std::move(reason)](const auto&) {  // [HCO-2]
        self->host_->forget(self->addr_);
        self->done_(configuration_failed_error(self->addr_.to_string(), reason));
      });
    }

    using agent_type = agent;
    const intrusive_ptr<host_core> host_;
    const proc_addr addr_;
    const handle proc_;
    outcome_callback<spawn_outcome> done_;
    asio::steady_timer timer_;
    bool is_over_ = false;
  };

  // ---- ending all

  void terminate_next(const std::shared_ptr<termination>& work) {
    std::optional<handle> next;
    {
      const std::lock_guard lock(work->mutex);
      if (work->waiting.empty()) return;
      next.emplace(std::move(work->waiting.back()));
      work->waiting.pop_back();
    }
    next->async_terminate(*work->cx, work->options, [self = intrusive_ptr(this), work, addr = proc_addr(next->proc_addr())](
                                                        const auto& end) {
      // the host's own monitor may not have run yet: the name is free when the summary is there
      const bool is_ended = end || end.error() == host_error::already_terminated;
      if (is_ended && self->forget_ended(addr)) self->network.drop_route(addr, lost_text(addr, "was terminated"));
      bool is_last = false;
      {
        const std::lock_guard lock(work->mutex);
        ++(is_ended ? work->summary.ok : work->summary.failed);
        is_last = work->summary.ok + work->summary.failed == work->summary.attempted;
      }
      if (is_last) return work->done(work->summary);
      self->terminate_next(work);
    });
  }

  std::vector<entry> entries;
};

}  // namespace detail
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_HOST_DETAIL_HOST_CORE_HPP
