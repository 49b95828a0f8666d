// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_LOST_PROCS_HPP
#define HYPERACTOR_MAILBOX_LOST_PROCS_HPP

/// @file
/// How often this process learned that a proc has ended. A new proc of the same address knows nothing of streams that
/// were numbered for the old one, so senders start new ones.
///
/// [LPR-1] A process in which no proc was lost pays one load per message that leaves it.

#include <hyperactor/base/hash.hpp>
#include <hyperactor/base/platform.hpp>
#include <hyperactor/base/sort.hpp>
#include <hyperactor/identity/port_addr.hpp>
#include <hyperactor/identity/proc_addr.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace hyperactor::inline v0::detail {

/// A template with one use, `lost_procs`: who talks to no other process does not pay for it while compiling.
/// @threadsafe
template <class = void> class basic_lost_procs {
 public:
  [[nodiscard]] HYPERACTOR_SHARED static basic_lost_procs& instance() {
    static auto* const self = new basic_lost_procs;  // never freed: messages may be sent during static destruction
    return *self;
  }

  /// The proc ended.
  /// @returns how often it has by now
  std::uint64_t add(const proc_addr& proc) { return raise(proc, 0); }
  /// Somebody else counted `times` ends of the proc; telling it again changes nothing.
  std::uint64_t raise(const proc_addr& proc, std::uint64_t times) {
    const std::uint64_t key = proc.hash();
    const std::lock_guard lock(mutex_);
    const std::size_t at = place_of(key);
    if (at == entries_.size() || entries_[at].key != key) {
      entries_.insert(entries_.begin() + static_cast<std::ptrdiff_t>(at), entry{key, 0});
    }
    std::uint64_t& count = entries_[at].times;
    count = times == 0 ? count + 1 : count < times ? times : count;
    has_any_.store(true, std::memory_order_release);
    return count;
  }
  /// How often the proc has ended.
  [[nodiscard]] std::uint64_t times(const proc_addr& proc) noexcept {
    if (!has_any_.load(std::memory_order_acquire)) [[likely]] {  // [LPR-1]
      return 0;
    }
    const std::uint64_t key = proc.hash();
    const std::lock_guard lock(mutex_);
    const std::size_t at = place_of(key);
    return at == entries_.size() || entries_[at].key != key ? 0 : entries_[at].times;
  }

 private:
  struct entry {
    std::uint64_t key;  // the hash: a collision starts streams anew, which harms nobody
    std::uint64_t times;
  };

  [[nodiscard]] std::size_t place_of(std::uint64_t key) const noexcept {
    return lower_bound(entries_.data(), entries_.size(), [key](const entry& e) { return e.key < key; });
  }

  std::atomic<bool> has_any_{false};
  std::mutex mutex_;
  std::vector<entry> entries_;  // sorted
};

using lost_procs = basic_lost_procs<>;

/// Tells the streams to a destination apart that have one id in common: procs with a name exist once in every host, and
/// an ended proc may be followed by another one. 0 where the id is enough.
template <class Unused = void> [[nodiscard]] std::uint64_t stream_variant(const port_addr& dest) noexcept {
  const proc_addr proc(dest.proc_id(), dest.location());
  const std::uint64_t lost = basic_lost_procs<Unused>::instance().times(proc);
  if (lost == 0 && !dest.proc_id().uid().is_singleton()) return 0;
  return mix_hashes(dest.location().hash(), static_cast<std::size_t>(lost)) | 1;
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_LOST_PROCS_HPP
