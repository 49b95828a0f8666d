// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_DETAIL_HOST_CORE_HPP
#define HYPERACTOR_HOST_DETAIL_HOST_CORE_HPP

/// @file
/// What a host does, independent of who owns it: its procs by name, spawning and ending them. Operations that run keep
/// it.
///
/// [HCO-1] A name is taken from the start of a spawn until the end of its proc is noticed, or the spawn has failed and
///         nothing of it is left.
/// [HCO-2] A proc that is not ready in time, ends before, or reports nothing usable is killed before the spawn fails.
/// [HCO-3] The end of a proc, whoever caused it, removes its route and completes what was awaited from it.
/// [HCO-4] A spawn that begins after the end of its host fails: an asynchronous one may begin at any time.

#include <hyperactor/base/context_timer.hpp>
#include <hyperactor/base/log.hpp>
#include <hyperactor/base/post.hpp>
#include <hyperactor/config/keys.hpp>
#include <hyperactor/config/store.hpp>
#include <hyperactor/host/concepts.hpp>
#include <hyperactor/host/detail/host_network.hpp>
#include <hyperactor/host/detail/outcome.hpp>
#include <hyperactor/host/process_status.hpp>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <optional>

namespace hyperactor::inline v0 {

/// What `host::spawn` makes: `auto [proc, agent] = host.spawn("proc1").value();`
template <class Agent> struct spawned_proc {
  proc_addr proc;          ///< the address of the proc, at the host's front end
  actor_ref<Agent> agent;  ///< the actor that runs in it
};

namespace detail {

template <class Status> [[nodiscard]] std::string status_text(const Status& s) {
  if constexpr (requires { s.to_string(); }) {
    return s.to_string();
  } else {
    return "()";
  }
}

/// @threadsafe
template <class Manager> class host_core : public ref_counted<host_core<Manager>> {
 public:
  using agent = typename Manager::agent;
  using handle = typename Manager::handle;
  using config_type = typename Manager::config;
  using spawn_outcome = result<spawned_proc<agent>>;

  host_core(Manager m, host_network n) : network(std::move(n)), manager(std::in_place, std::move(m)) {}

  void spawn(std::string_view name, config_type config, outcome_callback<spawn_outcome> done) {
    const proc_addr addr = proc_addr::from_name(network.front_end().addr(), name);
    const std::uint64_t number = reserve(addr);
    if (number == 0) return done(proc_exists_error(name));
    if (!enter_manager()) {  // [HCO-4]
      take(number, addr);
      return done(error(host_error::lifecycle_closed, "the host has ended"));
    }
    auto made = manager->spawn(addr, network.back_end().addr(), std::move(config));
    leave_manager();
    if (!made) {
      take(number, addr);
      return done(made.error());
    }
    spawning::start(intrusive_ptr(this), addr, number, std::move(*made), std::move(done));
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
        if (e.proc) work->waiting.push_back(e);
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

  /// The host ends: its manager goes, as soon as it has started what it is starting.
  void end_manager() noexcept {
    {
      std::unique_lock lock(mutex);
      has_ended = true;
      idle.wait(lock, [&] { return starting == 0; });
    }
    manager.reset();
  }

  host_network network;
  std::optional<Manager> manager;  // gone once the host is
  bool is_serving = false;         // the host's, under its mutex
  std::mutex mutex;                // protects is_serving and what follows the types below

 private:
  struct entry {
    std::uint64_t number;  // never used again
    proc_addr addr;
    std::optional<handle> proc;  // nothing while it is being started
  };
  struct termination {
    std::mutex mutex;
    std::vector<entry> waiting;
    sender* cx = nullptr;
    termination_options options;
    termination_summary summary;
    outcome_callback<termination_summary> done;
  };

  // ---- the manager

  [[nodiscard]] bool enter_manager() {
    const std::lock_guard lock(mutex);
    if (has_ended) return false;
    ++starting;
    return true;
  }
  void leave_manager() {
    const std::lock_guard lock(mutex);
    if (--starting == 0) idle.notify_all();
  }

  // ---- names

  /// @returns the number of the new entry; 0: the name is taken
  [[nodiscard]] std::uint64_t reserve(const proc_addr& addr) {
    if (addr.id() == network.service().id() || addr.id() == network.local().id()) return 0;
    std::uint64_t ended = 0;
    std::uint64_t number = 0;
    {
      const std::lock_guard lock(mutex);
      const auto at =
          std::find_if(entries.begin(), entries.end(), [&](const entry& e) { return e.addr.id() == addr.id(); });
      if (at != entries.end()) {
        if (!at->proc || !at->proc->is_terminal()) return 0;
        entries.erase(at);  // it has ended, and its monitor is about to tell
        ended = network.drop_route(addr);
      }
      number = ++last_number;
      entries.push_back({number, addr, std::nullopt});
    }
    network.tell_lost(ended, lost_text(addr, "ended"));
    return number;
  }
  void set_handle(std::uint64_t number, const handle& h) {
    const std::lock_guard lock(mutex);
    for (entry& e : entries) {
      if (e.number == number) e.proc = h;
    }
  }
  /// Removes an entry and its route; the name is free.
  /// @returns the route that it had; 0 also where somebody else was faster
  std::uint64_t take(std::uint64_t number, const proc_addr& addr) {
    const std::lock_guard lock(mutex);
    if (std::erase_if(entries, [&](const entry& e) { return e.number == number; }) == 0) return 0;
    return network.drop_route(addr);  // under the lock: the next one of this name has no route yet
  }
  [[nodiscard]] static std::string lost_text(const proc_addr& addr, std::string_view how) {
    return "proc " + addr.to_string() + " " + std::string(how);
  }

  /// The proc has ended ([HCO-3]).
  HYPERACTOR_COLD void note_end(std::uint64_t number, const proc_addr& addr, const std::string& how, bool is_news) {
    const std::string text = lost_text(addr, how);
    if (is_news) log::write(log::severity::warning, text);
    network.tell_lost(take(number, addr), text);
  }
  /// Notices the end of a proc, where its handle can, before others do.
  void watch(std::uint64_t number, const proc_addr& addr, const handle& h) {
    const auto is_news = [h] {
      if constexpr (requires { bool(h.was_asked_to_end()); }) return !h.was_asked_to_end();
      return true;
    };
    const auto ended = [self = intrusive_ptr(this), number, addr, is_news](const auto& end) {
      self->note_end(number, addr, "ended: " + status_text(end), is_news());
    };
    if constexpr (requires { h.on_end(ended); }) {
      h.on_end(ended);
    } else {
      h.async_wait([self = intrusive_ptr(this), number, addr, ended](const auto& end) {
        if (end) return ended(*end);
        self->note_end(number, addr, "was lost: " + end.error().message(), true);
      });
    }
  }

  // ---- one spawn

  /// From the manager's handle to the host's answer. Everything after `start` runs on the reactor.
  class spawning : public ref_counted<spawning> {
   public:
    static void start(intrusive_ptr<host_core> host, const proc_addr& addr, std::uint64_t number, handle h,
                      outcome_callback<spawn_outcome> done) {
      const auto self =
          intrusive_ptr<spawning>::adopt(new spawning(std::move(host), addr, number, std::move(h), std::move(done)));
      const std::chrono::nanoseconds limit = config::get<config::host_spawn_ready_timeout>();
      if (limit != std::chrono::nanoseconds::zero()) {
        self->timer_.expires_at(deadline_after(limit));
        self->timer_.async_wait([self, limit](const std::error_code& cancelled) {
          if (!cancelled) self->failed(timeout_text(limit));
        });
      }
      self->proc_.async_ready([self](result<void> ready) {
        post_to(reactor::instance().context(), [self, ready = std::move(ready)] { self->settled(ready); });
      });
    }

   private:
    spawning(intrusive_ptr<host_core> host, proc_addr addr, std::uint64_t number, handle h,
             outcome_callback<spawn_outcome> done)
        : host_(std::move(host)),
          addr_(std::move(addr)),
          number_(number),
          proc_(std::move(h)),
          done_(std::move(done)),
          timer_(reactor::instance().context()) {}

    [[nodiscard]] HYPERACTOR_COLD static std::string timeout_text(std::chrono::nanoseconds limit) {
      return "Timeout: not ready within " + duration_text(limit) + " (HYPERACTOR_HOST_SPAWN_READY_TIMEOUT)";
    }
    void settled(const result<void>& ready) {
      if (is_over_) return;
      if (!ready) {
        return failed("Ready(" +
                      (ready.error() == host_error::lifecycle_closed ? "ChannelClosed" : ready.error().message()) +
                      ")");
      }
      const auto addr = proc_.addr();
      if (!addr) return failed("MissingAddr");
      auto agent = proc_.agent_ref();
      if (!agent) return failed("MissingAgentRef");
      is_over_ = true;
      timer_.cancel();
      host_->network.add_route(addr_, *addr);
      host_->set_handle(number_, proc_);
      host_->watch(number_, addr_, proc_);
      done_(spawned_proc<agent_type>{addr_, std::move(*agent)});
    }
    void failed(std::string reason) {
      if (std::exchange(is_over_, true)) return;
      timer_.cancel();
      proc_.async_kill([self = intrusive_ptr(this), reason = std::move(reason)](const auto&) {  // [HCO-2]
        self->host_->take(self->number_, self->addr_);
        self->done_(configuration_failed_error(self->addr_.to_string(), reason));
      });
    }

    using agent_type = agent;
    const intrusive_ptr<host_core> host_;
    const proc_addr addr_;
    const std::uint64_t number_;
    const handle proc_;
    outcome_callback<spawn_outcome> done_;
    context_timer timer_;
    bool is_over_ = false;
  };

  // ---- ending all

  void terminate_next(const std::shared_ptr<termination>& work) {
    std::optional<entry> next;
    {
      const std::lock_guard lock(work->mutex);
      if (work->waiting.empty()) return;
      next.emplace(std::move(work->waiting.back()));
      work->waiting.pop_back();
    }
    next->proc->async_terminate(
        *work->cx, work->options,
        [self = intrusive_ptr(this), work, number = next->number, addr = next->addr](const auto& end) {
          const bool is_ended = end || end.error() == host_error::already_terminated;
          if (is_ended) self->note_end(number, addr, "was terminated", false);  // where the monitor has not yet
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
  std::uint64_t last_number = 0;
  std::size_t starting = 0;  // procs that the manager is starting right now
  bool has_ended = false;
  std::condition_variable idle;
};

}  // namespace detail
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_HOST_DETAIL_HOST_CORE_HPP
