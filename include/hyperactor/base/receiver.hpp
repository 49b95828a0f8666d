// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_RECEIVER_HPP
#define HYPERACTOR_BASE_RECEIVER_HPP

/// @file
/// Receivers: the one interface by which ports and channels hand out what arrived.
///
/// [RCV-1] Pushing takes no lock; a push wakes a waiter only where one waits.
/// [RCV-2] After a close, what was accepted is still received; then every wait, pending ones too, ends with the reason.
/// [RCV-3] A timed wait that ends loses nothing and may be tried again.
/// [RCV-4] What nobody can receive any more is destroyed at once, so that replies which go with it are told; it does
///         not wait for those who could have sent more.

#include <hyperactor/base/async_operation.hpp>
#include <hyperactor/base/block_pool.hpp>
#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/result.hpp>
#include <hyperactor/base/waiter.hpp>

#include <asio/use_awaitable.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace hyperactor::inline v0 {

namespace detail {

/// Marks a node that only takes its place in a numbered stream: its value was refused.
struct no_value {};

/// One queued value. Session and sequence number are 0 where the sender does not number.
template <class T> struct receiver_node {
  // no braces: they would refuse an int for an unsigned, and wrap a vector<any> into another one
  template <class Arg> explicit receiver_node(Arg&& arg) : value(static_cast<T>(std::forward<Arg>(arg))) {}
  explicit receiver_node(no_value) noexcept : is_empty(true) {}
  receiver_node(const receiver_node&) = delete;
  receiver_node& operator=(const receiver_node&) = delete;
  ~receiver_node() {
    if (!is_empty) value.~T();
  }

  receiver_node* next = nullptr;
  std::uint64_t session = 0;
  std::uint64_t sequence = 0;
  bool is_empty = false;
  union {
    T value;
  };

  template <class... Args> [[nodiscard]] static receiver_node* make(Args&&... args) {
    void* memory = block_pool::allocate<sizeof(receiver_node)>();
    try {
      return ::new (memory) receiver_node(std::forward<Args>(args)...);
    } catch (...) {
      block_pool::deallocate<sizeof(receiver_node)>(memory);
      throw;
    }
  }
  static void destroy(receiver_node* n) noexcept {
    n->~receiver_node();
    block_pool::deallocate<sizeof(receiver_node)>(n);
  }
};

/// Queue of many producers and one consumer, with at most one waiter.
/// Owner: shared by the producers and the receiver. The consumer side is for one thread at a time.
template <class T> class receiver_state : public ref_counted<receiver_state<T>> {
 public:
  using node = receiver_node<T>;

  receiver_state() noexcept = default;
  /// @param spins  see `thread_waiter::wait`
  explicit receiver_state(int spins) noexcept : spins_(spins) {}
  receiver_state(const receiver_state&) = delete;
  receiver_state& operator=(const receiver_state&) = delete;
  virtual ~receiver_state() {
    destroy_list(pointer(head_.load(std::memory_order_acquire)));
    destroy_list(ready_);
  }

  /// What a timed wait that ended reports.
  [[nodiscard]] virtual error timed_out() const = 0;
  /// The receiver was dropped. Closes the queue.
  virtual void receiver_gone() noexcept {}

  // ---- producers

  /// Takes over the node; false: closed, the node stays the caller's.
  /// @threadsafe
  [[nodiscard]] bool push(node* n) noexcept { return push_chain(n, n); }
  /// The same for several nodes at once: each one's `next` is the one before it, from `newest` to `oldest`.
  /// @threadsafe
  [[nodiscard]] bool push_chain(node* newest, node* oldest) noexcept {
    std::uintptr_t old = head_.load(std::memory_order_relaxed);
    do {
      if (old & closed_bit) return false;
      oldest->next = pointer(old);
      // release: the nodes' content; acquire: the waiter that the consumer registered
    } while (!head_.compare_exchange_weak(old, reinterpret_cast<std::uintptr_t>(newest), std::memory_order_acq_rel,
                                          std::memory_order_relaxed));
    if (old & waiting_bit) waiter_->notify();
    return true;
  }
  /// Copies or moves `value` into the queue; false: closed, and `value` is unchanged where it was movable only.
  /// @threadsafe
  [[nodiscard]] bool push_value(T& value) {
    node* n = node::make(std::move(value));
    if (push(n)) return true;
    value = std::move(n->value);
    node::destroy(n);
    return false;
  }
  /// Ends the queue; the first reason counts.
  /// @threadsafe
  void close(error reason) noexcept {
    // acq_rel: only the first closer writes the reason
    if (closing_.exchange(true, std::memory_order_acq_rel)) return;
    reason_ = std::move(reason);
    std::uintptr_t old = head_.load(std::memory_order_relaxed);
    // release: the reason; acquire: the waiter
    while (!head_.compare_exchange_weak(old, (old & ~waiting_bit) | closed_bit, std::memory_order_acq_rel,
                                        std::memory_order_relaxed)) {
    }
    if (old & waiting_bit) waiter_->notify();
  }
  [[nodiscard]] bool is_closed() const noexcept { return (head_.load(std::memory_order_acquire) & closed_bit) != 0; }

  // ---- the consumer

  /// The next value, or null.
  [[nodiscard]] node* take() {
    if (ready_ == nullptr) pull();
    node* n = ready_;
    if (n != nullptr) {
      ready_ = n->next;
      if (ready_ == nullptr) ready_tail_ = nullptr;
    }
    return n;
  }
  /// A value, the reason of the close, or nothing yet.
  [[nodiscard]] std::optional<result<T>> poll() {
    const bool closed = is_closed();  // before taking: what was pushed before the close is seen
    if (node* n = take()) return unwrap(n);
    if (closed) return failed(reason_);
    return std::nullopt;
  }
  [[nodiscard]] result<T> wait_until(steady_time deadline) {
    thread_waiter self;
    for (;;) {
      if (auto outcome = poll()) return std::move(*outcome);
      self.reset();
      if (!arm(self)) continue;
      if (self.wait(deadline, spins_)) continue;
      if (!disarm(self)) {
        self.wait_for_notifier();
        continue;
      }
      if (auto outcome = poll()) return std::move(*outcome);
      return failed(timed_out());
    }
  }
  /// Registers the waiter; false: something arrived or the queue was closed, look again.
  [[nodiscard]] bool arm(waiter& w) noexcept {
    if (ready_ != nullptr) return false;
    waiter_ = &w;
    std::uintptr_t expected = 0;
    // release: the waiter; acquire: a node that was pushed meanwhile
    return head_.compare_exchange_strong(expected, waiting_bit, std::memory_order_acq_rel, std::memory_order_acquire);
  }
  /// Withdraws the waiter; false: a notification is on its way.
  [[nodiscard]] bool disarm(waiter&) noexcept {
    std::uintptr_t expected = waiting_bit;
    return head_.compare_exchange_strong(expected, 0, std::memory_order_acq_rel, std::memory_order_acquire);
  }
  /// An asynchronous receive begins. They outlive the receiver, and count as consumers until they end.
  void begin_receive() noexcept { receives_.fetch_add(one_receive, std::memory_order_relaxed); }
  void end_receive() noexcept {
    // acq_rel: what is left is discarded after all that the consumers did
    if (receives_.fetch_sub(one_receive, std::memory_order_acq_rel) == one_receive + no_receiver) discard();
  }
  /// The receiver was dropped: what is left has no consumer, once the receives that are under way have ended.
  void drop_receiver() noexcept {
    receiver_gone();
    if (receives_.fetch_or(no_receiver, std::memory_order_acq_rel) == 0) discard();
  }
  /// Moves what arrived to the ready list, through `admit`.
  void pull() {
    // acquire: content of the nodes. The marks stay: an asynchronous wait may be pending.
    node* stack = pointer(head_.fetch_and(closed_bit | waiting_bit, std::memory_order_acquire));
    node* in_order = nullptr;
    while (stack != nullptr) {
      node* n = stack;
      stack = n->next;
      n->next = in_order;
      in_order = n;
    }
    if (in_order == nullptr) return;
    while (in_order != nullptr) {
      node* n = in_order;
      in_order = n->next;
      admit(n);
    }
    admitted();
  }
  [[nodiscard]] static result<T> unwrap(node* n) {
    result<T> out(boost::system::in_place_value, std::move(n->value));
    node::destroy(n);
    return out;
  }
  /// Also where a `T` can be made of an error: `bool` and `any` can.
  [[nodiscard]] static result<T> failed(error why) { return result<T>(boost::system::in_place_error, std::move(why)); }

 protected:
  /// Destroys what nobody will receive. @pre closed
  virtual void discard() noexcept {
    destroy_list(pointer(head_.fetch_and(closed_bit | waiting_bit, std::memory_order_acquire)));
    destroy_list(std::exchange(ready_, nullptr));
    ready_tail_ = nullptr;
  }
  static void destroy_list(node* n) noexcept {
    while (n != nullptr) {
      node* rest = n->next;
      node::destroy(n);
      n = rest;
    }
  }
  /// Decides when a node becomes ready; the default is arrival order.
  virtual void admit(node* n) { append_ready(n); }
  /// All that had arrived went through `admit`.
  virtual void admitted() {}
  void append_ready(node* n) noexcept {
    n->next = nullptr;
    (ready_ == nullptr ? ready_ : ready_tail_->next) = n;
    ready_tail_ = n;
  }

 private:
  static constexpr std::uintptr_t closed_bit = 1;
  static constexpr std::uintptr_t waiting_bit = 2;
  static constexpr std::uint32_t no_receiver = 1;
  static constexpr std::uint32_t one_receive = 2;
  [[nodiscard]] static node* pointer(std::uintptr_t word) noexcept {
    return reinterpret_cast<node*>(word & ~(closed_bit | waiting_bit));
  }

  std::atomic<std::uintptr_t> head_{0};  // stack of pushed nodes, newest first, and the two marks
  std::atomic<bool> closing_{false};
  std::atomic<std::uint32_t> receives_{0};  // that are under way, and whether the receiver was dropped
  const int spins_ = thread_waiter::usual_spins;
  waiter* waiter_ = nullptr;  // valid while the waiting mark stands
  error reason_;              // valid while the closed mark stands
  node* ready_ = nullptr;     // consumer's: in order
  node* ready_tail_ = nullptr;
};

/// What an asynchronous receive waits for.
template <class T> struct receive_wait {
  explicit receive_wait(intrusive_ptr<receiver_state<T>> s) noexcept : state(std::move(s)) { state->begin_receive(); }
  receive_wait(receive_wait&&) noexcept = default;
  receive_wait& operator=(receive_wait&&) = delete;
  ~receive_wait() {
    if (state) state->end_receive();
  }

  intrusive_ptr<receiver_state<T>> state;
  [[nodiscard]] std::optional<result<T>> poll() { return state->poll(); }
  [[nodiscard]] bool arm(waiter& w) { return state->arm(w); }
  [[nodiscard]] bool disarm(waiter& w) { return state->disarm(w); }
  [[nodiscard]] result<T> cancelled() { return receiver_state<T>::failed(cancelled_error()); }
};

}  // namespace detail

/// The receiving end of a port or a channel.
/// @note one consumer at a time; move-only. Dropping it closes the port: later messages return to their senders, and
///       what was not received is dropped ([RCV-4]).
template <class T> class receiver {
 public:
  using value_type = T;

  explicit receiver(detail::intrusive_ptr<detail::receiver_state<T>> state) noexcept : state_(std::move(state)) {}
  receiver(receiver&&) noexcept = default;
  receiver& operator=(receiver&& o) noexcept {
    if (this != &o) {
      drop();
      state_ = std::move(o.state_);
    }
    return *this;
  }
  ~receiver() { drop(); }

  /// Blocks for the next value.
  /// @errors the reason of the close (`mailbox_error::closed`, `channel_error::closed`) once the queue is empty; throws
  ///         `misuse_error` on a runtime thread
  [[nodiscard]] result<T> recv() {
    detail::require_blocking_allowed("recv", "async_recv");
    return state_->wait_until(detail::no_deadline);
  }
  /// Blocks for the next value, `timeout` at most.
  /// @errors as `recv`, and `timed_out`, after which it may be tried again
  template <class Rep, class Period> [[nodiscard]] result<T> recv_for(std::chrono::duration<Rep, Period> timeout) {
    detail::require_blocking_allowed("recv_for", "async_recv");
    return state_->wait_until(detail::deadline_after(timeout));
  }
  /// The next value where one is there; nothing when empty, closed too.
  [[nodiscard]] std::optional<T> try_recv() {
    auto* n = state_->take();
    if (n == nullptr) return std::nullopt;
    std::optional<T> out(std::move(n->value));
    detail::receiver_node<T>::destroy(n);
    return out;
  }
  /// All values that are there.
  [[nodiscard]] std::vector<T> drain() {
    std::vector<T> out;
    while (auto* n = state_->take()) {
      out.push_back(std::move(n->value));
      detail::receiver_node<T>::destroy(n);
    }
    return out;
  }
  /// The next value, for any completion token of signature `void(result<T>)`.
  /// @note the operation does not refer back to this object, but one receive may be pending at a time
  template <class CompletionToken = asio::use_awaitable_t<>>
  [[nodiscard]] auto async_recv(CompletionToken&& token = {}) {
    return detail::async_wait_for<result<T>>(detail::receive_wait<T>(state_), std::forward<CompletionToken>(token));
  }

 private:
  void drop() noexcept {
    if (state_) {
      state_->drop_receiver();
      state_.reset();
    }
  }

  detail::intrusive_ptr<detail::receiver_state<T>> state_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_BASE_RECEIVER_HPP
