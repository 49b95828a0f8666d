// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_INBOUND_LINK_HPP
#define HYPERACTOR_CHANNEL_INBOUND_LINK_HPP

/// @file
/// One accepted link: handshake, frames in, responses out, an orderly end. Everything here runs on the reactor.
///
/// [INL-1] One write is in flight at a time; what is due meanwhile goes out with the next one.
/// [INL-2] After the last response the link stays open until the peer has closed it, for a bounded time, so that the
///         response is not lost to a reset.
/// [INL-3] What is acknowledged was handed to the receiver before; nothing waits for a hand-over while the reactor
///         waits.

#include <hyperactor/base/context_timer.hpp>
#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/log.hpp>
#include <hyperactor/base/unique_function.hpp>
#include <hyperactor/channel/ack_policy.hpp>
#include <hyperactor/channel/frame_reader.hpp>
#include <hyperactor/channel/link.hpp>
#include <hyperactor/channel/message_frame.hpp>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace hyperactor::inline v0::detail {

/// Where messages go.
class frame_sink {
 public:
  frame_sink() = default;
  frame_sink(const frame_sink&) = delete;
  frame_sink& operator=(const frame_sink&) = delete;
  virtual ~frame_sink() = default;

  /// Decodes a data frame and hands the message on, at the next `flush` at the latest.
  /// @errors channel_error::decode_failed
  virtual result<void> deliver(std::span<const std::byte> body) = 0;
  /// What was delivered is with the receiver when this returns: before it is acknowledged, and before the reactor does
  /// anything else.
  virtual void flush() noexcept {}
  /// True: no more for now; `server_core::resume` will be called.
  virtual bool is_full() { return false; }
  /// Nothing more will come.
  virtual void close(const error& why) = 0;
};

struct link_limits {
  std::uint64_t max_frame = std::min(config::get<config::codec_max_frame_length>(), max_encodable_frame);
  ack_policy acks{};
};

class inbound_link;

/// What the serving end remembers of a session, from link to link.
struct inbound_session {
  std::uint64_t expected = 0;  ///< number of the next message
  std::uint64_t acked = 0;     ///< everything below was acknowledged
  bool ack_again = false;      ///< a message came again: its acknowledgement may have been lost
  inbound_link* link = nullptr;
  std::vector<inbound_link*> waiting;
};

class link_owner;
using link_owner_ptr = std::unique_ptr<link_owner, void (*)(link_owner*)>;

/// What a link needs of its server.
class link_owner {
 public:
  [[nodiscard]] virtual frame_sink& sink() noexcept = 0;
  [[nodiscard]] virtual const link_limits& limits() const noexcept = 0;
  [[nodiscard]] virtual asio::io_context& context() noexcept = 0;
  [[nodiscard]] virtual bool accepts(link_kind kind) const noexcept = 0;
  /// The session, or null while another link has it: `session_is_free` follows.
  virtual inbound_session* attach(std::uint64_t id, inbound_link& l) = 0;
  virtual void detach(std::uint64_t id, inbound_link& l, bool forget) = 0;
  /// The link has said its last word.
  virtual void flushed(inbound_link& l) = 0;
  [[nodiscard]] virtual link_owner_ptr keep() = 0;

 protected:
  ~link_owner() = default;
};

class inbound_link final : public ref_counted<inbound_link> {
 public:
  inbound_link(link_owner& owner, link_ptr l)
      : owner_(owner.keep()), link_(std::move(l)), reader_(owner.limits().max_frame), timer_(owner.context()) {}

  void start() { read(); }

  void session_is_free() {
    if (state_ != state::waiting) return;
    enter_session();
  }
  /// The receiver's queue has room again.
  void resume() {
    if (std::exchange(is_stalled_, false)) take_frames();
  }
  void stop() { finish(ending::closed, {}); }

 private:
  friend class ref_counted<inbound_link>;
  using self_ptr = intrusive_ptr<inbound_link>;
  enum class state : unsigned char { handshake, waiting, open, ending, lingering, ended };
  enum class ending : unsigned char { silent, rejected, closed };
  static constexpr std::chrono::seconds last_words_limit{5};
  static constexpr std::chrono::seconds linger_limit{2};
  static constexpr std::size_t soon_bytes = frame_reader::usual_capacity;
  static constexpr std::uint64_t most_unacked_bytes = std::uint64_t{1} << 20;
  [[nodiscard]] self_ptr self() { return self_ptr(this); }
  ~inbound_link() = default;

  // ---- in

  /// Also after the end has begun, when what arrives is ignored.
  void read() {
    if (is_reading_ || is_at_end_) return;
    is_reading_ = true;
    const auto room = reader_.prepare();
    link_->read_some(room.data(), room.size(),
                     [me = self()](const std::error_code& failure, std::size_t n) { me->on_read(failure, n); });
  }
  void on_read(const std::error_code& failure, std::size_t n) {
    is_reading_ = false;
    is_at_end_ = static_cast<bool>(failure);
    if (state_ == state::ended) return;
    if (state_ == state::lingering || state_ == state::ending) {  // [INL-2] what comes now is not acknowledged
      if (!failure) return read();
      if (state_ == state::lingering) end();
      return;
    }
    if (failure) return finish(ending::silent, {});
    reader_.commit(n);
    if (state_ == state::handshake) return shake_hands();
    if (state_ == state::open) take_frames();
  }
  void shake_hands() {
    const std::byte* const bytes = reader_.take_raw(link_init_bytes);
    if (bytes == nullptr) return read();
    auto init = decode_link_init(bytes);
    if (!init) return refuse(init.error());
    if (!owner_->accepts(init->kind)) {
      return refuse(error(channel_error::handshake_failed, "this server does not serve duplex links"));
    }
    if (init->kind == link_kind::simplex && init->stream != 0) {
      return refuse(error(channel_error::handshake_failed, "unordered streams are not served"));
    }
    session_id_ = init->session;
    has_session_id_ = true;
    state_ = state::waiting;
    enter_session();
  }
  void enter_session() {
    session_ = owner_->attach(session_id_, *this);
    if (session_ == nullptr) return;  // not read meanwhile
    state_ = state::open;
    take_frames();
  }

  void take_frames() {
    if (state_ != state::open) return;
    const self_ptr keep = self();
    for (;;) {
      if (owner_->sink().is_full()) {
        is_stalled_ = true;
        owner_->sink().flush();
        acknowledge(true);
        return;
      }
      auto frame = reader_.next();
      if (!frame) return refuse(frame.error());
      if (!*frame) break;
      if (!take_frame(**frame)) return;
    }
    owner_->sink().flush();
    acknowledge(!is_more_coming());
    read();
  }
  /// False: the link has ended.
  bool take_frame(const frame_view& frame) {
    if (frame.tag != 0) {
      refuse(error(channel_error::decode_failed, "a data frame with tag " + std::to_string(frame.tag)));
      return false;
    }
    if (!is_data_frame(frame.body)) [[unlikely]] {
      refuse(data_frame_error(frame.body));
      return false;
    }
    const std::uint64_t sequence = load_sequence(frame.body);
    if (sequence < session_->expected) {  // [ACC-4]
      session_->ack_again = true;
      return true;
    }
    if (sequence > session_->expected) {
      finish(ending::rejected, out_of_sequence_reason(session_->expected, sequence));
      return false;
    }
    if (auto delivered = owner_->sink().deliver(frame.body); !delivered) {
      refuse(delivered.error());
      return false;
    }
    unacked_bytes_ += frame.body.size();
    if (session_->expected++ == session_->acked) unacked_since_ = std::chrono::steady_clock::now();
    if (unacknowledged() >= owner_->limits().acks.every_n) acknowledge(false);
    return true;
  }

  // ---- out

  [[nodiscard]] std::uint64_t unacknowledged() const noexcept { return session_->expected - session_->acked; }

  /// The rest of a frame is on its way and not long: its acknowledgement is that of what came before, too [ACK-2].
  [[nodiscard]] bool is_more_coming() const noexcept {
    return !reader_.is_at_boundary() && reader_.missing_bytes() <= soon_bytes && unacked_bytes_ < most_unacked_bytes;
  }
  void acknowledge(bool is_idle) {
    if (state_ != state::open || is_writing_) return;  // [INL-1]
    const ack_policy& policy = owner_->limits().acks;
    const std::uint64_t count = unacknowledged();
    const auto waited = count == 0 ? std::chrono::nanoseconds(0) : std::chrono::steady_clock::now() - unacked_since_;
    if (!policy.is_due(count, is_idle, waited) && !session_->ack_again) {
      if (count != 0) acknowledge_later();
      return;
    }
    if (session_->expected == 0) return;
    output_.clear();
    put_ack();
    write();
  }
  void acknowledge_later() {
    if (is_timer_armed_) return;
    const auto& interval = owner_->limits().acks.interval;
    if (interval >= no_deadline - unacked_since_) return;
    is_timer_armed_ = true;
    timer_.expires_at(unacked_since_ + interval);
    timer_.async_wait([me = self()](const std::error_code& failure) {
      me->is_timer_armed_ = false;
      if (!failure && me->state_ == state::open) me->acknowledge(false);
    });
  }
  void put_ack() {
    owner_->sink().flush();  // [INL-3]
    ack_in_flight_ = session_->expected;
    unacked_bytes_ = 0;
    session_->ack_again = false;
    append_response(output_, 0, {response_kind::ack, session_->expected - 1, {}});
  }
  void write() {
    is_writing_ = true;
    written_ = 0;
    write_rest();
  }
  void write_rest() {
    buffer_ = asio::const_buffer(output_.data() + written_, output_.size() - written_);
    link_->write_some({&buffer_, 1},
                      [me = self()](const std::error_code& failure, std::size_t n) { me->on_written(failure, n); });
  }
  void on_written(const std::error_code& failure, std::size_t n) {
    if (state_ == state::ended) return;
    if (failure) {
      is_writing_ = false;
      if (state_ == state::ending) return end();
      return;  // reading will notice, after what has already arrived
    }
    written_ += n;
    if (written_ < output_.size()) return write_rest();
    is_writing_ = false;
    if (session_ != nullptr && ack_in_flight_ > session_->acked) {
      session_->acked = ack_in_flight_;
      unacked_since_ = std::chrono::steady_clock::now();
    }
    if (state_ == state::ending) return are_last_words_out_ ? linger() : say_last_words();
    acknowledge(!is_stalled_ && !is_more_coming());
  }

  // ---- the end

  HYPERACTOR_COLD void refuse(const error& why) {  // [ACC-3]
    log::limited(log::severity::warning,
                 reinterpret_cast<std::uintptr_t>(owner_.get()) ^ static_cast<unsigned>(why.code().value()),
                 [&] { return "a channel dropped a link: " + why.what(); });
    finish(ending::silent, {});
  }

  /// Pending acknowledgement, then the ending's response, then the end.
  void finish(ending how, std::string reason) {
    owner_->sink().flush();
    if (state_ == state::ending || state_ == state::lingering || state_ == state::ended) return;
    const self_ptr keep = self();
    const bool had_session = session_ != nullptr;
    state_ = state::ending;
    how_ = how;
    reason_ = std::move(reason);
    timer_.cancel();
    if (!had_session) return end();
    timer_.expires_after(last_words_limit);  // a peer that reads nothing does not hold up anybody
    timer_.async_wait([me = self()](const std::error_code& failure) {
      if (!failure) me->end();
    });
    read();
    if (!is_writing_) say_last_words();
  }
  void say_last_words() {
    are_last_words_out_ = true;
    output_.clear();
    if (session_->expected > session_->acked || session_->ack_again) {
      if (session_->expected > 0) put_ack();
    }
    if (how_ == ending::rejected) append_response(output_, 0, {response_kind::reject, 0, reason_});
    if (how_ == ending::closed) append_response(output_, 0, {response_kind::closed, 0, {}});
    if (output_.empty()) return linger();
    write();
  }
  void linger() {
    if (how_ == ending::silent || is_at_end_) return end();
    state_ = state::lingering;
    link_->finish_sending();
    leave();
    timer_.expires_after(linger_limit);
    timer_.async_wait([me = self()](const std::error_code& failure) {
      if (!failure) me->end();
    });
  }
  /// Gives the session and the place at the server back.
  void leave() {
    if (std::exchange(has_left_, true)) return;
    session_ = nullptr;
    if (has_session_id_) owner_->detach(session_id_, *this, how_ != ending::silent);
    owner_->flushed(*this);
  }
  void end() {
    if (state_ == state::ended) return;
    const self_ptr keep = self();
    state_ = state::ended;
    timer_.cancel();
    link_->close();
    leave();
  }

  const link_owner_ptr owner_;
  const link_ptr link_;
  frame_reader reader_;
  state state_ = state::handshake;
  ending how_ = ending::silent;
  bool has_session_id_ = false;
  bool has_left_ = false;
  bool is_stalled_ = false;
  bool is_reading_ = false;
  bool is_at_end_ = false;
  bool is_writing_ = false;
  bool is_timer_armed_ = false;
  bool are_last_words_out_ = false;
  std::uint64_t session_id_ = 0;
  inbound_session* session_ = nullptr;
  std::string reason_;
  wire::buffer output_;
  std::size_t written_ = 0;
  std::uint64_t ack_in_flight_ = 0;
  std::uint64_t unacked_bytes_ = 0;  // taken since the last acknowledgement
  asio::const_buffer buffer_;
  steady_time unacked_since_{};
  context_timer timer_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_CHANNEL_INBOUND_LINK_HPP
