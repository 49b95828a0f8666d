// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_DETAIL_CHILD_PROCESS_HPP
#define HYPERACTOR_HOST_DETAIL_CHILD_PROCESS_HPP

/// @file
/// The record of one child process: its status, shared by the launcher that watches the process and by all handles.
///
/// [CHP-1] Every handle sees the same end: the one that the exit monitor observed, published once.
/// [CHP-2] Who asked to be told of the end is told before anybody can see it.

#include <hyperactor/base/log.hpp>
#include <hyperactor/base/unique_function.hpp>
#include <hyperactor/base/watch.hpp>
#include <hyperactor/host/process_status.hpp>

#include <sys/types.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace hyperactor::inline v0::detail {

/// One child process. Owner: shared by the launcher, the manager and handles.
/// @threadsafe but for the members that say otherwise
class child_process final : public watch_source<process_status> {
 public:
  [[nodiscard]] static intrusive_ptr<child_process> make(std::string name) {
    return intrusive_ptr<child_process>::adopt(new child_process(std::move(name)));
  }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// The proc, for logs.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] process_status current() const override {
    const std::lock_guard lock(mutex_);
    return status_;
  }
  [[nodiscard]] watch<process_status> status() const {
    return watch<process_status>(intrusive_ptr<const watch_source<process_status>>(this));
  }

  /// Whether somebody asked it to end, or made it.
  [[nodiscard]] bool was_asked_to_end() const {
    const std::lock_guard lock(mutex_);
    return was_asked_to_end_;
  }

  /// Calls `hook` with the end, before it is visible ([CHP-2]); at once, where the process has ended. It must not
  /// block.
  void on_end(unique_function<void(const process_status&)> hook) {
    std::unique_lock lock(mutex_);
    if (!is_ending_) {
      hooks_.push_back(std::move(hook));
      return;
    }
    ended_.wait(lock, [&] { return status_.is_terminal(); });  // the hooks of others run right now
    lock.unlock();
    hook(current());
  }
  /// The process has ended: once, by the launcher.
  void end(const process_status& how) {
    std::vector<unique_function<void(const process_status&)>> hooks;
    {
      const std::lock_guard lock(mutex_);
      is_ending_ = true;
      hooks.swap(hooks_);
    }
    for (auto& hook : hooks) hook(how);
    advance(how);
    ended_.notify_all();
  }

  /// Changes the status and tells who waits.
  /// @returns false where the change is not allowed ([PST-2])
  bool advance(process_status next) {
    {
      const std::lock_guard lock(mutex_);
      if (!status_.may_become(next)) {
        // several may ask one child to stop, it may stop while it starts, and it may have reported before the launcher
        // says that it runs: nothing that anybody must hear of
        if (next.is_terminal() || next.which() == process_status::state::starting) refuse(next);
        return false;
      }
      if (next.which() == process_status::state::stopping) was_asked_to_end_ = true;
      status_ = std::move(next);
    }
    changed();  // the mutex orders it: a waiter that read the old value stands in the table
    return true;
  }

  void retain() const noexcept override { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() const noexcept override {
    // release: what this owner wrote is visible to the one that destroys; acquire: the destroyer sees it all
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  // the launcher's thread only
  pid_t pid = 0;
  int pidfd = -1;
  steady_time kill_at = no_deadline;

 private:
  explicit child_process(std::string name) : name_(std::move(name)) {}
  ~child_process() = default;

  HYPERACTOR_COLD void refuse(const process_status& next) const {
    log::write(log::severity::warning, "proc '" + name_ + "': status " + status_.to_string() + " cannot become " +
                                           next.to_string() + ": ignored");
  }

  const std::string name_;
  mutable std::mutex mutex_;
  process_status status_;
  bool was_asked_to_end_ = false;
  bool is_ending_ = false;
  std::vector<unique_function<void(const process_status&)>> hooks_;
  std::condition_variable ended_;
  mutable std::atomic<std::uint32_t> references_{1};
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_HOST_DETAIL_CHILD_PROCESS_HPP
