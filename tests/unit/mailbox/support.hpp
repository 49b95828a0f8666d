// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_TESTS_UNIT_MAILBOX_SUPPORT_HPP
#define HYPERACTOR_TESTS_UNIT_MAILBOX_SUPPORT_HPP

/// @file
/// Envelopes, senders and return ports for the tests of mailbox/.

#include <hyperactor/mailbox/mailbox_sender.hpp>

#include "unit/mailbox/vector_check.hpp"

#include <memory>

namespace mailbox_tests {

namespace ha = hyperactor;

inline ha::actor_addr actor(const char* text) { return ha::actor_addr::parse(text).value(); }
inline ha::port_addr port(const char* text) { return ha::port_addr::parse(text).value(); }

inline ha::message_envelope envelope(const char* dest = "b.q:7@inproc://2", std::uint64_t value = 42) {
  return ha::message_envelope::serialize(actor("a.p@inproc://1"), port(dest), value).value();
}

/// Keeps what comes back.
struct returns {
  struct sink final : ha::detail::return_sink {
    std::vector<ha::undeliverable> messages;
    void returned(ha::undeliverable m) noexcept override { messages.push_back(std::move(m)); }
  };
  sink* kept = new sink;
  ha::return_port port{ha::detail::intrusive_ptr<ha::detail::return_sink>::adopt(kept)};

  [[nodiscard]] std::vector<ha::undeliverable>& messages() const { return kept->messages; }
  [[nodiscard]] ha::delivery_reason reason(std::size_t i = 0) const {
    return messages().at(i).root_failure()->reason();
  }
};

/// Keeps what it gets.
struct recorder {
  std::shared_ptr<std::vector<ha::message_envelope>> messages = std::make_shared<std::vector<ha::message_envelope>>();
  void post_unchecked(ha::message_envelope m, const ha::return_port&) const { messages->push_back(std::move(m)); }
};

}  // namespace mailbox_tests

#endif  // HYPERACTOR_TESTS_UNIT_MAILBOX_SUPPORT_HPP
