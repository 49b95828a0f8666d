// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_SESSION_HPP
#define HYPERACTOR_CHANNEL_SESSION_HPP

/// @file
/// The initiator's session: numbers, queue and unacknowledged frames of one transmitter, apart from the link that
/// carries them at the moment.
///
/// [SES-1] Every message of a session goes out under its number, in the order of the numbers.
/// [SES-2] Every message gets one verdict: acknowledged, or handed back; those of a session that ends come back in
///         order.
/// [SES-3] The status changes after the last message was handed back, once.
/// [SES-4] An acknowledgement that goes down, a malformed response or any tag but 0 ends the session with a clear
///         reason.
/// [SES-5] When writing fails, reading goes on until its end: what the peer said last counts.

#include <hyperactor/base/context_timer.hpp>
#include <hyperactor/base/post.hpp>
#include <hyperactor/base/random.hpp>
#include <hyperactor/base/watch.hpp>
#include <hyperactor/channel/close_reason.hpp>
#include <hyperactor/channel/frame_reader.hpp>
#include <hyperactor/channel/link.hpp>
#include <hyperactor/channel/outbox.hpp>
#include <hyperactor/config/keys.hpp>
#include <hyperactor/config/store.hpp>

#include <array>
#include <cstdio>

namespace hyperactor::inline v0::detail {

class outbound_session final : public watch_source<channel_status>, public ref_counted<outbound_session> {
 public:
  outbound_session(const transport_row& row, channel_addr address)
      : io_(reactor::instance().context()),
        row_(row),
        address_(std::move(address)),
        id_(random_number()),
        max_frame_(std::min(config::get<config::codec_max_frame_length>(), max_encodable_frame)),
        delivery_timeout_(config::get<config::message_delivery_timeout>()),
        preamble_(encode_link_init({link_kind::simplex, id_, 0})),
        reader_(max_response_bytes),
        timer_(io_) {}

  [[nodiscard]] const channel_addr& address() const noexcept { return address_; }

  /// Queues a message whose frame was encoded by `encode_message`.
  /// @threadsafe
  void post(wire::multipart m, std::unique_ptr<completion> c) {
    const std::uint64_t length = m.framed_bytes();
    if (length > max_frame_) [[unlikely]]
      return refuse_oversized(std::move(m), length, std::move(c));
    switch (outbox_.post(m, c, static_cast<std::size_t>(length))) {
      case outbox::outcome::queued:
      case outbox::outcome::written:
        return;
      case outbox::outcome::queued_first:
        return wake();
      case outbox::outcome::refused:
        return hand_back_later(std::move(m), std::move(c));
    }
  }

  /// The last handle is gone: what was posted is delivered, then the session ends.
  /// @threadsafe
  void release_handle() {
    if (outbox_.release()) wake();
  }

  [[nodiscard]] channel_status current() const override {
    if (!is_closed_.load(std::memory_order_seq_cst)) return {};
    return status_;  // written before the flag, never again
  }
  void retain() const noexcept override { ref_counted::retain(); }
  void release() const noexcept override { ref_counted::release(); }

 private:
  friend class ref_counted<outbound_session>;
  static constexpr std::uint64_t max_response_bytes = 1 << 20;
  static constexpr std::size_t max_buffers = 64;  // what one system call of Asio takes
  static constexpr std::size_t max_spent_batches = 8;
  using self_ptr = intrusive_ptr<outbound_session>;
  [[nodiscard]] self_ptr self() { return self_ptr(this); }
  ~outbound_session() = default;

  // ---- any thread

  void wake() {
    post_to(io_, [me = self()] { me->on_awake(); });
  }
  /// The frame alone, as one that was not queued.
  static void return_frame(wire::multipart m, completion& c, const error& why) {
    const std::size_t bytes = m.framed_bytes();
    frame_batch alone(0, steady_time{});
    alone.append_large(0, 0, std::move(m), bytes);
    alone.for_each([&](std::uint64_t, std::span<const std::byte> body) { c.returned(body, why); });
  }
  HYPERACTOR_COLD void hand_back_later(wire::multipart m, std::unique_ptr<completion> c) {
    if (!c) return;
    post_to(io_, [me = self(), m = std::move(m), c = std::move(c)]() mutable {
      if (me->is_done_) return return_frame(std::move(m), *c, me->status_.error());
      me->refused_.emplace_back(std::move(m), std::move(c));  // behind those that are still on their way [SES-2]
    });
  }
  HYPERACTOR_COLD void refuse_oversized(wire::multipart m, std::uint64_t length, std::unique_ptr<completion> c) {
    // what was posted before is still delivered
    const bool is_first = outbox_.refuse({close_reason::oversized_frame, oversized_frame_error(length, max_frame_)});
    hand_back_later(std::move(m), std::move(c));
    if (is_first) wake();
  }

  // ---- the reactor

  void on_awake() {
    if (is_done_) return;
    outbox_.take(out_);
    if (link_) return write_more();
    if (!is_connecting_ && !out_.batches.empty()) return connect();
    end_if_idle();
  }

  void connect() {
    is_connecting_ = true;
    connect_timeout_ = config::get<config::channel_reconnect_timeout>();
    connect_deadline_ = after(std::chrono::steady_clock::now(), connect_timeout_);
    arm_timer();
    row_.connect(io_, address_, [me = self()](result<link_ptr> l) { me->on_connected(std::move(l)); });
  }
  void on_connected(result<link_ptr> l) {
    is_connecting_ = false;
    if (is_done_) {
      if (l) (*l)->close();
      return;
    }
    if (!l) return close({close_reason::other, connect_failure(l.error())});
    link_ = std::move(*l);
    read_more();
    write_more();
  }

  void write_more() {
    if (is_writing_ || is_done_) return;
    outbox_.take(out_);  // whatever was posted meanwhile goes out with the same system call
    if (out_.batches.empty()) return end_if_idle();
    accept_acknowledged();
    gather();
    is_writing_ = true;
    arm_timer();
    link_->write_some({buffers_.data(), buffer_count_},
                      [me = self()](const std::error_code& failure, std::size_t n) { me->on_written(failure, n); });
  }
  void gather() noexcept {
    buffer_count_ = 0;
    if (!preamble_sent_) buffers_[buffer_count_++] = asio::buffer(preamble_) + preamble_offset_;
    std::size_t skip = out_.offset;
    for (const frame_batch* b = out_.batches.front(); b != nullptr && buffer_count_ < max_buffers; b = b->next.get()) {
      buffer_count_ += b->gather(std::exchange(skip, 0), &buffers_[buffer_count_], max_buffers - buffer_count_);
    }
  }
  void on_written(const std::error_code& failure, std::size_t n) {
    // after a failure the peer's last words may still stand in the stream: reading finds the end [SES-5]
    if (is_done_ || failure) return;
    is_writing_ = false;
    if (!preamble_sent_) {
      const std::size_t part = std::min(n, preamble_.size() - preamble_offset_);
      preamble_offset_ += part;
      n -= part;
      preamble_sent_ = preamble_offset_ == preamble_.size();
    }
    out_.offset += n;
    while (!out_.batches.empty() && out_.offset >= out_.batches.front()->total_bytes()) {
      out_.offset -= out_.batches.front()->total_bytes();
      out_.unacked.push(out_.batches.pop());
    }
    forget_acknowledged();
    write_more();
  }

  void read_more() {
    const auto room = reader_.prepare();
    link_->read_some(room.data(), room.size(),
                     [me = self()](const std::error_code& failure, std::size_t n) { me->on_read(failure, n); });
  }
  void on_read(const std::error_code& failure, std::size_t n) {
    if (is_done_) return;
    if (failure) return on_link_lost(failure);
    outbox_.take_written(out_);  // before its acknowledgement is looked at
    reader_.commit(n);
    for (;;) {
      auto frame = reader_.next();
      if (!frame) return fail(frame.error());
      if (!*frame) break;
      if ((*frame)->tag != 0) {  // [SES-4]
        return fail(error(channel_error::decode_failed, "a response with tag " + std::to_string((*frame)->tag)));
      }
      auto r = decode_response((*frame)->body);
      if (!r) return fail(r.error());
      if (!handle(*r)) return;
    }
    offer_link();
    read_more();
  }
  /// Spares a message that stands alone the way over this thread [OBX-4]; a second one may follow while the
  /// acknowledgement of the first is on its way. The delivery timeout has to be watched already, and nothing that is
  /// still to come may be acknowledged already: nobody would look.
  void offer_link() {
    if (is_writing_ || !is_timer_armed_ || !out_.batches.empty() || acked_ > last_written_) return;
    const frame_batch* const oldest = out_.unacked.front();
    if (oldest == nullptr || !oldest->next) outbox_.offer(*link_, oldest == nullptr ? 2 : 1);
  }
  /// False: the session has ended.
  bool handle(const response& r) {
    switch (r.kind) {
      case response_kind::ack:
        if (has_ack_ && r.ack < acked_) {
          fail(error(channel_error::decode_failed, "the peer took its acknowledgement of " + std::to_string(acked_) +
                                                       " back to " + std::to_string(r.ack)));
          return false;
        }
        has_ack_ = true;
        acked_ = r.ack;
        progress_ = std::chrono::steady_clock::now();
        accept_acknowledged();
        forget_acknowledged();
        if (!is_writing_ && out_.batches.empty()) end_if_idle();
        return !is_done_;
      case response_kind::reject:
        close(rejected_status(session_name(), r.text));
        return false;
      case response_kind::closed:
        break;
    }
    close(channel_status::announced(error(channel_error::closed, session_name() + ": server closed")));
    return false;
  }

  void accept_acknowledged() {
    while (has_ack_ && !out_.completions.empty() && out_.completions.front()->sequence <= acked_) {
      out_.completions.pop()->accepted();
    }
  }
  void forget_acknowledged() {
    if (!out_.unacked.empty()) last_written_ = out_.unacked.back()->last_sequence();
    while (has_ack_ && !out_.unacked.empty() && out_.unacked.front()->last_sequence() <= acked_) {
      auto batch = out_.unacked.pop();
      if (batch->is_reusable() && out_.spent.size() < max_spent_batches) out_.spent.push_back(std::move(batch));
    }
  }
  /// Ends the session when nobody can post any more and everything was acknowledged.
  void end_if_idle() {
    if (is_done_ || !out_.is_last || !out_.batches.empty() || !out_.unacked.empty()) return;
    close({close_reason::other, error(channel_error::closed, session_name() + ": sender dropped")});
  }

  /// The seam for reconnection: numbers, unacknowledged frames and completions stand apart from the link.
  HYPERACTOR_COLD void on_link_lost(const std::error_code& why) {
    close(
        {close_reason::other, error(channel_error::closed, session_name() + ": the link was lost: " + why.message())});
  }
  HYPERACTOR_COLD void fail(const error& why) {
    close({close_reason::other, error(channel_error::closed, session_name() + ": " + why.message())});
  }
  [[nodiscard]] HYPERACTOR_COLD error connect_failure(const error& why) const {
    const bool is_ours = why.code().category() == channel_error_category;
    return error(is_ours ? why.code() : make_error_code(channel_error::connect_failed),
                 session_name() + ": cannot connect: " + why.message());
  }
  [[nodiscard]] HYPERACTOR_COLD std::string session_name() const {
    char id[20];
    std::snprintf(id, sizeof id, "%016llx", static_cast<unsigned long long>(id_));
    return "session " + address_.to_string() + "." + id;
  }

  // ---- the delivery timeout

  /// When the oldest message that waits was posted. One clock reading per batch: a batch of which a part was
  /// acknowledged counts from that acknowledgement.
  [[nodiscard]] steady_time oldest() const noexcept {
    const frame_batch* const b = out_.unacked.empty() ? out_.batches.front() : out_.unacked.front();
    if (b == nullptr) return no_deadline;
    const bool is_partly_acked = has_ack_ && acked_ >= b->first_sequence();
    return is_partly_acked && progress_ > b->oldest() ? progress_ : b->oldest();
  }
  [[nodiscard]] static steady_time after(steady_time since, std::chrono::nanoseconds limit) noexcept {
    return since == no_deadline || limit >= no_deadline - since ? no_deadline : since + limit;
  }
  [[nodiscard]] steady_time delivery_deadline() const noexcept { return after(oldest(), delivery_timeout_); }
  void arm_timer() {
    if (is_timer_armed_ || is_done_) return;
    const steady_time at = is_connecting_ ? std::min(delivery_deadline(), connect_deadline_) : delivery_deadline();
    if (at == no_deadline) return;
    is_timer_armed_ = true;
    timer_.expires_at(at);
    timer_.async_wait([me = self()](const std::error_code& failure) {
      if (!failure) me->on_timer();
    });
  }
  void on_timer() {
    is_timer_armed_ = false;
    if (is_done_) return;
    outbox_.take_written(out_);
    const steady_time now = std::chrono::steady_clock::now();
    if (is_connecting_ && now >= connect_deadline_) {
      const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(connect_timeout_).count();
      return close({close_reason::other, error(channel_error::connect_timed_out,
                                               session_name() + ": cannot connect within " + std::to_string(ms) +
                                                   "ms (CHANNEL_RECONNECT_TIMEOUT)")});
    }
    if (now < delivery_deadline()) return arm_timer();  // where nothing waits, the next write arms it
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(delivery_timeout_).count();
    const std::string limit = " within timeout " + std::to_string(ms) + "ms (MESSAGE_DELIVERY_TIMEOUT); ";
    if (!link_) {
      return close(
          {close_reason::other, error(channel_error::connect_timed_out,
                                      session_name() + ": failed to deliver message" + limit + "never connected")});
    }
    if (out_.unacked.empty()) {
      return close({close_reason::other,
                    error(channel_error::timed_out,
                          session_name() + ": failed to deliver message" + limit + "the link takes no more")});
    }
    close({close_reason::other,
           error(channel_error::timed_out, session_name() + ": failed to receive ack" + limit + "link is connected")});
  }

  // ---- the end

  HYPERACTOR_COLD void close(channel_status status) {
    if (is_done_) return;
    is_done_ = true;
    const self_ptr keep = self();
    timer_.cancel();
    status_ = outbox_.close(std::move(status), out_);  // from here on nobody else touches the link
    if (link_) link_->close();
    for (batch_list* list : {&out_.unacked, &out_.batches}) {
      while (!list->empty()) {
        const auto batch = list->pop();
        if (!out_.completions.empty()) hand_back(*batch);  // [SES-2]
      }
    }
    out_.spent.clear();
    for (auto& [message, verdict] : std::exchange(refused_, {})) {
      return_frame(std::move(message), *verdict, status_.error());
    }
    is_closed_.store(true, std::memory_order_seq_cst);  // [SES-3]
    changed();
  }
  void hand_back(const frame_batch& batch) {
    batch.for_each([this](std::uint64_t sequence, std::span<const std::byte> body) {
      if (out_.completions.empty() || out_.completions.front()->sequence != sequence) return;
      out_.completions.pop()->returned(body, status_.error());
    });
  }

  asio::io_context& io_;
  const transport_row& row_;
  const channel_addr address_;
  const std::uint64_t id_;
  const std::uint64_t max_frame_;
  const std::chrono::nanoseconds delivery_timeout_;

  outbox outbox_;
  std::atomic<bool> is_closed_{false};
  channel_status status_;  // written by the reactor before is_closed_

  // the reactor's
  const std::array<std::byte, link_init_bytes> preamble_;
  std::size_t preamble_offset_ = 0;
  bool preamble_sent_ = false;
  link_ptr link_;
  frame_reader reader_;
  outbox::taken out_;  // what is under way
  std::vector<std::pair<wire::multipart, std::unique_ptr<completion>>> refused_;
  std::array<asio::const_buffer, max_buffers> buffers_;
  std::size_t buffer_count_ = 0;
  std::uint64_t acked_ = 0;
  std::uint64_t last_written_ = 0;
  bool has_ack_ = false;
  bool is_connecting_ = false;
  std::chrono::nanoseconds connect_timeout_{};
  steady_time connect_deadline_{};
  bool is_writing_ = false;
  bool is_done_ = false;
  steady_time progress_{};
  context_timer timer_;
  bool is_timer_armed_ = false;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_CHANNEL_SESSION_HPP
