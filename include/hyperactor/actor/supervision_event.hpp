// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_SUPERVISION_EVENT_HPP
#define HYPERACTOR_ACTOR_SUPERVISION_EVENT_HPP

/// @file
/// `supervision_event`: the end of an actor, as its parent learns of it.

#include <hyperactor/actor/status.hpp>
#include <hyperactor/base/format.hpp>
#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/identity/actor_addr.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {
class actor_core;
}

/// Which actor ended, how and when; immutable, copies share it. Equality ignores the time.
/// @threadsafe as a value
class supervision_event {
 public:
  supervision_event(actor_addr actor, std::optional<std::string> display_name, actor_status status)
      : supervision_event(display_name ? &*display_name : nullptr, std::move(actor), std::move(status)) {}
  // what was moved from stays an event: moving copies the reference
  supervision_event(const supervision_event&) noexcept = default;
  supervision_event& operator=(const supervision_event&) noexcept = default;
  ~supervision_event() = default;

  /// The actor that ended.
  [[nodiscard]] const actor_addr& actor() const noexcept { return record_->actor; }
  [[nodiscard]] const std::optional<std::string>& display_name() const noexcept { return record_->display_name; }
  [[nodiscard]] const actor_status& status() const noexcept { return record_->status; }
  [[nodiscard]] std::chrono::system_clock::time_point occurred_at() const noexcept { return record_->occurred_at; }
  /// Whether the actor failed; a clean stop is no error.
  [[nodiscard]] bool is_error() const noexcept { return status().is_failed(); }

  /// What texts call the actor: its display name, else its address.
  [[nodiscard]] std::string name() const { return display_name() ? *display_name() : actor().to_string(); }
  [[nodiscard]] HYPERACTOR_COLD std::string to_string() const {
    const bool failed = is_error();
    std::string out = "Supervision event: actor " + name() + (failed ? " failed:\n" : " has status:\n");
    const std::string text = failed ? status().reason() : status().to_string();
    out += "  ";
    for (const char c : text) {
      out += c;
      if (c == '\n') out += "  ";
    }
    return out;
  }

  friend bool operator==(const supervision_event& a, const supervision_event& b) noexcept {
    return a.actor() == b.actor() && a.display_name() == b.display_name() && a.status() == b.status();
  }

 private:
  friend class detail::actor_core;
  struct record : detail::ref_counted<record> {
    record(const std::string* name, actor_addr a, actor_status s)
        : actor(std::move(a)), status(std::move(s)), occurred_at(std::chrono::system_clock::now()) {
      if (name != nullptr) display_name.emplace(*name);
    }
    actor_addr actor;
    std::optional<std::string> display_name;
    actor_status status;
    std::chrono::system_clock::time_point occurred_at;
  };
  /// @param display_name  null where there is none
  supervision_event(const std::string* display_name, actor_addr actor, actor_status status)
      : record_(detail::intrusive_ptr<const record>::adopt(
            new record(display_name, std::move(actor), std::move(status)))) {}

  detail::intrusive_ptr<const record> record_;
};

}  // namespace hyperactor::inline v0

template <>
struct fmt::formatter<hyperactor::supervision_event>
    : hyperactor::detail::text_formatter<hyperactor::supervision_event> {};

#endif  // HYPERACTOR_ACTOR_SUPERVISION_EVENT_HPP
