// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_OWNER_HPP
#define HYPERACTOR_BASE_OWNER_HPP

/// @file
/// `owner<T>`: the one pointer that deletes its object. `std::unique_ptr` costs a compiler that does not optimize some
/// twenty functions for every type; this one costs none.

#include <hyperactor/base/platform.hpp>

#include <cstddef>

namespace hyperactor::inline v0::detail {

template <class T> class owner {
 public:
  HYPERACTOR_ALWAYS_INLINE constexpr owner() noexcept : p_(nullptr) {}
  /// Takes over an object that was made by `new`.
  HYPERACTOR_ALWAYS_INLINE explicit owner(T* p) noexcept : p_(p) {}
  HYPERACTOR_ALWAYS_INLINE owner(owner&& o) noexcept : p_(o.release()) {}
  HYPERACTOR_ALWAYS_INLINE owner& operator=(owner&& o) noexcept {
    T* const p = o.release();
    delete p_;
    p_ = p;
    return *this;
  }
  HYPERACTOR_ALWAYS_INLINE ~owner() { delete p_; }

  /// Hands the object to the caller.
  [[nodiscard]] HYPERACTOR_ALWAYS_INLINE T* release() noexcept {
    T* const p = p_;
    p_ = nullptr;
    return p;
  }
  [[nodiscard]] HYPERACTOR_ALWAYS_INLINE T* get() const noexcept { return p_; }
  [[nodiscard]] HYPERACTOR_ALWAYS_INLINE T& operator*() const noexcept { return *p_; }
  [[nodiscard]] HYPERACTOR_ALWAYS_INLINE T* operator->() const noexcept { return p_; }
  HYPERACTOR_ALWAYS_INLINE explicit operator bool() const noexcept { return p_ != nullptr; }
  [[nodiscard]] HYPERACTOR_ALWAYS_INLINE friend bool operator==(const owner& a, std::nullptr_t) noexcept {
    return a.p_ == nullptr;
  }

 private:
  T* p_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_OWNER_HPP
