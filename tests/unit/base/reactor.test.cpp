// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/reactor.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <asio/post.hpp>
#include <catch2/catch_test_macros.hpp>
#include <future>

using hyperactor::detail::reactor;

namespace {

/// A child that is forked before this process has used the reactor: it uses its own one, and ends it.
int use_in_child() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(20);
    reactor& r = reactor::instance();
    std::promise<void> ran;
    asio::post(r.context(), [&] { ran.set_value(); });
    ran.get_future().get();
    asio::post(r.context(), [&r] { r.shutdown(); });  // from a handler: only stops
    r.shutdown();
    bool late = false;
    asio::post(r.context(), [&] { late = true; });
    r.shutdown();
    ::_exit(r.is_shut_down() && !late ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}
const int child_status = use_in_child();

}  // namespace

TEST_CASE("the reactor runs handlers on one thread of its own, where blocking is not allowed") {
  reactor& r = reactor::instance();
  CHECK_FALSE(r.on_this_thread());
  std::promise<bool> on_it;
  asio::post(r.context(), [&] { on_it.set_value(r.on_this_thread() && hyperactor::detail::is_runtime_thread); });
  CHECK(on_it.get_future().get());
  CHECK_FALSE(r.is_shut_down());
  CHECK(&reactor::instance() == &r);
}

TEST_CASE("a process may fork before the first use, and nothing runs after a shutdown [RCT-1][RCT-2][RCT-3]") {
  CHECK(WIFEXITED(child_status));
  CHECK(WEXITSTATUS(child_status) == 0);
}
