// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_SORT_HPP
#define HYPERACTOR_BASE_SORT_HPP

/// @file
/// Heaps and sorting of plain arrays. `<algorithm>` would add a fifth of a second to every program that includes us.

#include <cstddef>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Moves the last of `size` elements, behind a heap, up to its place: the top is the element before which none is
/// `less`.
template <class T, class Less> constexpr void push_heap(T* heap, std::size_t size, Less less) {
  for (std::size_t at = size - 1; at != 0;) {
    const std::size_t parent = (at - 1) / 2;
    if (!less(heap[at], heap[parent])) return;
    std::swap(heap[at], heap[parent]);
    at = parent;
  }
}

/// Moves the top of a heap of `size` elements to the end; what is before it is a heap.
template <class T, class Less> constexpr void pop_heap(T* heap, std::size_t size, Less less) {
  std::swap(heap[0], heap[--size]);
  for (std::size_t at = 0;;) {
    std::size_t child = 2 * at + 1;
    if (child >= size) return;
    if (child + 1 < size && less(heap[child + 1], heap[child])) ++child;
    if (!less(heap[child], heap[at])) return;
    std::swap(heap[at], heap[child]);
    at = child;
  }
}

/// Sorts `size` elements. Not stable.
/// @complexity O(n log n)
template <class T, class Less> constexpr void sort_range(T* data, std::size_t size, Less less) {
  const auto greater = [&less](const T& a, const T& b) { return less(b, a); };
  for (std::size_t n = 2; n <= size; ++n) push_heap(data, n, greater);
  for (std::size_t n = size; n > 1; --n) pop_heap(data, n, greater);
}

/// The first of `size` sorted elements for which `before(element)` is false.
template <class T, class Before> constexpr std::size_t lower_bound(const T* data, std::size_t size, Before before) {
  std::size_t first = 0;
  while (size != 0) {
    const std::size_t half = size / 2;
    if (before(data[first + half])) {
      first += half + 1;
      size -= half + 1;
    } else {
      size = half;
    }
  }
  return first;
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_SORT_HPP
