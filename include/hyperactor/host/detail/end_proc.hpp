// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_DETAIL_END_PROC_HPP
#define HYPERACTOR_HOST_DETAIL_END_PROC_HPP

/// @file
/// The end of a proc behind a host: its actors stop, what they sent is flushed, its server closes.
///
/// [EPR-1] Actors first handle what they have accepted; those that have not stopped in time are killed.
/// [EPR-2] Every step has a time limit, so the end comes; it was clean if all actors stopped and none had failed.
/// [EPR-3] Actors that others spawned stop after those, who may need them for what they have accepted.

#include <hyperactor/base/context_timer.hpp>
#include <hyperactor/base/post.hpp>
#include <hyperactor/config/keys.hpp>
#include <hyperactor/config/store.hpp>
#include <hyperactor/host/detail/outcome.hpp>
#include <hyperactor/host/detail/served_proc.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace hyperactor::inline v0::detail {

/// One proc that ends. Every step runs on the reactor and is followed by the next, once: when it is done or its time is
/// up. Owner: the callbacks that are pending.
class proc_end : public ref_counted<proc_end> {
 public:
  using callback = outcome_callback<bool>;

  /// @param timeout  how long actors have to stop; zero kills them at once
  /// @param done     called on the reactor; true: a clean end
  /// @returns what ends, for `hurry`
  static intrusive_ptr<proc_end> start(served_proc p, std::chrono::nanoseconds timeout, std::string reason,
                                       callback done) {
    auto self = intrusive_ptr<proc_end>::adopt(new proc_end(std::move(p), std::move(reason), std::move(done)));
    post_to(reactor::instance().context(), [self, timeout] {
      if (timeout <= std::chrono::nanoseconds::zero()) return self->kill();
      self->kill_at_ = deadline_after(timeout);
      self->signal_actors(signal_kind::drain_and_stop);
      self->await_actors(timeout, &proc_end::kill);
    });
    return self;
  }
  /// Actors have no longer than `timeout` from now on; a later deadline changes nothing.
  void hurry(std::chrono::nanoseconds timeout) {
    post_to(reactor::instance().context(), [self = intrusive_ptr(this), at = deadline_after(timeout)] {
      if (at >= self->kill_at_) return;
      self->kill_at_ = at;
      self->arm(self->step_, at, &proc_end::kill);
    });
  }

 private:
  using step = void (proc_end::*)();

  proc_end(served_proc p, std::string reason, callback done)
      : proc_(std::move(p)),
        reason_(std::move(reason)),
        done_(std::move(done)),
        timer_(reactor::instance().context()) {}

  void signal_actors(signal_kind kind) const {
    const actor_addr any = proc_.proc.addr().actor_addr("any");
    instance_registry::instance().for_each([&](mailbox& m) {
      if (!m.is_actor() || m.office().id() != any.proc_id() || m.office().network() != proc_.gateway.get()) return;
      auto& actor = static_cast<actor_core&>(m);
      if (kind == signal_kind::kill || actor.is_root()) actor.send_stop(kind, reason_);  // [EPR-3]
    });
  }
  void await_actors(std::chrono::nanoseconds timeout, step too_late) {
    const unsigned now = begin(timeout, too_late);
    proc_.proc.live_actors().async_wait(
        [](const std::uint64_t& live) { return live == 0; },
        [self = intrusive_ptr(this), now](std::uint64_t) { self->next(now, &proc_end::flush); });
  }
  void kill() {  // [EPR-1]
    kill_at_ = steady_time::min();
    signal_actors(signal_kind::kill);
    await_actors(config::get<config::stop_actor_timeout>(), &proc_end::give_up);
  }
  void give_up() {
    is_clean_ = false;
    flush();
  }
  void flush() {
    kill_at_ = steady_time::min();
    is_clean_ = is_clean_ && !proc_.proc.has_failed();
    const unsigned now = begin(config::get<config::forwarder_flush_timeout>(), &proc_end::close);
    proc_.gateway->flush([self = intrusive_ptr(this), now](const result<void>&) {
      post_to(reactor::instance().context(), [self, now] { self->next(now, &proc_end::close); });
    });
  }
  void close() {
    const unsigned now = begin(config::get<config::forwarder_flush_timeout>(), &proc_end::finish);
    proc_.server.stop(reason_);
    proc_.server.async_join([self = intrusive_ptr(this), now](bool) { self->next(now, &proc_end::finish); });
  }
  void finish() { done_(is_clean_); }

  /// Starts the clock of a step.
  unsigned begin(std::chrono::nanoseconds limit, step too_late) {
    const unsigned now = ++step_;
    arm(now, deadline_after(limit), too_late);
    return now;
  }
  void arm(unsigned from, steady_time at, step too_late) {
    timer_.expires_at(at);
    timer_.async_wait([self = intrusive_ptr(this), from, too_late](const std::error_code& cancelled) {
      if (!cancelled) self->next(from, too_late);
    });
  }
  /// Leaves step `from`, unless it was left already ([EPR-2]).
  void next(unsigned from, step to) {
    if (from != step_) return;
    ++step_;
    timer_.cancel();
    (this->*to)();
  }

  served_proc proc_;
  const std::string reason_;
  callback done_;
  context_timer timer_;
  unsigned step_ = 0;
  steady_time kill_at_ = steady_time::min();  // later than that: while actors stop by themselves
  bool is_clean_ = true;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_HOST_DETAIL_END_PROC_HPP
