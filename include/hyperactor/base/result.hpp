// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_RESULT_HPP
#define HYPERACTOR_BASE_RESULT_HPP

/// @file
/// `result<T>`: Boost.System's result with this library's `error`.

#include <hyperactor/base/error.hpp>

#include <boost/system/result.hpp>

namespace hyperactor::inline v0 {

/// A value or an `error`. `if (!r)`, `r.error()`, `*r`, and `r.value()`, which throws `failed_result` on an error.
template <class T> using result = boost::system::result<T, error>;

/// Found by Boost.System: what `value()` throws.
[[noreturn]] HYPERACTOR_COLD inline void throw_exception_from_error(const error& e, const boost::source_location&) {
  throw failed_result(e);
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_BASE_RESULT_HPP
