// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_OS_THREAD_HPP
#define HYPERACTOR_BASE_OS_THREAD_HPP

/// @file
/// Threads of the library. `<thread>` brings stop tokens, semaphores and tuples of arguments to every program.
///
/// [OST-1] Threads that run the library's code block signals: those belong to the program's own threads. Signals of
///         faults stay open, so that the program's handlers for them run. Threads that run actors take over the mask of
///         the thread that starts them, because what a handler starts inherits it in turn.

#include <hyperactor/base/platform.hpp>

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <csignal>
#include <system_error>
#include <utility>

namespace hyperactor::inline v0::detail {

/// A thread of the system, or none. Must be joined or detached.
class os_thread {
 public:
  /// What a thread does about signals ([OST-1]).
  enum class signals : unsigned char { blocked, inherited };

  os_thread() noexcept = default;
  os_thread(os_thread&& o) noexcept : id_(o.id_), is_joinable_(std::exchange(o.is_joinable_, false)) {}
  os_thread& operator=(os_thread&& o) noexcept {
    id_ = std::exchange(o.id_, id_);
    is_joinable_ = std::exchange(o.is_joinable_, is_joinable_);
    return *this;
  }
  ~os_thread() = default;

  /// Runs `function(argument)` on a fresh thread.
  /// @errors throws std::system_error
  [[nodiscard]] HYPERACTOR_COLD static os_thread start(void* (*function)(void*), void* argument,
                                                       signals how = signals::blocked) {
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    if (how == signals::blocked) {
      sigfillset(&blocked);
      static constexpr int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
      for (const int fault : faults) sigdelset(&blocked, fault);
    }
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    os_thread out;
    const int failure = pthread_create(&out.id_, nullptr, function, argument);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (failure != 0) throw std::system_error(failure, std::generic_category(), "hyperactor: cannot start a thread");
    out.is_joinable_ = true;
    return out;
  }

  /// How many processors this process may use: what its affinity allows, not what the machine has. At least 1.
  [[nodiscard]] HYPERACTOR_COLD static unsigned processors() noexcept {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return static_cast<unsigned>(CPU_COUNT(&allowed));
    const long online = sysconf(_SC_NPROCESSORS_ONLN);  // more than the set holds
    return online > 0 ? static_cast<unsigned>(online) : 1U;
  }

  [[nodiscard]] bool joinable() const noexcept { return is_joinable_; }
  [[nodiscard]] bool is_current() const noexcept { return is_joinable_ && pthread_equal(id_, pthread_self()) != 0; }
  /// Waits for its end. Nothing happens where there is none.
  void join() noexcept {
    if (std::exchange(is_joinable_, false)) pthread_join(id_, nullptr);
  }
  void detach() noexcept {
    if (std::exchange(is_joinable_, false)) pthread_detach(id_);
  }

 private:
  pthread_t id_{};
  bool is_joinable_ = false;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_OS_THREAD_HPP
