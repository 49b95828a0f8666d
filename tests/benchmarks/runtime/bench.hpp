// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BENCHMARKS_BENCH_HPP
#define HYPERACTOR_BENCHMARKS_BENCH_HPP

/// @file
/// What all benchmark programs share, whatever library they measure: options, the clock, and the one line of output.
/// It includes nothing of any actor library, so that all programs are measured by the same code.

#include <sys/resource.h>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <semaphore>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace bench {

using clock = std::chrono::steady_clock;

/// Seconds between two moments.
inline double seconds_between(clock::time_point begin, clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

/// The options of a program, all as `--key value`: `--threads n`, `--scale factor`, and what the program defines
/// itself.
class options {
 public:
  options(int argc, char** argv) {
    for (int i = 1; i + 1 < argc; i += 2) {
      std::string_view key = argv[i];
      if (!key.starts_with("--")) usage(argv[0]);
      values_.emplace_back(key.substr(2), argv[i + 1]);
    }
    if (argc % 2 == 0) usage(argv[0]);
    const char* from_environment = std::getenv("HYPERACTOR_RUNTIME_THREADS");
    std::string fallback = from_environment != nullptr
                               ? from_environment
                               : std::to_string(std::max(1U, std::thread::hardware_concurrency()));
    threads_ = static_cast<unsigned>(std::strtoul(text("threads", fallback).c_str(), nullptr, 10));
    scale_ = std::strtod(text("scale", "1").c_str(), nullptr);
    if (threads_ == 0 || !(scale_ > 0)) usage(argv[0]);
    // Read by the runtime when it starts, which is at its first use and so after this.
    ::setenv("HYPERACTOR_RUNTIME_THREADS", std::to_string(threads_).c_str(), 1);
  }

  [[nodiscard]] unsigned threads() const { return threads_; }

  /// The amount of work: `full` times `--scale`, at least `least`.
  [[nodiscard]] std::uint64_t amount(std::uint64_t full, std::uint64_t least = 1) const {
    return std::max(least, static_cast<std::uint64_t>(static_cast<double>(full) * scale_));
  }

  [[nodiscard]] std::string text(std::string_view key, std::string fallback) const {
    for (const auto& [name, value] : values_) {
      if (name == key) return value;
    }
    return fallback;
  }

  [[nodiscard]] std::uint64_t number(std::string_view key, std::uint64_t fallback) const {
    std::string value = text(key, "");
    return value.empty() ? fallback : std::strtoull(value.c_str(), nullptr, 10);
  }

 private:
  [[noreturn]] static void usage(const char* program) {
    std::fprintf(stderr, "usage: %s [--threads n] [--scale factor] [--key value]...\n", program);
    std::exit(2);
  }

  std::vector<std::pair<std::string, std::string>> values_;
  unsigned threads_ = 1;
  double scale_ = 1;
};

/// Counts events in one thread at a time; the clock runs from the end of the warm-up to the last event.
class meter {
 public:
  meter(std::uint64_t warm_up, std::uint64_t measured) : warm_up_(warm_up), total_(warm_up + measured) {}

  /// Counts one event; true when it was the last.
  bool tick() {
    ++count_;
    if (count_ == warm_up_) begin_ = clock::now();
    if (count_ != total_) return false;
    end_ = clock::now();
    return true;
  }

  [[nodiscard]] std::uint64_t total() const { return total_; }
  [[nodiscard]] double seconds() const { return seconds_between(begin_, end_); }
  [[nodiscard]] double rate() const { return static_cast<double>(total_ - warm_up_) / seconds(); }

 private:
  std::uint64_t warm_up_;
  std::uint64_t total_;
  std::uint64_t count_ = 0;
  clock::time_point begin_ = clock::now();
  clock::time_point end_;
};

/// What `main` waits for; released by an actor.
using done_signal = std::counting_semaphore<>;

/// Waits, and ends the program with a message when nothing comes for a minute or two: a benchmark must not hang a
/// script.
inline void wait_for(done_signal& done) {
  if (done.try_acquire_for(std::chrono::seconds(120))) return;
  std::fputs("benchmark: nothing happened for 120 s\n", stderr);
  std::_Exit(3);
}

/// Ends the program when a result is wrong: a fast wrong answer is not a figure.
inline void expect(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "benchmark: wrong result: %s\n", what);
  std::_Exit(4);
}

/// The value below which `part` (0 to 1) of the samples lie. Sorts them.
inline double percentile(std::vector<double>& samples, double part) {
  if (samples.empty()) return 0;
  std::sort(samples.begin(), samples.end());
  auto index = static_cast<std::size_t>(part * static_cast<double>(samples.size() - 1) + 0.5);
  return samples[index];
}

/// Processor time that this process uses while it has nothing to do, in percent of one core.
inline double idle_processor_percent() {
  auto used = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
  };
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  double before = used();
  clock::time_point begin = clock::now();
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  return (used() - before) / seconds_between(begin, clock::now()) * 100;
}

/// One more `key=value` of the line.
inline std::string field(std::string_view key, double value) {
  char buffer[96];
  std::snprintf(buffer, sizeof buffer, " %.*s=%.6g", static_cast<int>(key.size()), key.data(), value);
  return buffer;
}

/// Prints the program's one line.
inline void report(std::string_view name, std::string_view implementation, unsigned threads, double value,
                   std::string_view unit, const std::string& more = {}) {
  std::printf("bench=%.*s impl=%.*s threads=%u value=%.6g unit=%.*s%s\n", static_cast<int>(name.size()), name.data(),
              static_cast<int>(implementation.size()), implementation.data(), threads, value,
              static_cast<int>(unit.size()), unit.data(), more.c_str());
  std::fflush(stdout);
}

}  // namespace bench

#endif  // HYPERACTOR_BENCHMARKS_BENCH_HPP
