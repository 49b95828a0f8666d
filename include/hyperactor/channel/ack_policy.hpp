// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_ACK_POLICY_HPP
#define HYPERACTOR_CHANNEL_ACK_POLICY_HPP

/// @file
/// When the receiving end acknowledges. Acknowledgements are cumulative, so the choice is between latency and system
/// calls.
///
/// [ACK-1] An acknowledgement is due after config::message_ack_every_n_messages messages, or when the oldest of them
///         has waited for config::message_ack_time_interval, or (config::message_ack_when_idle) when nothing more is
///         there to read: a sender that waits is answered at once, a stream of messages with few acknowledgements.
/// [ACK-2] A frame of which a part is there counts as more to read, unless much of it is missing or much is
///         unacknowledged.

#include <hyperactor/config/keys.hpp>
#include <hyperactor/config/store.hpp>

#include <chrono>
#include <cstdint>

namespace hyperactor::inline v0 {

namespace detail {

/// The configuration at the time of serving.
struct ack_policy {
  std::uint64_t every_n = config::get<config::message_ack_every_n_messages>();
  std::chrono::nanoseconds interval = config::get<config::message_ack_time_interval>();
  bool when_idle = config::get<config::message_ack_when_idle>();

  [[nodiscard]] bool is_due(std::uint64_t unacknowledged, bool is_idle,
                            std::chrono::nanoseconds waited) const noexcept {
    return unacknowledged != 0 && ((when_idle && is_idle) || unacknowledged >= every_n || waited >= interval);
  }
};

}  // namespace detail
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_CHANNEL_ACK_POLICY_HPP
