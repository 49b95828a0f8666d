// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_DETAIL_START_PROCESS_HPP
#define HYPERACTOR_HOST_DETAIL_START_PROCESS_HPP

/// @file
/// Starts one process with posix_spawn.
///
/// [STP-1] The child leads a process group of its own, blocks no signal, has SIGTERM, SIGCHLD and SIGPIPE at their
///         defaults, and inherits standard input, output and error only: no socket of the host outlives it in a child.

#include <hyperactor/base/platform.hpp>
#include <hyperactor/base/scope_exit.hpp>

#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace hyperactor::inline v0 {

namespace detail {

/// A program and what it is started with.
struct launch_command {
  std::string program;
  std::vector<std::string> arguments;    // without the program
  std::vector<std::string> environment;  // all of it, NAME=value
};

/// This process's environment; entries of `changes` (`NAME=value`) take the place of those of the same name.
[[nodiscard]] HYPERACTOR_COLD inline std::vector<std::string> environment_with(std::vector<std::string> changes) {
  std::vector<std::string> out;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('='));
    bool is_replaced = false;
    for (const std::string& change : changes) {
      is_replaced = is_replaced || (change.size() > name.size() && change[name.size()] == '=' &&
                                    std::string_view(change).substr(0, name.size()) == name);
    }
    if (!is_replaced) out.emplace_back(text);
  }
  for (std::string& change : changes) out.push_back(std::move(change));
  return out;
}

/// A process that was started; without a pidfd where it ended and somebody else reaped it.
struct started_process {
  std::error_code failure;
  pid_t pid = 0;
  int pidfd = -1;
};

/// Starts a process; the calling thread becomes the one whose end the child's parent-death signal tells of.
[[nodiscard]] HYPERACTOR_COLD inline started_process start_process(const launch_command& command) {
  const auto failed = [](int code) { return started_process{std::error_code(code, std::generic_category()), 0, -1}; };

  posix_spawnattr_t attributes;
  if (const int code = ::posix_spawnattr_init(&attributes)) return failed(code);
  const scope_exit destroy_attributes([&] { ::posix_spawnattr_destroy(&attributes); });
  posix_spawn_file_actions_t actions;
  if (const int code = ::posix_spawn_file_actions_init(&actions)) return failed(code);
  const scope_exit destroy_actions([&] { ::posix_spawn_file_actions_destroy(&actions); });

  sigset_t none;
  ::sigemptyset(&none);
  sigset_t defaults;
  ::sigemptyset(&defaults);
  for (const int signal : {SIGTERM, SIGCHLD, SIGPIPE}) ::sigaddset(&defaults, signal);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (const int code = ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)) return failed(code);

  const auto pointers = [](const std::vector<std::string>& texts, const std::string* first) {
    std::vector<char*> out;
    if (first != nullptr) out.push_back(const_cast<char*>(first->c_str()));
    for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
    out.push_back(nullptr);
    return out;
  };
  const std::vector<char*> argv = pointers(command.arguments, &command.program);
  const std::vector<char*> envp = pointers(command.environment, nullptr);

  started_process out;
  if (const int code =
          ::posix_spawn(&out.pid, command.program.c_str(), &actions, &attributes, argv.data(), envp.data())) {
    return failed(code);
  }
  // nobody else reaps, so the pid still means this child; otherwise it may be gone already
  out.pidfd = static_cast<int>(::syscall(SYS_pidfd_open, out.pid, 0));  // close-on-exec by definition
  if (out.pidfd < 0 && errno != ESRCH) {
    const int code = errno;
    ::kill(-out.pid, SIGKILL);
    siginfo_t info{};
    while (::waitid(P_PID, static_cast<id_t>(out.pid), &info, WEXITED) != 0 && errno == EINTR) {
    }
    return failed(code);
  }
  return out;
}

}  // namespace detail

/// The path of the program that runs, for `process_proc_manager`.
[[nodiscard]] HYPERACTOR_COLD inline std::string this_executable() {
  std::string path(PATH_MAX, '\0');
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size > 0 && static_cast<std::size_t>(size) < path.size()) {
    path.resize(static_cast<std::size_t>(size));
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return "/proc/self/exe";  // the file was removed or replaced; the link still leads to it
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_HOST_DETAIL_START_PROCESS_HPP
