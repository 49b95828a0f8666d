// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_ERROR_HPP
#define HYPERACTOR_ACTOR_ERROR_HPP

/// @file
/// `actor_error`: why an actor failed.

#include <hyperactor/identity/actor_addr.hpp>

#include <string>
#include <utility>

namespace hyperactor::inline v0 {

/// What kind of failure ended an actor.
enum class actor_error_kind : std::uint8_t {
  generic,                      ///< a handler or hook returned an error or threw
  error_handling_supervision,   ///< the supervision hook itself failed
  unhandled_supervision_event,  ///< a child failed and nobody handled it
  aborted,                      ///< killed
};

/// A failure of an actor, as a value.
class actor_error {
 public:
  actor_error(actor_addr addr, actor_error_kind kind, std::string text)
      : addr_(std::move(addr)), text_(std::move(text)), kind_(kind) {}

  [[nodiscard]] const actor_addr& addr() const noexcept { return addr_; }
  [[nodiscard]] actor_error_kind kind() const noexcept { return kind_; }
  /// The text of the failure alone.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// `serving {addr}: {text}`.
  [[nodiscard]] std::string to_string() const { return "serving " + addr_.to_string() + ": " + text_; }

 private:
  actor_addr addr_;
  std::string text_;
  actor_error_kind kind_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_ERROR_HPP
