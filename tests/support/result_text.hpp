// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_TESTS_SUPPORT_RESULT_TEXT_HPP
#define HYPERACTOR_TESTS_SUPPORT_RESULT_TEXT_HPP

/// @file
/// How Catch2 prints `result<T>`, whatever `T` is: without this, CHECK(r) wants a `T` that can be printed.

#include <hyperactor/base/result.hpp>

#include <catch2/catch_tostring.hpp>
#include <string>

template <class T> struct Catch::StringMaker<boost::system::result<T, hyperactor::error>> {
  static std::string convert(const boost::system::result<T, hyperactor::error>& r) {
    return r.has_value() ? "a value" : r.error().what();
  }
};

template <> struct Catch::StringMaker<hyperactor::error> {
  static std::string convert(const hyperactor::error& e) { return e.what(); }
};

#endif  // HYPERACTOR_TESTS_SUPPORT_RESULT_TEXT_HPP
