// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_BUFFER_HPP
#define HYPERACTOR_WIRE_BUFFER_HPP

/// @file
/// `wire::buffer`: the bytes of a message.
///
/// [WIR-1] Growing a buffer never writes to the new bytes.

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <utility>

namespace hyperactor::inline v0::wire {

/// A growable run of bytes that are not initialised before they are written.
/// @note copying copies the bytes; moving leaves an empty buffer
class buffer {
 public:
  using value_type = std::byte;

  buffer() noexcept = default;
  /// A copy of `size` bytes at `data`.
  buffer(const void* data, std::size_t size) { append(data, size); }
  explicit buffer(std::span<const std::byte> bytes) : buffer(bytes.data(), bytes.size()) {}
  buffer(const buffer& other) : buffer(other.data_, other.size_) {}
  buffer(buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  buffer& operator=(const buffer& other) {
    if (this != &other) {
      size_ = 0;
      append(other.data_, other.size_);
    }
    return *this;
  }
  buffer& operator=(buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  ~buffer() { std::free(data_); }

  [[nodiscard]] const std::byte* data() const noexcept { return data_; }
  [[nodiscard]] std::byte* data() noexcept { return data_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] const std::byte* begin() const noexcept { return data_; }
  [[nodiscard]] const std::byte* end() const noexcept { return data_ + size_; }
  [[nodiscard]] std::span<const std::byte> span() const noexcept { return {data_, size_}; }
  std::byte operator[](std::size_t i) const noexcept { return data_[i]; }
  std::byte& operator[](std::size_t i) noexcept { return data_[i]; }

  /// Makes room for `count` more bytes and returns where they begin; they are not initialised.
  std::byte* extend(std::size_t count) {
    if (count > capacity_ - size_) grow(count);
    std::byte* const at = data_ + size_;
    size_ += count;
    return at;
  }
  void append(const void* data, std::size_t size) {
    if (size != 0) std::memcpy(extend(size), data, size);
  }
  void reserve(std::size_t capacity) {
    if (capacity > capacity_) reallocate(capacity);
  }
  /// Shortens or lengthens the buffer; new bytes are not initialised.
  void resize(std::size_t size) {
    if (size > size_) {
      extend(size - size_);
    } else {
      size_ = size;
    }
  }
  /// Keeps the memory.
  void clear() noexcept { size_ = 0; }

  friend bool operator==(const buffer& a, const buffer& b) noexcept {
    return a.size_ == b.size_ && (a.size_ == 0 || std::memcmp(a.data_, b.data_, a.size_) == 0);
  }

 private:
  void grow(std::size_t count) {
    const std::size_t needed = size_ + count;
    if (needed < size_) throw std::bad_alloc{};
    std::size_t capacity = capacity_ + capacity_ / 2;
    if (capacity < 64) capacity = 64;
    reallocate(capacity < needed ? needed : capacity);
  }
  void reallocate(std::size_t capacity) {
    void* const fresh = std::realloc(data_, capacity);
    if (fresh == nullptr) throw std::bad_alloc{};
    data_ = static_cast<std::byte*>(fresh);
    capacity_ = capacity;
  }

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace hyperactor::inline v0::wire

#endif  // HYPERACTOR_WIRE_BUFFER_HPP
