// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_DETAIL_ONE_OF_HPP
#define HYPERACTOR_IDENTITY_DETAIL_ONE_OF_HPP

/// @file
/// Storage for one of three kinds of ids or addresses. Does what the sum types of this module need and costs a small
/// part of what `std::variant` costs to compile, which every program would pay.

#include <compare>
#include <memory>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0::detail {

/// An `A`, a `B` or a `C`; moves do not throw, and a moved-from one holds a moved-from value.
template <class A, class B, class C> class one_of {
 public:
  explicit one_of(A value) noexcept : a_(std::move(value)), index_(0) {}
  explicit one_of(B value) noexcept : b_(std::move(value)), index_(1) {}
  explicit one_of(C value) noexcept : c_(std::move(value)), index_(2) {}
  one_of(const one_of& o) noexcept : index_(o.index_) {
    o.visit([this](const auto& value) { this->emplace(value); });
  }
  one_of(one_of&& o) noexcept : index_(o.index_) {
    o.visit([this](auto& value) { this->emplace(std::move(value)); });
  }
  one_of& operator=(one_of o) noexcept {
    destroy();
    index_ = o.index_;
    o.visit([this](auto& value) { this->emplace(std::move(value)); });
    return *this;
  }
  ~one_of() { destroy(); }

  [[nodiscard]] unsigned index() const noexcept { return index_; }
  [[nodiscard]] const A* first() const noexcept { return index_ == 0 ? &a_ : nullptr; }
  [[nodiscard]] const B* second() const noexcept { return index_ == 1 ? &b_ : nullptr; }
  [[nodiscard]] const C* third() const noexcept { return index_ == 2 ? &c_ : nullptr; }

  template <class F> decltype(auto) visit(F&& f) const { return index_ == 0 ? f(a_) : index_ == 1 ? f(b_) : f(c_); }
  template <class F> decltype(auto) visit(F&& f) { return index_ == 0 ? f(a_) : index_ == 1 ? f(b_) : f(c_); }

  friend bool operator==(const one_of& a, const one_of& b) noexcept {
    if (a.index_ != b.index_) return false;
    return a.index_ == 0 ? a.a_ == b.a_ : a.index_ == 1 ? a.b_ == b.b_ : a.c_ == b.c_;
  }
  /// By kind, then by content.
  friend std::strong_ordering operator<=>(const one_of& a, const one_of& b) noexcept {
    if (a.index_ != b.index_) return a.index_ <=> b.index_;
    return a.index_ == 0 ? a.a_ <=> b.a_ : a.index_ == 1 ? a.b_ <=> b.b_ : a.c_ <=> b.c_;
  }

 private:
  template <class T> void emplace(T&& value) noexcept {
    using kind = std::remove_cvref_t<T>;
    if constexpr (std::is_same_v<kind, A>) {
      std::construct_at(&a_, std::forward<T>(value));
    } else if constexpr (std::is_same_v<kind, B>) {
      std::construct_at(&b_, std::forward<T>(value));
    } else {
      std::construct_at(&c_, std::forward<T>(value));
    }
  }
  void destroy() noexcept {
    if (index_ == 0) {
      a_.~A();
    } else if (index_ == 1) {
      b_.~B();
    } else {
      c_.~C();
    }
  }

  union {
    A a_;
    B b_;
    C c_;
  };
  unsigned index_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_IDENTITY_DETAIL_ONE_OF_HPP
