// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_SUPERVISION_EVENT_HPP
#define HYPERACTOR_ACTOR_SUPERVISION_EVENT_HPP

/// @file
/// `supervision_event`: the end of an actor, as its parent learns of it.

#include <hyperactor/actor/status.hpp>
#include <hyperactor/base/format.hpp>
#include <hyperactor/identity/actor_addr.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace hyperactor::inline v0 {

/// Which actor ended, how and when. Equality ignores the time.
class supervision_event {
 public:
  supervision_event(actor_addr actor, std::optional<std::string> display_name, actor_status status)
      : actor_(std::move(actor)),
        display_name_(std::move(display_name)),
        status_(std::move(status)),
        occurred_at_(std::chrono::system_clock::now()) {}

  /// The actor that ended.
  [[nodiscard]] const actor_addr& actor() const noexcept { return actor_; }
  [[nodiscard]] const std::optional<std::string>& display_name() const noexcept { return display_name_; }
  [[nodiscard]] const actor_status& status() const noexcept { return status_; }
  [[nodiscard]] std::chrono::system_clock::time_point occurred_at() const noexcept { return occurred_at_; }
  /// Whether the actor failed; a clean stop is no error.
  [[nodiscard]] bool is_error() const noexcept { return status_.is_failed(); }

  /// What texts call the actor: its display name, else its address.
  [[nodiscard]] std::string name() const { return display_name_ ? *display_name_ : actor_.to_string(); }
  [[nodiscard]] HYPERACTOR_COLD std::string to_string() const {
    const bool failed = is_error();
    std::string out = "Supervision event: actor " + name() + (failed ? " failed:\n" : " has status:\n");
    std::string text = failed ? status_.reason() : status_.to_string();
    out += "  ";
    for (const char c : text) {
      out += c;
      if (c == '\n') out += "  ";
    }
    return out;
  }

  friend bool operator==(const supervision_event& a, const supervision_event& b) noexcept {
    return a.actor_ == b.actor_ && a.display_name_ == b.display_name_ && a.status_ == b.status_;
  }

 private:
  actor_addr actor_;
  std::optional<std::string> display_name_;
  actor_status status_;
  std::chrono::system_clock::time_point occurred_at_;
};

}  // namespace hyperactor::inline v0

template <>
struct fmt::formatter<hyperactor::supervision_event>
    : hyperactor::detail::text_formatter<hyperactor::supervision_event> {};

#endif  // HYPERACTOR_ACTOR_SUPERVISION_EVENT_HPP
