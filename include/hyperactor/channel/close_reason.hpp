// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_CLOSE_REASON_HPP
#define HYPERACTOR_CHANNEL_CLOSE_REASON_HPP

/// @file
/// Whether a transmitter still works, and why not.
///
/// [CST-1] A transmitter that is closed never becomes active again.

#include <hyperactor/base/format.hpp>
#include <hyperactor/channel/error.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0 {

/// Why a transmitter closed.
enum class close_reason : unsigned char {
  sequence_mismatch,  ///< the peer forgot our session: dial again
  oversized_frame,    ///< our own frame was over the limit
  other,              ///< the text says it
};

namespace detail {
/// What a rejection must contain to mean that the peer does not know the session.
inline constexpr std::string_view out_of_sequence_text = "out-of-sequence message";
}  // namespace detail

/// State of a transmitter: active, or closed with a reason.
class channel_status {
 public:
  /// Active.
  channel_status() noexcept = default;
  /// Closed; `why` is what messages are handed back with.
  channel_status(close_reason reason, error why) noexcept : reason_(reason), why_(std::move(why)), is_closed_(true) {}
  /// Closed, because the peer said that it ends.
  [[nodiscard]] static channel_status announced(hyperactor::error why) noexcept {
    channel_status s(close_reason::other, std::move(why));
    s.is_announced_ = true;
    return s;
  }

  [[nodiscard]] bool is_active() const noexcept { return !is_closed_; }
  [[nodiscard]] bool is_closed() const noexcept { return is_closed_; }
  /// @pre closed
  [[nodiscard]] close_reason reason() const noexcept { return reason_; }
  /// Whether the peer said before that it ends: nothing broke.
  [[nodiscard]] bool is_announced() const noexcept { return is_announced_; }
  /// What messages are handed back with; no error while active.
  [[nodiscard]] const hyperactor::error& error() const noexcept { return why_; }
  /// `active`, or `closed: <reason>`.
  [[nodiscard]] std::string to_string() const { return is_closed_ ? "closed: " + why_.message() : "active"; }

  friend bool operator==(const channel_status& a, const channel_status& b) {
    return a.is_closed_ == b.is_closed_ &&
           (!a.is_closed_ || (a.reason_ == b.reason_ && a.why_ == b.why_ && a.why_.message() == b.why_.message()));
  }

 private:
  close_reason reason_ = close_reason::other;
  hyperactor::error why_;
  bool is_closed_ = false;
  bool is_announced_ = false;
};

namespace detail {

/// The status after the peer's rejection.
[[nodiscard]] HYPERACTOR_COLD inline channel_status rejected_status(const std::string& session, std::string_view text) {
  if (text.find(out_of_sequence_text) != text.npos) {
    return {close_reason::sequence_mismatch, error(channel_error::closed, "stale session: " + std::string(text))};
  }
  return {close_reason::other, error(channel_error::closed, session + ": rejected: " + std::string(text))};
}

}  // namespace detail
}  // namespace hyperactor::inline v0

template <>
struct fmt::formatter<hyperactor::channel_status> : hyperactor::detail::text_formatter<hyperactor::channel_status> {};

#endif  // HYPERACTOR_CHANNEL_CLOSE_REASON_HPP
