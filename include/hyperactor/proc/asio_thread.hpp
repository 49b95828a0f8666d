// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_PROC_ASIO_THREAD_HPP
#define HYPERACTOR_PROC_ASIO_THREAD_HPP

/// @file
/// Makes a thread of ours one that Asio knows, so that it recycles the memory of coroutine frames there instead of
/// asking the system for each.

#include <hyperactor/base/platform.hpp>

#include <asio/detail/thread_context.hpp>
#include <asio/detail/thread_info_base.hpp>

namespace hyperactor::inline v0::detail {

/// For the thread's whole life, on its stack.
/// @note uses a name that Asio has kept protected since 1.22, the same in 1.38
class asio_thread : asio::detail::thread_context {
 public:
  asio_thread() noexcept : entry_(this, info_) {}
  asio_thread(const asio_thread&) = delete;
  asio_thread& operator=(const asio_thread&) = delete;

 private:
  asio::detail::thread_info_base info_;
  thread_call_stack::context entry_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_PROC_ASIO_THREAD_HPP
