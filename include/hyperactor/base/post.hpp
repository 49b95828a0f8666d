// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_POST_HPP
#define HYPERACTOR_BASE_POST_HPP

/// @file
/// The library's way of posting to a context, with one handler type: every further type that Asio sees costs whoever
/// compiles it sixty functions.

#include <hyperactor/base/platform.hpp>
#include <hyperactor/base/unique_function.hpp>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Runs `f` on a thread of the context, never inside the call. A template with one use: see `basic_reactor`.
/// @threadsafe
template <class = void> void post_to(asio::io_context& io, unique_function<void()> f) { asio::post(io, std::move(f)); }

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_POST_HPP
