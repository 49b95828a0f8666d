// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_INTRUSIVE_TABLE_HPP
#define HYPERACTOR_BASE_INTRUSIVE_TABLE_HPP

/// @file
/// `intrusive_table<T, Link>`: finds objects by a key, and allocates nothing for them: they hold their place in the
/// table themselves.
///
/// [ITB-1] Adding, finding and removing take the same time however many objects are in the table, as long as the low
///         bits of `Link::spread` differ.

#include <cstddef>
#include <cstdint>

namespace hyperactor::inline v0::detail {

/// @tparam Link  has `key_type`, `static key_type key(const T&)`, `static std::uint64_t spread(key_type)` and
///         `static T*& next(T&)`
/// @note owns no object, and does not lock
template <class T, class Link> class intrusive_table {
  using key_type = typename Link::key_type;

 public:
  intrusive_table() noexcept = default;
  intrusive_table(const intrusive_table&) = delete;
  intrusive_table& operator=(const intrusive_table&) = delete;
  ~intrusive_table() { delete[] buckets_; }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// @pre `x` is in no table, and no other object in this one has its key
  void add(T& x) {
    if (size_ >= bucket_count_) grow();
    link(x);
    ++size_;
  }
  /// The object with this key, or null.
  [[nodiscard]] T* find(key_type key) const noexcept {
    if (size_ == 0) return nullptr;
    for (T* x = *bucket_of(key); x != nullptr; x = Link::next(*x)) {
      if (Link::key(*x) == key) return x;
    }
    return nullptr;
  }
  /// @returns false: it was not there
  bool remove(T& x) noexcept {
    if (size_ == 0) return false;
    for (T** at = bucket_of(Link::key(x)); *at != nullptr; at = &Link::next(**at)) {
      if (*at == &x) {
        *at = Link::next(x);
        --size_;
        return true;
      }
    }
    return false;
  }
  /// Calls `f(T&)` for each object; `f` may add the object to another table, or destroy it if this one is not used
  /// again.
  template <class F> void for_each(F&& f) const {
    for (std::size_t i = 0; i < bucket_count_; ++i) {
      for (T* x = buckets_[i]; x != nullptr;) {
        T* const rest = Link::next(*x);
        f(*x);
        x = rest;
      }
    }
  }
  void swap(intrusive_table& o) noexcept {
    T** const buckets = buckets_;
    const std::size_t bucket_count = bucket_count_;
    const std::size_t size = size_;
    buckets_ = o.buckets_;
    bucket_count_ = o.bucket_count_;
    size_ = o.size_;
    o.buckets_ = buckets;
    o.bucket_count_ = bucket_count;
    o.size_ = size;
  }

 private:
  [[nodiscard]] T** bucket_of(key_type key) const noexcept {
    return &buckets_[static_cast<std::size_t>(Link::spread(key)) & (bucket_count_ - 1)];
  }
  void link(T& x) noexcept {
    T** const bucket = bucket_of(Link::key(x));
    Link::next(x) = *bucket;
    *bucket = &x;
  }
  void grow() {
    intrusive_table larger;
    larger.bucket_count_ = bucket_count_ == 0 ? 8 : bucket_count_ * 2;
    larger.buckets_ = new T*[larger.bucket_count_]();
    larger.size_ = size_;
    for_each([&larger](T& x) { larger.link(x); });
    swap(larger);
  }

  T** buckets_ = nullptr;
  std::size_t bucket_count_ = 0;  // a power of two
  std::size_t size_ = 0;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_INTRUSIVE_TABLE_HPP
