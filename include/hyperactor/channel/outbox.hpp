// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_OUTBOX_HPP
#define HYPERACTOR_CHANNEL_OUTBOX_HPP

/// @file
/// Where posting threads leave their messages and the reactor finds them: the only part of a session that threads
/// share.
///
/// [OBX-1] Numbers start at 0, grow by one per message and are never reused.
/// [OBX-2] A post takes one short lock; only the one that finds the reactor idle has to wake it.
/// [OBX-3] In steady state nothing is allocated here: batches come back from the reactor.
/// [OBX-4] While the reactor has nothing to write and next to nothing is unacknowledged, it may offer its link for a
///         few posts: small ones write themselves then and wake nobody. The reactor withdraws the offer, by whatever it
///         takes and by `close`, before it uses or closes the link.

#include <hyperactor/channel/close_reason.hpp>
#include <hyperactor/channel/completion.hpp>
#include <hyperactor/channel/frame_batch.hpp>
#include <hyperactor/channel/link.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace hyperactor::inline v0::detail {

/// @threadsafe
class outbox {
 public:
  enum class outcome : unsigned char {
    queued,        ///< the reactor looks at the queue anyway
    queued_first,  ///< the caller wakes the reactor
    written,       ///< it is on its way already
    refused,       ///< no more messages: both arguments are unchanged
  };

  /// What the reactor has taken.
  struct taken {
    batch_list batches;      ///< not written, except
    std::size_t offset = 0;  ///< so many bytes of the first
    batch_list unacked;      ///< written
    completion_list completions;
    std::vector<std::unique_ptr<frame_batch>> spent;  ///< memory to be used again, given back with what is taken next
    bool is_last = false;                             ///< nobody can post any more
  };

  /// @param bytes  length of the frame without its header
  [[nodiscard]] outcome post(wire::multipart& m, std::unique_ptr<completion>& c, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (is_refusing_) [[unlikely]]
      return outcome::refused;
    const std::uint64_t sequence = next_sequence_;
    bool is_written = false;
    if (bytes >= frame_batch::large_bytes) {
      auto batch = std::make_unique<frame_batch>(sequence, std::chrono::steady_clock::now());
      batch->append_large(0, sequence, std::move(m), bytes);
      batches_.push(std::move(batch));
    } else if (offered_posts_ != 0 && !is_awake_) {
      auto batch = fresh(sequence);
      batch->append(0, sequence, m, bytes);
      asio::const_buffer whole;
      batch->gather(0, &whole, 1);
      const std::size_t n = idle_link_->write_now(whole);
      --offered_posts_;
      is_written = n == whole.size();
      if (!is_written) offset_ = n;
      (is_written ? written_ : batches_).push(std::move(batch));
    } else {
      if (batches_.empty() || !batches_.back()->has_room(frame_header_bytes + bytes)) batches_.push(fresh(sequence));
      batches_.back()->append(0, sequence, m, bytes);
    }
    ++next_sequence_;  // [OBX-1]
    if (c) {
      c->sequence = sequence;
      completions_.push(std::move(c));
    }
    if (is_written) return outcome::written;
    return std::exchange(is_awake_, true) ? outcome::queued : outcome::queued_first;  // [OBX-2]
  }
  /// Nobody holds the transmitter any more. @returns true: the caller wakes the reactor
  [[nodiscard]] bool release() {
    const std::lock_guard lock(mutex_);
    is_last_ = true;
    return !std::exchange(is_awake_, true);
  }
  /// No further messages, with this reason; those that are queued are still sent.
  /// @returns false: there was a reason already
  [[nodiscard]] bool refuse(const channel_status& why) {
    const std::lock_guard lock(mutex_);
    if (is_refusing_) return false;
    is_refusing_ = is_last_ = is_awake_ = true;
    status_ = why;
    return true;
  }
  /// Why no further messages are taken. @pre a post was refused
  [[nodiscard]] channel_status status() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }

  // ---- the reactor

  /// Moves everything behind what is in `to`. Where there is nothing, the next post wakes the reactor.
  void take(taken& to) {
    const std::lock_guard lock(mutex_);
    collect(to);
    to.batches.append(batches_);
    to.offset += std::exchange(offset_, 0);
    is_awake_ = !to.batches.empty();
    to.is_last = is_last_;
  }
  /// Moves only what the posting threads wrote themselves.
  void take_written(taken& to) {
    const std::lock_guard lock(mutex_);
    collect(to);
  }
  /// The reactor has nothing to write: the next small posts may do so, that many at most [OBX-4].
  void offer(link_base& idle, unsigned posts) {
    const std::lock_guard lock(mutex_);
    if (is_awake_) return;
    idle_link_ = &idle;
    offered_posts_ = posts;
  }
  /// Refuses what comes and takes what is there. @returns the status that counts
  [[nodiscard]] channel_status close(channel_status why, taken& to) {
    const std::lock_guard lock(mutex_);
    if (!is_refusing_) status_ = std::move(why);  // an oversized frame is the reason from its post on
    is_refusing_ = is_last_ = is_awake_ = true;
    collect(to);
    to.batches.append(batches_);
    spare_.clear();
    return status_;
  }

 private:
  static constexpr std::size_t max_spare = 8;

  void collect(taken& to) {
    offered_posts_ = 0;
    to.completions.append(std::move(completions_));
    to.unacked.append(written_);
    while (!to.spent.empty()) {  // [OBX-3]
      if (spare_.size() < max_spare) spare_.push_back(std::move(to.spent.back()));
      to.spent.pop_back();
    }
  }

  [[nodiscard]] std::unique_ptr<frame_batch> fresh(std::uint64_t sequence) {
    const auto now = std::chrono::steady_clock::now();
    if (spare_.empty()) return std::make_unique<frame_batch>(sequence, now);
    auto out = std::move(spare_.back());
    spare_.pop_back();
    out->reset(sequence, now);
    return out;
  }

  mutable std::mutex mutex_;
  std::uint64_t next_sequence_ = 0;
  batch_list batches_;      // not written, except
  std::size_t offset_ = 0;  // so many bytes of the first
  batch_list written_;      // by posting threads
  link_base* idle_link_ = nullptr;
  unsigned offered_posts_ = 0;
  completion_list completions_;
  std::vector<std::unique_ptr<frame_batch>> spare_;
  channel_status status_;
  bool is_awake_ = false;  // the reactor will look here
  bool is_last_ = false;
  bool is_refusing_ = false;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_CHANNEL_OUTBOX_HPP
