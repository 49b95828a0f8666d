// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_UNDELIVERABLE_HPP
#define HYPERACTOR_MAILBOX_UNDELIVERABLE_HPP

/// @file
/// `undeliverable`: what a sender gets back when its message did not arrive: the message itself, or a report where
/// there is no message any more.
///
/// [UND-1] Texts name sender, destination, type, size and reason; never payload or headers.

#include <hyperactor/mailbox/endpoint_location.hpp>
#include <hyperactor/mailbox/envelope.hpp>
#include <hyperactor/mailbox/error.hpp>

#include <variant>

namespace hyperactor::inline v0 {

/// A failed delivery whose message is not there any more.
struct delivery_failure_report {
  actor_addr sender;
  endpoint_location dest;
  std::optional<std::string> message_type;
  std::vector<delivery_failure> delivery_failures;
};

template <> struct codec<delivery_failure_report> {
  static constexpr bool carries_parts = true;
  static void encode(wire::encoder& e, const delivery_failure_report& r) {
    e.put(r.sender);
    e.put(r.dest);
    e.put_u8(r.message_type ? 1 : 0);
    if (r.message_type) e.put_string(*r.message_type);
    e.put_u64(r.delivery_failures.size());
    for (const delivery_failure& f : r.delivery_failures) e.put(f);
  }
  static result<delivery_failure_report> decode(wire::decoder& d) {
    auto sender = d.take<actor_addr>();
    if (!sender) return sender.error();
    auto dest = d.take<endpoint_location>();
    if (!dest) return dest.error();
    delivery_failure_report out{std::move(*sender), std::move(*dest), {}, {}};
    if (d.take_bool()) out.message_type = d.take_string();
    for (std::size_t n = d.take_count(8); n > 0; --n) {
      auto failure = d.take<delivery_failure>();
      if (!failure) return failure.error();
      out.delivery_failures.push_back(std::move(*failure));
    }
    return out;
  }
};

/// A message that came back, or the report about one. Delivered to `handle_undeliverable` of actors and to
/// `client::undelivered()`.
class undeliverable {
 public:
  /// The message, with at least one failure recorded.
  [[nodiscard]] static undeliverable returned(message_envelope envelope) {
    return undeliverable(std::variant<message_envelope, delivery_failure_report>(std::move(envelope)));
  }
  [[nodiscard]] static undeliverable report(delivery_failure_report report) {
    return undeliverable(std::variant<message_envelope, delivery_failure_report>(std::move(report)));
  }

  /// Whether the message itself is there.
  [[nodiscard]] bool is_returned() const noexcept { return content_.index() == 0; }
  /// The message, or null.
  [[nodiscard]] message_envelope* envelope() noexcept { return std::get_if<0>(&content_); }
  [[nodiscard]] const message_envelope* envelope() const noexcept { return std::get_if<0>(&content_); }
  /// The report, or null.
  [[nodiscard]] const delivery_failure_report* report() const noexcept { return std::get_if<1>(&content_); }

  /// Who sent it.
  [[nodiscard]] const actor_addr& sender() const noexcept {
    return is_returned() ? envelope()->sender() : report()->sender;
  }
  /// Where it was to go, as text.
  [[nodiscard]] HYPERACTOR_COLD std::string dest() const {
    return is_returned() ? envelope()->dest().to_string() : report()->dest.to_string();
  }
  /// The type of the message, or `unknown`.
  [[nodiscard]] HYPERACTOR_COLD std::string message_type() const {
    return is_returned() ? envelope()->message_type() : report()->message_type.value_or("unknown");
  }
  [[nodiscard]] const std::vector<delivery_failure>& delivery_failures() const noexcept {
    return is_returned() ? envelope()->delivery_failures() : report()->delivery_failures;
  }
  /// The cause, or null.
  [[nodiscard]] const delivery_failure* root_failure() const noexcept {
    return delivery_failures().empty() ? nullptr : delivery_failures().data();
  }
  /// Whether the cause is one that fails the sending actor by default; a message without a cause does.
  [[nodiscard]] bool fails_sender() const noexcept { return !root_failure() || root_failure()->fails_sender(); }
  /// The failures' texts, joined by `; `.
  [[nodiscard]] HYPERACTOR_COLD std::string error_message() const {
    std::string out;
    for (const delivery_failure& f : delivery_failures()) {
      if (!out.empty()) out += "; ";
      out += f.to_string();
    }
    return out;
  }
  /// The message as a value: moved out where it never left this process, otherwise decoded.
  /// @errors wire_error, where it is no `M`; mailbox_error::undeliverable, where only a report is there
  template <class M> [[nodiscard]] result<M> as() {
    if (message_envelope* m = envelope()) return m->as<M>();
    return result<M>(boost::system::in_place_error,
                     error(mailbox_error::undeliverable, "delivery failed and the original payload is unavailable"));
  }

  /// Several lines for people ([UND-1]); the first one says what happened.
  [[nodiscard]] HYPERACTOR_COLD std::string to_string() const {
    if (is_returned()) {
      return describe(top_line("undeliverable message to " + dest()), "delivery of message from sender to dest failed",
                      "");
    }
    return describe("undeliverable message report to " + dest(),
                    "delivery failed and the original payload is unavailable", "");
  }
  /// The same for a message that could not even be returned to its sender.
  [[nodiscard]] HYPERACTOR_COLD std::string return_failure_string() const {
    return describe(top_line("undeliverable return to original sender " + sender().to_string()),
                    "returning undeliverable message to original sender failed", "original ");
  }
  /// One line for the log.
  [[nodiscard]] HYPERACTOR_COLD std::string log_line() const {
    std::string out = "message not delivered to " + dest();
    if (const auto [endpoint, adverb] = operation(); !endpoint.empty()) {
      out = "abandoned message for " + endpoint + " (" + adverb + ") to " + dest();
    }
    out += ": sender=" + sender().to_string() + " message_type=" + message_type();
    if (is_returned()) out += " data_len=" + std::to_string(envelope()->data_bytes());
    const std::string text = error_message();
    return out + " error=" + (text.empty() ? "<none>" : text);
  }

 private:
  explicit undeliverable(std::variant<message_envelope, delivery_failure_report> content)
      : content_(std::move(content)) {}

  [[nodiscard]] std::pair<std::string, std::string> operation() const {
    if (!is_returned()) return {};
    auto endpoint = envelope()->headers().get<header::operation_endpoint>();
    if (!endpoint) return {};
    return {std::move(*endpoint), envelope()->headers().get<header::operation_adverb>().value_or("?")};
  }
  [[nodiscard]] std::string top_line(std::string otherwise) const {
    const auto [endpoint, adverb] = operation();
    return endpoint.empty() ? otherwise : "undeliverable message for " + endpoint + " (" + adverb + ")";
  }
  [[nodiscard]] std::string describe(std::string out, const char* description, const char* prefix) const {
    const auto line = [&out](const std::string& key, const std::string& value) { out += "\n\t" + key + ": " + value; };
    out += ':';
    line("description", description);
    line(std::string(prefix) + "sender", sender().to_string());
    line(std::string(prefix) + "dest", dest());
    line("message type", message_type());
    if (is_returned()) line("data_len", std::to_string(envelope()->data_bytes()));
    const std::string text = error_message();
    line("error", text.empty() ? "<none>" : text);
    return out;
  }

  std::variant<message_envelope, delivery_failure_report> content_;
};

template <> struct codec<undeliverable> {
  static constexpr bool carries_parts = true;
  static void encode(wire::encoder& e, const undeliverable& u) {
    e.put_u32(u.is_returned() ? 0 : 1);
    if (u.is_returned()) {
      e.put(*u.envelope());
    } else {
      e.put(*u.report());
    }
  }
  static result<undeliverable> decode(wire::decoder& d) {
    if (d.take_index(2) == 0) {
      auto envelope = d.take<message_envelope>();
      if (!envelope) return envelope.error();
      return undeliverable::returned(std::move(*envelope));
    }
    auto report = d.take<delivery_failure_report>();
    if (!report) return report.error();
    return undeliverable::report(std::move(*report));
  }
};

}  // namespace hyperactor::inline v0

HYPERACTOR_NAMED("hyperactor::mailbox::undeliverable::DeliveryFailureReport", hyperactor::delivery_failure_report);
HYPERACTOR_NAMED("hyperactor::mailbox::undeliverable::Undeliverable<hyperactor::mailbox::MessageEnvelope>",
                 hyperactor::undeliverable);

#endif  // HYPERACTOR_MAILBOX_UNDELIVERABLE_HPP
