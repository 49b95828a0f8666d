// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_LOCAL_PROC_MANAGER_HPP
#define HYPERACTOR_HOST_LOCAL_PROC_MANAGER_HPP

/// @file
/// `local_proc_manager`: the procs of a host in the host's own process.
///
/// [LPM-1] A proc is ready when `spawn` returns it; where its agent could not be started nothing is left of it.
/// [LPM-2] A proc that is ended stops its actors, those that do not stop in time by force; a request after the end is
///         told `already_terminated`.
/// [LPM-4] The shortest time that was asked for counts: `kill` ends a proc at once that is being terminated.
/// [LPM-3] The end of the manager ends all of its procs, and waits for that; on a runtime thread they end in the
///         background.

#include <hyperactor/host/concepts.hpp>
#include <hyperactor/host/detail/end_proc.hpp>
#include <hyperactor/host/detail/outcome.hpp>
#include <hyperactor/host/detail/served_proc.hpp>
#include <hyperactor/host/termination.hpp>

#include <asio/use_awaitable.hpp>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace hyperactor::inline v0 {

/// State of a proc in this process.
enum class local_proc_status : unsigned char {
  running,   ///< it serves and its actors run
  stopping,  ///< its actors are being stopped
  stopped,   ///< it has ended
};

[[nodiscard]] constexpr std::string_view to_string(local_proc_status s) noexcept {
  return s == local_proc_status::running ? "Running" : s == local_proc_status::stopping ? "Stopping" : "Stopped";
}

namespace detail {

/// One proc of a local manager. Owner: the manager, its handles, and the thread that ends it.
template <class Agent>
class local_proc_record final : public watch_source<local_proc_status>, public ref_counted<local_proc_record<Agent>> {
  using counted = ref_counted<local_proc_record<Agent>>;

 public:
  local_proc_record(hyperactor::proc_addr a, served_proc p, actor_ref<Agent> g)
      : address(std::move(a)), where(p.server.addr()), agent(std::move(g)), served_(std::move(p)) {}

  [[nodiscard]] local_proc_status current() const override { return status_.load(std::memory_order_seq_cst); }
  void retain() const noexcept override { counted::retain(); }
  void release() const noexcept override { counted::release(); }

  /// Starts the end, or shortens the time that the one which has started gives to actors.
  /// @returns false where it has ended already
  bool end(std::chrono::nanoseconds timeout, std::string reason) {
    {
      const std::lock_guard lock(mutex_);
      if (is_over_) return current() != local_proc_status::stopped;
      if (ending_) {
        ending_->hurry(timeout);
        return true;
      }
      status_.store(local_proc_status::stopping, std::memory_order_seq_cst);
      ending_ = start_end(timeout, std::move(reason));
    }
    this->changed();
    return true;
  }
  /// Calls `hook` before the end is visible; at once, where the proc has ended.
  void on_end(unique_function<void(const local_proc_status&)> hook) {
    {
      const std::lock_guard lock(mutex_);
      if (!is_over_) return hooks_.push_back(std::move(hook));
    }
    hook(local_proc_status::stopped);
  }
  [[nodiscard]] bool was_asked_to_end() const { return current() != local_proc_status::running; }

  const hyperactor::proc_addr address;
  const channel_addr where;
  const actor_ref<Agent> agent;

 private:
  friend class ref_counted<local_proc_record>;
  ~local_proc_record() = default;

  [[nodiscard]] intrusive_ptr<proc_end> start_end(std::chrono::nanoseconds timeout, std::string reason) {
    return proc_end::start(std::move(served_), timeout, std::move(reason), [self = intrusive_ptr(this)](bool) {
      intrusive_ptr<proc_end> ended;
      std::vector<unique_function<void(const local_proc_status&)>> hooks;
      {
        const std::lock_guard lock(self->mutex_);
        self->is_over_ = true;
        ended = std::move(self->ending_);
        hooks.swap(self->hooks_);
      }
      for (auto& hook : hooks) hook(local_proc_status::stopped);
      self->status_.store(local_proc_status::stopped, std::memory_order_seq_cst);
      self->changed();
    });
  }

  served_proc served_;
  std::mutex mutex_;  // protects the following
  bool is_over_ = false;
  intrusive_ptr<proc_end> ending_;  // while it is being ended
  std::vector<unique_function<void(const local_proc_status&)>> hooks_;
  std::atomic<local_proc_status> status_{local_proc_status::running};
};

inline bool is_stopped(const local_proc_status& s) noexcept { return s == local_proc_status::stopped; }

}  // namespace detail

/// A proc of a `local_proc_manager`.
/// @threadsafe
template <class Agent> class local_proc_handle {
 public:
  using agent = Agent;
  using terminal_status = local_proc_status;

  explicit local_proc_handle(detail::intrusive_ptr<detail::local_proc_record<Agent>> record) noexcept
      : record_(std::move(record)) {}

  /// The address that messages are sent to.
  [[nodiscard]] const hyperactor::proc_addr& proc_addr() const noexcept { return record_->address; }
  /// Where the proc is served.
  [[nodiscard]] std::optional<channel_addr> addr() const { return record_->where; }
  [[nodiscard]] std::optional<actor_ref<Agent>> agent_ref() const { return record_->agent; }
  [[nodiscard]] watch<local_proc_status> status() const {
    return watch<local_proc_status>(
        detail::intrusive_ptr<const detail::watch_source<local_proc_status>>(record_.get()));
  }
  [[nodiscard]] bool is_terminal() const { return record_->current() == local_proc_status::stopped; }

  /// Whether `terminate` or `kill` was called, or its manager has ended: its end is no news then.
  [[nodiscard]] bool was_asked_to_end() const { return record_->was_asked_to_end(); }
  /// Calls `hook(const local_proc_status&)` when the proc has ended, before `status` and `wait` show it, on a thread
  /// that it must not hold up; at once, where it has ended.
  template <class F> void on_end(F&& hook) const { record_->on_end(std::forward<F>(hook)); }

  /// Returns at once: a local proc is ready when it is there.
  [[nodiscard]] result<void> ready() const { return {}; }
  /// The same for any completion token of signature `void(result<void>)`.
  template <class CompletionToken = asio::use_awaitable_t<>>
  [[nodiscard]] auto async_ready(CompletionToken&& token = {}) const {
    return detail::async_outcome<result<void>>([](detail::outcome_callback<result<void>> done) { done({}); },
                                               std::forward<CompletionToken>(token));
  }
  /// Blocks until the proc has ended.
  /// @errors throws `misuse_error` on a runtime thread
  [[nodiscard]] result<local_proc_status> wait() const {
    detail::require_blocking_allowed("wait", "async_wait");
    return status().wait(&detail::is_stopped);
  }
  /// The same for any completion token of signature `void(result<local_proc_status>)`.
  template <class CompletionToken = asio::use_awaitable_t<>>
  [[nodiscard]] auto async_wait(CompletionToken&& token = {}) const {
    return finish(true, std::forward<CompletionToken>(token));
  }
  /// Stops the actors of the proc, aborts those that have not stopped in time, and blocks until all have ended.
  /// @errors host_error::already_terminated; throws `misuse_error` on a runtime thread
  result<local_proc_status> terminate(sender&, const termination_options& options = {}) const {
    detail::require_blocking_allowed("terminate", "async_terminate");
    if (!record_->end(options.timeout, options.reason)) return detail::already_terminated_error("()");
    return wait();
  }
  /// The same for any completion token of signature `void(result<local_proc_status>)`.
  template <class CompletionToken = asio::use_awaitable_t<>>
  auto async_terminate(sender&, const termination_options& options, CompletionToken&& token = {}) const {
    return finish(record_->end(options.timeout, options.reason), std::forward<CompletionToken>(token));
  }
  /// Aborts the actors of the proc at once.
  /// @errors as `terminate`
  result<local_proc_status> kill() const {
    detail::require_blocking_allowed("kill", "async_kill");
    if (!record_->end(std::chrono::nanoseconds::zero(), "kill")) return detail::already_terminated_error("()");
    return wait();
  }
  /// The same for any completion token of signature `void(result<local_proc_status>)`.
  template <class CompletionToken = asio::use_awaitable_t<>> auto async_kill(CompletionToken&& token = {}) const {
    return finish(record_->end(std::chrono::nanoseconds::zero(), "kill"), std::forward<CompletionToken>(token));
  }

 private:
  template <class CompletionToken> auto finish(bool is_accepted, CompletionToken&& token) const {
    using outcome = result<local_proc_status>;
    return detail::async_outcome<outcome>(
        [status = status(), is_accepted](detail::outcome_callback<outcome> done) {
          if (!is_accepted) return done(detail::already_terminated_error("()"));
          status.async_wait(&detail::is_stopped,
                            [done = std::move(done)](local_proc_status s) mutable { done(outcome(s)); });
        },
        std::forward<CompletionToken>(token));
  }

  detail::intrusive_ptr<detail::local_proc_record<Agent>> record_;
};

/// Makes procs in this process: `local_proc_manager{[](ha::proc& p) { return p.spawn("host_agent", echo{}); }}`.
/// @tparam SpawnAgent  called with every new proc; returns the handle of the agent that it spawned, or a `result` of it
template <class SpawnAgent> class local_proc_manager {
  static constexpr bool is_usable = detail::agent_function<SpawnAgent>;
  static_assert(
      is_usable,
      "hyperactor: the function given to local_proc_manager takes a 'hyperactor::proc&' and returns the handle of the "
      "agent that it spawned, or a result of it");

 public:
  using agent = detail::agent_of<SpawnAgent>;
  struct config {};
  using handle = local_proc_handle<agent>;
  using transport = hyperactor::transport::local;

  explicit local_proc_manager(SpawnAgent spawn_agent) : state_(std::make_unique<state>(std::move(spawn_agent))) {}
  local_proc_manager(local_proc_manager&&) noexcept = default;
  local_proc_manager& operator=(local_proc_manager&&) noexcept = default;

  /// Makes the proc, serves it and starts its agent.
  /// @errors host_error::agent_spawn_failed; those of serving and of building a proc
  [[nodiscard]] result<handle> spawn(const proc_addr& addr, const channel_addr& forwarder, config = {}) {
    auto served = detail::served_proc::make(addr, forwarder);
    if (!served) return served.error();
    auto started = detail::spawn_agent(state_->spawn_agent, served->proc, addr);
    if (!started) {
      detail::proc_end::start(std::move(*served), std::chrono::nanoseconds::zero(), "its agent could not be started",
                              [](bool) {});  // [LPM-1]
      return started.error();
    }
    using record = detail::local_proc_record<agent>;
    const auto made = detail::intrusive_ptr<record>::adopt(new record(addr, std::move(*served), started->bind()));
    const std::lock_guard lock(state_->mutex);
    std::erase_if(state_->procs, [](const auto& p) { return p->current() == local_proc_status::stopped; });
    state_->procs.push_back(made);
    return handle(made);
  }

 private:
  struct state {
    explicit state(SpawnAgent f) : spawn_agent(std::move(f)) {}
    ~state() {  // [LPM-3]
      const std::chrono::nanoseconds limit = hyperactor::config::get<hyperactor::config::stop_actor_timeout>();
      for (const auto& p : procs) p->end(limit, "the manager has ended");
      // actors may need this very thread to end; and once the runtime has ended, nobody tells that they have
      if (detail::is_runtime_thread || detail::reactor::instance().is_shut_down()) return;
      for (const auto& p : procs) (void)handle(p).status().wait_for(&detail::is_stopped, 3 * limit);
    }
    SpawnAgent spawn_agent;
    std::mutex mutex;  // protects the following
    std::vector<detail::intrusive_ptr<detail::local_proc_record<agent>>> procs;
  };

  std::unique_ptr<state> state_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_HOST_LOCAL_PROC_MANAGER_HPP
