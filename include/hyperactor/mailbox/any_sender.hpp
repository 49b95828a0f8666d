// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_ANY_SENDER_HPP
#define HYPERACTOR_MAILBOX_ANY_SENDER_HPP

/// @file
/// `any_sender`: a mailbox_sender of erased type, cheap to copy.
///
/// [ANS-1] Erasing adds no hop, and keeps a `post` of the policy's own.

#include <hyperactor/mailbox/mailbox_sender.hpp>

#include <optional>

namespace hyperactor::inline v0 {

/// Shares one policy; a default-constructed one finds no route.
/// @threadsafe as far as the policy is
class any_sender {
 public:
  any_sender() noexcept = default;
  /// Erases `policy`.
  template <class P> [[nodiscard]] static any_sender of(P policy) {
    static_assert(sizeof(detail::explained_sender<P>) != 0);
    if constexpr (std::same_as<P, any_sender>) {
      return policy;
    } else if constexpr (mailbox_sender<P>) {
      return any_sender(new model<P>(std::move(policy)));
    } else {
      return {};
    }
  }

  /// Checks the TTL, takes one off, and posts.
  void post(message_envelope m, return_port back) const {
    if (self_) {
      self_->post(std::move(m), std::move(back));  // [ANS-1]
    } else {
      back.undeliverable(std::move(m), delivery_failure::no_route());
    }
  }
  void post_unchecked(message_envelope m, return_port back) const {
    if (self_) {
      self_->post_unchecked(std::move(m), std::move(back));
    } else {
      back.undeliverable(std::move(m), delivery_failure::no_route());
    }
  }
  /// Calls `done` when everything posted before was delivered, acknowledged or returned.
  void flush(detail::flush_callback done) const {
    if (self_) {
      self_->flush(std::move(done));
    } else {
      done(result<void>());
    }
  }

  /// Whether what the policy delivers to is gone for good; nothing where the policy cannot tell.
  [[nodiscard]] std::optional<bool> is_expired() const { return self_ ? self_->is_expired() : std::nullopt; }

  /// Whether there is a policy.
  explicit operator bool() const noexcept { return static_cast<bool>(self_); }
  /// The same policy object.
  friend bool operator==(const any_sender&, const any_sender&) noexcept = default;

 private:
  struct base : detail::ref_counted<base> {
    virtual ~base() = default;
    virtual void post(message_envelope m, return_port back) const = 0;
    virtual void post_unchecked(message_envelope m, return_port back) const = 0;
    virtual void flush(detail::flush_callback done) const = 0;
    [[nodiscard]] virtual std::optional<bool> is_expired() const = 0;
  };
  template <class P> struct model final : base {
    explicit model(P p) : policy(std::move(p)) {}
    void post(message_envelope m, return_port back) const override {
      detail::post_through(policy, std::move(m), std::move(back));
    }
    void post_unchecked(message_envelope m, return_port back) const override {
      policy.post_unchecked(std::move(m), std::move(back));
    }
    void flush(detail::flush_callback done) const override { detail::flush_through(policy, std::move(done)); }
    [[nodiscard]] std::optional<bool> is_expired() const override {
      if constexpr (requires { bool(policy.is_expired()); }) {
        return policy.is_expired();
      } else {
        return std::nullopt;
      }
    }
    P policy;
  };

  explicit any_sender(const base* b) noexcept : self_(detail::intrusive_ptr<const base>::adopt(b)) {}

  detail::intrusive_ptr<const base> self_;
};

static_assert(mailbox_sender<any_sender> && sizeof(any_sender) == sizeof(void*));

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_MAILBOX_ANY_SENDER_HPP
