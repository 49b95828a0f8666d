// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_CLIENT_HPP
#define HYPERACTOR_ACTOR_CLIENT_HPP

/// @file
/// `client`: a plain thread's way in.
///
/// [CLI-1] The last copy of a client closes its mailbox: what was accepted can still be received, then receives
///         complete with `mailbox_error::closed`.
/// [CLI-2] Several threads may use one client; order is kept per calling thread.

#include <hyperactor/mailbox/port_handle.hpp>
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
  client_mailbox(uid id, intrusive_ptr<post_office> office)
      : mailbox(std::move(id), std::move(office), nullptr, false) {
    instance_registry::instance().add(*this);
  }

  void add_owner() noexcept { owners_.fetch_add(1, std::memory_order_relaxed); }
  void drop_owner() noexcept {
    // acq_rel: the last copy closes after what the others did
    if (owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) close();
  }
  void returned(undeliverable u) noexcept override {
    const remote_operations* remote = remote_half.load(std::memory_order_acquire);
    if (remote != nullptr && remote->settle_returned(*this, u)) return;
    {
      const std::lock_guard lock(mutex_);
      if (take_undelivered_ != nullptr && take_undelivered_(*this, u)) return;
    }
    log_undelivered(u);
  }
  /// Templates, since only some programs ask for it.
  template <class U = undeliverable> [[nodiscard]] receiver<U> open_undelivered() {
    const auto index = allocate_port_index();
    auto state = intrusive_ptr<port_state<U>>::adopt(new port_state<U>(intrusive_ptr<mailbox>(this), index));
    (void)add_port(index, state);
    intrusive_ptr<port_entry> before;  // ends after the lock
    const std::lock_guard lock(mutex_);
    before.swap(undelivered_);
    if (before) before->close(mailbox_error::closed);
    undelivered_ = state;
    take_undelivered_ = [](client_mailbox& self, undeliverable& u) {
      auto* n = receiver_node<U>::make(std::move(u));
      if (static_cast<port_state<U>&>(*self.undelivered_).push(n)) return true;
      u = std::move(n->value);
      receiver_node<U>::destroy(n);
      return false;
    };
    return receiver<U>(std::move(state));
  }

 private:
  ~client_mailbox() = default;
  void destroy_self() const noexcept override { delete this; }
  void run_turn() noexcept override {}
  void close() noexcept {
    set_state(mailbox_state::stopped);
    instance_registry::instance().remove(*this);
    close_ports(mailbox_error::closed);
    intrusive_ptr<port_entry> gone;
    const std::lock_guard lock(mutex_);
    take_undelivered_ = nullptr;
    gone.swap(undelivered_);
  }

  std::atomic<std::uint32_t> owners_{0};
  std::mutex mutex_;
  intrusive_ptr<port_entry> undelivered_;
  bool (*take_undelivered_)(client_mailbox&, undeliverable&) = nullptr;
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

  /// What this client sent and nobody took, from now on; without it such messages go to the log. A later call takes
  /// over from the receiver before, which then is closed.
  template <class U = undeliverable> [[nodiscard]] receiver<U> undelivered() {
    return mailbox_->template open_undelivered<U>();
  }

 private:
  detail::intrusive_ptr<detail::client_mailbox> mailbox_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_CLIENT_HPP
