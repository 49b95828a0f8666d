// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_EXECUTOR_HPP
#define HYPERACTOR_ACTOR_EXECUTOR_HPP

/// @file
/// Executors of actors: awaiting handlers resume on them.
///
/// [EXE-1] What runs on an actor's executor never runs beside a handler of the same actor.

#include <hyperactor/actor/actor_core.hpp>
#include <hyperactor/base/turn.hpp>

namespace hyperactor::inline v0::detail {

/// The executor of a live actor; it does not keep the actor.
[[nodiscard]] inline turn_executor executor_of_actor(const actor_core& core) noexcept {
  return turn_executor(core.session(), [](std::uint64_t key) -> intrusive_ptr<turn_runner> {
    if (this_turn.runner != nullptr && this_turn.key == key) return intrusive_ptr<turn_runner>(this_turn.runner);
    auto found = instance_registry::instance().find(key);
    if (!found || !found->is_actor()) return nullptr;
    return intrusive_ptr<turn_runner>(static_cast<actor_core*>(found.get()));
  });
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ACTOR_EXECUTOR_HPP
