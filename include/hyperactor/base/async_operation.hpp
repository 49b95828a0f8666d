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
#include <hyperactor/base/post.hpp>
#include <hyperactor/base/reactor.hpp>
#include <hyperactor/base/result.hpp>
#include <hyperactor/base/turn.hpp>
#include <hyperactor/base/waiter.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/execution.hpp>
#include <asio/post.hpp>
#include <asio/prefer.hpp>
#include <optional>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0::detail {

[[nodiscard]] HYPERACTOR_COLD inline error cancelled_error() {
  return error(std::make_error_code(std::errc::operation_canceled), "the wait was cancelled");
}

/// Stands for a handler that says nothing of where it runs.
struct no_executor {};

/// Where a handler is called: on the executor that it is associated with, whose context it keeps busy, or on the
/// reactor.
template <class Executor> class handler_executor {
  static constexpr bool is_reactor = std::is_same_v<Executor, no_executor>;
  template <class E> struct tracked {
    using type = std::decay_t<decltype(asio::prefer(std::declval<E>(), asio::execution::outstanding_work.tracked))>;
  };

 public:
  template <class Handler> explicit handler_executor(const Handler& h) : executor_(own(h)) {}
  template <class F> void post(F f) const {
    if constexpr (is_reactor) {
      post_to(reactor::instance().context(), std::move(f));
    } else {
      asio::post(executor_, std::move(f));
    }
  }

 private:
  using stored = typename std::conditional_t<is_reactor, std::type_identity<Executor>, tracked<Executor>>::type;
  template <class Handler> [[nodiscard]] static stored own(const Handler& h) {
    if constexpr (is_reactor) {
      return {};
    } else {
      return asio::prefer(asio::get_associated_executor(h), asio::execution::outstanding_work.tracked);
    }
  }

  [[no_unique_address]] stored executor_;
};
template <class Handler>
using executor_of_handler = handler_executor<asio::associated_executor_t<Handler, no_executor>>;

/// What pending waits have in common, whatever they wait for.
class pending_wait : public waiter, public turn_task {
 protected:
  enum class step { post, attempt, cancel, drop };
  using control = void (*)(pending_wait& self, step what);

  explicit pending_wait(control c) noexcept
      : waiter([](waiter& w) noexcept { static_cast<pending_wait&>(w).post_attempt(); }),
        turn_task([](turn_task& t, turn_runner* runner) {
          auto& self = static_cast<pending_wait&>(t);
          self.control_(self, runner != nullptr ? step::attempt : step::drop);
        }),
        control_(c) {}
  ~pending_wait() = default;

  void post_attempt() {
    if (!runner_) return control_(*this, step::post);
    const intrusive_ptr<turn_runner> kept = runner_;  // the task may run, and end this, before queue_task returns
    kept->queue_task(*this);
  }

  // the same types for all waits, for Asio's sake
  struct attempt_call {
    pending_wait* self;
    void operator()() const { self->control_(*self, step::attempt); }
  };
  struct cancel_call {
    pending_wait* self;
    void operator()(asio::cancellation_type) const { self->control_(*self, step::cancel); }
  };

  const control control_;
  bool cancelled_ = false;
  intrusive_ptr<turn_runner> runner_;  // the turn that the handler resumes on, or null
};

/// One pending wait. `Wait` is a small value that knows what is waited for:
///   `std::optional<Value> poll()`   the outcome, where it is there already
///   `bool arm(waiter&)`             registers; false: look again at once
///   `bool disarm(waiter&)`          withdraws; false: a notification is on its way
///   `Value cancelled()`             the outcome of a cancelled wait
template <class Wait, class Handler> class async_operation final : public pending_wait {
  using associated = asio::associated_executor_t<Handler, no_executor>;

 public:
  static void start(Wait wait, Handler handler) {
    void* memory = block_pool::allocate<sizeof(async_operation)>();
    auto* self = ::new (memory) async_operation(std::move(wait), std::move(handler));
    self->connect_cancellation();
    if (!self->wait_.arm(*self)) self->post_attempt();  // does not call the handler ([ASY-1])
  }

 private:
  async_operation(Wait wait, Handler handler)
      : pending_wait(&async_operation::act), wait_(std::move(wait)), handler_(std::move(handler)) {
    // a handler that resumes on the turn that runs now needs no executor: the operation itself becomes the task
    if constexpr (std::is_same_v<associated, asio::any_io_executor>) {
      if (this_turn.runner != nullptr) {
        const associated executor = asio::get_associated_executor(handler_);
        const auto* target = executor.template target<turn_executor>();
        if (target != nullptr && target->key() == this_turn.key) runner_ = intrusive_ptr<turn_runner>(this_turn.runner);
      }
    }
    if (!runner_) executor_.emplace(handler_);
  }

  void connect_cancellation() {
    auto slot = asio::get_associated_cancellation_slot(handler_);
    if (slot.is_connected()) slot.assign(cancel_call{this});
  }

  static void act(pending_wait& base, step what) {
    auto& self = static_cast<async_operation&>(base);
    switch (what) {
      case step::post:
        return self.executor_->post(attempt_call{&self});
      case step::attempt:
        return self.attempt();
      case step::cancel:
        self.cancelled_ = true;
        if (self.wait_.disarm(self)) self.post_attempt();
        return;
      case step::drop:
        return self.destroy();
    }
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
  std::optional<executor_of_handler<Handler>> executor_;  // where there is no runner
};

/// Starts `Wait` for any completion token of signature `void(Value)`.
template <class Value, class Wait, class CompletionToken> auto async_wait_for(Wait wait, CompletionToken&& token) {
  return asio::async_initiate<CompletionToken, void(Value)>(
      [](auto handler, Wait w) { async_operation<Wait, decltype(handler)>::start(std::move(w), std::move(handler)); },
      token, std::move(wait));
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_ASYNC_OPERATION_HPP
