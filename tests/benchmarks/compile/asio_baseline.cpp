// SPDX-License-Identifier: BSD-3-Clause

/// What every program that uses Asio's executors, coroutines and timers pays to compile: the yardstick.

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/steady_timer.hpp>

int main() {}
