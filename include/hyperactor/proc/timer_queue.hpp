// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_PROC_TIMER_QUEUE_HPP
#define HYPERACTOR_PROC_TIMER_QUEUE_HPP

/// @file
/// The timers of a runtime: one heap, one Asio timer for the earliest entry.

#include <hyperactor/base/reactor.hpp>
#include <hyperactor/base/unique_function.hpp>

#include <asio/steady_timer.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace hyperactor::inline v0::detail {

/// Actions by time; they run on the reactor's thread. Start and cancel cost O(log pending).
/// @threadsafe
class timer_queue {
 public:
  using clock = std::chrono::steady_clock;

  std::uint64_t start(clock::time_point at, unique_function<void()> action) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t id = ++last_id_;
    heap_.push_back({at, id, std::make_unique<unique_function<void()>>(std::move(action))});
    std::push_heap(heap_.begin(), heap_.end(), later{});
    if (heap_.front().id == id) arm(at);
    return id;
  }
  /// The action does not run any more, unless it runs right now. O(pending) where it is found, since entries have no index.
  void cancel(std::uint64_t id) noexcept {
    std::unique_ptr<unique_function<void()>> gone;  // destroyed after the lock
    const std::lock_guard lock(mutex_);
    for (auto& e : heap_) {
      if (e.id == id) {
        gone = std::move(e.action);  // the empty entry leaves the heap when its time comes
        return;
      }
    }
  }

 private:
  struct entry {
    clock::time_point at;
    std::uint64_t id;
    std::unique_ptr<unique_function<void()>> action;
  };
  struct later {
    bool operator()(const entry& a, const entry& b) const noexcept { return a.at != b.at ? a.at > b.at : a.id > b.id; }
  };

  void arm(clock::time_point at) {
    if (!timer_) timer_ = std::make_unique<asio::steady_timer>(reactor::instance().context());
    timer_->expires_at(at);  // cancels the wait before
    timer_->async_wait([this](std::error_code ec) {
      if (!ec) fire();
    });
  }
  void fire() {
    for (;;) {
      std::unique_ptr<unique_function<void()>> due;
      {
        const std::lock_guard lock(mutex_);
        while (!heap_.empty() && !heap_.front().action) pop();
        if (heap_.empty()) return;
        if (heap_.front().at > clock::now()) return arm(heap_.front().at);
        due = std::move(heap_.front().action);
        pop();
      }
      (*due)();
    }
  }
  void pop() {
    std::pop_heap(heap_.begin(), heap_.end(), later{});
    heap_.pop_back();
  }

  std::mutex mutex_;
  std::vector<entry> heap_;
  std::uint64_t last_id_ = 0;
  std::unique_ptr<asio::steady_timer> timer_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_PROC_TIMER_QUEUE_HPP
