// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_ASYNC_OPERATION_HPP
#define HYPERACTOR_BASE_ASYNC_OPERATION_HPP

/// @file
/// The asynchronous half of every wait: a waiter that completes an Asio handler on the handler's own executor.
///
/// [ASY-1] A handler is never called inside the function that starts the operation.
/// [ASY-2] An operation owns the state that it waits on; the object it was started from may go.
/// [ASY-3] A cancelled operation completes once, with `std::errc::operation_canceled`.

#include <hyperactor/base/block_pool.hpp>
#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/reactor.hpp>
#include <hyperactor/base/result.hpp>
#include <hyperactor/base/turn.hpp>
#include <hyperactor/base/waiter.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/execution.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/prefer.hpp>
#include <optional>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0::detail {

[[nodiscard]] HYPERACTOR_COLD inline error cancelled_error() {
  return error(std::make_error_code(std::errc::operation_canceled), "the wait was cancelled");
}

/// One pending wait. `Wait` is a small value that knows what is waited for:
///   `std::optional<Value> poll()`   the outcome, where it is there already
///   `bool arm(waiter&)`             registers; false: look again at once
///   `bool disarm(waiter&)`          withdraws; false: a notification is on its way
///   `Value cancelled()`             the outcome of a cancelled wait
template <class Wait, class Handler> class async_operation final : public waiter, public turn_task {
  using associated = asio::associated_executor_t<Handler, asio::any_io_executor>;
  using default_executor_type = decltype(std::declval<asio::io_context&>().get_executor());
  using tracked =
      std::decay_t<decltype(asio::prefer(std::declval<asio::associated_executor_t<Handler, default_executor_type>>(),
                                         asio::execution::outstanding_work.tracked))>;

 public:
  static void start(Wait wait, Handler handler) {
    void* memory = block_pool::allocate<sizeof(async_operation)>();
    auto* self = ::new (memory) async_operation(std::move(wait), std::move(handler));
    self->connect_cancellation();
    if (!self->wait_.arm(*self)) self->post_attempt();  // does not call the handler ([ASY-1])
  }

 private:
  async_operation(Wait wait, Handler handler)
      : waiter([](waiter& w) noexcept { static_cast<async_operation&>(w).post_attempt(); }),
        turn_task([](turn_task& t, turn_runner* runner) {
          auto& self = static_cast<async_operation&>(t);
          runner != nullptr ? self.attempt() : self.destroy();
        }),
        wait_(std::move(wait)),
        handler_(std::move(handler)) {
    // a handler that resumes on the turn that runs now needs no executor: the operation itself becomes the task
    if constexpr (std::is_same_v<associated, asio::any_io_executor>) {
      if (this_turn.runner != nullptr) {
        const associated executor = asio::get_associated_executor(handler_, asio::any_io_executor());
        const auto* target = executor.template target<turn_executor>();
        if (target != nullptr && target->key() == this_turn.key) runner_ = intrusive_ptr<turn_runner>(this_turn.runner);
      }
    }
    if (!runner_) {
      executor_.emplace(asio::prefer(asio::get_associated_executor(handler_, default_executor()),
                                     asio::execution::outstanding_work.tracked));
    }
  }
  [[nodiscard]] static default_executor_type default_executor() { return reactor::instance().context().get_executor(); }

  void connect_cancellation() {
    auto slot = asio::get_associated_cancellation_slot(handler_);
    if (slot.is_connected()) {
      slot.assign([this](asio::cancellation_type) {
        cancelled_ = true;
        if (wait_.disarm(*this)) post_attempt();
      });
    }
  }

  void post_attempt() {
    if (runner_) return runner_->queue_task(*this);
    asio::post(*executor_, [this] { attempt(); });
  }
  void attempt() {
    for (;;) {
      if (auto outcome = wait_.poll()) return complete(std::move(*outcome));
      if (cancelled_) return complete(wait_.cancelled());
      if (wait_.arm(*this)) return;
    }
  }
  template <class Value> void complete(Value value) {
    auto slot = asio::get_associated_cancellation_slot(handler_);
    if (slot.is_connected()) slot.clear();
    Handler handler(std::move(handler_));
    destroy();
    std::move(handler)(std::move(value));
  }
  void destroy() noexcept {
    this->~async_operation();
    block_pool::deallocate<sizeof(async_operation)>(this);
  }
  ~async_operation() = default;

  Wait wait_;
  Handler handler_;
  intrusive_ptr<turn_runner> runner_;  // or
  std::optional<tracked> executor_;
  bool cancelled_ = false;
};

/// Starts `Wait` for any completion token of signature `void(Value)`.
template <class Value, class Wait, class CompletionToken> auto async_wait_for(Wait wait, CompletionToken&& token) {
  return asio::async_initiate<CompletionToken, void(Value)>(
      [](auto handler, Wait w) { async_operation<Wait, decltype(handler)>::start(std::move(w), std::move(handler)); },
      token, std::move(wait));
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_ASYNC_OPERATION_HPP
