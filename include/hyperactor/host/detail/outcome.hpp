// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_DETAIL_OUTCOME_HPP
#define HYPERACTOR_HOST_DETAIL_OUTCOME_HPP

/// @file
/// Operations that end with a callback, offered as Asio operations and as blocking functions.

#include <hyperactor/base/async_operation.hpp>
#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/unique_function.hpp>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Called once with the outcome, on any thread.
template <class Value> using outcome_callback = unique_function<void(Value)>;

/// Makes a callback of a handler: it completes on the handler's own executor, never inside the call.
template <class Value, class Handler> [[nodiscard]] outcome_callback<Value> bind_handler(Handler handler) {
  executor_of_handler<Handler> executor(handler);
  return [executor = std::move(executor), handler = std::move(handler)](Value value) mutable {
    executor.post(
        [handler = std::move(handler), value = std::move(value)]() mutable { std::move(handler)(std::move(value)); });
  };
}

/// Starts `start(outcome_callback<Value>)` for a completion token of signature `void(Value)`.
template <class Value, class Start, class CompletionToken> auto async_outcome(Start start, CompletionToken&& token) {
  return asio::async_initiate<CompletionToken, void(Value)>(
      [](auto handler, Start s) { std::move(s)(bind_handler<Value>(std::move(handler))); }, token, std::move(start));
}

/// Starts it and blocks until its outcome is there.
template <class Value, class Start> [[nodiscard]] Value await_outcome(Start start) {
  struct slot : ref_counted<slot> {
    std::mutex mutex;
    std::condition_variable arrived;
    std::optional<Value> value;
  };
  const auto shared = intrusive_ptr<slot>::adopt(new slot);
  std::move(start)(outcome_callback<Value>([shared](Value value) {
    const std::lock_guard lock(shared->mutex);
    shared->value.emplace(std::move(value));
    shared->arrived.notify_one();
  }));
  std::unique_lock lock(shared->mutex);
  shared->arrived.wait(lock, [&] { return shared->value.has_value(); });
  return std::move(*shared->value);
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_HOST_DETAIL_OUTCOME_HPP
