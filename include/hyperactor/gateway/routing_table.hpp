// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_GATEWAY_ROUTING_TABLE_HPP
#define HYPERACTOR_GATEWAY_ROUTING_TABLE_HPP

/// @file
/// The procs of a gateway, by id.
///
/// [RTT-1] Procs are held weakly, through senders that know when their proc is gone; the table keeps no proc alive.
/// [RTT-2] An entry whose proc is gone gives way to a new proc of that id, and is removed by the next lookup.
/// [RTT-3] A proc that is refused because its id is taken leaves the table as it was.
/// [RTT-4] Nothing is posted, flushed or destroyed under the lock.

#include <hyperactor/identity/proc_id.hpp>
#include <hyperactor/mailbox/any_sender.hpp>
#include <hyperactor/mailbox/proc_error.hpp>

#include <cstddef>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hyperactor::inline v0::detail {

/// @threadsafe
class routing_table {
 public:
  /// @errors proc_error::id_taken
  [[nodiscard]] result<void> attach(const proc_id& id, any_sender local) {
    for (;;) {
      any_sender present;
      {
        const std::lock_guard lock(mutex_);
        const auto [at, is_new] = procs_.try_emplace(id, local);
        if (is_new) return {};
        present = at->second;
      }
      if (!present.is_expired().value_or(false)) return taken(id);  // [RTT-3]
      const std::lock_guard lock(mutex_);
      const auto at = procs_.find(id);
      if (at == procs_.end() || at->second != present) continue;  // somebody else was here meanwhile
      std::swap(at->second, local);
      return {};
    }
  }
  /// Removes the entry, unless it belongs already to a proc that took the id over.
  void detach(const proc_id& id) {
    const any_sender present = peek(id);
    if (present && present.is_expired().value_or(true)) remove(id, present);
  }
  /// The live proc with this id, or an empty sender ([RTT-2]).
  [[nodiscard]] any_sender find(const proc_id& id) {
    any_sender present = peek(id);
    if (present && present.is_expired().value_or(false)) [[unlikely]] {
      remove(id, present);
      return {};
    }
    return present;
  }
  /// All procs that are alive now.
  [[nodiscard]] std::vector<any_sender> live() const {
    std::vector<any_sender> out;
    {
      const std::lock_guard lock(mutex_);
      out.reserve(procs_.size());
      for (const auto& entry : procs_) out.push_back(entry.second);
    }
    std::erase_if(out, [](const any_sender& s) { return s.is_expired().value_or(false); });
    return out;
  }
  /// Entries, dead ones too.
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return procs_.size();
  }

 private:
  [[nodiscard]] any_sender peek(const proc_id& id) const {
    const std::lock_guard lock(mutex_);
    const auto at = procs_.find(id);
    return at == procs_.end() ? any_sender() : at->second;
  }
  /// Removes the entry if it is still this one.
  HYPERACTOR_COLD void remove(const proc_id& id, const any_sender& which) {
    const std::lock_guard lock(mutex_);
    const auto at = procs_.find(id);
    if (at != procs_.end() && at->second == which) procs_.erase(at);  // the caller has a copy: nothing is destroyed
  }
  HYPERACTOR_COLD static error taken(const proc_id& id) {
    return {proc_error::id_taken, "gateway already has a live proc with id " + id.to_string()};
  }

  mutable std::mutex mutex_;
  std::unordered_map<proc_id, any_sender> procs_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_GATEWAY_ROUTING_TABLE_HPP
