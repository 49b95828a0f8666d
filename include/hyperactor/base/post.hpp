// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_POST_HPP
#define HYPERACTOR_BASE_POST_HPP

/// @file
/// The library's own ways into Asio: functions and timers of a context, with one handler type each. Every further type
/// that Asio sees costs whoever compiles it fifty functions and more.

#include <hyperactor/base/unique_function.hpp>
#include <hyperactor/base/waiter.hpp>

#include <asio/basic_waitable_timer.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <system_error>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Runs `f` on a thread of the context, never inside the call.
/// @threadsafe
inline void post_to(asio::io_context& io, unique_function<void()> f) { asio::post(io, std::move(f)); }

/// `asio::steady_timer`, as far as the library needs it.
class context_timer {
 public:
  explicit context_timer(asio::io_context& io) : timer_(io) {}

  void expires_at(steady_time when) { timer_.expires_at(when); }
  void expires_after(std::chrono::nanoseconds delay) { timer_.expires_after(delay); }
  void async_wait(unique_function<void(const std::error_code&)> h) { timer_.async_wait(std::move(h)); }
  void cancel() { timer_.cancel(); }

 private:
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                             asio::io_context::executor_type>
      timer_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_POST_HPP
