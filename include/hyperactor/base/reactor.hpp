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

#include <hyperactor/base/os_thread.hpp>
#include <hyperactor/base/platform.hpp>
#include <hyperactor/base/waiter.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <atomic>
#include <mutex>

namespace hyperactor::inline v0::detail {

/// The process-wide `asio::io_context` and its thread. A template with one use, `reactor`: who needs no context does
/// not pay for it while compiling.
/// @threadsafe
template <class = void> class HYPERACTOR_SHARED basic_reactor {
 public:
  basic_reactor(const basic_reactor&) = delete;
  basic_reactor& operator=(const basic_reactor&) = delete;

  /// The reactor of this process; its thread is stopped and joined at static destruction.
  [[nodiscard]] HYPERACTOR_SHARED static basic_reactor& instance() {
    static basic_reactor& self = *new basic_reactor;  // [RCT-2]
    static const stopper at_exit{self};
    return self;
  }

  /// The context; the first call starts the thread.
  [[nodiscard]] asio::io_context& context() {
    if (!started_.load(std::memory_order_acquire)) start();
    return context_;
  }

  /// True on the reactor's own thread, where blocking would wait for itself.
  [[nodiscard]] bool on_this_thread() const noexcept { return on_this_thread_; }

  /// True once `shutdown()` was called: what is posted now never runs.
  [[nodiscard]] bool is_shut_down() const noexcept { return down_.load(std::memory_order_acquire); }

  /// Stops the loop after the handler that runs now and joins the thread. A call from a handler only stops. Final.
  void shutdown() noexcept {
    down_.store(true, std::memory_order_release);
    if (on_this_thread()) return context_.stop();  // without the lock: somebody may hold it to join us
    const std::lock_guard lock(mutex_);
    context_.stop();
    thread_.join();
  }

 private:
  struct stopper {
    basic_reactor& self;
    ~stopper() { self.shutdown(); }
  };

  basic_reactor() : context_(1), work_(context_.get_executor()) {}
  ~basic_reactor() = default;

  HYPERACTOR_COLD void start() {
    const std::lock_guard lock(mutex_);
    if (started_.load(std::memory_order_relaxed) || is_shut_down()) return;
    thread_ = os_thread::start(
        [](void* self) -> void* {
          static_cast<basic_reactor*>(self)->run();
          return nullptr;
        },
        this);
    started_.store(true, std::memory_order_release);
  }

  void run() {
    on_this_thread_ = true;
    is_runtime_thread = true;  // blocking here would wait for itself
    context_.run();
  }

  static inline constinit thread_local bool on_this_thread_ = false;

  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::mutex mutex_;
  os_thread thread_;
  std::atomic<bool> started_{false};
  std::atomic<bool> down_{false};
};

using reactor = basic_reactor<>;

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_REACTOR_HPP
