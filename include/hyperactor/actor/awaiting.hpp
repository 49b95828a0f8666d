// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_AWAITING_HPP
#define HYPERACTOR_ACTOR_AWAITING_HPP

/// @file
/// Handlers that are coroutines. Everything here is instantiated only for actors that have one.
///
/// [AWT-1] The message lives until the coroutine ends.
/// [AWT-2] `kill` cancels what the coroutine waits for, through Asio's per-operation cancellation.

#include <hyperactor/actor/executor.hpp>

#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace hyperactor::inline v0::detail {

template <class Core> class spawned_coroutine final : public awaiting {
 public:
  static void start(Core& core, asio::awaitable<void> coroutine) {
    auto* const self = new spawned_coroutine;
    auto slot = self->cancellation_.slot();
    core.begin_awaiting(owner<awaiting>(self));
    asio::co_spawn(
        asio::any_io_executor(executor_of_actor(core)), std::move(coroutine),
        asio::bind_cancellation_slot(slot, [p = &core](std::exception_ptr e) { p->end_awaiting(std::move(e)); }));
  }
  void cancel() override { cancellation_.emit(asio::cancellation_type::terminal); }

 private:
  asio::cancellation_signal cancellation_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ACTOR_AWAITING_HPP
