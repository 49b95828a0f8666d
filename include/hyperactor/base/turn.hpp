// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_TURN_HPP
#define HYPERACTOR_BASE_TURN_HPP

/// @file
/// Turns: how work gets onto whatever runs one thing at a time, such as an actor.
///
/// [TUR-1] Tasks of one runner never run beside each other.
/// [TUR-2] A task runs or is dropped, once; a runner that ended drops.
/// [TUR-3] An executor names its runner without keeping it: copying one costs nothing, and one that outlives its runner
///         drops what it is given.

#include <hyperactor/base/block_pool.hpp>
#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/reactor.hpp>

#include <asio/execution.hpp>
#include <cstdint>
#include <new>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

class turn_runner;

/// A piece of work. Owner: its maker until it is queued; `act` ends or reuses it.
struct turn_task {
  /// Runs as part of a turn of `runner`; null: the task is dropped.
  using action = void (*)(turn_task& self, turn_runner* runner);
  explicit turn_task(action a) noexcept : act(a) {}

  turn_task* next = nullptr;
  action act;
};

/// Something that runs tasks one after the other. Shared.
class turn_runner {
 public:
  virtual void retain() const noexcept = 0;
  virtual void release() const noexcept = 0;
  /// @pre the caller holds a reference that does not go with the task
  /// @threadsafe
  virtual void queue_task(turn_task& task) noexcept = 0;

 protected:
  ~turn_runner() = default;
};

/// The runner whose turn runs on this thread, and the word that its executors carry.
struct turn_in_progress {
  turn_runner* runner;
  std::uint64_t key;
};
inline constinit thread_local turn_in_progress this_turn{nullptr, 0};

/// A function as a task: one block.
template <class F> struct turn_function final : turn_task {
  explicit turn_function(F f) : turn_task(&turn_function::run), function(std::move(f)) {}
  F function;

  static void run(turn_task& task, turn_runner* runner) {
    auto& self = static_cast<turn_function&>(task);
    F f(std::move(self.function));
    self.~turn_function();
    block_pool::deallocate<sizeof(turn_function)>(&self);
    if (runner != nullptr) std::move(f)();
  }
  [[nodiscard]] static turn_task& make(F f) {
    return *::new (block_pool::allocate<sizeof(turn_function)>()) turn_function(std::move(f));
  }
};

using find_runner = intrusive_ptr<turn_runner> (*)(std::uint64_t key);

}  // namespace detail

/// An Asio executor whose functions run as turns of one runner: `cx.get_executor()` in handlers of an actor.
/// @threadsafe
class turn_executor {
 public:
  turn_executor(std::uint64_t key, detail::find_runner find) noexcept : key_(key), find_(find) {}

  template <class Unused = void> [[nodiscard]] static asio::execution_context& query(asio::execution::context_t) {
    return detail::basic_reactor<Unused>::instance().context();
  }
  [[nodiscard]] static constexpr asio::execution::blocking_t query(asio::execution::blocking_t) noexcept {
    return asio::execution::blocking.never;
  }
  [[nodiscard]] turn_executor require(asio::execution::blocking_t::never_t) const noexcept { return *this; }

  template <class F> void execute(F f) const {
    if (auto runner = find_(key_)) runner->queue_task(detail::turn_function<F>::make(std::move(f)));
  }

  [[nodiscard]] std::uint64_t key() const noexcept { return key_; }
  friend bool operator==(const turn_executor& a, const turn_executor& b) noexcept { return a.key_ == b.key_; }
  friend bool operator!=(const turn_executor& a, const turn_executor& b) noexcept { return !(a == b); }

 private:
  std::uint64_t key_;
  detail::find_runner find_;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_BASE_TURN_HPP
