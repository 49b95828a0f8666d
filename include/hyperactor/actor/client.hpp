// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_CLIENT_HPP
#define HYPERACTOR_ACTOR_CLIENT_HPP

/// @file
/// `client`: a plain thread's way in.
///
/// [CLI-1] The last copy of a client closes its mailbox: what was accepted can still be received, then receives complete
///         with `mailbox_error::closed`.
/// [CLI-2] Several threads may use one client; order is kept per calling thread.

#include <hyperactor/mailbox/port_handle.hpp>
#include <hyperactor/mailbox/returned_request.hpp>
#include <hyperactor/mailbox/sender.hpp>

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

/// A mailbox without a loop. Owner: the copies of its client, and the ports that are in use.
class client_mailbox final : public mailbox {
 public:
  client_mailbox(uid id, intrusive_ptr<post_office> office) : mailbox(std::move(id), std::move(office), nullptr, false) {
    instance_registry::instance().add(*this);
  }

  void add_owner() noexcept { owners_.fetch_add(1, std::memory_order_relaxed); }
  void drop_owner() noexcept {
    // acq_rel: the last copy closes after what the others did
    if (owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) close();
  }
  void returned(undeliverable u) noexcept override {
    if (settle_returned_request(*this, u)) return;
    const std::lock_guard lock(mutex_);
    if (undelivered_) {
      auto* n = receiver_node<undeliverable>::make(std::move(u));
      if (undelivered_->push(n)) return;
      log_undelivered(n->value);
      receiver_node<undeliverable>::destroy(n);
    } else {
      log_undelivered(u);
    }
  }
  [[nodiscard]] receiver<undeliverable> open_undelivered() {
    const auto index = allocate_port_index();
    auto state = intrusive_ptr<port_state<undeliverable>>::adopt(
        new port_state<undeliverable>(intrusive_ptr<mailbox>(this), index));
    (void)add_port(index, intrusive_ptr<port_entry>(state.get()));
    const std::lock_guard lock(mutex_);
    undelivered_ = state;
    return receiver<undeliverable>(intrusive_ptr<receiver_state<undeliverable>>(state.get()));
  }

 private:
  ~client_mailbox() = default;
  void destroy_self() const noexcept override { delete this; }
  void run_turn() noexcept override {}
  void deliver_to_handler(message_envelope message, return_port back) override {
    if (message.dest().port().number() == type_hash<undeliverable>) {
      if (auto u = message.as<undeliverable>()) return returned(std::move(*u));
      return back.undeliverable(std::move(message), delivery_failure::protocol_mismatch());
    }
    back.undeliverable(std::move(message),
                       state() == mailbox_state::open ? delivery_failure::handler_not_bound() : closed_failure(state()));
  }
  void close() noexcept {
    set_state(mailbox_state::stopped);
    instance_registry::instance().remove(*this);
    close_ports(mailbox_error::closed);
    intrusive_ptr<port_state<undeliverable>> gone;
    const std::lock_guard lock(mutex_);
    gone.swap(undelivered_);
  }

  std::atomic<std::uint32_t> owners_{0};
  std::mutex mutex_;
  intrusive_ptr<port_state<undeliverable>> undelivered_;
};

}  // namespace detail

/// A shared handle of a mailbox without actor: posts, asks and opens ports.
/// @threadsafe
class client : public sender {
 public:
  explicit client(detail::intrusive_ptr<detail::client_mailbox> m) noexcept : sender(m.get()), mailbox_(std::move(m)) {
    mailbox_->add_owner();
  }
  client(const client& o) noexcept : sender(o), mailbox_(o.mailbox_) {
    if (mailbox_) mailbox_->add_owner();
  }
  client(client&& o) noexcept : sender(o), mailbox_(std::move(o.mailbox_)) {}
  client& operator=(client o) noexcept {
    sender::operator=(o);
    mailbox_.swap(o.mailbox_);
    return *this;
  }
  ~client() {
    if (mailbox_) mailbox_->drop_owner();
  }

  /// What this client sent and nobody took, from now on; without it such messages go to the log.
  [[nodiscard]] receiver<undeliverable> undelivered() { return mailbox_->open_undelivered(); }

 private:
  detail::intrusive_ptr<detail::client_mailbox> mailbox_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_CLIENT_HPP
