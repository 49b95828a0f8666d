// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_STATUS_HPP
#define HYPERACTOR_ACTOR_STATUS_HPP

/// @file
/// `actor_status`: where an actor stands in its life, put together when somebody looks.
///
/// [STA-1] Terminal is terminal: after `stopped` or `failed` the status never changes.

#include <hyperactor/actor/error.hpp>
#include <hyperactor/base/format.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0 {

class actor_status {
 public:
  enum class kind : std::uint8_t { created, initializing, client, idle, processing, stopping, stopped, failed };

  [[nodiscard]] static actor_status of(kind k) { return actor_status(k, {}); }
  [[nodiscard]] static actor_status processing(std::string_view handler, std::chrono::milliseconds time) {
    actor_status s(kind::processing, std::string(handler));
    s.time_ = time;
    return s;
  }
  [[nodiscard]] static actor_status stopped(std::string reason) {
    return actor_status(kind::stopped, std::move(reason));
  }
  [[nodiscard]] static actor_status failed(actor_error_kind k, std::string text) {
    actor_status s(kind::failed, std::move(text));
    s.error_kind_ = k;
    return s;
  }

  [[nodiscard]] kind which() const noexcept { return kind_; }
  [[nodiscard]] bool is_idle() const noexcept { return kind_ == kind::idle; }
  [[nodiscard]] bool is_processing() const noexcept { return kind_ == kind::processing; }
  [[nodiscard]] bool is_stopping() const noexcept { return kind_ == kind::stopping; }
  [[nodiscard]] bool is_stopped() const noexcept { return kind_ == kind::stopped; }
  [[nodiscard]] bool is_failed() const noexcept { return kind_ == kind::failed; }
  [[nodiscard]] bool is_terminal() const noexcept { return is_stopped() || is_failed(); }
  /// Why it stopped or failed; the handler's message type while it processes.
  [[nodiscard]] const std::string& reason() const noexcept { return text_; }
  /// What kind of failure; meaningful where `is_failed()`.
  [[nodiscard]] actor_error_kind error_kind() const noexcept { return error_kind_; }

  [[nodiscard]] HYPERACTOR_COLD std::string to_string() const {
    switch (kind_) {
      case kind::created:
        return "created";
      case kind::initializing:
        return "initializing";
      case kind::client:
        return "client";
      case kind::idle:
        return "idle";
      case kind::processing: {
        const std::string time = "processing for " + std::to_string(static_cast<std::uint64_t>(time_.count())) + "ms";
        return text_.empty() ? time : text_ + ": " + time;
      }
      case kind::stopping:
        return "stopping";
      case kind::stopped:
        return "stopped: " + text_;
      case kind::failed:
        return "failed: " + text_;
    }
    return "unknown";
  }

  friend bool operator==(const actor_status& a, const actor_status& b) noexcept {
    return a.kind_ == b.kind_ && a.text_ == b.text_;
  }

 private:
  actor_status(kind k, std::string text) : text_(std::move(text)), kind_(k) {}

  std::string text_;
  std::chrono::milliseconds time_{0};
  kind kind_;
  actor_error_kind error_kind_ = actor_error_kind::generic;
};

namespace detail {
/// What joins wait for. One function for all of them, so that the wait is compiled once.
[[nodiscard]] inline bool is_terminal_status(const actor_status& s) noexcept { return s.is_terminal(); }
}  // namespace detail

}  // namespace hyperactor::inline v0

template <>
struct fmt::formatter<hyperactor::actor_status> : hyperactor::detail::text_formatter<hyperactor::actor_status> {};

#endif  // HYPERACTOR_ACTOR_STATUS_HPP
