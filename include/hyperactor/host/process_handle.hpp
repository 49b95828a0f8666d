// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_PROCESS_HANDLE_HPP
#define HYPERACTOR_HOST_PROCESS_HANDLE_HPP

/// @file
/// `process_handle`: one child process and its proc, as its host sees them.
///
/// [PHD-1] All handles of one child see the same status and the same end, before and after it happened.
/// [PHD-2] Address and agent are there once the child was ready, and stay when it ends.
/// [PHD-3] `terminate` and `kill` may be called by several at a time: all of them complete with the end that was
///         observed.

#include <hyperactor/actor/actor_ref.hpp>
#include <hyperactor/host/error.hpp>
#include <hyperactor/host/launcher.hpp>
#include <hyperactor/host/process_status.hpp>
#include <hyperactor/host/termination.hpp>
#include <hyperactor/identity/proc_addr.hpp>
#include <hyperactor/mailbox/sender.hpp>

#include <optional>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

/// What a child reports when it is up: where its proc is served, and its agent.
template <class Agent> using child_report = std::pair<channel_addr, actor_ref<Agent>>;

/// One child of a process manager. Owner: shared by the manager's callbacks and handles.
template <class Agent> struct child_record : ref_counted<child_record<Agent>> {
  child_record(proc_addr p, intrusive_ptr<launcher> l)
      : proc(std::move(p)), process(child_process::make(proc.to_string())), owner(std::move(l)) {}

  /// On the reactor, when the child called back.
  void report(child_report<Agent> r) {
    {
      const std::lock_guard lock(mutex);
      if (addr) return;  // it reported already
      addr = r.first;
      if (r.second.addr().proc_addr() == proc) agent = std::move(r.second);
    }
    const process_status before = process->current();
    const bool is_told =
        before.which() != process_status::state::starting;  // the launcher may be slower than the child
    process->advance(process_status::ready(is_told ? before.started_at() : process_status::clock::now(),  //
                                           std::move(r.first)));
  }

  const proc_addr proc;
  const intrusive_ptr<child_process> process;
  const intrusive_ptr<launcher> owner;
  std::mutex mutex;  // protects the following
  std::optional<channel_addr> addr;
  std::optional<actor_ref<Agent>> agent;
};

inline bool is_settled(const process_status& s) noexcept { return s.is_ready() || s.is_terminal(); }
inline bool is_over(const process_status& s) noexcept { return s.is_terminal(); }

/// A wait for a status whose outcome is something else.
template <class Value> struct status_wait {
  using predicate = bool (*)(const process_status&) noexcept;

  watch_wait<process_status, predicate> inner;
  Value (*outcome)(process_status);

  [[nodiscard]] std::optional<Value> poll() {
    if (auto status = inner.poll()) return outcome(std::move(*status));
    return std::nullopt;
  }
  [[nodiscard]] bool arm(waiter& w) { return inner.arm(w); }
  [[nodiscard]] bool disarm(waiter& w) { return inner.disarm(w); }
  [[nodiscard]] Value cancelled() { return cancelled_error(); }
};

[[nodiscard]] HYPERACTOR_COLD inline result<void> ready_outcome(process_status s) {
  if (s.is_ready()) return {};
  return error(host_error::already_terminated, "Terminal(" + s.to_string() + ")");
}
[[nodiscard]] inline result<process_status> end_outcome(process_status s) { return s; }

}  // namespace detail

/// A child process of a `process_proc_manager`.
/// @threadsafe
template <class Agent> class process_handle {
 public:
  using agent = Agent;
  using terminal_status = process_status;

  explicit process_handle(detail::intrusive_ptr<detail::child_record<Agent>> record) noexcept
      : record_(std::move(record)) {}

  /// The address that messages are sent to.
  [[nodiscard]] const hyperactor::proc_addr& proc_addr() const noexcept { return record_->proc; }
  /// Where the proc is served; nothing until it is ready.
  [[nodiscard]] std::optional<channel_addr> addr() const {
    const std::lock_guard lock(record_->mutex);
    return record_->addr;
  }
  /// The agent; nothing until it is ready.
  [[nodiscard]] std::optional<actor_ref<Agent>> agent_ref() const {
    const std::lock_guard lock(record_->mutex);
    return record_->agent;
  }
  [[nodiscard]] watch<process_status> status() const { return record_->process->status(); }
  [[nodiscard]] bool is_terminal() const { return record_->process->current().is_terminal(); }

  /// Whether `terminate` or `kill` was called for the child: its end is no news then.
  [[nodiscard]] bool was_asked_to_end() const { return record_->process->was_asked_to_end(); }

  /// Calls `hook(const process_status&)` when the process has ended, before `status` and `wait` show it, on a thread
  /// that it must not hold up; at once, where it has ended.
  template <class F> void on_end(F&& hook) const { record_->process->on_end(std::forward<F>(hook)); }

  /// Blocks until the proc serves and its agent runs.
  /// @errors host_error::already_terminated, with the status, where the child ended instead; throws `misuse_error` on a
  ///         runtime thread
  [[nodiscard]] result<void> ready() const {
    detail::require_blocking_allowed("ready", "async_ready");
    return detail::ready_outcome(status().wait(&detail::is_settled));
  }
  /// The same for any completion token of signature `void(result<void>)`.
  template <class CompletionToken = asio::use_awaitable_t<>>
  [[nodiscard]] auto async_ready(CompletionToken&& token = {}) const {
    return start<result<void>>(&detail::is_settled, &detail::ready_outcome, std::forward<CompletionToken>(token));
  }
  /// Blocks until the process has ended and was reaped.
  /// @errors throws `misuse_error` on a runtime thread
  [[nodiscard]] result<process_status> wait() const {
    detail::require_blocking_allowed("wait", "async_wait");
    return status().wait(&detail::is_over);
  }
  /// The same for any completion token of signature `void(result<process_status>)`.
  template <class CompletionToken = asio::use_awaitable_t<>>
  [[nodiscard]] auto async_wait(CompletionToken&& token = {}) const {
    return start<result<process_status>>(&detail::is_over, &detail::end_outcome, std::forward<CompletionToken>(token));
  }
  /// Asks the process group to end (SIGTERM), kills it at the deadline, and blocks until it has ended.
  /// @errors host_error::already_terminated; throws `misuse_error` on a runtime thread
  result<process_status> terminate(sender& cx, const termination_options& options = {}) const {
    detail::require_blocking_allowed("terminate", "async_terminate");
    if (auto refused = ask_to_end(cx, options)) return *refused;
    return wait();
  }
  /// The same for any completion token of signature `void(result<process_status>)`.
  template <class CompletionToken = asio::use_awaitable_t<>>
  auto async_terminate(sender& cx, const termination_options& options, CompletionToken&& token = {}) const {
    return finish(ask_to_end(cx, options), std::forward<CompletionToken>(token));
  }
  /// Kills the process group (SIGKILL) and blocks until it has ended.
  /// @errors host_error::already_terminated; throws `misuse_error` on a runtime thread
  result<process_status> kill() const {
    detail::require_blocking_allowed("kill", "async_kill");
    if (auto refused = end_by_force()) return *refused;
    return wait();
  }
  /// The same for any completion token of signature `void(result<process_status>)`.
  template <class CompletionToken = asio::use_awaitable_t<>> auto async_kill(CompletionToken&& token = {}) const {
    return finish(end_by_force(), std::forward<CompletionToken>(token));
  }

 private:
  using wait_predicate = bool (*)(const process_status&) noexcept;

  template <class Value, class CompletionToken>
  auto start(wait_predicate predicate, Value (*outcome)(process_status), CompletionToken&& token) const {
    detail::intrusive_ptr<const detail::watch_source<process_status>> source(record_->process.get());
    return detail::async_wait_for<Value>(detail::status_wait<Value>{{std::move(source), predicate}, outcome},
                                         std::forward<CompletionToken>(token));
  }
  template <class CompletionToken> auto finish(const std::optional<error>& refused, CompletionToken&& token) const {
    const auto outcome = refused ? &had_ended : &detail::end_outcome;
    return start<result<process_status>>(&detail::is_over, outcome, std::forward<CompletionToken>(token));
  }
  [[nodiscard]] static result<process_status> had_ended(process_status s) {
    return detail::already_terminated_error(s.to_string());
  }

  [[nodiscard]] std::optional<error> ask_to_end(sender&, const termination_options& options) const {
    const process_status now = record_->process->current();
    if (now.is_terminal()) return detail::already_terminated_error(now.to_string());
    record_->process->advance(process_status::stopping(now.started_at()));
    record_->owner->terminate(record_->process, detail::deadline_after(options.timeout));
    return std::nullopt;
  }
  [[nodiscard]] std::optional<error> end_by_force() const {
    const process_status now = record_->process->current();
    if (now.is_terminal()) return detail::already_terminated_error(now.to_string());
    record_->process->advance(process_status::stopping(now.started_at()));
    record_->owner->kill(record_->process);
    return std::nullopt;
  }

  detail::intrusive_ptr<detail::child_record<Agent>> record_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_HOST_PROCESS_HANDLE_HPP
