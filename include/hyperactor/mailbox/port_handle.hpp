// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_PORT_HANDLE_HPP
#define HYPERACTOR_MAILBOX_PORT_HANDLE_HPP

/// @file
/// Ports for many messages: the local handle, and what it shares with its receiver and the mailbox.
///
/// [PHN-1] A local post is not serialized; from the first `bind` on it shares its sender's numbered stream with the
///         refs.
/// [PHN-2] A port closes when its receiver is dropped, its mailbox closes, or, never bound, its last handle goes.
/// [PHN-3] A numbered message that the port refuses still takes its place in the stream.

#include <hyperactor/base/receiver.hpp>
#include <hyperactor/mailbox/numbering.hpp>
#include <hyperactor/mailbox/once_state.hpp>
#include <hyperactor/mailbox/sender.hpp>
#include <hyperactor/ordering/reorder_buffer.hpp>

#include <atomic>
#include <concepts>
#include <cstdint>
#include <utility>

namespace hyperactor::inline v0 {

template <class M> class port_ref;

namespace detail {

template <class M> class port_state final : public receiver_state<M>, public port_entry {
  using base = receiver_state<M>;

 public:
  using node = typename base::node;

  port_state(intrusive_ptr<mailbox> owner, std::uint64_t index) noexcept : owner_(std::move(owner)), index_(index) {}
  ~port_state() override {
    order_.clear([](node* n) { node::destroy(n); });
  }

  void retain() const noexcept override { base::retain(); }
  void release() const noexcept override { base::release(); }
  [[nodiscard]] error timed_out() const override { return mailbox_error::timed_out; }
  void receiver_gone() noexcept override {
    base::close(mailbox_error::closed);
    owner_->remove_port(index_);
  }
  void close(const error& reason) noexcept override { base::close(reason); }
  [[nodiscard]] outcome deliver(message_envelope& message) override {
    const auto f = deliver_.load(std::memory_order_acquire);
    return f == nullptr ? outcome::mismatch : f(*this, message);
  }
  /// What `deliver` does once the port is bound.
  static outcome deliver_remote(port_state& self, message_envelope& message) {
    if (self.is_closed()) return outcome::gone;
    const auto sequence = message.headers().template get<header::seq_info>();
    const bool is_numbered = sequence && !sequence->is_direct();
    node* n = nullptr;
    const bool is_value = message.consume<M>([&](M&& value) { n = node::make(std::move(value)); });
    if (!is_value && !is_numbered) return outcome::mismatch;
    if (!is_value) n = node::make(no_value());  // [PHN-3]
    if (is_numbered) {
      n->session = key_of_session(sequence->session);
      n->sequence = sequence->sequence;
    }
    if (self.push(n)) return is_value ? outcome::accepted : outcome::mismatch;
    node::destroy(n);
    return outcome::gone;
  }

  void add_handle() noexcept { handles_.fetch_add(1, std::memory_order_relaxed); }
  void drop_handle() noexcept {
    // acq_rel: the last handle's close comes after what the others pushed
    if (handles_.fetch_sub(1, std::memory_order_acq_rel) == 1 && !is_bound_.load(std::memory_order_relaxed)) {
      base::close(mailbox_error::closed);
      owner_->remove_port(index_);
    }
  }
  void bind() noexcept {
    deliver_.store(&deliver_remote, std::memory_order_release);
    is_bound_.store(true, std::memory_order_relaxed);
  }

  /// Queues what was built in the node; false: closed.
  [[nodiscard]] bool post(sender& cx, node* n) {
    // relaxed: whoever knows of the bind has the flag by the same way
    if (is_bound_.load(std::memory_order_relaxed)) {
      mailbox& from = detail_sender_access::mailbox(cx);
      n->session = from.session();
      n->sequence = next_sequence(from, stream());
    }
    return base::push(n);
  }
  [[nodiscard]] port_addr addr() const { return owner_->addr().port_addr(port::ephemeral(index_)); }
  [[nodiscard]] mailbox& owner() const noexcept { return *owner_; }

 protected:
  void discard() noexcept override {
    base::discard();
    order_.clear([](node* n) { node::destroy(n); });
  }
  void admit(node* n) override {
    order_.admit(
        n, [this](node* ready) { ready->is_empty ? node::destroy(ready) : base::append_ready(ready); },
        [](node* stale) { node::destroy(stale); });
  }

 private:
  [[nodiscard]] std::uint64_t stream() const noexcept {
    return owner_->session() ^ ((index_ + 1) * 0x9e3779b97f4a7c15ULL);
  }

  intrusive_ptr<mailbox> owner_;
  std::uint64_t index_;
  std::atomic<std::uint32_t> handles_{0};
  std::atomic<bool> is_bound_{false};
  std::atomic<outcome (*)(port_state&, message_envelope&)> deliver_{nullptr};
  reorder_buffer<node> order_;
};

/// Gives a value that a port did not take back to its sender.
template <class M>
HYPERACTOR_COLD void return_value(sender& cx, const port_addr& dest, M&& value, delivery_failure why) {
  auto* n = typed_message<M>::make(std::move(value));
  mailbox& from = detail_sender_access::mailbox(cx);
  message_envelope envelope(from.addr(), dest, local_payload(static_cast<message_node*>(n), message_type_of<M>));
  envelope.push_delivery_failure(std::move(why));
  from.returned(undeliverable::returned(std::move(envelope)));
}

}  // namespace detail

/// The local sending end of a port. Copies are cheap and share the port.
/// @threadsafe
template <class M> class port_handle {
 public:
  using message_type = M;

  explicit port_handle(detail::intrusive_ptr<detail::port_state<M>> s) noexcept : state_(std::move(s)) {
    state_->add_handle();
  }
  port_handle(const port_handle& o) noexcept : state_(o.state_) {
    if (state_) state_->add_handle();
  }
  port_handle(port_handle&&) noexcept = default;
  port_handle& operator=(port_handle o) noexcept {
    state_.swap(o.state_);
    return *this;
  }
  ~port_handle() {
    if (state_) state_->drop_handle();
  }

  /// Queues the message. Never blocks; what a closed port does not take returns to `cx`.
  /// @complexity O(1), one block
  template <class T>
    requires std::constructible_from<M, T&&>
  void post(sender& cx, T&& message) const {
    auto* n = detail::port_state<M>::node::make(std::forward<T>(message));
    if (state_->post(cx, n)) return;
    M value(std::move(n->value));
    detail::port_state<M>::node::destroy(n);
    detail::return_value(cx, state_->addr(), std::move(value), delivery_failure::port_gone());
  }
  /// A reference that is addressable from anywhere. Idempotent.
  [[nodiscard]] port_ref<M> bind() const;
  /// The address that `bind` gives out.
  [[nodiscard]] port_addr addr() const { return state_->addr(); }

 private:
  detail::intrusive_ptr<detail::port_state<M>> state_;
};

template <class M> std::pair<port_handle<M>, receiver<M>> sender::open_port() {
  detail::mailbox& m = *mailbox_;
  const auto index = m.allocate_port_index();
  m.retain();
  auto state = detail::intrusive_ptr<detail::port_state<M>>::adopt(
      new detail::port_state<M>(detail::intrusive_ptr<detail::mailbox>::adopt(&m), index));
  if (!m.add_port(index, detail::intrusive_ptr<detail::port_entry>(state.get()))) state->close(mailbox_error::closed);
  return {port_handle<M>(state), receiver<M>(detail::intrusive_ptr<detail::receiver_state<M>>(state.get()))};
}

}  // namespace hyperactor::inline v0

#include <hyperactor/mailbox/port_ref.hpp>

#endif  // HYPERACTOR_MAILBOX_PORT_HANDLE_HPP
