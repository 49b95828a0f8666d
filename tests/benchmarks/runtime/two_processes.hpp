// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BENCHMARKS_TWO_PROCESSES_HPP
#define HYPERACTOR_BENCHMARKS_TWO_PROCESSES_HPP

/// @file
/// A parent and a child process that can tell each other lines of text, for the programs that measure a connection.

#include "bench.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

namespace bench {

/// One end of a pair of pipes between parent and child.
class pipe_end {
 public:
  pipe_end(int in, int out) : in_(in), out_(out) {}

  void tell(std::string line) {
    line += '\n';
    expect(::write(out_, line.data(), line.size()) == static_cast<ssize_t>(line.size()),
           "writing to the other process");
  }

  /// A line; ends the program when the other process is gone.
  std::string hear() {
    std::string line;
    for (char c = 0;;) {
      expect(::read(in_, &c, 1) == 1, "the other process has gone");
      if (c == '\n') return line;
      line += c;
    }
  }

 private:
  int in_;
  int out_;
};

/// Runs `child` in a new process and `parent` in this one; both get a `pipe_end`. Nothing may have started a thread
/// yet.
template <class Parent, class Child> int in_two_processes(Parent parent, Child child) {
  int down[2];
  int up[2];
  expect(::pipe(down) == 0 && ::pipe(up) == 0, "pipe");
  pid_t pid = ::fork();
  expect(pid >= 0, "fork");
  if (pid == 0) {
    ::alarm(180);
    ::close(down[1]);
    ::close(up[0]);
    child(pipe_end(down[0], up[1]));
    std::fflush(nullptr);
    ::_exit(0);
  }
  ::close(down[0]);
  ::close(up[1]);
  parent(pipe_end(up[0], down[1]));
  ::close(down[1]);
  // The measurement is over: the child need not find its own way out.
  ::kill(pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  return 0;
}

/// What a connection program is asked to do.
struct connection_plan {
  std::string transport;  ///< "unix" or "tcp"
  std::string mode;       ///< "round_trip" or "throughput"
  std::uint64_t bytes;    ///< of one message's payload

  explicit connection_plan(const options& given)
      : transport(given.text("transport", "unix")),
        mode(given.text("mode", "round_trip")),
        bytes(given.number("bytes", 64)) {
    expect(transport == "unix" || transport == "tcp", "--transport is unix or tcp");
    expect(mode == "round_trip" || mode == "throughput", "--mode is round_trip or throughput");
    expect(bytes == 64 || bytes == 65536, "--bytes is 64 or 65536");
  }

  [[nodiscard]] std::string name() const { return "channel_" + mode + "_" + transport + "_" + std::to_string(bytes); }
};

/// Prints the line of a round trip: the median in microseconds.
inline void report_round_trips(const connection_plan& plan, std::string_view implementation, const options& given,
                               std::vector<double>& samples) {
  double p50 = percentile(samples, 0.5);
  report(plan.name(), implementation, given.threads(), p50, "us",
         field("p50", p50) + field("p99", percentile(samples, 0.99)));
}

/// Prints the line of a stream.
inline void report_throughput(const connection_plan& plan, std::string_view implementation, const options& given,
                              double per_second) {
  report(plan.name(), implementation, given.threads(), per_second, "messages/s",
         field("mb_per_s", per_second * static_cast<double>(plan.bytes) / 1e6));
}

/// Messages that may be on their way unconfirmed, and the messages of a whole measurement.
struct stream_size {
  std::uint64_t window;
  std::uint64_t warm_up;
  std::uint64_t measured;

  stream_size(const connection_plan& plan, const options& given)
      : window(plan.bytes == 64 ? 20'000 : 256),
        warm_up(window * given.amount(plan.bytes == 64 ? 10 : 8)),
        measured(window * given.amount(plan.bytes == 64 ? 100 : 120)) {}
};

}  // namespace bench

#endif  // HYPERACTOR_BENCHMARKS_TWO_PROCESSES_HPP
