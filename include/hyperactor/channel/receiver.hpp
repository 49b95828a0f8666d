// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_RECEIVER_HPP
#define HYPERACTOR_CHANNEL_RECEIVER_HPP

/// @file
/// The serving end of a channel: the handle of the server and the receiver of its messages.
///
/// [CRX-1] After a stop, what had arrived is still received; then receiving ends with `channel_error::closed`.
/// [CRX-2] Dropping the receiver stops the server; nobody waits for that.
/// [CRX-3] A receiver that falls behind makes the server stop reading, and so the senders wait: at most
///         `queue_messages` messages or `queue_bytes` bytes are held beyond what the consumer has taken in.

#include <hyperactor/base/log.hpp>
#include <hyperactor/base/receiver.hpp>
#include <hyperactor/channel/acceptor.hpp>
#include <hyperactor/channel/message_frame.hpp>

#include <asio/use_awaitable.hpp>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0 {

/// A handle of something that is served. Copies refer to the same server; dropping them does nothing.
/// @threadsafe
class channel_server {
 public:
  explicit channel_server(detail::intrusive_ptr<detail::server_core> s) noexcept : server_(std::move(s)) {}

  /// The address that reaches the server.
  [[nodiscard]] const channel_addr& addr() const noexcept { return server_->address(); }
  /// Stops accepting and ends every session with what it was not told yet. Returns at once; the first reason counts.
  void stop(std::string_view reason) const { server_->stop(std::string(reason)); }
  /// Blocks until every session was told that the server has stopped.
  /// @pre `stop` was called, or will be
  /// @errors throws `misuse_error` on a runtime thread
  void join() const {
    detail::require_blocking_allowed("join", "async_join");
    if (!detail::reactor::instance().is_shut_down()) stopped().wait([](bool is_stopped) { return is_stopped; });
  }
  /// The same with a limit. @returns false when `timeout` passed first
  template <class Rep, class Period> bool join_for(std::chrono::duration<Rep, Period> timeout) const {
    detail::require_blocking_allowed("join_for", "async_join");
    return stopped().wait_for([](bool is_stopped) { return is_stopped; }, timeout);
  }
  /// The same for the library: allowed on any thread; does not wait where that cannot help. @returns whether it has
  /// stopped
  bool await_stopped(detail::steady_time deadline) const {
    const auto& reactor = detail::reactor::instance();
    if (reactor.on_this_thread() || reactor.is_shut_down()) return server_->current();
    return stopped().wait_until_deadline([](bool is_stopped) { return is_stopped; }, deadline);
  }
  /// The same for any completion token of signature `void(bool)`.
  template <class CompletionToken = asio::use_awaitable_t<>>
  [[nodiscard]] auto async_join(CompletionToken&& token = {}) const {
    return stopped().async_wait([](bool is_stopped) { return is_stopped; }, std::forward<CompletionToken>(token));
  }

 private:
  [[nodiscard]] watch<bool> stopped() const {
    return watch<bool>(detail::intrusive_ptr<const detail::watch_source<bool>>(server_.get()));
  }
  detail::intrusive_ptr<detail::server_core> server_;
};

namespace detail {

/// Queue between the reactor and the consumer, with the count that holds the senders back.
template <class M> class channel_queue final : public receiver_state<M> {
 public:
  static constexpr std::uint64_t queue_messages = 8192;
  static constexpr std::uint64_t queue_bytes = std::uint64_t{64} << 20;

  /// What comes from another process takes longer than a few looks, and the processor may be needed to fetch it.
  channel_queue() noexcept : receiver_state<M>(0) {}

  [[nodiscard]] error timed_out() const override { return channel_error::timed_out; }
  void receiver_gone() noexcept override {
    this->close(error(channel_error::closed));
    if (const auto server = std::move(server_)) server->stop("the receiver was dropped");  // [CRX-2]
  }

  // ---- the consumer, and whoever sets it up

  void set_server(intrusive_ptr<server_core> s) noexcept { server_ = std::move(s); }

  // ---- the reactor

  void deliver(M message, std::size_t bytes) {
    auto* n = receiver_node<M>::make(std::move(message));
    n->sequence = bytes;  // of no other use here
    ++pushed_messages_;
    pushed_bytes_ += bytes;
    n->next = newest_;
    newest_ = n;
    if (oldest_ == nullptr) oldest_ = n;
    if (++chained_ == longest_chain) flush();
  }
  /// Hands on what was delivered: one atomic operation, and one wake-up at most, for many messages.
  void flush() noexcept {
    if (newest_ == nullptr) return;
    chained_ = 0;
    auto* const newest = std::exchange(newest_, nullptr);
    if (!this->push_chain(newest, std::exchange(oldest_, nullptr))) this->destroy_list(newest);
  }
  [[nodiscard]] bool is_full() noexcept {
    if (!is_over(1)) return false;
    is_stalled_.store(true, std::memory_order_seq_cst);  // then look again: the consumer may not have seen it
    if (is_over(1) && !this->is_closed()) return true;
    is_stalled_.store(false, std::memory_order_relaxed);
    return false;
  }

 protected:
  void admit(receiver_node<M>* n) override {
    ++admitted_messages_;
    admitted_bytes_ += std::exchange(n->sequence, 0);
    this->append_ready(n);
  }
  void admitted() override {
    // one writer. seq_cst: either we see the stall, or the reactor sees this
    pulled_bytes_.store(admitted_bytes_, std::memory_order_relaxed);
    pulled_messages_.store(admitted_messages_, std::memory_order_seq_cst);
    if (is_stalled_.load(std::memory_order_seq_cst) && is_stalled_.exchange(false, std::memory_order_acq_rel) &&
        server_) {
      server_->resume();
    }
  }

 private:
  [[nodiscard]] bool is_over(std::uint64_t part) const noexcept {
    return pushed_messages_ - pulled_messages_.load(std::memory_order_seq_cst) >= queue_messages / part ||
           pushed_bytes_ - pulled_bytes_.load(std::memory_order_relaxed) >= queue_bytes / part;
  }

  static constexpr std::uint32_t longest_chain = 64;

  // the reactor's
  std::uint64_t pushed_messages_ = 0;
  std::uint64_t pushed_bytes_ = 0;
  receiver_node<M>* newest_ = nullptr;  // delivered, and not handed on yet
  receiver_node<M>* oldest_ = nullptr;
  std::uint32_t chained_ = 0;
  // the consumer's, the atomic ones read by the reactor
  alignas(cache_line_bytes) std::atomic<std::uint64_t> pulled_messages_{0};
  std::atomic<std::uint64_t> pulled_bytes_{0};
  std::atomic<bool> is_stalled_{false};
  std::uint64_t admitted_messages_ = 0;
  std::uint64_t admitted_bytes_ = 0;
  intrusive_ptr<server_core> server_;
};

/// Decodes messages of type `M` into a queue.
template <class M> class queue_sink final : public frame_sink {
 public:
  explicit queue_sink(intrusive_ptr<channel_queue<M>> q) noexcept : queue_(std::move(q)) {}
  result<void> deliver(std::span<const std::byte> body) override {
    auto message = decode_message_frame<M>(body, scratch_);
    if (!message) return message.error();
    queue_->deliver(std::move(*message), body.size());
    return {};
  }
  void flush() noexcept override { queue_->flush(); }
  bool is_full() override { return queue_->is_full(); }
  void close(const error& why) override { queue_->close(why); }

 private:
  intrusive_ptr<channel_queue<M>> queue_;
  part_scratch scratch_;
};

/// Decodes messages of type `M` and calls `f(M)` for each, on the reactor.
template <class M, class F> class callback_sink final : public frame_sink {
 public:
  explicit callback_sink(F f) : f_(std::move(f)) {}
  result<void> deliver(std::span<const std::byte> body) override {
    auto message = decode_message_frame<M>(body, scratch_);
    if (!message) return message.error();
    try {
      f_(std::move(*message));
    } catch (const std::exception& e) {  // the reactor belongs to everybody
      log::write(log::severity::error, std::string("a function for each message threw: ") + e.what());
    } catch (...) {
      log::write(log::severity::error, "a function for each message threw");
    }
    return {};
  }
  void close(const error&) override {}

 private:
  F f_;
  part_scratch scratch_;
};

}  // namespace detail

/// Receives what is sent to an address; `recv`, `recv_for`, `try_recv`, `drain` and `async_recv` are those of
/// `receiver`.
/// @errors `channel_error::timed_out`, `channel_error::closed`
template <class M> class channel_receiver : public receiver<M> {
 public:
  channel_receiver(detail::intrusive_ptr<detail::channel_queue<M>> queue, channel_server server) noexcept
      : receiver<M>(detail::intrusive_ptr<detail::receiver_state<M>>::adopt(queue.detach())),
        server_(std::move(server)) {}

  /// The address that reaches this receiver.
  [[nodiscard]] const channel_addr& addr() const noexcept { return server_.addr(); }
  /// A handle that outlives this receiver.
  [[nodiscard]] const channel_server& server() const noexcept { return server_; }
  /// See `channel_server::stop`.
  void stop(std::string_view reason) const { server_.stop(reason); }
  /// Stops the server and blocks until every session was told so. What had arrived can still be received.
  /// @errors throws `misuse_error` on a runtime thread
  void join() const {
    detail::require_blocking_allowed("join", "server().async_join");
    server_.stop("joined");
    server_.join();
  }

 private:
  channel_server server_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_CHANNEL_RECEIVER_HPP
