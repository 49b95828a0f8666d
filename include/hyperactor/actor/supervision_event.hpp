// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_SUPERVISION_EVENT_HPP
#define HYPERACTOR_ACTOR_SUPERVISION_EVENT_HPP

/// @file
/// `supervision_event`: the end of an actor, as its parent learns of it.

#include <hyperactor/actor/status.hpp>
#include <hyperactor/base/format.hpp>
#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/actor_addr.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {
class actor_core;

/// The name that an actor wants to be called by. Behind a pointer that only actors with such a name set.
class shown_name : public ref_counted<shown_name> {
 public:
  shown_name(const shown_name&) = delete;
  shown_name& operator=(const shown_name&) = delete;
  virtual ~shown_name() = default;
  [[nodiscard]] virtual const std::string& text() const noexcept = 0;

 protected:
  shown_name() noexcept = default;
};
template <class Text = std::string> struct shown_name_of final : shown_name {
  explicit shown_name_of(Text t) : value(std::move(t)) {}
  [[nodiscard]] const std::string& text() const noexcept override { return *value; }
  std::optional<Text> value;
};
}  // namespace detail

/// Which actor ended, how and when; immutable, copies share it. Equality ignores the time.
/// @threadsafe as a value
class supervision_event {
 public:
  template <class T = void>
  supervision_event(actor_addr actor, detail::when_used<std::optional<std::string>, T> display_name,
                    actor_status status)
      : supervision_event(
            name_pointer::adopt(display_name ? new detail::shown_name_of<>(std::move(*display_name)) : nullptr),
            std::move(actor), std::move(status)) {}
  // what was moved from stays an event: moving copies the reference
  supervision_event(const supervision_event&) noexcept = default;
  supervision_event& operator=(const supervision_event&) noexcept = default;
  ~supervision_event() = default;

  /// The actor that ended.
  [[nodiscard]] const actor_addr& actor() const noexcept { return record_->actor; }
  template <class Text = std::string> [[nodiscard]] const std::optional<Text>& display_name() const noexcept {
    static const std::optional<Text> none;
    const detail::shown_name* const name = record_->display_name.get();
    return name != nullptr ? static_cast<const detail::shown_name_of<Text>*>(name)->value : none;
  }
  [[nodiscard]] const actor_status& status() const noexcept { return record_->status; }
  [[nodiscard]] std::chrono::system_clock::time_point occurred_at() const noexcept { return record_->occurred_at; }
  /// Whether the actor failed; a clean stop is no error.
  [[nodiscard]] bool is_error() const noexcept { return status().is_failed(); }

  /// What texts call the actor: its display name, else its address.
  [[nodiscard]] std::string name() const {
    return record_->display_name ? record_->display_name->text() : actor().to_string();
  }
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
  using name_pointer = detail::intrusive_ptr<const detail::shown_name>;
  struct record : detail::ref_counted<record> {
    record(name_pointer name, actor_addr a, actor_status s)
        : actor(std::move(a)),
          display_name(std::move(name)),
          status(std::move(s)),
          occurred_at(std::chrono::system_clock::now()) {}
    actor_addr actor;
    name_pointer display_name;  // null where there is none
    actor_status status;
    std::chrono::system_clock::time_point occurred_at;
  };
  supervision_event(name_pointer display_name, actor_addr actor, actor_status status)
      : record_(detail::intrusive_ptr<const record>::adopt(
            new record(std::move(display_name), std::move(actor), std::move(status)))) {}

  detail::intrusive_ptr<const record> record_;
};

}  // namespace hyperactor::inline v0

template <>
struct fmt::formatter<hyperactor::supervision_event>
    : hyperactor::detail::text_formatter<hyperactor::supervision_event> {};

#endif  // HYPERACTOR_ACTOR_SUPERVISION_EVENT_HPP
