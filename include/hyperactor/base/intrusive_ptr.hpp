// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_INTRUSIVE_PTR_HPP
#define HYPERACTOR_BASE_INTRUSIVE_PTR_HPP

/// @file
/// A shared pointer to objects that count their own references.

#include <hyperactor/base/platform.hpp>

#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Reference count to derive from: `class record : public ref_counted<record>`. Starts at one, which the first
/// `intrusive_ptr` adopts. Destroys by `delete static_cast<T*>(this)` unless T has a static `destroy(T*)`.
template <class T> class ref_counted {
 public:
  void retain() const noexcept {
    // relaxed: whoever copies a reference owns one already, so the object cannot go away meanwhile
    references_.fetch_add(1, std::memory_order_relaxed);
  }
  void release() const noexcept {
    // release: what this owner wrote is visible to the one that destroys; acquire: the destroyer sees it all
    // the last owner needs no read-modify-write: nobody else can take a reference any more
    if (references_.load(std::memory_order_acquire) == 1 || references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      auto* self = static_cast<T*>(const_cast<ref_counted*>(this));
      if constexpr (requires { T::destroy(self); }) {
        T::destroy(self);
      } else {
        delete self;
      }
    }
  }
  [[nodiscard]] std::uint32_t references() const noexcept { return references_.load(std::memory_order_acquire); }

 protected:
  ref_counted() noexcept = default;
  ref_counted(const ref_counted&) noexcept {}
  ref_counted& operator=(const ref_counted&) noexcept { return *this; }
  ~ref_counted() = default;

 private:
  mutable std::atomic<std::uint32_t> references_{1};
};

/// Owns one reference to a `T` that has `retain()` and `release()`.
/// Always inline, without helpers of the standard library: a program has dozens of these types, and a compiler that
/// does not optimize would write each member of each of them.
template <class T> class intrusive_ptr {
 public:
  using element_type = T;

  constexpr intrusive_ptr() noexcept = default;
  constexpr intrusive_ptr(std::nullptr_t) noexcept {}
  /// Takes a further reference.
  HYPERACTOR_ALWAYS_INLINE explicit intrusive_ptr(T* p) noexcept : p_(p) {
    if (p_) p_->retain();
  }
  HYPERACTOR_ALWAYS_INLINE intrusive_ptr(const intrusive_ptr& o) noexcept : p_(o.p_) {
    if (p_) p_->retain();
  }
  HYPERACTOR_ALWAYS_INLINE intrusive_ptr(intrusive_ptr&& o) noexcept : p_(o.p_) { o.p_ = nullptr; }
  /// From a pointer to something derived.
  template <class U>
    requires std::is_convertible_v<U*, T*>
  // NOLINTNEXTLINE(google-explicit-constructor): as pointers do
  HYPERACTOR_ALWAYS_INLINE intrusive_ptr(intrusive_ptr<U> o) noexcept : p_(o.detach()) {}
  HYPERACTOR_ALWAYS_INLINE intrusive_ptr& operator=(intrusive_ptr o) noexcept {
    swap(o);
    return *this;
  }
  HYPERACTOR_ALWAYS_INLINE ~intrusive_ptr() {
    if (p_) p_->release();
  }

  /// Takes over a reference that the caller owns.
  [[nodiscard]] HYPERACTOR_ALWAYS_INLINE static intrusive_ptr adopt(T* p) noexcept {
    intrusive_ptr out;
    out.p_ = p;
    return out;
  }
  /// Hands the reference to the caller.
  [[nodiscard]] HYPERACTOR_ALWAYS_INLINE T* detach() noexcept {
    T* const p = p_;
    p_ = nullptr;
    return p;
  }
  HYPERACTOR_ALWAYS_INLINE void reset() noexcept {
    T* const p = detach();
    if (p) p->release();
  }
  HYPERACTOR_ALWAYS_INLINE void swap(intrusive_ptr& o) noexcept {
    T* const p = p_;
    p_ = o.p_;
    o.p_ = p;
  }

  [[nodiscard]] HYPERACTOR_ALWAYS_INLINE T* get() const noexcept { return p_; }
  [[nodiscard]] HYPERACTOR_ALWAYS_INLINE T& operator*() const noexcept { return *p_; }
  [[nodiscard]] HYPERACTOR_ALWAYS_INLINE T* operator->() const noexcept { return p_; }
  HYPERACTOR_ALWAYS_INLINE explicit operator bool() const noexcept { return p_ != nullptr; }

  [[nodiscard]] HYPERACTOR_ALWAYS_INLINE friend bool operator==(const intrusive_ptr& a,
                                                                const intrusive_ptr& b) noexcept {
    return a.p_ == b.p_;
  }

 private:
  T* p_ = nullptr;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_INTRUSIVE_PTR_HPP
