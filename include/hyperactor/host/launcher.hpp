// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_LAUNCHER_HPP
#define HYPERACTOR_HOST_LAUNCHER_HPP

/// @file
/// The one thread that starts, watches, ends and reaps the child processes of a manager.
///
/// [LCH-1] Children are started by a thread that lives until the last of them was reaped: Linux sends the parent-death
///         signal at the end of the thread that started the child.
/// [LCH-2] Only this thread signals and reaps, so no signal reaches a process that merely has a child's old number.
/// [LCH-3] The end of each child is published exactly once; what is left of its process group is killed before.
/// [LCH-4] After `shut_down` no child is left: each was killed and reaped.

#include <hyperactor/host/detail/child_process.hpp>
#include <hyperactor/host/detail/start_process.hpp>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include <algorithm>
#include <condition_variable>
#include <thread>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Starts and ends processes. Owner: one manager; handles keep it only to send it requests.
/// @threadsafe
class launcher final : public ref_counted<launcher> {
 public:
  [[nodiscard]] static intrusive_ptr<launcher> make() { return intrusive_ptr<launcher>::adopt(new launcher); }
  launcher(const launcher&) = delete;
  launcher& operator=(const launcher&) = delete;

  /// Starts the process and waits until it runs the program: as long as the system calls take.
  /// @returns why it could not be started; then nothing is left of it
  [[nodiscard]] std::error_code start(const intrusive_ptr<child_process>& child, const launch_command& command) {
    std::unique_lock lock(mutex_);
    if (is_closing_) return std::make_error_code(std::errc::operation_canceled);
    if (const std::error_code failure = ensure_thread()) return failure;
    start_request request{child, &command, {}, false};
    starts_.push_back(&request);
    wake();
    started_.wait(lock, [&] { return request.is_done; });
    return request.failure;
  }
  /// SIGTERM to the child's process group at once, SIGKILL at `kill_at` where it is still there.
  void terminate(intrusive_ptr<child_process> child, steady_time kill_at) {
    post({std::move(child), SIGTERM, kill_at});
  }
  /// SIGKILL to the child's process group.
  void kill(intrusive_ptr<child_process> child) { post({std::move(child), SIGKILL, no_deadline}); }
  /// Kills and reaps all children and ends the thread; may be called again.
  void shut_down() noexcept {
    {
      const std::lock_guard lock(mutex_);
      is_closing_ = true;
      if (event_ >= 0) wake();
    }
    if (thread_.joinable()) thread_.join();
  }

 private:
  friend class ref_counted<launcher>;
  struct start_request {
    intrusive_ptr<child_process> child;
    const launch_command* command;
    std::error_code failure;
    bool is_done;
  };
  struct signal_request {
    intrusive_ptr<child_process> child;
    int signal;
    steady_time kill_at;
  };

  launcher() = default;
  ~launcher() {
    shut_down();
    if (event_ >= 0) ::close(event_);
  }

  // mutex_ is held
  [[nodiscard]] std::error_code ensure_thread() {
    if (thread_.joinable()) return {};
    event_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (event_ < 0) return {errno, std::generic_category()};
    sigset_t all;  // signals belong to the program's own threads
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    std::error_code failure;
    try {
      thread_ = std::thread([this] { run(); });
    } catch (const std::system_error& e) {
      failure = e.code();
      ::close(std::exchange(event_, -1));
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return failure;
  }
  void wake() const noexcept {
    const std::uint64_t one = 1;
    while (::write(event_, &one, sizeof one) < 0 && errno == EINTR) {
    }
  }
  void post(signal_request request) {
    const std::lock_guard lock(mutex_);
    if (event_ < 0) return;  // nothing was ever started
    signals_.push_back(std::move(request));
    wake();
  }

  void run() noexcept {
    std::vector<pollfd> watched;
    for (;;) {
      if (take_requests() && children_.empty()) return;
      const auto now = std::chrono::steady_clock::now();
      steady_time next = no_deadline;
      watched.assign(1, pollfd{event_, POLLIN, 0});
      for (const auto& child : children_) {
        if (child->kill_at <= now) signal_group(*child, SIGKILL);
        next = std::min(next, child->kill_at);
        watched.push_back({child->pidfd, POLLIN, 0});
      }
      ::poll(watched.data(), static_cast<nfds_t>(watched.size()), milliseconds_until(next, now));
      std::uint64_t count = 0;
      while (::read(event_, &count, sizeof count) > 0) {
      }
      for (std::size_t i = watched.size(); --i != 0;) {
        if (watched[i].revents != 0) reap(i - 1);
      }
    }
  }
  [[nodiscard]] static int milliseconds_until(steady_time at, steady_time now) noexcept {
    if (at == no_deadline) return -1;
    if (at <= now) return 0;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(at - now).count();
    return static_cast<int>(std::min<std::int64_t>(left, 3'600'000));
  }

  /// @returns true when all is to end
  bool take_requests() {
    std::unique_lock lock(mutex_);
    while (!starts_.empty()) {
      start_request& request = *starts_.back();
      starts_.pop_back();
      if (is_closing_) {
        request.failure = std::make_error_code(std::errc::operation_canceled);
      } else {
        lock.unlock();
        const started_process process = start_process(*request.command);  // [LCH-1]
        request.failure = process.failure;
        if (!process.failure) {
          request.child->pid = process.pid;
          request.child->pidfd = process.pidfd;
          request.child->advance(process_status::running(process_status::clock::now()));
          if (process.pidfd >= 0) {
            children_.push_back(request.child);
          } else {
            request.child->end(wait_failed(ECHILD));
          }
        }
        lock.lock();
      }
      request.is_done = true;
      started_.notify_all();
    }
    std::vector<signal_request> signals = std::exchange(signals_, {});
    const bool is_closing = is_closing_;
    lock.unlock();
    for (const signal_request& request : signals) {
      child_process& child = *request.child;
      if (child.pidfd < 0) continue;  // it has ended
      signal_group(child, request.signal);
      child.kill_at = std::min(child.kill_at, request.kill_at);
    }
    if (is_closing && !std::exchange(was_closing_, true)) {
      for (const auto& child : children_) {  // [LCH-4]
        child->advance(process_status::stopping(child->current().started_at()));
        signal_group(*child, SIGKILL);
      }
    }
    return is_closing;
  }
  static void signal_group(child_process& child, int signal) noexcept {
    if (signal == SIGKILL) child.kill_at = no_deadline;
    if (::kill(-child.pid, signal) != 0) ::kill(child.pid, signal);  // it left its group
  }

  [[nodiscard]] static process_status wait_failed(int code) {
    return process_status::failed("wait failed: " + std::generic_category().message(code));
  }
  void reap(std::size_t index) {
    const intrusive_ptr<child_process> child = children_[index];
    siginfo_t info{};
    const auto wait = [&](int options) {
      int out = 0;
      do {
        info = {};
        out = ::waitid(P_PID, static_cast<id_t>(child->pid), &info, options);
      } while (out != 0 && errno == EINTR);
      return out;
    };
    process_status end;
    if (wait(WEXITED | WNOHANG | WNOWAIT) != 0) {
      end = wait_failed(errno);
    } else if (info.si_pid == 0) {
      return;  // it has not ended
    } else {
      ::kill(-child->pid, SIGKILL);  // [LCH-3]; until it is reaped the number is its own
      wait(WEXITED | WNOHANG);
      end = info.si_code == CLD_EXITED   ? process_status::stopped(info.si_status)
            : info.si_code == CLD_KILLED ? process_status::killed(info.si_status, false)
            : info.si_code == CLD_DUMPED ? process_status::killed(info.si_status, true)
                                         : process_status::failed("unknown exit status");
    }
    ::close(std::exchange(child->pidfd, -1));
    children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(index));
    child->end(end);
  }

  std::mutex mutex_;
  std::condition_variable started_;
  std::vector<start_request*> starts_;
  std::vector<signal_request> signals_;
  bool is_closing_ = false;
  int event_ = -1;
  std::thread thread_;
  // the thread's own
  std::vector<intrusive_ptr<child_process>> children_;
  bool was_closing_ = false;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_HOST_LAUNCHER_HPP
