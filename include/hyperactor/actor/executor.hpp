// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_EXECUTOR_HPP
#define HYPERACTOR_ACTOR_EXECUTOR_HPP

/// @file
/// `actor_executor`: an Asio executor whose functions run as part of an actor's turns. Awaiting handlers resume on it.
///
/// [EXE-1] What runs on it never runs beside a handler of the same actor.

#include <hyperactor/actor/detail/actor_core.hpp>
#include <hyperactor/base/reactor.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/execution.hpp>
#include <utility>

namespace hyperactor::inline v0 {

/// Runs functions as turns of one actor; drops them once it is terminal.
/// @threadsafe
class actor_executor {
 public:
  explicit actor_executor(detail::actor_core& core) noexcept : core_(&core) {}

  [[nodiscard]] asio::execution_context& query(asio::execution::context_t) const {
    return detail::reactor::instance().context();
  }
  [[nodiscard]] static constexpr asio::execution::blocking_t query(asio::execution::blocking_t) noexcept {
    return asio::execution::blocking.never;
  }
  [[nodiscard]] actor_executor require(asio::execution::blocking_t::never_t) const noexcept { return *this; }

  template <class F>
  void execute(F f) const {
    core_->run_as_turn(std::move(f));
  }

  friend bool operator==(const actor_executor& a, const actor_executor& b) noexcept { return a.core_ == b.core_; }
  friend bool operator!=(const actor_executor& a, const actor_executor& b) noexcept { return !(a == b); }

 private:
  detail::intrusive_ptr<detail::actor_core> core_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_EXECUTOR_HPP
