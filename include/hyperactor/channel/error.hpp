// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_ERROR_HPP
#define HYPERACTOR_CHANNEL_ERROR_HPP

/// @file
/// What can go wrong with a channel.

#include <hyperactor/base/error.hpp>

#include <cstdint>
#include <string>
#include <system_error>
#include <type_traits>

namespace hyperactor::inline v0 {

/// Errors of serving, dialling, sending and receiving.
enum class channel_error {
  closed = 1,         ///< the other end closed for good, or the server stopped and its queue is drained
  timed_out,          ///< a timed wait ended: a receive, or the wait for an acknowledgement
  connect_failed,     ///< nobody serves the address, or it cannot be reached
  connect_timed_out,  ///< no connection came about in time
  resolve_failed,     ///< the host name has no address
  listen_failed,      ///< the address cannot be served
  address_in_use,     ///< somebody else serves the address
  invalid_address,    ///< the transport has no such address; also a socket path that is too long
  handshake_failed,   ///< the other end speaks something else
  frame_too_large,    ///< a frame is longer than config::codec_max_frame_length
  encode_failed,      ///< the message cannot be turned into bytes
  decode_failed,      ///< bytes from the other end are no message
};

namespace detail {
inline constexpr error_category::row channel_error_rows[] = {
    {"closed", "channel closed"},
    {"timed_out", "the wait timed out"},
    {"connect_failed", "the address cannot be connected to"},
    {"connect_timed_out", "no connection came about in time"},
    {"resolve_failed", "the host name has no address"},
    {"listen_failed", "the address cannot be served"},
    {"address_in_use", "the address is in use"},
    {"invalid_address", "invalid address"},
    {"handshake_failed", "the other end speaks something else"},
    {"frame_too_large", "a frame is longer than config::codec_max_frame_length"},
    {"encode_failed", "the message cannot be turned into bytes"},
    {"decode_failed", "bytes from the other end are no message"},
};
inline const error_category channel_error_category{"hyperactor.channel", channel_error_rows};
}  // namespace detail

/// The code of `e`, in category `hyperactor.channel`.
inline std::error_code make_error_code(channel_error e) noexcept {
  return {static_cast<int>(e), detail::channel_error_category};
}

}  // namespace hyperactor::inline v0

template <> struct std::is_error_code_enum<hyperactor::channel_error> : std::true_type {};

namespace hyperactor::inline v0::detail {

/// Our own frame is over the limit.
[[nodiscard]] HYPERACTOR_COLD inline error oversized_frame_error(std::uint64_t length, std::uint64_t limit) {
  return error(channel_error::frame_too_large,
               "rejecting oversize frame: len=" + std::to_string(length) + " > max=" + std::to_string(limit) +
                   ". ack will not arrive before timeout; increase CODEC_MAX_FRAME_LENGTH to allow.");
}

/// The peer announces a frame that is over the limit.
[[nodiscard]] HYPERACTOR_COLD inline error oversized_input_error(std::uint64_t length, std::uint64_t limit) {
  return error(channel_error::frame_too_large, "the peer announced a frame of " + std::to_string(length) +
                                                   " bytes, more than CODEC_MAX_FRAME_LENGTH (" +
                                                   std::to_string(limit) + ") allows");
}

/// `what` failed with the system's reason.
[[nodiscard]] HYPERACTOR_COLD inline error system_failure(channel_error e, const std::string& what,
                                                          const std::error_code& reason) {
  return error(e, what + ": " + reason.message());
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_CHANNEL_ERROR_HPP
