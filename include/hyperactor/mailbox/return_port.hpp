// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_RETURN_PORT_HPP
#define HYPERACTOR_MAILBOX_RETURN_PORT_HPP

/// @file
/// `return_port`: the way back for a message that cannot be delivered. Every policy that takes an envelope gets one.
///
/// [RTP-1] `undeliverable` hands every envelope to the sink exactly once, with at least one failure recorded; only one
///         whose sender does not want it back is dropped, and counted.
/// [RTP-2] A port without a sink writes one line to the log; nothing is sent and nothing is returned again.

#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/log.hpp>
#include <hyperactor/mailbox/undeliverable.hpp>

#include <atomic>

namespace hyperactor::inline v0 {

namespace detail {

/// Where returned messages go. The implementation must not send them on in a way that could return them again.
class return_sink {
 public:
  virtual void returned(undeliverable message) noexcept = 0;

  void retain() const noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() const noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy();
  }

 protected:
  return_sink() noexcept = default;
  return_sink(const return_sink&) = delete;
  return_sink& operator=(const return_sink&) = delete;
  virtual ~return_sink() = default;

 private:
  /// For sinks that are part of something with another life.
  virtual void destroy() const noexcept { delete this; }

  mutable std::atomic<std::uint32_t> references_{1};
};

/// How many envelopes were dropped because their senders did not want them back.
HYPERACTOR_SHARED inline constinit std::atomic<std::uint64_t> dropped_envelopes{0};

/// Writes the line about a message that nobody takes ([RTP-2]); a flood about one destination is counted, not written.
HYPERACTOR_COLD inline void log_undelivered(const undeliverable& message) noexcept {
  log::limited(log::severity::error, message.log_key(), [&] { return message.log_line(); });
}

}  // namespace detail

/// A cheap handle onto whoever takes undelivered messages back; the default one writes them to the log.
/// @threadsafe
class return_port {
 public:
  return_port() noexcept = default;
  explicit return_port(detail::intrusive_ptr<detail::return_sink> sink) noexcept : sink_(std::move(sink)) {}

  /// Records `failure`, whose target is filled in from the envelope, and gives the message back ([RTP-1]).
  void undeliverable(message_envelope message, delivery_failure failure) const noexcept {
    try {
      message.push_delivery_failure(std::move(failure));
    } catch (...) {  // out of memory: the message goes back without this failure
    }
    give_back(std::move(message));
  }
  /// Gives the message back with the failures that it has.
  void give_back(message_envelope message) const noexcept {
    if (!message.return_undeliverable()) {
      detail::dropped_envelopes.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    give(hyperactor::undeliverable::returned(std::move(message)));
  }
  /// Tells about a message that is not there any more.
  void report(delivery_failure_report report) const noexcept {
    give(hyperactor::undeliverable::report(std::move(report)));
  }

  /// Whether somebody but the log takes the messages.
  explicit operator bool() const noexcept { return static_cast<bool>(sink_); }
  friend bool operator==(const return_port&, const return_port&) noexcept = default;

 private:
  void give(hyperactor::undeliverable message) const noexcept {
    if (sink_) {
      sink_->returned(std::move(message));
    } else {
      detail::log_undelivered(message);  // [RTP-2]
    }
  }

  detail::intrusive_ptr<detail::return_sink> sink_;
};

template <class Tag>
void detail::refuse_envelope(message_envelope message, delivery_reason reason, std::string&& text,
                             const return_port& back) noexcept {
  back.undeliverable(std::move(message), delivery_failure::because(reason, std::move(text)));
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_MAILBOX_RETURN_PORT_HPP
