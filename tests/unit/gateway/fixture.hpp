// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_TESTS_GATEWAY_FIXTURE_HPP
#define HYPERACTOR_TESTS_GATEWAY_FIXTURE_HPP

/// @file
/// Procs without actors: what gateways see of a proc, as queues that a test looks into.

#include <hyperactor/gateway.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gateway_test {

namespace ha = hyperactor;
using namespace std::chrono_literals;

/// Queue of what arrived somewhere.
template <class T> class queue {
  struct state final : ha::detail::receiver_state<T> {
    [[nodiscard]] ha::error timed_out() const override { return ha::mailbox_error::timed_out; }
  };

 public:
  queue() : state_(ha::detail::intrusive_ptr<state>::adopt(new state)) {}

  void push(T value) const { (void)state_->push_value(value); }
  /// The next one, within a time that is never reached.
  [[nodiscard]] T next() { return next_within(20s).value(); }
  [[nodiscard]] std::optional<T> try_next() {
    auto* n = state_->take();
    if (n == nullptr) return std::nullopt;
    std::optional<T> out(std::move(n->value));
    ha::detail::receiver_node<T>::destroy(n);
    return out;
  }
  [[nodiscard]] ha::result<T> next_within(std::chrono::milliseconds limit) {
    return state_->wait_until(ha::detail::deadline_after(limit));
  }

 private:
  ha::detail::intrusive_ptr<state> state_;
};

/// A return port that a test looks into.
class returns {
  struct sink final : ha::detail::return_sink {
    explicit sink(queue<ha::undeliverable> q) : came(std::move(q)) {}
    void returned(ha::undeliverable u) noexcept override { came.push(std::move(u)); }
    queue<ha::undeliverable> came;
  };

 public:
  [[nodiscard]] ha::return_port port() const {
    return ha::return_port(ha::detail::intrusive_ptr<ha::detail::return_sink>::adopt(new sink(queue_)));
  }
  [[nodiscard]] ha::undeliverable next() { return queue_.next(); }
  [[nodiscard]] bool empty() { return !queue_.try_next(); }

 private:
  queue<ha::undeliverable> queue_;
};

/// A proc without actors: it takes every envelope but those for an actor called `missing`.
class fake_proc {
  struct state {
    queue<ha::message_envelope> came;
    std::atomic<int> flushes{0};
  };

 public:
  /// What the gateway keeps: knows when the proc is gone.
  struct weak_sender {
    std::weak_ptr<state> proc;

    void post_unchecked(ha::message_envelope m, const ha::return_port& back) const {
      const auto alive = proc.lock();
      if (!alive) return back.undeliverable(std::move(m), ha::delivery_failure::link_unavailable("proc is gone"));
      if (m.dest().actor_id().label() == ha::label("missing")) {
        return back.undeliverable(std::move(m), ha::delivery_failure::actor_does_not_exist());
      }
      alive->came.push(std::move(m));
    }
    void flush(ha::detail::flush_callback done) const {
      if (const auto alive = proc.lock()) ++alive->flushes;
      done(ha::result<void>());
    }
    [[nodiscard]] bool is_expired() const { return proc.expired(); }
  };

  explicit fake_proc(ha::proc_id id) : id_(std::move(id)) {}

  [[nodiscard]] ha::result<void> attach(ha::detail::intrusive_ptr<ha::detail::network> network) {
    network_ = std::move(network);
    return network_->attach(id_, sender());
  }
  [[nodiscard]] ha::any_sender sender() const { return ha::any_sender::of(weak_sender{state_}); }
  /// An attached proc.
  template <class Gateway> [[nodiscard]] static fake_proc on(const Gateway& gateway, ha::proc_id id) {
    fake_proc out(std::move(id));
    out.attach(gateway.network()).value();
    return out;
  }

  [[nodiscard]] const ha::proc_id& id() const { return id_; }
  [[nodiscard]] ha::proc_addr addr() const { return {id_, network_->default_location()}; }
  [[nodiscard]] ha::actor_addr actor(ha::label name = "someone") const {
    return ha::actor_addr::root(addr(), std::move(name));
  }
  /// Port 0 of an actor.
  [[nodiscard]] ha::port_addr port(ha::label name = "someone") const {
    return actor(std::move(name)).port_addr(ha::port::ephemeral(0));
  }
  /// Sends as an actor of this proc would, out by the gateway.
  void send(const ha::port_addr& to, std::uint64_t value, ha::return_port back = {}) const {
    network_->post(ha::message_envelope::serialize(actor(), to, value).value(), std::move(back));
  }
  [[nodiscard]] ha::message_envelope next() { return state_->came.next(); }
  [[nodiscard]] std::uint64_t next_value() { return next().as<std::uint64_t>().value(); }
  [[nodiscard]] bool empty() { return !state_->came.try_next(); }
  [[nodiscard]] std::optional<ha::message_envelope> try_next() { return state_->came.try_next(); }
  [[nodiscard]] int flushes() const { return state_->flushes; }

 private:
  ha::proc_id id_;
  ha::detail::intrusive_ptr<ha::detail::network> network_;
  std::shared_ptr<state> state_ = std::make_shared<state>();
};

/// An envelope from nobody in particular.
[[nodiscard]] inline ha::message_envelope envelope_for(const ha::port_addr& to, std::uint64_t value) {
  const ha::proc_addr nowhere(ha::proc_id::instance("nowhere"),
                              ha::channel_addr::local(ha::detail::next_local_number()));
  return ha::message_envelope::serialize(ha::actor_addr::root(nowhere, "sender"), to, value).value();
}
[[nodiscard]] inline ha::port_addr port_of(const ha::proc_addr& proc, ha::label name = "someone") {
  return ha::actor_addr::root(proc, std::move(name)).port_addr(ha::port::ephemeral(0));
}

/// Flushes and waits; no error when all went well.
template <class Sender> [[nodiscard]] ha::error flushed(const Sender& s) {
  queue<std::vector<ha::error>> done;
  s.flush([done](const ha::result<void>& r) { done.push({r ? ha::error() : r.error()}); });
  return done.next().front();
}

/// The lines that were logged meanwhile.
class log_lines {
 public:
  log_lines() {
    ha::log::flush_limited();
    sink_.emplace([q = queue_](ha::log::severity, std::string_view text) { q.push(std::string(text)); });
  }
  /// The next one with this text; others may come from links of earlier tests.
  [[nodiscard]] std::string next_with(const std::string& text) {
    for (;;) {
      if (std::string line = queue_.next(); line.find(text) != std::string::npos) return line;
    }
  }

 private:
  queue<std::string> queue_;
  std::optional<ha::log::scoped_sink> sink_;
};

}  // namespace gateway_test

#endif  // HYPERACTOR_TESTS_GATEWAY_FIXTURE_HPP
