// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/assert.hpp>

#include <catch2/catch_test_macros.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

namespace {

// What a child process writes to stderr, and how it ends, when it runs `f`.
template <class F> std::string stderr_of_child(F f, int& status) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGABRT, SIG_DFL);
    ::dup2(ends[1], STDERR_FILENO);
    f();
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string text;
  std::array<char, 256> block{};
  for (ssize_t n; (n = ::read(ends[0], block.data(), block.size())) > 0;)
    text.append(block.data(), static_cast<std::size_t>(n));
  ::close(ends[0]);
  REQUIRE(::waitpid(child, &status, 0) == child);
  return text;
}

TEST_CASE("an assertion that holds does nothing and evaluates its condition once") {
  int evaluated = 0;
  HYPERACTOR_ASSERT(++evaluated == 1, "count to one");
  CHECK(evaluated == 1);
}

TEST_CASE("a failed assertion prints condition, remedy and place and aborts, in every build type [AST-1]") {
  int status = 0;
  const std::string text = stderr_of_child([] { HYPERACTOR_ASSERT(1 + 1 == 3, "learn to add"); }, status);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGABRT);
  CHECK(text.find("hyperactor: assertion failed: 1 + 1 == 3; learn to add (") != std::string::npos);
  CHECK(text.find("assert.test.cpp:") != std::string::npos);
}

}  // namespace
