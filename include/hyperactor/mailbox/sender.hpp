// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_SENDER_HPP
#define HYPERACTOR_MAILBOX_SENDER_HPP

/// @file
/// `sender`: who posts. `client`, `instance<A>` and `context<A>` are senders, so that posting is compiled once per
/// message and not once per kind of sender.
///
/// [SND-1] A message that cannot be delivered returns to its sender with the reason.

#include <hyperactor/mailbox/mailbox.hpp>

#include <string>
#include <utility>

namespace hyperactor::inline v0 {

template <class M> class port_handle;
template <class M> class receiver;
template <class M> class once_port_handle;
template <class M> class once_receiver;

/// Somebody who can post: an address, a stream of numbers per destination, and a way back for what cannot be delivered.
class sender {
 public:
  /// The address that receivers see as the origin.
  [[nodiscard]] actor_addr addr() const { return mailbox_->addr(); }
  /// Opens a port of this instance: a handle to post to and the receiver.
  template <class M> [[nodiscard]] std::pair<port_handle<M>, receiver<M>> open_port();
  /// Opens a port for one message.
  template <class M> [[nodiscard]] std::pair<once_port_handle<M>, once_receiver<M>> open_once_port();

 protected:
  explicit sender(detail::mailbox* m) noexcept : mailbox_(m) {}
  sender(const sender&) = default;
  sender& operator=(const sender&) = default;
  ~sender() = default;

  [[nodiscard]] detail::mailbox& mailbox() const noexcept { return *mailbox_; }

 private:
  friend struct detail_sender_access;
  detail::mailbox* mailbox_;
};

/// The library's way to a sender's mailbox.
struct detail_sender_access {
  [[nodiscard]] static detail::mailbox& mailbox(const sender& s) noexcept { return *s.mailbox_; }
};

namespace detail {

/// Why values that are being destroyed go unanswered: read by once ports that are dropped meanwhile. The text is made
/// only when one is.
struct drop_reason {
  mailbox_error code;
  std::string (*text)(const void* of);
  const void* of;
};
inline constinit thread_local const drop_reason* current_drop_reason = nullptr;

/// Sets the reason for a scope.
class drop_scope {
 public:
  explicit drop_scope(const drop_reason& reason) noexcept : before_(std::exchange(current_drop_reason, &reason)) {}
  drop_scope(const drop_scope&) = delete;
  drop_scope& operator=(const drop_scope&) = delete;
  ~drop_scope() { current_drop_reason = before_; }

 private:
  const drop_reason* before_;
};

/// The instance whose turn runs on this thread, or null.
inline constinit thread_local mailbox* current_instance = nullptr;

/// Gives a message of this process, which nobody takes, back to the instance that sent it.
HYPERACTOR_COLD inline void return_message(mailbox* from, const actor_addr& sender, owned_message n,
                                           local_failure failure) {
  if (n.get()->is_request) {
    struct dropped {
      const local_failure& why;
      const message_node& message;
      static std::string text(const void* of) {
        const auto& d = *static_cast<const dropped*>(of);
        return d.why.to_string(d.message);
      }
    };
    const dropped what{failure, *n.get()};
    const drop_reason reason{mailbox_error::undeliverable, &dropped::text, &what};
    const drop_scope scope(reason);
    n.destroy();
    return;
  }
  undeliverable u(new returned_local(sender, std::move(n), std::move(failure)));
  if (from != nullptr) {
    from->returned(std::move(u));
  } else {
    log_undelivered(u);
  }
}

/// The same, to a sender at hand.
HYPERACTOR_COLD inline void return_sent(sender& cx, owned_message n, local_failure failure) {
  mailbox& from = detail_sender_access::mailbox(cx);
  return_message(&from, from.addr(), std::move(n), std::move(failure));
}

/// A way back to an instance for messages that leave through a proc.
class instance_return final : public return_sink {
 public:
  explicit instance_return(mailbox& m) noexcept : mailbox_(&m) {}
  void returned(undeliverable message) noexcept override { mailbox_->returned(std::move(message)); }

 private:
  intrusive_ptr<mailbox> mailbox_;
};
[[nodiscard]] inline return_port return_port_of(mailbox& m) {
  return return_port(intrusive_ptr<return_sink>::adopt(new instance_return(m)));
}

}  // namespace detail

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_MAILBOX_SENDER_HPP
