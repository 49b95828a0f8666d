// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_WHEN_USED_HPP
#define HYPERACTOR_BASE_WHEN_USED_HPP

/// @file
/// `when_used`: puts the cost of a type off. A compiler looks at every expression of a template whose types it knows
/// when it reads the template, and instantiates what it finds there, for every program that includes the header.

namespace hyperactor::inline v0::detail {

template <class X, class> struct type_when_used {
  using type = X;
};
/// `X`, but not before the template with the parameter `T` is instantiated.
template <class X, class T> using when_used = typename type_when_used<X, T>::type;

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_WHEN_USED_HPP
