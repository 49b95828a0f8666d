// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_ACCEPTOR_HPP
#define HYPERACTOR_CHANNEL_ACCEPTOR_HPP

/// @file
/// The serving side: a listener, the sessions that it knows and the links that carry them.
///
/// [ACC-1] A message is handed on once, in order, per session, over however many links the session came.
/// [ACC-2] Stopping sends each session what it was not told yet: `Ack`, then `Closed`. `join` waits for that.
/// [ACC-3] A peer that breaks the protocol loses its link, and nobody else notices.
/// [ACC-4] An acknowledgement never goes down within a session; a message that came again makes it due again.

#include <hyperactor/base/context_timer.hpp>
#include <hyperactor/base/post.hpp>
#include <hyperactor/base/watch.hpp>
#include <hyperactor/channel/inbound_link.hpp>
#include <hyperactor/channel/link.hpp>

#include <unordered_map>
#include <vector>

namespace hyperactor::inline v0::detail {

/// Owner: its pending operations until it has ended, and whoever holds a handle.
class server_core final : public watch_source<bool>, public ref_counted<server_core>, public link_owner {
 public:
  server_core(std::unique_ptr<listener_base> l, channel_addr address, std::unique_ptr<frame_sink> sink)
      : io_(reactor::instance().context()),
        listener_(std::move(l)),
        address_(std::move(address)),
        sink_(std::move(sink)),
        accept_again_(io_) {}

  [[nodiscard]] const channel_addr& address() const noexcept { return address_; }

  void start() {
    post_to(io_, [me = self()] { me->accept(); });
  }
  /// Ends all links; the first reason counts. Returns at once.
  /// @threadsafe
  void stop(std::string reason) {
    if (stopping_.exchange(true, std::memory_order_acq_rel)) return;
    post_to(io_, [me = self(), reason = std::move(reason)]() mutable { me->on_stop(std::move(reason)); });
  }
  /// What was stalled because the receiver's queue was full may go on.
  /// @threadsafe
  void resume() {
    post_to(io_, [me = self()] {
      for (const auto& l : me->all_links()) l->resume();
    });
  }

  /// True when it has stopped and every session was told.
  [[nodiscard]] bool current() const override { return ended_.load(std::memory_order_seq_cst); }
  void retain() const noexcept override { ref_counted::retain(); }
  void release() const noexcept override { ref_counted::release(); }

  // ---- for links, on the reactor

  [[nodiscard]] frame_sink& sink() noexcept override { return *sink_; }
  [[nodiscard]] const link_limits& limits() const noexcept override { return limits_; }
  [[nodiscard]] asio::io_context& context() noexcept override { return io_; }
  [[nodiscard]] bool accepts(link_kind kind) const noexcept override { return kind == link_kind::simplex; }
  inbound_session* attach(std::uint64_t id, inbound_link& l) override {
    inbound_session& s = sessions_[id];
    if (s.link != nullptr) {  // served after the current link has ended
      s.waiting.push_back(&l);
      return nullptr;
    }
    s.link = &l;
    return &s;
  }
  void detach(std::uint64_t id, inbound_link& l, bool forget) override {
    const auto at = sessions_.find(id);
    if (at == sessions_.end()) return;
    inbound_session& s = at->second;
    if (s.link != &l) {
      std::erase(s.waiting, &l);
      return;
    }
    s.link = nullptr;
    std::vector<inbound_link*> waiting;
    if (forget) {
      waiting = std::move(s.waiting);
      sessions_.erase(at);
    } else if (!s.waiting.empty()) {
      waiting.push_back(s.waiting.front());
      s.waiting.erase(s.waiting.begin());
    }
    for (inbound_link* next : waiting) next->session_is_free();
  }
  void flushed(inbound_link& l) override {
    links_.erase(&l);
    end_if_done();
  }
  [[nodiscard]] link_owner_ptr keep() override {
    return {static_cast<link_owner*>((retain(), this)), [](link_owner* o) { static_cast<server_core*>(o)->release(); }};
  }

 private:
  friend class ref_counted<server_core>;
  using self_ptr = intrusive_ptr<server_core>;
  [[nodiscard]] self_ptr self() { return self_ptr(this); }
  ~server_core() = default;

  void accept() {
    if (is_stopped_) return;
    listener_->accept([me = self()](result<link_ptr> l) { me->on_accepted(std::move(l)); });
  }
  void on_accepted(result<link_ptr> l) {
    if (is_stopped_) {
      if (l) (*l)->close();
      return;
    }
    if (!l) {
      log::limited(log::severity::warning, reinterpret_cast<std::uintptr_t>(this),
                   [&] { return address_.to_string() + ": cannot accept a link: " + l.error().message(); });
      // out of descriptors, most likely: let others close some first
      accept_again_.expires_after(std::chrono::milliseconds(20));
      accept_again_.async_wait([me = self()](const std::error_code&) { me->accept(); });
      return;
    }
    auto link = intrusive_ptr<inbound_link>::adopt(new inbound_link(*this, std::move(*l)));
    links_.emplace(link.get(), link);
    link->start();
    accept();
  }

  void on_stop(std::string reason) {
    is_stopped_ = true;
    listener_->close();
    accept_again_.cancel();
    sink_->close(
        error(channel_error::closed, reason.empty() ? "channel closed" : "channel closed: " + std::move(reason)));
    for (const auto& l : all_links()) l->stop();
    end_if_done();
  }
  /// A copy: a link that ends takes itself out of the table.
  [[nodiscard]] std::vector<intrusive_ptr<inbound_link>> all_links() const {
    std::vector<intrusive_ptr<inbound_link>> out;
    for (const auto& [raw, l] : links_) out.push_back(l);
    return out;
  }
  void end_if_done() {
    if (!is_stopped_ || !links_.empty() || is_ended_) return;
    is_ended_ = true;
    sessions_.clear();
    ended_.store(true, std::memory_order_seq_cst);
    changed();
  }

  asio::io_context& io_;
  std::unique_ptr<listener_base> listener_;
  const channel_addr address_;
  const std::unique_ptr<frame_sink> sink_;
  const link_limits limits_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> ended_{false};

  // the reactor's
  context_timer accept_again_;
  std::unordered_map<std::uint64_t, inbound_session> sessions_;
  std::unordered_map<inbound_link*, intrusive_ptr<inbound_link>> links_;  // those that were not flushed
  bool is_stopped_ = false;
  bool is_ended_ = false;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_CHANNEL_ACCEPTOR_HPP
