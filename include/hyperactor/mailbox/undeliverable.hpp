// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_UNDELIVERABLE_HPP
#define HYPERACTOR_MAILBOX_UNDELIVERABLE_HPP

/// @file
/// `undeliverable`: what a sender gets back when its message did not arrive: the message itself, or a report where
/// there is no message any more.
///
/// [UND-1] Texts name sender, destination, type, size and reason; never payload or headers.

#include <hyperactor/base/owner.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/mailbox/endpoint_location.hpp>
#include <hyperactor/mailbox/envelope.hpp>
#include <hyperactor/mailbox/error.hpp>
#include <hyperactor/mailbox/returned_message.hpp>

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
  static T read(wire::decoder& d) {
    // members of a braced list are read in order
    T out{d.read<detail::when_used<actor_addr, T>>(), d.read<detail::when_used<endpoint_location, T>>(), {}, {}};
    if (d.take_bool()) out.message_type = d.take_string();
    for (std::size_t n = d.take_count(8); n > 0 && !d.failed(); --n) {
      out.delivery_failures.push_back(d.read<detail::when_used<delivery_failure, T>>());
    }
    return out;
  }
};

namespace detail {

/// A message that was in an envelope. A template, as what follows: see returned_message.hpp.
template <class Envelope> class returned_envelope final : public returned_message {
 public:
  explicit returned_envelope(Envelope e) noexcept : returned_message(form::envelope), envelope_(std::move(e)) {}

  [[nodiscard]] Envelope& envelope() noexcept { return envelope_; }
  [[nodiscard]] const actor_addr& sender() const noexcept override { return envelope_.sender(); }
  [[nodiscard]] bool fails_sender() const noexcept override {
    const auto* const root = envelope_.root_delivery_failure();
    return root == nullptr || root->fails_sender();
  }
  [[nodiscard]] std::uint64_t log_key() const noexcept override {
    const auto* const root = envelope_.root_delivery_failure();
    return key_of(envelope_.dest().hash(), root != nullptr ? static_cast<std::uint64_t>(root->reason()) + 1 : 0);
  }
  [[nodiscard]] HYPERACTOR_COLD returned_facts facts() const override {
    returned_facts out;
    out.dest = envelope_.dest().to_string();
    out.message_type = envelope_.message_type();
    out.error = envelope_.error_message();
    if (envelope_.headers().template get_text<header::operation_endpoint>(out.endpoint)) {
      out.adverb = "?";
      (void)envelope_.headers().template get_text<header::operation_adverb>(out.adverb);
    }
    out.data_bytes = envelope_.data_bytes();
    return out;
  }

 private:
  Envelope envelope_;
};

template <class Report> class returned_report final : public returned_message {
 public:
  explicit returned_report(Report r) noexcept : returned_message(form::report), report_(std::move(r)) {}

  [[nodiscard]] const Report& report() const noexcept { return report_; }
  [[nodiscard]] const actor_addr& sender() const noexcept override { return report_.sender; }
  [[nodiscard]] bool fails_sender() const noexcept override {
    return report_.delivery_failures.empty() || report_.delivery_failures.front().fails_sender();
  }
  [[nodiscard]] std::uint64_t log_key() const noexcept override {
    const auto& failures = report_.delivery_failures;
    return key_of(report_.dest.actor_addr().hash(),
                  failures.empty() ? 0 : static_cast<std::uint64_t>(failures.front().reason()) + 1);
  }
  [[nodiscard]] HYPERACTOR_COLD returned_facts facts() const override {
    returned_facts out;
    out.dest = report_.dest.to_string();
    out.message_type = report_.message_type.value_or("unknown");
    for (const auto& f : report_.delivery_failures) {
      if (!out.error.empty()) out.error += "; ";
      out.error += f.to_string();
    }
    return out;
  }

 private:
  Report report_;
};

/// The envelope that a message of this process would have travelled in.
template <class Envelope> [[nodiscard]] owner<returned_message> enclose(returned_local& from) {
  owned_message& m = from.message();
  const local_failure& why = from.why();
  Envelope envelope(from.sender(), why.dest.port_addr(port_of_message(*m.get())),
                    local_payload(m.get(), *m.get()->type));
  (void)m.release();
  envelope.push_delivery_failure(delivery_failure::because(why.reason, why.text));
  return owner<returned_message>(new returned_envelope<Envelope>(std::move(envelope)));
}

}  // namespace detail

/// A message that came back, or the report about one. Delivered to `handle_undeliverable` of actors and to
/// `client::undelivered()`.
/// @note for one thread at a time, reading too
class undeliverable {
 public:
  /// The message, with at least one failure recorded.
  template <class Envelope = message_envelope> [[nodiscard]] static undeliverable returned(Envelope envelope) {
    return undeliverable(new detail::returned_envelope<Envelope>(std::move(envelope)));
  }
  template <class Report = delivery_failure_report> [[nodiscard]] static undeliverable report(Report report) {
    return undeliverable(new detail::returned_report<Report>(std::move(report)));
  }
  explicit undeliverable(detail::returned_message* what) noexcept : what_(what) {}

  /// Whether the message itself is there.
  [[nodiscard]] bool is_returned() const noexcept { return what_->which() != detail::returned_message::form::report; }
  /// Whether the message is there and was not in an envelope so far.
  [[nodiscard]] bool is_bare() const noexcept { return what_->which() == detail::returned_message::form::local; }
  /// The message, or null.
  template <class Envelope = message_envelope> [[nodiscard]] Envelope* envelope() { return enclosed<Envelope>(); }
  template <class Envelope = message_envelope> [[nodiscard]] const Envelope* envelope() const {
    return enclosed<Envelope>();
  }
  /// The report, or null.
  template <class Report = delivery_failure_report> [[nodiscard]] const Report* report() const noexcept {
    return is_returned() ? nullptr : &static_cast<const detail::returned_report<Report>&>(*what_).report();
  }

  /// Who sent it.
  [[nodiscard]] const actor_addr& sender() const noexcept { return what_->sender(); }
  /// Where it was to go, as text.
  [[nodiscard]] HYPERACTOR_COLD std::string dest() const { return what_->facts().dest; }
  /// The type of the message, or `unknown`.
  [[nodiscard]] HYPERACTOR_COLD std::string message_type() const { return what_->facts().message_type; }
  template <class Envelope = message_envelope>
  [[nodiscard]] const std::vector<delivery_failure>& delivery_failures() const {
    return is_returned() ? envelope<Envelope>()->delivery_failures() : report()->delivery_failures;
  }
  /// The cause, or null.
  template <class Envelope = message_envelope> [[nodiscard]] const delivery_failure* root_failure() const {
    return delivery_failures<Envelope>().empty() ? nullptr : delivery_failures<Envelope>().data();
  }
  /// Whether the cause is one that fails the sending actor by default; a message without a cause does.
  [[nodiscard]] bool fails_sender() const noexcept { return what_->fails_sender(); }
  /// The failures' texts, joined by `; `.
  [[nodiscard]] HYPERACTOR_COLD std::string error_message() const { return what_->facts().error; }
  /// The message as a value: moved out where it never left this process, otherwise decoded.
  /// @errors wire_error, where it is no `M`; mailbox_error::undeliverable, where only a report is there
  template <class M> [[nodiscard]] result<M> as() {
    if (message_envelope* m = envelope()) return m->as<M>();
    return result<M>(boost::system::in_place_error,
                     error(mailbox_error::undeliverable, "delivery failed and the original payload is unavailable"));
  }

  /// Several lines for people ([UND-1]); the first one says what happened.
  [[nodiscard]] HYPERACTOR_COLD std::string to_string() const {
    const detail::returned_facts f = what_->facts();
    if (is_returned()) {
      return describe(f, top_line(f, "undeliverable message to " + f.dest),
                      "delivery of message from sender to dest failed", "");
    }
    return describe(f, "undeliverable message report to " + f.dest,
                    "delivery failed and the original payload is unavailable", "");
  }
  /// The same for a message that could not even be returned to its sender.
  [[nodiscard]] HYPERACTOR_COLD std::string return_failure_string() const {
    const detail::returned_facts f = what_->facts();
    return describe(f, top_line(f, "undeliverable return to original sender " + sender().to_string()),
                    "returning undeliverable message to original sender failed", "original ");
  }
  /// One line for the log.
  [[nodiscard]] HYPERACTOR_COLD std::string log_line() const {
    const detail::returned_facts f = what_->facts();
    std::string out = f.endpoint.empty() ? "message not delivered to "
                                         : "abandoned message for " + f.endpoint + " (" + f.adverb + ") to ";
    out += f.dest + ": sender=" + sender().to_string() + " message_type=" + f.message_type;
    if (is_returned()) out += " data_len=" + std::to_string(f.data_bytes);
    return out + " error=" + (f.error.empty() ? "<none>" : f.error);
  }
  /// The same for messages about which one line a second is enough.
  [[nodiscard]] std::uint64_t log_key() const noexcept { return what_->log_key(); }

 private:
  [[nodiscard]] static std::string top_line(const detail::returned_facts& f, std::string otherwise) {
    return f.endpoint.empty() ? otherwise : "undeliverable message for " + f.endpoint + " (" + f.adverb + ")";
  }
  [[nodiscard]] HYPERACTOR_COLD std::string describe(const detail::returned_facts& f, std::string out,
                                                     const char* description, const std::string& prefix) const {
    const auto line = [&out](const std::string& key, const std::string& value) { out += "\n\t" + key + ": " + value; };
    out += ':';
    line("description", description);
    line(prefix + "sender", sender().to_string());
    line(prefix + "dest", f.dest);
    line("message type", f.message_type);
    if (is_returned()) line("data_len", std::to_string(f.data_bytes));
    line("error", f.error.empty() ? "<none>" : f.error);
    return out;
  }

  /// A message of this process gets its envelope here, when it is first asked for.
  template <class Envelope> [[nodiscard]] Envelope* enclosed() const {
    using form = detail::returned_message::form;
    if (what_->which() == form::report) return nullptr;
    if (what_->which() == form::local) {
      what_ = detail::enclose<Envelope>(static_cast<detail::returned_local&>(*what_));
    }
    return &static_cast<detail::returned_envelope<Envelope>&>(*what_).envelope();
  }

  mutable detail::owner<detail::returned_message> what_;
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
  static T read(wire::decoder& d) {
    if (d.take_index(2) == 0) return T::returned(d.read<detail::when_used<message_envelope, T>>());
    return T::report(d.read<detail::when_used<delivery_failure_report, T>>());
  }
};

}  // namespace hyperactor::inline v0

HYPERACTOR_NAMED("hyperactor::mailbox::undeliverable::DeliveryFailureReport", hyperactor::delivery_failure_report);
HYPERACTOR_NAMED("hyperactor::mailbox::undeliverable::Undeliverable<hyperactor::mailbox::MessageEnvelope>",
                 hyperactor::undeliverable);

#endif  // HYPERACTOR_MAILBOX_UNDELIVERABLE_HPP
