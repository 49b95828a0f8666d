// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/os_thread.hpp>

#include <catch2/catch_test_macros.hpp>
#include <csignal>

namespace {

using hyperactor::detail::os_thread;

/// The signals that a thread of this kind blocks.
sigset_t mask_of_thread(os_thread::signals how) {
  sigset_t out;
  auto t = os_thread::start(
      [](void* mask) -> void* {
        pthread_sigmask(SIG_SETMASK, nullptr, static_cast<sigset_t*>(mask));
        return nullptr;
      },
      &out, how);
  t.join();
  return out;
}

}  // namespace

TEST_CASE("signals are blocked on threads of the library, but for those of faults [OST-1]") {
  const sigset_t mask = mask_of_thread(os_thread::signals::blocked);
  CHECK(sigismember(&mask, SIGTERM) == 1);
  CHECK(sigismember(&mask, SIGINT) == 1);
  CHECK(sigismember(&mask, SIGCHLD) == 1);
  CHECK(sigismember(&mask, SIGSEGV) == 0);
  CHECK(sigismember(&mask, SIGABRT) == 0);
}

TEST_CASE("threads that run actors block what the thread that starts them blocks [OST-1]") {
  sigset_t some;
  sigset_t before;
  sigemptyset(&some);
  sigaddset(&some, SIGUSR1);
  REQUIRE(pthread_sigmask(SIG_BLOCK, &some, &before) == 0);
  const sigset_t mask = mask_of_thread(os_thread::signals::inherited);
  REQUIRE(pthread_sigmask(SIG_SETMASK, &before, nullptr) == 0);
  CHECK(sigismember(&mask, SIGUSR1) == 1);
  CHECK(sigismember(&mask, SIGTERM) == 0);
}

TEST_CASE("a process may use at least one processor") { CHECK(os_thread::processors() >= 1); }
