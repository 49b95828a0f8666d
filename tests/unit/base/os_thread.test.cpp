// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/os_thread.hpp>

#include <catch2/catch_test_macros.hpp>

#include <csignal>

TEST_CASE("signals are blocked on threads of the library [OST-1]") {
  int blocked = -1;
  auto t = hyperactor::detail::os_thread::start(
      [](void* out) -> void* {
        sigset_t now;
        pthread_sigmask(SIG_SETMASK, nullptr, &now);
        *static_cast<int*>(out) = sigismember(&now, SIGTERM);
        return nullptr;
      },
      &blocked);
  t.join();
  CHECK(blocked == 1);
}
