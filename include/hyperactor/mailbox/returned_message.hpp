// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_RETURNED_MESSAGE_HPP
#define HYPERACTOR_MAILBOX_RETURNED_MESSAGE_HPP

/// @file
/// What lies behind `undeliverable`: a message of this process, an envelope, or a report. A message of this process
/// becomes an envelope only when somebody asks for one, so that programs that never do compile none.

#include <hyperactor/identity/actor_addr.hpp>
#include <hyperactor/identity/port_addr.hpp>
#include <hyperactor/mailbox/delivery_reason.hpp>
#include <hyperactor/mailbox/message.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace hyperactor::inline v0::detail {

/// What texts about a message that came back say ([UND-1]).
struct returned_facts {
  std::string dest;
  std::string message_type;
  std::string error;             // the failures, joined
  std::string endpoint, adverb;  // of the operation that it belongs to, where there is one
  std::size_t data_bytes = 0;
};

class returned_message {
 public:
  enum class form : unsigned char { local, envelope, report };

  returned_message(const returned_message&) = delete;
  returned_message& operator=(const returned_message&) = delete;
  virtual ~returned_message() = default;

  [[nodiscard]] form which() const noexcept { return form_; }
  [[nodiscard]] virtual const actor_addr& sender() const noexcept = 0;
  [[nodiscard]] virtual bool fails_sender() const noexcept = 0;
  /// The same for messages about which one line a second is enough.
  [[nodiscard]] virtual std::uint64_t log_key() const noexcept = 0;
  [[nodiscard]] virtual returned_facts facts() const = 0;

 protected:
  explicit returned_message(form f) noexcept : form_(f) {}

  [[nodiscard]] static std::uint64_t key_of(std::size_t dest, std::uint64_t reason) noexcept {
    return (dest ^ reason) * 0x9e3779b97f4a7c15U;
  }

 private:
  form form_;
};

/// The port under which a message type is reached; one that cannot travel is named by its spelling.
[[nodiscard]] HYPERACTOR_COLD inline port port_of_message(const message_node& n) {
  return port::handler(n.type->type_hash != 0 ? n.type->type_hash : fnv1a64(n.type->type_name));
}

/// Why a message of this process did not arrive.
struct local_failure {
  actor_addr dest;
  delivery_reason reason;
  std::string text;  // of `link_unavailable`

  [[nodiscard]] HYPERACTOR_COLD std::string to_string(const message_node& n) const {
    std::string why = reason_sentence(reason);
    if (reason == delivery_reason::link_unavailable) why += ": " + text;
    const std::string target =
        is_about_actor(reason) ? dest.to_string() : dest.port_addr(port_of_message(n)).to_string();
    return "delivery failure: " + failure_message(reason, target, why);
  }
};

/// A message that never left this process.
class returned_local final : public returned_message {
 public:
  returned_local(actor_addr from, owned_message message, local_failure why)
      : returned_message(form::local), from_(std::move(from)), message_(std::move(message)), why_(std::move(why)) {}

  [[nodiscard]] const actor_addr& sender() const noexcept override { return from_; }
  [[nodiscard]] bool fails_sender() const noexcept override { return detail::fails_sender(why_.reason); }
  [[nodiscard]] std::uint64_t log_key() const noexcept override {
    return key_of(why_.dest.hash() ^ static_cast<std::size_t>(message_.get()->type->type_hash),
                  static_cast<std::uint64_t>(why_.reason) + 1);
  }
  [[nodiscard]] HYPERACTOR_COLD returned_facts facts() const override {
    returned_facts out;
    out.dest = why_.dest.port_addr(port_of_message(*message_.get())).to_string();
    out.message_type = message_.get()->type->type_name;
    out.error = why_.to_string(*message_.get());
    return out;
  }
  [[nodiscard]] const local_failure& why() const noexcept { return why_; }
  [[nodiscard]] owned_message& message() noexcept { return message_; }

 private:
  actor_addr from_;
  owned_message message_;
  local_failure why_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_RETURNED_MESSAGE_HPP
