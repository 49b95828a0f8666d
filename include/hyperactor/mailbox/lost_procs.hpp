// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_LOST_PROCS_HPP
#define HYPERACTOR_MAILBOX_LOST_PROCS_HPP

/// @file
/// How often this process learned that a proc has ended. A new proc of the same address knows nothing of streams that were
/// numbered for the old one, so senders start new ones.
///
/// [LPR-1] A process in which no proc was lost pays one load per message that leaves it.

#include <hyperactor/base/hash.hpp>
#include <hyperactor/base/platform.hpp>
#include <hyperactor/identity/port_addr.hpp>
#include <hyperactor/identity/proc_addr.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace hyperactor::inline v0::detail {

/// @threadsafe
class lost_procs {
 public:
  [[nodiscard]] HYPERACTOR_SHARED static lost_procs& instance() {
    static auto* const self = new lost_procs;  // never freed: messages may be sent during static destruction
    return *self;
  }

  /// The proc ended.
  /// @returns how often it has by now
  std::uint64_t add(const proc_addr& proc) { return raise(proc, 0); }
  /// Somebody else counted `times` ends of the proc; telling it again changes nothing.
  std::uint64_t raise(const proc_addr& proc, std::uint64_t times) {
    const std::uint64_t key = proc.hash();
    const std::lock_guard lock(mutex_);
    auto at = lower_bound(key);
    if (at == entries_.end() || at->first != key) at = entries_.insert(at, {key, 0});
    at->second = times == 0 ? at->second + 1 : std::max(at->second, times);
    has_any_.store(true, std::memory_order_release);
    return at->second;
  }
  /// How often the proc has ended.
  [[nodiscard]] std::uint64_t times(const proc_addr& proc) noexcept {
    if (!has_any_.load(std::memory_order_acquire)) [[likely]] {  // [LPR-1]
      return 0;
    }
    const std::uint64_t key = proc.hash();
    const std::lock_guard lock(mutex_);
    const auto at = lower_bound(key);
    return at == entries_.end() || at->first != key ? 0 : at->second;
  }

 private:
  using entry = std::pair<std::uint64_t, std::uint64_t>;  // by hash: a collision starts streams anew, which harms nobody

  [[nodiscard]] std::vector<entry>::iterator lower_bound(std::uint64_t key) noexcept {
    return std::lower_bound(entries_.begin(), entries_.end(), key, [](const entry& e, std::uint64_t k) { return e.first < k; });
  }

  std::atomic<bool> has_any_{false};
  std::mutex mutex_;
  std::vector<entry> entries_;  // sorted
};

/// Tells the streams to a destination apart that have one id in common: procs with a name exist once in every host, and an
/// ended proc may be followed by another one. 0 where the id is enough.
[[nodiscard]] inline std::uint64_t stream_variant(const port_addr& dest) noexcept {
  const proc_addr proc(dest.proc_id(), dest.location());
  const std::uint64_t lost = lost_procs::instance().times(proc);
  if (lost == 0 && !dest.proc_id().uid().is_singleton()) return 0;
  return mix_hashes(dest.location().hash(), static_cast<std::size_t>(lost)) | 1;
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_LOST_PROCS_HPP
