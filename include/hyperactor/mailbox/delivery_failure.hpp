// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_DELIVERY_FAILURE_HPP
#define HYPERACTOR_MAILBOX_DELIVERY_FAILURE_HPP

/// @file
/// `delivery_failure`: why a message did not reach its port.
///
/// [DLF-1] A factory per reason; the target is filled in from the envelope by whoever returns it, unless one was named.
/// [DLF-2] `to_string` is bounded: what a peer attached is cut at 1024 bytes.

#include <hyperactor/identity/any_addr.hpp>
#include <hyperactor/identity/any_addr_codec.hpp>
#include <hyperactor/identity/channel_addr.hpp>
#include <hyperactor/mailbox/delivery_reason.hpp>
#include <hyperactor/mailbox/header_keys.hpp>

#include <optional>
#include <string>
#include <utility>

namespace hyperactor::inline v0 {

/// Why a message did not reach its port, with what is known about it.
/// @threadsafe as a value
class delivery_failure {
  using reason_of = delivery_reason;

 public:
  [[nodiscard]] static delivery_failure actor_does_not_exist() { return of(reason_of::actor_does_not_exist); }
  [[nodiscard]] static delivery_failure handler_not_bound() { return of(reason_of::handler_not_bound); }
  [[nodiscard]] static delivery_failure actor_stopped() { return of(reason_of::actor_stopped); }
  [[nodiscard]] static delivery_failure actor_failed() { return of(reason_of::actor_failed); }
  [[nodiscard]] static delivery_failure port_never_allocated() { return of(reason_of::port_never_allocated); }
  [[nodiscard]] static delivery_failure protocol_mismatch() { return of(reason_of::protocol_mismatch); }
  [[nodiscard]] static delivery_failure wrong_mailbox_owner() { return of(reason_of::wrong_mailbox_owner); }
  [[nodiscard]] static delivery_failure no_route() { return of(reason_of::no_route); }
  [[nodiscard]] static delivery_failure forwarder_unavailable() { return of(reason_of::forwarder_unavailable); }
  [[nodiscard]] static delivery_failure expired() { return of(reason_of::expired); }
  [[nodiscard]] static delivery_failure channel_closed(channel_addr addr) {
    return of_channel(reason_of::channel_closed, std::move(addr));
  }
  [[nodiscard]] static delivery_failure ack_timed_out(channel_addr addr) {
    return of_channel(reason_of::ack_timed_out, std::move(addr));
  }
  [[nodiscard]] static delivery_failure dial_failed(channel_addr addr, std::string text) {
    delivery_failure out = of_channel(reason_of::dial_failed, std::move(addr));
    out.text_ = std::move(text);
    return out;
  }
  [[nodiscard]] static delivery_failure link_unavailable(std::string text) {
    delivery_failure out = of(reason_of::link_unavailable);
    out.text_ = std::move(text);
    return out;
  }
  [[nodiscard]] static delivery_failure oversized_frame(std::uint64_t frame_bytes, std::uint64_t max_bytes) {
    delivery_failure out = of(reason_of::oversized_frame);
    out.frame_bytes_ = frame_bytes;
    out.max_bytes_ = max_bytes;
    return out;
  }
  [[nodiscard]] static delivery_failure port_gone() { return of(reason_of::port_gone); }
  [[nodiscard]] static delivery_failure port_gone(std::string message_type) {
    delivery_failure out = of(reason_of::port_gone);
    out.has_type_ = true;
    out.text_ = std::move(message_type);
    return out;
  }

  /// A reason without further facts, or with the text of `link_unavailable`.
  [[nodiscard]] static delivery_failure because(delivery_reason reason, std::string text = {}) {
    delivery_failure out = of(reason);
    out.text_ = std::move(text);
    return out;
  }

  [[nodiscard]] delivery_reason reason() const noexcept { return reason_; }
  [[nodiscard]] delivery_failure_kind kind() const noexcept { return detail::kind_of(reason_); }
  /// Whether an actor whose message came back for this reason fails, unless its hook decides otherwise: a bad
  /// reference, an expired or oversized message does; a port that has gone and other troubles of transport are
  /// tolerated.
  [[nodiscard]] bool fails_sender() const noexcept { return detail::fails_sender(reason_); }

  /// What was to be reached; nothing before anybody filled it in.
  [[nodiscard]] const std::optional<any_addr>& target() const noexcept { return target_; }
  template <class = void> [[nodiscard]] std::string target_text() const {
    return target_ ? target_->to_string() : "(unknown)";
  }
  void set_target(any_addr target) { target_ = std::move(target); }
  /// Fills the target in from the destination of a message, where there is none yet ([DLF-1]): the port, or where the
  /// whole actor is the matter, the actor.
  void complete(const port_addr& dest) {
    if (target_) return;
    if (detail::is_about_actor(reason_)) {
      target_ = dest.actor_addr();
    } else {
      target_ = dest;
    }
  }
  [[nodiscard]] delivery_failure with_target(const port_addr& dest) && {
    complete(dest);
    return std::move(*this);
  }

  /// The address of the channel that closed or could not be dialled.
  [[nodiscard]] const std::optional<channel_addr>& channel() const noexcept { return channel_; }
  /// What the dialling said, or why the link is not available; otherwise empty.
  [[nodiscard]] std::string detail_text() const { return has_type_ ? std::string() : text_; }
  /// The type of the message, where the port has gone and it is known.
  template <class Text = std::string> [[nodiscard]] std::optional<Text> message_type() const {
    return has_type_ ? std::optional<Text>(text_) : std::nullopt;
  }
  [[nodiscard]] std::uint64_t frame_bytes() const noexcept { return frame_bytes_; }
  [[nodiscard]] std::uint64_t max_bytes() const noexcept { return max_bytes_; }
  /// Further attributes; empty unless a peer attached some.
  [[nodiscard]] const headers& attributes() const noexcept { return attributes_; }
  template <class Headers = headers> [[nodiscard]] Headers& attributes() noexcept {
    // so that only programs that attach attributes compile what prints them
    attributes_text_ = [](const headers& h) { return static_cast<const Headers&>(h).to_string(); };
    return attributes_;
  }

  /// What happened: `transport failure to b.q:7@inproc://1: no route`.
  template <class = void> [[nodiscard]] HYPERACTOR_COLD std::string message() const {
    return detail::failure_message(reason_, target_text(), reason_text());
  }
  /// `delivery failure: {message}`, and the attributes if there are any ([DLF-2]).
  template <class = void> [[nodiscard]] HYPERACTOR_COLD std::string to_string() const {
    constexpr std::size_t max_attribute_bytes = 1024;
    std::string out = "delivery failure: " + message();
    if (attributes_.empty()) return out;
    std::string text = attributes_text_(attributes_);
    if (text.size() > max_attribute_bytes) {
      std::size_t cut = max_attribute_bytes;
      while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;  // not within a character
      text.resize(cut);
      text += "...";
    }
    return out + "; attrs: " + text;
  }
  /// The last part of the message: `no route`, `actor stopped`.
  template <class = void> [[nodiscard]] HYPERACTOR_COLD std::string reason_text() const {
    const auto channel_text = [this] { return channel_ ? channel_->to_string() : std::string("(unknown)"); };
    const std::string sentence = detail::reason_sentence(reason_);
    switch (reason_) {
      case reason_of::channel_closed:
      case reason_of::ack_timed_out:
        return sentence + ": " + channel_text();
      case reason_of::dial_failed:
        return sentence + ": " + channel_text() + ": " + text_;
      case reason_of::oversized_frame:
        return sentence + ": len=" + std::to_string(frame_bytes_) + " > max=" + std::to_string(max_bytes_) +
               ". ack will not arrive before timeout; increase CODEC_MAX_FRAME_LENGTH to allow.";
      case reason_of::link_unavailable:
        return sentence + ": " + text_;
      default:
        return sentence;
    }
  }

 private:
  template <class T> friend struct codec;

  explicit delivery_failure(delivery_reason reason) noexcept : reason_(reason) {}
  static delivery_failure of(delivery_reason reason) noexcept { return delivery_failure(reason); }
  template <class Addr> static delivery_failure of_channel(delivery_reason reason, Addr addr) {
    delivery_failure out(reason);
    out.channel_ = std::move(addr);
    return out;
  }

  std::optional<any_addr> target_;
  std::optional<channel_addr> channel_;
  std::string text_;  // of the dialling or the link, or the message type
  std::uint64_t frame_bytes_ = 0;
  std::uint64_t max_bytes_ = 0;
  headers attributes_;
  std::string (*attributes_text_)(const headers&) = nullptr;  // set where they may be there
  delivery_reason reason_;
  bool has_type_ = false;
};

}  // namespace hyperactor::inline v0

HYPERACTOR_NAMED("hyperactor::mailbox::DeliveryFailure", hyperactor::delivery_failure);

#include <hyperactor/mailbox/detail/delivery_failure_codec.hpp>

#endif  // HYPERACTOR_MAILBOX_DELIVERY_FAILURE_HPP
