// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_PROCESS_STATUS_HPP
#define HYPERACTOR_HOST_PROCESS_STATUS_HPP

/// @file
/// `process_status`: where a child process is in its life.
///
/// [PST-1] starting -> running -> ready -> stopping -> one of stopped, killed, failed. `running` follows only
///         `starting`; `ready` follows `starting` or `running`; `stopping` each of these; an end any state that is no
///         end.
/// [PST-2] An end is final. A change that is not allowed is logged and changes nothing.

#include <hyperactor/base/format.hpp>
#include <hyperactor/identity/channel_addr.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace hyperactor::inline v0 {

/// State of a child process.
/// @threadsafe as a value
class process_status {
 public:
  using clock = std::chrono::system_clock;

  enum class state : unsigned char {
    starting,  ///< about to be started
    running,   ///< the process exists
    ready,     ///< its proc serves and its agent runs
    stopping,  ///< it was asked to end
    stopped,   ///< it exited, with `exit_code()`
    killed,    ///< `signal()` ended it
    failed,    ///< how it ended cannot be told: `reason()`
  };

  /// Starting.
  process_status() = default;

  [[nodiscard]] static process_status running(clock::time_point since) {
    process_status out(state::running);
    out.started_at_ = since;
    return out;
  }
  [[nodiscard]] static process_status ready(clock::time_point since, channel_addr addr) {
    process_status out(state::ready);
    out.started_at_ = since;
    out.addr_ = std::move(addr);
    return out;
  }
  [[nodiscard]] static process_status stopping(clock::time_point since) {
    process_status out(state::stopping);
    out.started_at_ = since;
    return out;
  }
  [[nodiscard]] static process_status stopped(int exit_code) {
    process_status out(state::stopped);
    out.number_ = exit_code;
    return out;
  }
  [[nodiscard]] static process_status killed(int signal, bool has_core) {
    process_status out(state::killed);
    out.number_ = signal;
    out.has_core_ = has_core;
    return out;
  }
  [[nodiscard]] static process_status failed(std::string reason) {
    process_status out(state::failed);
    out.reason_ = std::move(reason);
    return out;
  }

  [[nodiscard]] state which() const noexcept { return state_; }
  [[nodiscard]] bool is_ready() const noexcept { return state_ == state::ready; }
  /// Whether the process has ended.
  [[nodiscard]] bool is_terminal() const noexcept { return state_ >= state::stopped; }
  /// The exit code of one that stopped, else -1.
  [[nodiscard]] int exit_code() const noexcept { return state_ == state::stopped ? number_ : -1; }
  /// The signal that killed it, else 0.
  [[nodiscard]] int signal() const noexcept { return state_ == state::killed ? number_ : 0; }
  [[nodiscard]] bool has_core() const noexcept { return has_core_; }
  /// Why it failed.
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
  /// When it was started, for those that run.
  [[nodiscard]] clock::time_point started_at() const noexcept { return started_at_; }
  /// Where a ready one is served.
  [[nodiscard]] const std::optional<channel_addr>& addr() const noexcept { return addr_; }

  /// Whether `next` may follow ([PST-1]).
  [[nodiscard]] bool may_become(const process_status& next) const noexcept {
    if (is_terminal()) return false;
    return next.is_terminal() || next.state_ > state_;
  }

  /// `Starting`, `Running up 3s 20ms`, `Stopped(exit=0)`, `Killed(sig=9)`, ...
  [[nodiscard]] std::string to_string() const {
    switch (state_) {
      case state::starting:
        return "Starting";
      case state::running:
        return "Running up " + up();
      case state::ready:
        return "Ready at " + addr_->to_string() + " up " + up();
      case state::stopping:
        return "Stopping up " + up();
      case state::stopped:
        return "Stopped(exit=" + std::to_string(number_) + ")";
      case state::killed:
        return "Killed(sig=" + std::to_string(number_) + (has_core_ ? ", core)" : ")");
      case state::failed:
        return "Failed(" + reason_ + ")";
    }
    return {};
  }

  friend bool operator==(const process_status&, const process_status&) = default;

 private:
  explicit process_status(state s) noexcept : state_(s) {}

  [[nodiscard]] std::string up() const;

  state state_ = state::starting;
  bool has_core_ = false;
  int number_ = 0;
  clock::time_point started_at_{};
  std::optional<channel_addr> addr_;
  std::string reason_;
};

namespace detail {

/// A duration for people: `12ms`, `3s 20ms`, `1h 2m`; the two largest units that are not zero.
[[nodiscard]] HYPERACTOR_COLD inline std::string duration_text(std::chrono::nanoseconds d) {
  struct unit {
    const char* name;
    std::int64_t size;
  };
  static constexpr unit units[] = {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}};
  std::int64_t rest = std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
  std::string out;
  int used = 0;
  for (const unit& u : units) {
    if (rest < u.size || used == 2) continue;
    if (used++ != 0) out += ' ';
    out += std::to_string(rest / u.size);
    out += u.name;
    rest %= u.size;
  }
  return out.empty() ? "0ms" : out;
}

}  // namespace detail

inline std::string process_status::up() const { return detail::duration_text(clock::now() - started_at_); }

}  // namespace hyperactor::inline v0

template <>
struct fmt::formatter<hyperactor::process_status> : hyperactor::detail::text_formatter<hyperactor::process_status> {};

#endif  // HYPERACTOR_HOST_PROCESS_STATUS_HPP
