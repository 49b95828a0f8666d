// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_SCOPE_EXIT_HPP
#define HYPERACTOR_BASE_SCOPE_EXIT_HPP

/// @file
/// Runs a function at the end of a scope.

#include <utility>

namespace hyperactor::inline v0::detail {

template <class F> class [[nodiscard]] scope_exit {
 public:
  explicit scope_exit(F f) : f_(std::move(f)) {}
  scope_exit(const scope_exit&) = delete;
  scope_exit& operator=(const scope_exit&) = delete;
  ~scope_exit() {
    if (armed_) f_();
  }
  void dismiss() noexcept { armed_ = false; }

 private:
  F f_;
  bool armed_ = true;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_SCOPE_EXIT_HPP
