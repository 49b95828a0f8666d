// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_GATEWAY_MAILBOX_CLIENT_HPP
#define HYPERACTOR_GATEWAY_MAILBOX_CLIENT_HPP

/// @file
/// `mailbox_client`: a mailbox sender that puts envelopes on one channel.
///
/// [MCL-1] Posting never blocks; the first message connects, in the background.
/// [MCL-2] What the channel cannot deliver comes back with the reason, in the order of the posts; what it accepted does
///         not.
/// [MCL-3] An envelope that is longer than a frame may be comes back alone, and the channel goes on.
/// [MCL-4] When the channel closes by itself, the replies awaited from there are lost at once; one line is logged,
///         unless the peer had said that it ends.
/// [MCL-5] Dropping the last copy delivers what was posted, then ends the channel.
/// [MCL-6] Whoever waits for a reply that is longer than a frame may be is told so.

#include <hyperactor/base/log.hpp>
#include <hyperactor/channel/dial.hpp>
#include <hyperactor/mailbox/dropped_reply.hpp>
#include <hyperactor/mailbox/mailbox_sender.hpp>
#include <hyperactor/mailbox/pending_asks.hpp>

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace hyperactor::inline v0 {

namespace detail {

/// What is left to do when the channel of a client closes. Outlives the client: a channel may close after it was
/// dropped.
class client_link : public ref_counted<client_link> {
 public:
  using closed_callback = unique_function<void(const client_link&)>;

  client_link(channel_addr addr, closed_callback on_closed)
      : addr_(std::move(addr)), on_closed_(std::move(on_closed)) {}

  [[nodiscard]] const channel_addr& addr() const noexcept { return addr_; }
  /// The client was dropped while the channel was in order.
  void let_go() noexcept { is_let_go_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] HYPERACTOR_COLD static std::string lost_text(const channel_addr& addr, const channel_status& s) {
    return "connection to " + addr.to_string() + " lost: " + s.error().message();
  }
  /// Called once, on the reactor, after the last message came back.
  void closed(const channel_status& s) {
    const bool is_lost = !is_let_go_.load(std::memory_order_relaxed);  // before the owner drops the client
    if (on_closed_) std::exchange(on_closed_, nullptr)(*this);
    if (is_lost) lost(s);
  }

 private:
  HYPERACTOR_COLD void lost(const channel_status& s) const {  // [MCL-4]
    const std::string text = lost_text(addr_, s);
    if (!s.is_announced()) log::limited(log::severity::info, addr_.hash() * 0x9e3779b97f4a7c15U, [&] { return text; });
    if (s.reason() != close_reason::oversized_frame) pending_asks::instance().link_lost(addr_, text);
  }

  const channel_addr addr_;
  closed_callback on_closed_;
  std::atomic<bool> is_let_go_{false};
};

/// Owner: the copies of the client, and every message that has no verdict yet.
class client_core final : public ref_counted<client_core> {
 public:
  client_core(const transport_row& row, const channel_addr& addr, client_link::closed_callback on_closed)
      : session_(intrusive_ptr<outbound_session>::adopt(new outbound_session(row, addr))),
        max_frame_(std::min(config::get<config::codec_max_frame_length>(), max_encodable_frame)),
        link_(intrusive_ptr<client_link>::adopt(new client_link(addr, std::move(on_closed)))) {
    status().async_wait([](const channel_status& s) { return s.is_closed(); },
                        [link = link_](const channel_status& s) { link->closed(s); });
  }
  client_core(const client_core&) = delete;
  client_core& operator=(const client_core&) = delete;

  [[nodiscard]] const channel_addr& addr() const noexcept { return link_->addr(); }
  [[nodiscard]] const client_link* link() const noexcept { return link_.get(); }
  /// True from the first message on that the channel gives back: it is ending.
  [[nodiscard]] bool is_closed() const {
    return is_ending_.load(std::memory_order_acquire) || session_->current().is_closed();
  }
  [[nodiscard]] watch<channel_status> status() const {
    return watch<channel_status>(intrusive_ptr<const watch_source<channel_status>>(session_.get()));
  }

  void post(message_envelope m, return_port back) {
    auto frame = encode(m);
    if (!frame)
      return back.undeliverable(std::move(m),
                                delivery_failure::link_unavailable(encode_failure(frame.error()).message()));
    if (frame->framed_bytes() > max_frame_) [[unlikely]] {  // [MCL-3]
      return refuse_oversized(std::move(m), frame->framed_bytes(), back);
    }
    const std::uint64_t number = posted_.fetch_add(1, std::memory_order_seq_cst);
    session_->post(std::move(*frame), std::make_unique<verdict>(*this, std::move(back), number));
  }

  void flush(flush_callback done) {
    const std::uint64_t target = posted_.load(std::memory_order_seq_cst);
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back({target, std::move(done)});
      is_waited_for_.store(true, std::memory_order_seq_cst);  // then look: one of the two sides sees the other
    }
    finish_flushes();
  }

 private:
  friend class ref_counted<client_core>;

  /// The verdict on one message.
  class verdict final : public completion {
   public:
    verdict(client_core& owner, return_port back, std::uint64_t number)
        : owner_(&owner), back_(std::move(back)), number_(number) {}
    void accepted() override { owner_->completed(number_); }
    void returned(std::span<const std::byte> body, const error& why) override {
      owner_->give_back(body, why, back_);
      owner_->completed(number_);
    }
    static void* operator new(std::size_t) { return block_pool::allocate<sizeof(verdict)>(); }
    static void operator delete(void* p) noexcept { block_pool::deallocate<sizeof(verdict)>(p); }

   private:
    const intrusive_ptr<client_core> owner_;
    const return_port back_;
    const std::uint64_t number_;
  };
  struct pending_flush {
    std::uint64_t target;
    flush_callback done;
  };
  struct interval {
    std::uint64_t from;
    std::uint64_t to;
  };

  ~client_core() {
    if (!is_closed()) link_->let_go();
    session_->release_handle();  // [MCL-5]
  }

  [[nodiscard]] static result<wire::multipart> encode(const message_envelope& m) {
    if (!m.is_local()) return encode_message(m);
    const proc_addr owes(m.dest().proc_id(), m.dest().location());  // a value with reply ports that leaves only now
    const proc_addr* const before = std::exchange(encoding_for, &owes);
    auto frame = encode_message(m);
    encoding_for = before;
    return frame;
  }

  HYPERACTOR_COLD void refuse_oversized(message_envelope m, std::uint64_t bytes, const return_port& back) {
    delivery_failure why = delivery_failure::oversized_frame(bytes, max_frame_);
    if (!m.return_undeliverable() && m.dest().port().is_ephemeral() && m.type_hash() != type_hash<reply_dropped>) {
      why.complete(m.dest());
      tell_once_port(m.sender(), m.dest(), reply_dropped{why.to_string()}, *this);  // [MCL-6]
    }
    back.undeliverable(std::move(m), std::move(why));
  }

  // ---- the reactor

  HYPERACTOR_COLD void give_back(std::span<const std::byte> body, const error& why, const return_port& back) noexcept {
    is_ending_.store(true, std::memory_order_release);  // before the sender knows: it may try again at once
    try {
      auto m = decode_message_frame<message_envelope>(body);
      if (m) return back.undeliverable(std::move(*m), failure(why, body.size()));
      log::write(log::severity::error,
                 "a message that came back from " + addr().to_string() + " cannot be decoded: " + m.error().what());
    } catch (const std::exception& e) {  // out of memory
      log::write(log::severity::error, e.what());
    }
  }
  [[nodiscard]] HYPERACTOR_COLD delivery_failure failure(const error& why, std::size_t frame_bytes) const {
    if (why == channel_error::frame_too_large && frame_bytes > max_frame_) {
      return delivery_failure::oversized_frame(frame_bytes, max_frame_);
    }
    if (why == channel_error::timed_out) return delivery_failure::ack_timed_out(addr());
    if (why == channel_error::connect_failed || why == channel_error::connect_timed_out ||
        why == channel_error::resolve_failed || why == channel_error::invalid_address) {
      return delivery_failure::dial_failed(addr(), why.message());
    }
    if (why.code().category() == channel_error_category) return delivery_failure::channel_closed(addr());
    return delivery_failure::link_unavailable(why.message());
  }
  /// Verdicts come in order, but for messages that a closing channel refused.
  void completed(std::uint64_t number) {
    std::uint64_t low = low_.load(std::memory_order_relaxed);
    if (number == low && early_.empty()) [[likely]] {
      ++low;
    } else {
      low = completed_out_of_order(number, low);
    }
    low_.store(low, std::memory_order_seq_cst);
    if (is_waited_for_.load(std::memory_order_seq_cst)) finish_flushes();
  }
  HYPERACTOR_COLD std::uint64_t completed_out_of_order(std::uint64_t number, std::uint64_t low) {
    if (number == low) {
      ++low;
    } else if (!early_.empty() && early_.back().to == number) {
      ++early_.back().to;
    } else {
      early_.push_back({number, number + 1});
    }
    for (std::size_t i = 0; i < early_.size();) {
      if (early_[i].from != low) {
        ++i;
        continue;
      }
      low = early_[i].to;
      early_.erase(early_.begin() + static_cast<std::ptrdiff_t>(i));
      i = 0;
    }
    return low;
  }

  // ---- any thread

  void finish_flushes() {
    std::vector<pending_flush> due;
    {
      const std::lock_guard lock(mutex_);
      const std::uint64_t low = low_.load(std::memory_order_seq_cst);
      for (std::size_t i = 0; i < waiting_.size();) {
        if (waiting_[i].target > low) {
          ++i;
          continue;
        }
        due.push_back(std::move(waiting_[i]));
        waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
      }
      is_waited_for_.store(!waiting_.empty(), std::memory_order_seq_cst);
    }
    for (auto& f : due) f.done(result<void>());
  }

  const intrusive_ptr<outbound_session> session_;
  const std::uint64_t max_frame_;
  const intrusive_ptr<client_link> link_;

  std::atomic<std::uint64_t> posted_{0};
  std::atomic<std::uint64_t> low_{0};  // all messages below have their verdict
  std::vector<interval> early_;        // the reactor's: verdicts that came early
  std::atomic<bool> is_ending_{false};
  std::atomic<bool> is_waited_for_{false};
  std::mutex mutex_;  // protects the following
  std::vector<pending_flush> waiting_;
};

[[nodiscard]] HYPERACTOR_COLD inline result<intrusive_ptr<client_core>> dial_client(
    const transport_row* row, const channel_addr& addr, client_link::closed_callback on_closed) {
  if (row == nullptr) return no_transport(addr);
  if (auto possible = row->check(addr); !possible) return possible.error();
  return intrusive_ptr<client_core>::adopt(new client_core(*row, addr, std::move(on_closed)));
}

}  // namespace detail

/// Puts envelopes on the channel to one address. Copies share the channel.
/// @threadsafe
class mailbox_client {
 public:
  explicit mailbox_client(detail::intrusive_ptr<detail::client_core> core) noexcept : core_(std::move(core)) {}
  /// A client of `addr`; an alias is dialled where it says.
  /// @errors channel_error::invalid_address; connect_failed (local addresses)
  template <detail::transport_list Transports = default_transports>
  [[nodiscard]] static result<mailbox_client> dial(const channel_addr& addr) {
    const channel_addr& to = addr.dial_addr();
    auto core = detail::dial_client(detail::transport_table<Transports>::find(to), to, nullptr);
    if (!core) return core.error();
    return mailbox_client(std::move(*core));
  }

  void post_unchecked(message_envelope m, return_port back) const { core_->post(std::move(m), std::move(back)); }
  /// Calls `done` when everything posted so far was acknowledged or returned: then it stands in the peer's mailboxes.
  void flush(detail::flush_callback done) const { core_->flush(std::move(done)); }

  /// The address that was dialled.
  [[nodiscard]] const channel_addr& addr() const noexcept { return core_->addr(); }
  /// `active`, or `closed` with a reason, for good.
  [[nodiscard]] watch<channel_status> status() const { return core_->status(); }
  /// Whether the channel has closed; every later message comes back.
  [[nodiscard]] bool is_closed() const { return core_->is_closed(); }
  [[nodiscard]] detail::intrusive_ptr<const detail::client_link> link() const noexcept {
    return detail::intrusive_ptr<const detail::client_link>(core_->link());
  }
  /// Whether this is the client of that channel.
  [[nodiscard]] bool is_on(const detail::client_link& link) const noexcept { return core_->link() == &link; }

  /// The same channel.
  friend bool operator==(const mailbox_client&, const mailbox_client&) noexcept = default;

 private:
  detail::intrusive_ptr<detail::client_core> core_;
};

static_assert(mailbox_sender<mailbox_client>);

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_GATEWAY_MAILBOX_CLIENT_HPP
