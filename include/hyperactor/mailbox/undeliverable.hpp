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

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyperactor::inline v0 {

/// A failed delivery whose message is not there any more.
struct delivery_failure_report {
  actor_addr sender;
  endpoint_location dest;
  std::optional<std::string> message_type;
  std::vector<delivery_failure> delivery_failures;
};

template <std::same_as<delivery_failure_report> T> struct codec<T> {
  static constexpr bool carries_parts = true;
  static void encode(wire::encoder& e, const T& r) {
    e.put(r.sender);
    e.put(r.dest);
    e.put_u8(r.message_type ? 1 : 0);
    if (r.message_type) e.put_string(*r.message_type);
    e.put_u64(r.delivery_failures.size());
    for (const delivery_failure& f : r.delivery_failures) e.put(f);
  }
  static result<T> decode(wire::decoder& d) {
    auto sender = d.take<detail::when_used<actor_addr, T>>();
    if (!sender) return sender.error();
    auto dest = d.take<detail::when_used<endpoint_location, T>>();
    if (!dest) return dest.error();
    T out{std::move(*sender), std::move(*dest), {}, {}};
    if (d.take_bool()) out.message_type = d.take_string();
    for (std::size_t n = d.take_count(8); n > 0; --n) {
      auto failure = d.take<detail::when_used<delivery_failure, T>>();
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
    return undeliverable(std::move(envelope), nullptr);
  }
  [[nodiscard]] static undeliverable report(delivery_failure_report report) {
    return undeliverable(message_envelope(), new delivery_failure_report(std::move(report)));
  }

  undeliverable(undeliverable&& o) noexcept
      : envelope_(std::move(o.envelope_)), report_(std::exchange(o.report_, nullptr)) {}
  undeliverable& operator=(undeliverable&& o) noexcept {
    envelope_ = std::move(o.envelope_);
    std::swap(report_, o.report_);
    return *this;
  }
  ~undeliverable() { delete report_; }

  /// Whether the message itself is there.
  [[nodiscard]] bool is_returned() const noexcept { return report_ == nullptr; }
  /// The message, or null.
  [[nodiscard]] message_envelope* envelope() noexcept { return is_returned() ? &envelope_ : nullptr; }
  [[nodiscard]] const message_envelope* envelope() const noexcept { return is_returned() ? &envelope_ : nullptr; }
  /// The report, or null.
  [[nodiscard]] const delivery_failure_report* report() const noexcept { return report_; }

  /// Who sent it.
  [[nodiscard]] const actor_addr& sender() const noexcept {
    return is_returned() ? envelope()->sender() : report()->sender;
  }
  /// Where it was to go, as text.
  template <class = void> [[nodiscard]] HYPERACTOR_COLD std::string dest() const {
    return is_returned() ? envelope()->dest().to_string() : report()->dest.to_string();
  }
  /// The type of the message, or `unknown`.
  template <class = void> [[nodiscard]] HYPERACTOR_COLD std::string message_type() const {
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
  template <class = void> [[nodiscard]] HYPERACTOR_COLD std::string error_message() const {
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
  template <class = void> [[nodiscard]] HYPERACTOR_COLD std::string to_string() const {
    if (is_returned()) {
      return describe(top_line("undeliverable message to " + dest()), "delivery of message from sender to dest failed",
                      "");
    }
    return describe("undeliverable message report to " + dest(),
                    "delivery failed and the original payload is unavailable", "");
  }
  /// The same for a message that could not even be returned to its sender.
  template <class = void> [[nodiscard]] HYPERACTOR_COLD std::string return_failure_string() const {
    return describe(top_line("undeliverable return to original sender " + sender().to_string()),
                    "returning undeliverable message to original sender failed", "original ");
  }
  /// One line for the log.
  template <class = void> [[nodiscard]] HYPERACTOR_COLD std::string log_line() const {
    std::string out = "message not delivered to " + dest();
    std::string endpoint;
    std::string adverb;
    if (find_operation(endpoint, adverb)) {
      out = "abandoned message for " + endpoint + " (" + adverb + ") to " + dest();
    }
    out += ": sender=" + sender().to_string() + " message_type=" + message_type();
    if (is_returned()) out += " data_len=" + std::to_string(envelope()->data_bytes());
    const std::string text = error_message();
    return out + " error=" + (text.empty() ? "<none>" : text);
  }

 private:
  undeliverable(message_envelope envelope, delivery_failure_report* report) noexcept
      : envelope_(std::move(envelope)), report_(report) {}

  /// Endpoint and adverb of the operation that the message belongs to; false where there is none.
  [[nodiscard]] bool find_operation(std::string& endpoint, std::string& adverb) const {
    if (!is_returned() || !envelope()->headers().get_text<header::operation_endpoint>(endpoint)) return false;
    adverb = "?";
    (void)envelope()->headers().get_text<header::operation_adverb>(adverb);
    return !endpoint.empty();
  }
  template <class = void> [[nodiscard]] std::string top_line(std::string otherwise) const {
    std::string endpoint;
    std::string adverb;
    return find_operation(endpoint, adverb) ? "undeliverable message for " + endpoint + " (" + adverb + ")" : otherwise;
  }
  template <class = void>
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

  message_envelope envelope_;        // null beside a report
  delivery_failure_report* report_;  // owned; null beside a message
};

template <std::same_as<undeliverable> T> struct codec<T> {
  static constexpr bool carries_parts = true;
  static void encode(wire::encoder& e, const T& u) {
    e.put_u32(u.is_returned() ? 0 : 1);
    if (u.is_returned()) {
      e.put(*u.envelope());
    } else {
      e.put(*u.report());
    }
  }
  static result<T> decode(wire::decoder& d) {
    if (d.take_index(2) == 0) {
      auto envelope = d.take<detail::when_used<message_envelope, T>>();
      if (!envelope) return envelope.error();
      return T::returned(std::move(*envelope));
    }
    auto report = d.take<detail::when_used<delivery_failure_report, T>>();
    if (!report) return report.error();
    return T::report(std::move(*report));
  }
};

}  // namespace hyperactor::inline v0

HYPERACTOR_NAMED("hyperactor::mailbox::undeliverable::DeliveryFailureReport", hyperactor::delivery_failure_report);
HYPERACTOR_NAMED("hyperactor::mailbox::undeliverable::Undeliverable<hyperactor::mailbox::MessageEnvelope>",
                 hyperactor::undeliverable);

#endif  // HYPERACTOR_MAILBOX_UNDELIVERABLE_HPP
