// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ORDERING_REORDER_BUFFER_HPP
#define HYPERACTOR_ORDERING_REORDER_BUFFER_HPP

/// @file
/// The receiver's side of ordering: hands out each session's messages in the order of their numbers.
///
/// [ORD-1] Of one session, what is handed out has the numbers 1, 2, 3, ... without a gap.
/// [ORD-2] Sessions never wait for each other; direct messages wait for nothing.
/// [ORD-3] Of two messages with the same number the first that arrived counts.

#include <hyperactor/base/platform.hpp>
#include <hyperactor/base/sort.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace hyperactor::inline v0::detail {

/// Order of arrival restored per session. `Node` has `session` and `sequence`.
/// Owner: one consumer; not thread-safe.
template <class Node> class reorder_buffer {
 public:
  /// Hands `n`, and what it releases, to `ready(Node*)`; stale and duplicate nodes to `stale(Node*)`.
  /// @complexity O(1) in order; O(log parked) behind a gap
  template <class Ready, class Stale> void admit(Node* n, Ready&& ready, Stale&& stale) {
    if (n->sequence == 0) return ready(n);
    stream& s = find(n->session);
    if (n->sequence == s.expected) {
      ++s.expected;
      ready(n);
      if (!s.parked.empty()) release(s, ready, stale);
    } else if (n->sequence < s.expected) {
      stale(n);
    } else {
      s.parked.push_back({n->sequence, arrivals_++, n});
      push_heap(s.parked.data(), s.parked.size(), earlier);
    }
  }

  /// Hands every parked node to `gone(Node*)`: the queue ends with a gap.
  template <class Gone> void clear(Gone&& gone) {
    for (auto& s : streams_) {
      for (auto& p : s.parked) gone(p.node);
      s.parked.clear();
    }
  }
  /// The number up to which the session's messages were handed out; 0 for an unknown one.
  [[nodiscard]] std::uint64_t largest_released(std::uint64_t session) const noexcept {
    for (const auto& s : streams_) {
      if (s.session == session) return s.expected - 1;
    }
    return 0;
  }
  [[nodiscard]] std::size_t parked() const noexcept {
    std::size_t n = 0;
    for (const auto& s : streams_) n += s.parked.size();
    return n;
  }

 private:
  struct entry {
    std::uint64_t sequence;
    std::uint64_t arrival;
    Node* node;
  };
  /// The heap's top is the smallest number, and of equal ones the first that came.
  [[nodiscard]] static bool earlier(const entry& a, const entry& b) noexcept {
    return a.sequence != b.sequence ? a.sequence < b.sequence : a.arrival < b.arrival;
  }
  struct stream {
    std::uint64_t session = 0;  // 0: a free place
    std::uint64_t expected = 1;
    std::vector<entry> parked;
  };

  template <class Ready, class Stale> void release(stream& s, Ready& ready, Stale& stale) {
    while (!s.parked.empty() && s.parked.front().sequence <= s.expected) {
      pop_heap(s.parked.data(), s.parked.size(), earlier);
      const entry e = s.parked.back();
      s.parked.pop_back();
      if (e.sequence < s.expected) {
        stale(e.node);
      } else {
        ++s.expected;
        ready(e.node);
      }
    }
  }

  [[nodiscard]] stream& find(std::uint64_t session) {
    if (last_ < streams_.size() && streams_[last_].session == session) return streams_[last_];
    return find_slowly(session);
  }
  HYPERACTOR_NOINLINE stream& find_slowly(std::uint64_t session) {
    if (!streams_.empty()) {
      std::size_t i = place(streams_, session);
      if (streams_[i].session == session) return streams_[last_ = i];
    }
    if (streams_.empty() || (used_ + 1) * 2 > streams_.size()) {
      std::vector<stream> larger(streams_.empty() ? 4 : streams_.size() * 2);
      for (auto& s : streams_) {
        if (s.session != 0) larger[place(larger, s.session)] = std::move(s);
      }
      streams_ = std::move(larger);
    }
    ++used_;
    last_ = place(streams_, session);
    streams_[last_].session = session;
    return streams_[last_];
  }
  /// Where the session stands, or the free place where it would.
  [[nodiscard]] static std::size_t place(const std::vector<stream>& in, std::uint64_t session) noexcept {
    std::size_t i = static_cast<std::size_t>((session * 0x9e3779b97f4a7c15ULL) >> 32) & (in.size() - 1);
    while (in[i].session != 0 && in[i].session != session) i = (i + 1) & (in.size() - 1);
    return i;
  }

  std::vector<stream> streams_;  // open addressing; never shrinks: a late duplicate must be known
  std::size_t used_ = 0;
  std::size_t last_ = 0;  // a sender mostly follows itself
  std::uint64_t arrivals_ = 0;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ORDERING_REORDER_BUFFER_HPP
