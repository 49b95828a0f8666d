// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_REACTOR_HPP
#define HYPERACTOR_BASE_REACTOR_HPP

/// @file
/// The one thread of the process that waits for the kernel: sockets, timers and the executors that Asio needs.
///
/// [RCT-1] No thread exists before the first use, so a process may fork before it.
/// [RCT-2] The context is never destroyed: a socket or timer of static duration may outlive the thread safely.
/// [RCT-3] After `shutdown()` no handler runs any more.

#include <hyperactor/base/platform.hpp>
#include <hyperactor/base/waiter.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <atomic>
#include <csignal>
#include <mutex>
#include <thread>

namespace hyperactor::inline v0::detail {

/// The process-wide `asio::io_context` and its thread.
/// @threadsafe
class HYPERACTOR_SHARED reactor {
 public:
  reactor(const reactor&) = delete;
  reactor& operator=(const reactor&) = delete;

  /// The reactor of this process; its thread is stopped and joined at static destruction.
  [[nodiscard]] HYPERACTOR_SHARED static reactor& instance() {
    static reactor& self = *new reactor;  // [RCT-2]
    static const stopper at_exit{self};
    return self;
  }

  /// The context; the first call starts the thread.
  [[nodiscard]] asio::io_context& context() {
    if (!started_.load(std::memory_order_acquire)) start();
    return context_;
  }

  /// True on the reactor's own thread, where blocking would wait for itself.
  [[nodiscard]] bool on_this_thread() const noexcept {
    return thread_id_.load(std::memory_order_acquire) == std::this_thread::get_id();
  }

  /// True once `shutdown()` was called: what is posted now never runs.
  [[nodiscard]] bool is_shut_down() const noexcept { return down_.load(std::memory_order_acquire); }

  /// Stops the loop after the handler that runs now and joins the thread. A call from a handler only stops. Final.
  void shutdown() noexcept {
    down_.store(true, std::memory_order_release);
    if (on_this_thread()) return context_.stop();  // without the lock: somebody may hold it to join us
    const std::lock_guard lock(mutex_);
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  struct stopper {
    reactor& self;
    ~stopper() { self.shutdown(); }
  };

  reactor() : context_(1), work_(context_.get_executor()) {}
  ~reactor() = default;

  HYPERACTOR_COLD void start() {
    const std::lock_guard lock(mutex_);
    if (started_.load(std::memory_order_relaxed) || is_shut_down()) return;
    sigset_t all;  // signals belong to the program's own threads
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] {
      thread_id_.store(std::this_thread::get_id(), std::memory_order_release);
      is_runtime_thread = true;  // blocking here would wait for itself
      context_.run();
    });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    started_.store(true, std::memory_order_release);
  }

  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::mutex mutex_;
  std::thread thread_;
  std::atomic<std::thread::id> thread_id_{};
  std::atomic<bool> started_{false};
  std::atomic<bool> down_{false};
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_REACTOR_HPP
