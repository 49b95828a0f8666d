// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_UNIQUE_FUNCTION_HPP
#define HYPERACTOR_BASE_UNIQUE_FUNCTION_HPP

/// @file
/// A move-only callable with erased type: what C++23 calls std::move_only_function.

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0::detail {

template <class Signature> class unique_function;

/// Owns any callable, movable or not copyable ones too; up to three words are stored inside. Two functions for each
/// callable, because programs make them of many.
template <class R, class... Args> class unique_function<R(Args...)> {
  static constexpr std::size_t inside_bytes = 3 * sizeof(void*);
  struct operations {
    R (*call)(void*, Args&&...);
    void (*end)(void* from, void* to) noexcept;  // moves to `to`; null: destroys
  };
  template <class F>
  static constexpr bool fits =
      sizeof(F) <= inside_bytes && alignof(F) <= alignof(void*) && std::is_nothrow_move_constructible_v<F>;

  template <class D> struct inside {
    static R call(void* p, Args&&... args) { return (*static_cast<D*>(p))(static_cast<Args&&>(args)...); }
    static void end(void* from, void* to) noexcept {
      D* const f = static_cast<D*>(from);
      if (to != nullptr) ::new (to) D(static_cast<D&&>(*f));
      f->~D();
    }
    static constexpr operations ops{&call, &end};
  };
  template <class D> struct outside {
    static R call(void* p, Args&&... args) { return (**static_cast<D**>(p))(static_cast<Args&&>(args)...); }
    static void end(void* from, void* to) noexcept {
      D* const f = *static_cast<D**>(from);
      if (to == nullptr) return delete f;
      ::new (to) D*(f);
    }
    static constexpr operations ops{&call, &end};
  };

 public:
  unique_function() noexcept = default;
  unique_function(std::nullptr_t) noexcept {}
  template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, unique_function> &&
             std::is_invocable_r_v<R, std::decay_t<F>&, Args...>)
  unique_function(F&& f) {  // NOLINT(google-explicit-constructor): callables convert, as with std::function
    using D = std::decay_t<F>;
    if constexpr (fits<D>) {
      ::new (static_cast<void*>(storage_)) D(static_cast<F&&>(f));
      operations_ = &inside<D>::ops;
    } else {
      ::new (static_cast<void*>(storage_)) D*(new D(static_cast<F&&>(f)));
      operations_ = &outside<D>::ops;
    }
  }
  unique_function(unique_function&& o) noexcept { take(o); }
  unique_function& operator=(unique_function&& o) noexcept {
    if (this != &o) {
      reset();
      take(o);
    }
    return *this;
  }
  ~unique_function() { reset(); }

  explicit operator bool() const noexcept { return operations_ != nullptr; }
  /// @pre holds a callable
  R operator()(Args... args) { return operations_->call(storage_, static_cast<Args&&>(args)...); }

  void reset() noexcept {
    if (operations_) std::exchange(operations_, nullptr)->end(storage_, nullptr);
  }

 private:
  void take(unique_function& o) noexcept {
    operations_ = std::exchange(o.operations_, nullptr);
    if (operations_) operations_->end(o.storage_, storage_);
  }

  alignas(void*) std::byte storage_[inside_bytes];
  const operations* operations_ = nullptr;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_UNIQUE_FUNCTION_HPP
