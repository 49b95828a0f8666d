// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_CONTEXT_TIMER_HPP
#define HYPERACTOR_BASE_CONTEXT_TIMER_HPP

/// @file
/// The timer of the network half, with one handler type: see `post_to`.

#include <hyperactor/base/unique_function.hpp>
#include <hyperactor/base/waiter.hpp>

#include <asio/basic_waitable_timer.hpp>
#include <asio/io_context.hpp>
#include <system_error>
#include <utility>

namespace hyperactor::inline v0::detail {

/// `asio::steady_timer`, as far as the library needs it.
class context_timer {
 public:
  explicit context_timer(asio::io_context& io) : timer_(io) {}

  void expires_at(steady_time when) { timer_.expires_at(when); }
  void expires_after(std::chrono::nanoseconds delay) { timer_.expires_after(delay); }
  void async_wait(unique_function<void(const std::error_code&)> h) { timer_.async_wait(std::move(h)); }
  void cancel() { timer_.cancel(); }

 private:
  using clock = std::chrono::steady_clock;
  asio::basic_waitable_timer<clock, asio::wait_traits<clock>, asio::io_context::executor_type> timer_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_CONTEXT_TIMER_HPP
