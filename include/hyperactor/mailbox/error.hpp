// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_ERROR_HPP
#define HYPERACTOR_MAILBOX_ERROR_HPP

/// @file
/// What a receiver, a waiting join or an awaited reply can end with.

#include <hyperactor/base/error.hpp>

namespace hyperactor::inline v0 {

/// Errors of mailboxes, receivers and replies.
enum class mailbox_error {
  closed = 1,     ///< nothing more will come, and the queue is empty
  timed_out,      ///< a timed wait ended; nothing is lost, it may be tried again
  reply_dropped,  ///< the once port was destroyed unanswered; the text names the actor and how it ended
  undeliverable,  ///< the request came back; the text is the delivery failure's
  peer_lost,      ///< the proc, or the link to it, went while its reply was awaited
  ask_timed_out,  ///< `config::ask_timeout` passed without a reply
  full,           ///< a bounded mailbox refused the message
};

namespace detail {
inline constexpr error_category::row mailbox_error_rows[] = {
    {"closed", "the mailbox is closed"},
    {"timed_out", "timed out"},
    {"reply_dropped", "the reply port was dropped without an answer"},
    {"undeliverable", "the message could not be delivered"},
    {"peer_lost", "the peer was lost before it answered"},
    {"ask_timed_out", "no reply within the time of HYPERACTOR_ASK_TIMEOUT"},
    {"full", "the mailbox is full"},
};
inline const error_category mailbox_error_category{"hyperactor.mailbox", mailbox_error_rows};
}  // namespace detail

inline std::error_code make_error_code(mailbox_error e) noexcept {
  return {static_cast<int>(e), detail::mailbox_error_category};
}

}  // namespace hyperactor::inline v0

template <> struct std::is_error_code_enum<hyperactor::mailbox_error> : std::true_type {};

#endif  // HYPERACTOR_MAILBOX_ERROR_HPP
