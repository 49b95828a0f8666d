// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_GATEWAY_DETAIL_FLUSH_ALL_HPP
#define HYPERACTOR_GATEWAY_DETAIL_FLUSH_ALL_HPP

/// @file
/// Flushing many senders at the same time.

#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/mailbox/mailbox_sender.hpp>

#include <cstddef>
#include <mutex>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Calls back when as many flushes as were announced have ended; all are waited for, and the first error counts.
class flush_group : public ref_counted<flush_group> {
 public:
  flush_group(std::size_t count, flush_callback done) : left_(count), done_(std::move(done)) {}

  void finish(const result<void>& one) {
    {
      const std::lock_guard lock(mutex_);
      if (!one && outcome_) outcome_ = one;
      if (--left_ != 0) return;
    }
    done_(outcome_);
  }

 private:
  std::mutex mutex_;
  std::size_t left_;
  result<void> outcome_;
  flush_callback done_;
};

/// Flushes every sender of a container.
template <class Senders> void flush_all(const Senders& senders, flush_callback done) {
  if (senders.empty()) return done(result<void>());
  const auto group = intrusive_ptr<flush_group>::adopt(new flush_group(senders.size(), std::move(done)));
  for (const auto& s : senders) s.flush([group](const result<void>& one) { group->finish(one); });
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_GATEWAY_DETAIL_FLUSH_ALL_HPP
