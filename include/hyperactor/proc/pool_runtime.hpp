// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_PROC_POOL_RUNTIME_HPP
#define HYPERACTOR_PROC_POOL_RUNTIME_HPP

/// @file
/// The default runtime: worker threads and what is runnable on them.
///
/// What a worker makes runnable goes into its `next` slot, since its data is in this core's cache; what was there moves
/// to the ring. The slot runs before the ring at most `slot_streak` times in a row. An actor whose turn ended before
/// its messages did goes into the slot `behind`, if nothing else is queued, and into the ring otherwise. Others take
/// from rings at once, but from the two slots only where their owner has not started another turn for `patience`:
/// actors that talk to each other stay on one core, and an actor behind a long handler does not wait for it.
///
/// [POL-1] A runnable actor runs after at most `(places before it) * (slot_streak + 1)` turns of others on its worker.
/// [POL-2] While a worker is busy and others sleep, one of them looks after the busy one's slots with growing pauses;
///         when all sleep, nobody wakes up by itself: an idle runtime uses no processor time.
/// [POL-3] Nothing is runnable while all workers sleep.

#include <hyperactor/actor/actor_core.hpp>
#include <hyperactor/actor/runtime.hpp>
#include <hyperactor/base/os_thread.hpp>
#include <hyperactor/base/waiter.hpp>
#include <hyperactor/config/keys.hpp>
#include <hyperactor/proc/asio_thread.hpp>
#include <hyperactor/proc/work_queue.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <utility>

namespace hyperactor::inline v0::detail {

class pool_runtime final : public runtime {
 public:
  /// Never destroyed: actors may outlast static destruction.
  explicit pool_runtime(unsigned threads) : size_(threads), workers_(new worker*[threads]) {
    for (unsigned i = 0; i < threads; ++i) workers_[i] = new worker(*this, i);
    for (unsigned i = 0; i < threads; ++i) {
      workers_[i]->thread = os_thread::start(&pool_runtime::work_on, workers_[i], os_thread::signals::inherited);
    }
  }
  pool_runtime(const pool_runtime&) = delete;
  pool_runtime& operator=(const pool_runtime&) = delete;
  ~pool_runtime() = delete;

  void schedule(schedulable& s) noexcept override {
    worker* self = current_worker;
    if (self != nullptr && &self->owner == this) {
      if (self->next.load(std::memory_order_relaxed) == nullptr) {
        // only this thread fills the slot, others only empty it. release: the turn before, for whoever takes it
        self->next.store(&s, std::memory_order_release);
        if (watching_.load(std::memory_order_relaxed) == 0) watch_wanted();
      } else if (schedulable* displaced = self->next.exchange(&s, std::memory_order_acq_rel)) {
        queue(*self, *displaced);
      }
    } else {
      inject(s);
      wake_one();
    }
  }
  void yield(schedulable& s) noexcept override {
    worker* self = current_worker;
    if (self == nullptr) return schedule(s);
    if (self->behind.load(std::memory_order_relaxed) != nullptr || !self->ring.empty()) return queue(*self, s);
    self->behind.store(&s, std::memory_order_release);  // as `next`
    if (watching_.load(std::memory_order_relaxed) == 0) watch_wanted();
  }

  [[nodiscard]] clock::time_point now() const noexcept override { return clock::now(); }
  [[nodiscard]] std::size_t threads() const noexcept { return size_; }

  /// Stops and joins the workers; actors that are not terminal stay as they are. From a worker thread it does not join
  /// that thread.
  void stop_workers() noexcept {
    stopping_.store(true, std::memory_order_seq_cst);
    for (std::size_t i = 0; i < size_; ++i) wake(*workers_[i]);
    for (std::size_t i = 0; i < size_; ++i) {
      worker& w = *workers_[i];
      if (!w.thread.joinable()) continue;
      if (&w == current_worker) {
        w.thread.detach();
      } else {
        w.thread.join();
      }
    }
  }

 private:
  static constexpr unsigned slot_streak = 32;
  static constexpr unsigned inject_interval = 61;
  /// How long a slot's owner may be in one turn before others take from the slot. Far above the time of a turn in which
  /// actors only talk: moving one of a pair to another core costs both more than the wait.
  static constexpr clock::duration patience = std::chrono::microseconds(10);
  /// How long a worker that watches others sleeps between its looks.
  static constexpr clock::duration shortest_pause = std::chrono::microseconds(50);
  static constexpr clock::duration longest_pause = std::chrono::microseconds(400);
  /// How long a worker without work looks for some before it sleeps.
  static constexpr clock::duration search_time = std::chrono::microseconds(20);

  /// Which turn another worker was in, and since when it was seen to be.
  struct look {
    std::uint64_t turn;
    clock::time_point since;
  };
  struct alignas(cache_line_bytes) worker {
    worker(pool_runtime& r, unsigned i) : owner(r), index(i), looks(new look[r.size_]()) {}
    pool_runtime& owner;
    unsigned index;
    unsigned streak = 0;
    unsigned since_inject = 0;
    look* looks;  // at the others
    os_thread thread;
    alignas(cache_line_bytes) std::atomic<schedulable*> next{nullptr};
    std::atomic<schedulable*> behind{nullptr};
    std::atomic<std::uint64_t> turns{0};
    alignas(cache_line_bytes) std::atomic<std::uint32_t> asleep{0};  // the futex
    work_ring ring;
  };
  HYPERACTOR_SHARED static inline constinit thread_local worker* current_worker = nullptr;

  // ---- queueing

  void queue(worker& self, schedulable& s) noexcept {
    if (!self.ring.push(&s)) inject(s);
    wake_one();
  }
  /// From outside, and where a ring is full: a stack that takes no lock to push.
  void inject(schedulable& s) noexcept {
    schedulable* top = injected_.load(std::memory_order_relaxed);
    do {
      s.next_scheduled = top;
      // seq_cst: before the look at the sleepers
    } while (!injected_.compare_exchange_weak(top, &s, std::memory_order_seq_cst, std::memory_order_relaxed));
  }
  [[nodiscard]] schedulable* take_injected(worker& self) noexcept {
    if (injected_.load(std::memory_order_relaxed) == nullptr && pending_count_.load(std::memory_order_relaxed) == 0) {
      return nullptr;
    }
    schedulable* first = nullptr;
    bool more = false;
    {
      const std::lock_guard lock(pending_mutex_);
      if (pending_ == nullptr) collect_injected();
      first = pending_;
      if (first == nullptr) return nullptr;
      std::uint32_t left = pending_count_.load(std::memory_order_relaxed);
      // a share of the rest comes along, so that the lock is not taken for each
      const std::uint32_t share = left / static_cast<std::uint32_t>(size_);
      pending_ = first->next_scheduled;
      --left;
      for (std::uint32_t taken = 1; pending_ != nullptr && taken < share && taken < work_ring::capacity / 2; ++taken) {
        schedulable* s = pending_;
        schedulable* rest = s->next_scheduled;
        if (!self.ring.push(s)) break;
        pending_ = rest;
        --left;
      }
      pending_count_.store(left, std::memory_order_seq_cst);
      more = left != 0;
    }
    if (more) wake_one();
    return first;
  }
  /// Under the lock: what was injected, oldest first.
  void collect_injected() noexcept {
    // acquire: the links and the turns before
    schedulable* stack = injected_.exchange(nullptr, std::memory_order_seq_cst);
    std::uint32_t n = 0;
    while (stack != nullptr) {
      schedulable* s = stack;
      stack = s->next_scheduled;
      s->next_scheduled = pending_;
      pending_ = s;
      ++n;
    }
    pending_count_.store(n, std::memory_order_seq_cst);
  }

  // ---- the worker

  static void* work_on(void* self) {
    static_cast<worker*>(self)->owner.work(*static_cast<worker*>(self));
    return nullptr;
  }
  void work(worker& self) noexcept {
    current_worker = &self;
    is_runtime_thread = true;
    const asio_thread recycles_coroutine_frames;
    while (!stopping_.load(std::memory_order_relaxed)) {
      schedulable* s = pick(self);
      if (s == nullptr) s = search(self);
      if (s == nullptr) {
        s = sleep(self);
        if (s == nullptr) continue;
      }
      self.turns.store(self.turns.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
      s->run_turn();
    }
    current_worker = nullptr;
  }

  [[nodiscard]] schedulable* pick(worker& self) noexcept {
    if (++self.since_inject >= inject_interval) {
      self.since_inject = 0;
      if (schedulable* s = take_injected(self)) return s;
    }
    if (self.streak < slot_streak) {
      if (schedulable* s = take_slot(self.next)) {
        ++self.streak;
        return s;
      }
    }
    self.streak = 0;
    if (schedulable* s = take_slot(self.behind)) return s;  // it was there before what is in the ring
    if (schedulable* s = self.ring.take()) return s;
    if (schedulable* s = take_injected(self)) return s;
    return take_slot(self.next);
  }
  [[nodiscard]] static schedulable* take_slot(std::atomic<schedulable*>& slot) noexcept {
    if (slot.load(std::memory_order_relaxed) == nullptr) return nullptr;
    // acquire: the turn before
    return slot.exchange(nullptr, std::memory_order_acq_rel);
  }
  [[nodiscard]] schedulable* steal(worker& self) noexcept {
    const std::size_t n = size_;
    for (std::size_t i = 1; i < n; ++i) {
      if (schedulable* s = workers_[(self.index + i) % n]->ring.take()) return s;
    }
    return nullptr;
  }
  /// Takes what waits in a slot of a worker whose turn has lasted for `patience`.
  [[nodiscard]] schedulable* steal_slot(worker& self, clock::time_point now) noexcept {
    const std::size_t n = size_;
    for (std::size_t i = 1; i < n; ++i) {
      worker& other = *workers_[(self.index + i) % n];
      look& last = self.looks[other.index];
      const std::uint64_t turn = other.turns.load(std::memory_order_relaxed);
      if (last.turn != turn) {
        last = {turn, now};
      } else if (now - last.since >= patience) {
        if (schedulable* s = take_slot(other.next)) return s;
        if (schedulable* s = take_slot(other.behind)) return s;
      }
    }
    return nullptr;
  }
  [[nodiscard]] bool any_slot_filled() const noexcept {
    for (std::size_t i = 0; i < size_; ++i) {
      const worker& w = *workers_[i];
      if (w.next.load(std::memory_order_relaxed) != nullptr || w.behind.load(std::memory_order_relaxed) != nullptr)
        return true;
    }
    return false;
  }
  /// Between two looks at what others queue, so that the looks do not slow them down.
  static void short_pause() noexcept {
    for (int i = 0; i < 32; ++i) cpu_relax();
  }
  /// Looks for work for a moment before sleeping.
  [[nodiscard]] schedulable* search(worker& self) noexcept {
    searching_.fetch_add(1, std::memory_order_seq_cst);
    schedulable* found = nullptr;
    const auto start = clock::now();
    for (auto now = start; found == nullptr && !stopping_.load(std::memory_order_relaxed); now = clock::now()) {
      found = steal(self);
      if (found == nullptr) found = take_injected(self);
      if (found == nullptr) found = steal_slot(self, now);
      if (found != nullptr || now - start >= search_time) break;
      short_pause();
    }
    // the last searcher that finds something wakes another one: there may be more
    if (searching_.fetch_sub(1, std::memory_order_seq_cst) == 1 && found != nullptr) wake_one();
    return found;
  }

  // ---- sleeping

  [[nodiscard]] bool anything_queued() const noexcept {
    if (injected_.load(std::memory_order_seq_cst) != nullptr || pending_count_.load(std::memory_order_seq_cst) != 0)
      return true;
    for (std::size_t i = 0; i < size_; ++i) {
      if (!workers_[i]->ring.empty()) return true;
    }
    return false;
  }
  [[nodiscard]] schedulable* sleep(worker& self) noexcept {
    self.asleep.store(1, std::memory_order_seq_cst);
    const std::uint32_t sleepers = sleeping_.fetch_add(1, std::memory_order_seq_cst) + 1;
    schedulable* found = nullptr;
    // seq_cst: after the mark. Whoever queued before saw a searcher or a sleeper, or is seen here ([POL-3])
    if (!anything_queued() && !stopping_.load(std::memory_order_seq_cst)) {
      const bool others_busy = sleepers < size_;
      std::uint32_t nobody = 0;
      if (others_busy && watching_.compare_exchange_strong(nobody, 1, std::memory_order_seq_cst)) {
        found = watch(self);
        watching_.store(0, std::memory_order_seq_cst);
        // a slot that was filled while this one stopped watching would have nobody
        if (found == nullptr && self.asleep.load(std::memory_order_relaxed) != 0) {
          found = steal_slot(self, clock::now());
        }
      } else {
        futex_wait(self.asleep, 1, no_deadline);
      }
    }
    if (self.asleep.exchange(0, std::memory_order_seq_cst) != 0) sleeping_.fetch_sub(1, std::memory_order_seq_cst);
    return found;
  }
  /// Sleeps with a look at the busy workers now and then ([POL-2]).
  [[nodiscard]] schedulable* watch(worker& self) noexcept {
    clock::duration pause = shortest_pause;
    for (;;) {
      const auto start = clock::now();
      for (auto now = clock::now(); any_slot_filled(); now = clock::now()) {
        if (schedulable* s = steal_slot(self, now)) return s;
        if (now - start >= patience) break;
        short_pause();
      }
      if (schedulable* s = steal(self)) return s;
      if (sleeping_.load(std::memory_order_seq_cst) >= size_) return nullptr;
      futex_wait(self.asleep, 1, clock::now() + pause);
      if (self.asleep.load(std::memory_order_acquire) == 0 || stopping_.load(std::memory_order_relaxed)) return nullptr;
      if (pause < longest_pause) pause += pause;
    }
  }
  /// A slot was filled and nobody looks after it.
  HYPERACTOR_NOINLINE void watch_wanted() noexcept {
    if (searching_.load(std::memory_order_seq_cst) == 0) wake_any();
  }
  void wake_one() noexcept {
    if (sleeping_.load(std::memory_order_seq_cst) == 0) return;
    if (searching_.load(std::memory_order_seq_cst) != 0) return;
    wake_any();
  }
  HYPERACTOR_NOINLINE void wake_any() noexcept {
    if (sleeping_.load(std::memory_order_seq_cst) == 0) return;
    for (std::size_t i = 0; i < size_; ++i) {
      if (wake(*workers_[i])) return;
    }
  }
  bool wake(worker& w) noexcept {
    if (w.asleep.load(std::memory_order_relaxed) == 0 || w.asleep.exchange(0, std::memory_order_seq_cst) == 0)
      return false;
    sleeping_.fetch_sub(1, std::memory_order_seq_cst);
    futex_wake(w.asleep, 1);
    return true;
  }

  const std::size_t size_;
  worker** const workers_;  // as many
  alignas(cache_line_bytes) std::atomic<std::uint32_t> searching_{0};
  std::atomic<std::uint32_t> sleeping_{0};
  std::atomic<std::uint32_t> watching_{0};
  std::atomic<bool> stopping_{false};
  alignas(cache_line_bytes) std::atomic<schedulable*> injected_{nullptr};  // newest first
  alignas(cache_line_bytes) std::mutex pending_mutex_;
  schedulable* pending_ = nullptr;  // taken off the stack, oldest first; under the mutex
  std::atomic<std::uint32_t> pending_count_{0};
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_PROC_POOL_RUNTIME_HPP
