// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_COMPLETION_HPP
#define HYPERACTOR_CHANNEL_COMPLETION_HPP

/// @file
/// What becomes of one message: acknowledged, or handed back with the reason.
///
/// [CMP-1] Each completion gets exactly one verdict, on the reactor's thread, in the order of the messages.
/// [CMP-2] A verdict never runs inside the function that posted the message.

#include <hyperactor/base/async_operation.hpp>
#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/log.hpp>
#include <hyperactor/base/result.hpp>
#include <hyperactor/channel/message_frame.hpp>

#include <asio/associated_cancellation_slot.hpp>
#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Waits for the verdict on one message.
class completion {
 public:
  completion() = default;
  completion(const completion&) = delete;
  completion& operator=(const completion&) = delete;
  virtual ~completion() = default;

  /// The peer has the message.
  virtual void accepted() = 0;
  /// The message will not arrive, or nobody knows. `body` is its frame without the header.
  virtual void returned(std::span<const std::byte> body, const error& why) = 0;

  std::uint64_t sequence = 0;
  std::unique_ptr<completion> next;
};

/// Completions in the order of their messages.
class completion_list {
 public:
  completion_list() = default;
  completion_list(completion_list&& o) noexcept : first_(std::move(o.first_)), last_(std::exchange(o.last_, nullptr)) {}
  completion_list& operator=(completion_list&&) = delete;
  ~completion_list() {
    while (first_) pop();  // not by recursion
  }

  [[nodiscard]] bool empty() const noexcept { return !first_; }
  [[nodiscard]] completion* front() const noexcept { return first_.get(); }
  void push(std::unique_ptr<completion> c) noexcept {
    completion* const raw = c.get();
    (last_ == nullptr ? first_ : last_->next) = std::move(c);
    last_ = raw;
  }
  std::unique_ptr<completion> pop() noexcept {
    std::unique_ptr<completion> out = std::move(first_);
    first_ = std::move(out->next);
    if (!first_) last_ = nullptr;
    return out;
  }
  /// Moves everything of `o` behind what is here.
  void append(completion_list&& o) noexcept {
    if (!o.first_) return;
    (last_ == nullptr ? first_ : last_->next) = std::move(o.first_);
    last_ = std::exchange(o.last_, nullptr);
  }

 private:
  std::unique_ptr<completion> first_;
  completion* last_ = nullptr;
};

/// Hands the message itself back: `hook(M, error)`.
template <class M, class Hook> class return_hook final : public completion {
 public:
  explicit return_hook(Hook h) : hook_(std::move(h)) {}
  void accepted() override {}
  void returned(std::span<const std::byte> body, const error& why) override {
    result<M> message = decode_message_frame<M>(body);
    if (message) return returned_unsent(std::move(*message), why);
    log::write(log::severity::error, "a message that came back cannot be decoded: " + message.error().what());
  }
  void returned_unsent(M message, const error& why) {
    try {
      hook_(std::move(message), why);
    } catch (const std::exception& e) {  // the reactor belongs to everybody
      log::write(log::severity::error, std::string("a hook for returned messages threw: ") + e.what());
    } catch (...) {
      log::write(log::severity::error, "a hook for returned messages threw");
    }
  }

 private:
  Hook hook_;
};

/// Completes an Asio handler of signature `void(result<void>)` on its own executor.
template <class Handler> class send_operation final : public ref_counted<send_operation<Handler>> {
 public:
  explicit send_operation(Handler h) : handler_(std::move(h)), executor_(handler_) {}

  /// A cancelled send completes at once; the message may still arrive.
  void connect_cancellation() {
    auto slot = asio::get_associated_cancellation_slot(handler_);
    if (!slot.is_connected()) return;
    slot.assign([self = intrusive_ptr(this)](asio::cancellation_type) {
      self->finish(error(std::make_error_code(std::errc::operation_canceled), "the wait was cancelled"));
    });
  }
  /// The first verdict counts.
  void finish(result<void> verdict) {
    // acq_rel: the winner owns the handler
    if (is_done_.exchange(true, std::memory_order_acq_rel)) return;
    executor_.post([self = intrusive_ptr(this), verdict = std::move(verdict)]() mutable {
      auto slot = asio::get_associated_cancellation_slot(self->handler_);
      Handler handler(std::move(self->handler_));
      if (slot.is_connected()) slot.clear();
      self.reset();
      std::move(handler)(std::move(verdict));
    });
  }

 private:
  Handler handler_;
  executor_of_handler<Handler> executor_;
  std::atomic<bool> is_done_{false};
};

template <class Handler> class send_completion final : public completion {
 public:
  explicit send_completion(intrusive_ptr<send_operation<Handler>> o) : operation_(std::move(o)) {}
  void accepted() override { operation_->finish({}); }
  void returned(std::span<const std::byte>, const error& why) override { operation_->finish(why); }

 private:
  intrusive_ptr<send_operation<Handler>> operation_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_CHANNEL_COMPLETION_HPP
