// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_PENDING_ASKS_HPP
#define HYPERACTOR_MAILBOX_PENDING_ASKS_HPP

/// @file
/// Replies that this process awaits from other processes, by the proc that owes them.
///
/// [ASK-1] When a proc or the link to it is gone, every reply that it owes completes with `mailbox_error::peer_lost`;
///         a reply is owed by the proc to which its port was handed on last, as far as that was told.
/// [ASK-2] A reply that does not come completes with `mailbox_error::ask_timed_out` after `config::ask_timeout`.

#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/timer_queue.hpp>
#include <hyperactor/config/keys.hpp>
#include <hyperactor/config/store.hpp>
#include <hyperactor/identity/channel_addr.hpp>
#include <hyperactor/identity/proc_addr.hpp>
#include <hyperactor/mailbox/once_state.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace hyperactor::inline v0::detail {

/// One once port that was sent to another process and is not answered yet. Owner: the asker's port table; this table
/// holds a further reference until the entry is settled.
class awaited_reply {
 public:
  virtual void retain() const noexcept = 0;
  virtual void release() const noexcept = 0;
  /// Completes the port with a reason, unless it is answered already.
  virtual void lose(error reason) noexcept = 0;

 protected:
  ~awaited_reply() = default;

 private:
  template <class> friend class basic_pending_asks;
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  std::size_t place_ = nowhere;  // in the table, under its lock
};

/// A template with one use, `pending_asks`: who asks nobody elsewhere does not pay for it while compiling.
/// @threadsafe
template <class = void> class basic_pending_asks {
 public:
  [[nodiscard]] HYPERACTOR_SHARED static basic_pending_asks& instance() {
    static auto* const self = new basic_pending_asks;  // never freed: replies may outlast static destruction
    return *self;
  }

  /// `reply` is owed by an actor of the proc at `owes`.
  void add(proc_addr owes, intrusive_ptr<awaited_reply> reply) {
    const auto deadline = deadline_after(config::get<config::ask_timeout>());
    const std::lock_guard lock(mutex_);
    entries_.push_back({std::move(owes), std::move(reply), deadline});
    entries_.back().reply->place_ = entries_.size() - 1;
    if (deadline < armed_for_) arm(deadline);
  }
  /// The reply came, or the asker is gone.
  /// @complexity O(1), as all that concerns one reply
  void remove(const awaited_reply& reply) noexcept {
    intrusive_ptr<awaited_reply> removed;  // released after the lock
    const std::lock_guard lock(mutex_);
    if (reply.place_ != awaited_reply::nowhere) removed = take_at(reply.place_).reply;
  }
  /// Another proc owes the reply from now on.
  void moved(const awaited_reply& reply, const proc_addr& to) noexcept {
    const std::lock_guard lock(mutex_);
    if (reply.place_ != awaited_reply::nowhere) entries_[reply.place_].owes = to;
  }
  /// The reply was lost with `proc`: that is no news where another one owes it by now.
  void lost_with(const awaited_reply& reply, const proc_addr& proc, const std::string& text) noexcept {
    intrusive_ptr<awaited_reply> lost;
    {
      const std::lock_guard lock(mutex_);
      if (reply.place_ == awaited_reply::nowhere || entries_[reply.place_].owes != proc) return;
      lost = take_at(reply.place_).reply;
    }
    lost->lose(error(mailbox_error::peer_lost, text));
  }
  /// The link to this address broke.
  /// @complexity linear in the replies that are awaited
  void link_lost(const channel_addr& addr, const std::string& text) noexcept {
    for (auto& e : take([&](const entry& x) { return x.owes.location().addr() == addr; })) {
      e.reply->lose(error(mailbox_error::peer_lost, text));
    }
  }
  [[nodiscard]] std::size_t size() noexcept {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }

 private:
  struct entry {
    proc_addr owes;
    intrusive_ptr<awaited_reply> reply;
    steady_time deadline;
  };

  /// The caller locks.
  entry take_at(std::size_t place) noexcept {
    entry taken = std::move(entries_[place]);
    taken.reply->place_ = awaited_reply::nowhere;
    if (place + 1 != entries_.size()) {
      entries_[place] = std::move(entries_.back());
      entries_[place].reply->place_ = place;
    }
    entries_.pop_back();
    return taken;
  }
  template <class Match> std::vector<entry> take(Match match) noexcept {
    std::vector<entry> taken;
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < entries_.size();) {
      if (match(entries_[i])) {
        taken.push_back(take_at(i));
      } else {
        ++i;
      }
    }
    return taken;
  }

  /// The caller locks.
  void arm(steady_time deadline) {
    if (armed_for_ != no_deadline) timer_queue::instance().cancel(timer_);
    armed_for_ = deadline;
    timer_ = timer_queue::instance().start(deadline, [this] { expire(); });
  }
  /// Runs on the timers' thread. One timer stands for all entries; it may ring for one that is settled already.
  void expire() {
    const auto now = std::chrono::steady_clock::now();
    for (auto& e : take([&](const entry& x) { return x.deadline <= now; })) {
      e.reply->lose(error(mailbox_error::ask_timed_out,
                          "no reply from " + e.owes.to_string() + " within the time of HYPERACTOR_ASK_TIMEOUT"));
    }
    const std::lock_guard lock(mutex_);
    steady_time next = no_deadline;
    for (const auto& e : entries_) next = e.deadline < next ? e.deadline : next;
    timer_queue::instance().cancel(timer_);  // another one, where it was started since this one rang
    armed_for_ = no_deadline;
    if (next != no_deadline) arm(next);
  }

  std::mutex mutex_;
  std::vector<entry> entries_;
  steady_time armed_for_ = no_deadline;
  std::uint64_t timer_ = 0;
};

using pending_asks = basic_pending_asks<>;

/// Where the message that is being encoded on this thread goes, so that its once ports know who owes the answer.
inline constinit thread_local const proc_addr* encoding_for = nullptr;

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_PENDING_ASKS_HPP
