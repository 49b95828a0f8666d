// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_TIMER_QUEUE_HPP
#define HYPERACTOR_BASE_TIMER_QUEUE_HPP

/// @file
/// Actions by time: one heap and one thread of the process, which sleeps until the earliest is due.
///
/// [TMQ-1] No thread exists before the first timer starts, so a process may fork before it.
/// [TMQ-2] Actions run one after the other, in the order of their times, on the queue's own thread.
/// [TMQ-3] A cancelled action does not run any more, unless it runs right now.
/// [TMQ-4] After static destruction of the process has begun, no action runs any more; the queue itself stays valid.

#include <hyperactor/base/os_thread.hpp>
#include <hyperactor/base/platform.hpp>
#include <hyperactor/base/unique_function.hpp>
#include <hyperactor/base/waiter.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>
#include <utility>

namespace hyperactor::inline v0::detail {

/// The timers of the process. Start and cancel cost O(log pending).
/// @threadsafe
class HYPERACTOR_SHARED timer_queue {
 public:
  using clock = std::chrono::steady_clock;

  timer_queue(const timer_queue&) = delete;
  timer_queue& operator=(const timer_queue&) = delete;

  /// The queue of this process; its thread is stopped and joined at static destruction.
  [[nodiscard]] HYPERACTOR_SHARED static timer_queue& instance() {
    static timer_queue& self = *new timer_queue;  // never destroyed: timers may be cancelled after that [TMQ-4]
    static const stopper at_exit{self};
    return self;
  }

  /// Runs `action` at the time, or at once where that is past. Returns what cancels it, never 0.
  std::uint64_t start(clock::time_point at, unique_function<void()> action) {
    const std::lock_guard lock(mutex_);
    if (!is_running_ && !is_stopping_) start_thread();
    node& n = take_free();
    n.at = at;
    n.order = ++last_order_;
    n.action = std::move(action);
    heap_[size_] = &n;
    n.place = size_++;
    rise(n);
    if (n.place == 0) wake();
    return (std::uint64_t{n.generation} << 32) | n.index;
  }
  /// [TMQ-3]; nothing happens where the action ran already.
  void cancel(std::uint64_t timer) noexcept {
    unique_function<void()> gone;  // destroyed after the lock
    const std::lock_guard lock(mutex_);
    const auto index = static_cast<std::uint32_t>(timer);
    if (index >= capacity_) return;
    node& n = *nodes_[index];
    if (n.generation != timer >> 32 || n.place == nowhere) return;
    gone = std::move(n.action);
    remove(n);
  }
  /// Timers that did not run yet.
  [[nodiscard]] std::size_t size() noexcept {
    const std::lock_guard lock(mutex_);
    return size_;
  }

 private:
  static constexpr std::uint32_t nowhere = ~std::uint32_t{0};
  struct node {
    clock::time_point at;
    std::uint64_t order = 0;  // of timers for the same time, the one started first runs first
    unique_function<void()> action;
    std::uint32_t index = 0;        // among `nodes_`, for good
    std::uint32_t generation = 1;   // counts the timers that the node has been
    std::uint32_t place = nowhere;  // in the heap
    node* next_free = nullptr;
  };
  struct stopper {
    timer_queue& self;
    ~stopper() { self.stop(); }
  };

  timer_queue() = default;
  ~timer_queue() = default;

  // ---- the heap; the caller locks

  [[nodiscard]] static bool earlier(const node& a, const node& b) noexcept {
    return a.at != b.at ? a.at < b.at : a.order < b.order;
  }
  void put(node& n, std::uint32_t place) noexcept {
    heap_[place] = &n;
    n.place = place;
  }
  void rise(node& n) noexcept {
    std::uint32_t at = n.place;
    for (; at != 0 && earlier(n, *heap_[(at - 1) / 2]); at = (at - 1) / 2) put(*heap_[(at - 1) / 2], at);
    put(n, at);
  }
  void sink(node& n) noexcept {
    std::uint32_t at = n.place;
    for (;;) {
      std::uint32_t child = 2 * at + 1;
      if (child >= size_) break;
      if (child + 1 < size_ && earlier(*heap_[child + 1], *heap_[child])) ++child;
      if (!earlier(*heap_[child], n)) break;
      put(*heap_[child], at);
      at = child;
    }
    put(n, at);
  }
  void remove(node& n) noexcept {
    node& last = *heap_[--size_];
    if (&last != &n) {
      put(last, n.place);
      rise(last);
      sink(last);
    }
    n.place = nowhere;
    if (++n.generation == 0) n.generation = 1;
    n.next_free = std::exchange(free_, &n);
  }
  /// Nodes are kept for good and used again.
  [[nodiscard]] node& take_free() {
    if (free_ == nullptr) grow();
    return *std::exchange(free_, free_->next_free);
  }
  HYPERACTOR_NOINLINE void grow() {
    const std::uint32_t capacity = capacity_ == 0 ? 16 : 2 * capacity_;
    heap_ = enlarge(heap_, capacity);
    nodes_ = enlarge(nodes_, capacity);
    node* const fresh = new node[capacity - capacity_];
    for (node* n = fresh; capacity_ != capacity; ++n) {
      n->index = capacity_;
      nodes_[capacity_++] = n;
      n->next_free = std::exchange(free_, n);
    }
  }
  [[nodiscard]] static node** enlarge(node** table, std::uint32_t capacity) {
    void* const out = std::realloc(static_cast<void*>(table), capacity * sizeof(node*));
    if (out == nullptr) throw std::bad_alloc();
    return static_cast<node**>(out);
  }

  // ---- the thread

  HYPERACTOR_COLD void start_thread() {
    thread_ = os_thread::start(
        [](void* self) -> void* {
          static_cast<timer_queue*>(self)->run();
          return nullptr;
        },
        this);
    is_running_ = true;
  }
  void run() {
    is_runtime_thread = true;  // blocking here would hold up every timer
    for (;;) {
      unique_function<void()> due;
      steady_time next = no_deadline;
      std::uint32_t seen = 0;
      {
        const std::lock_guard lock(mutex_);
        if (is_stopping_) return;
        seen = changes_.load(std::memory_order_relaxed);
        if (size_ != 0) {
          node& first = *heap_[0];
          next = first.at;
          if (next <= clock::now()) {
            due = std::move(first.action);
            remove(first);
          }
        }
      }
      if (due) {
        due();
      } else {
        futex_wait(changes_, seen, next);
      }
    }
  }
  /// The earliest timer is another one, or the thread is to end. The caller locks.
  void wake() noexcept {
    changes_.fetch_add(1, std::memory_order_relaxed);  // relaxed: the mutex orders what is behind it
    futex_wake(changes_, 1);
  }
  HYPERACTOR_COLD void stop() noexcept {
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
      if (!std::exchange(is_running_, false)) return;
      wake();
    }
    if (!thread_.is_current()) thread_.join();  // an action may end the process
  }

  std::mutex mutex_;
  node** heap_ = nullptr;
  node** nodes_ = nullptr;
  node* free_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
  std::uint64_t last_order_ = 0;
  std::atomic<std::uint32_t> changes_{0};  // the futex
  os_thread thread_;
  bool is_running_ = false;
  bool is_stopping_ = false;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_BASE_TIMER_QUEUE_HPP
