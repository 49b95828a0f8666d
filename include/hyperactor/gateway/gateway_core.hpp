// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_GATEWAY_GATEWAY_CORE_HPP
#define HYPERACTOR_GATEWAY_GATEWAY_CORE_HPP

/// @file
/// What the copies of a gateway share: its procs, its locations, its forwarder.
///
/// [GWC-1] A message goes to the live proc with the destination's id, whatever the location says; `service` and
///         `local`, which every host has, only where the location is one of this gateway's. Everything else is the
///         forwarder's.
/// [GWC-2] The default location is that of the latest server that has not stopped; without one, the fallback, which at
///         first is a reserved number of the local transport.
/// [GWC-3] List of servers and default change together: a reader sees both before or both after.
/// [GWC-4] What the forwarder could only dial back to this gateway comes back with "no route" instead of going in
///         circles.
/// [GWC-5] Servers hold the gateway weakly; what arrives after its end comes back with "gateway is gone".

#include <hyperactor/gateway/detail/flush_all.hpp>
#include <hyperactor/gateway/routing_table.hpp>
#include <hyperactor/identity/actor_addr.hpp>
#include <hyperactor/mailbox/network.hpp>

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace hyperactor::inline v0 {

namespace detail {

class gateway_core;

/// The count of owners of a gateway, which outlives it.
class gateway_anchor : public ref_counted<gateway_anchor> {
 public:
  explicit gateway_anchor(gateway_core& core) noexcept : core_(core) {}

  void retain_core() noexcept { owners_.fetch_add(1, std::memory_order_relaxed); }  // relaxed: the caller is an owner
  /// True: that was the last owner.
  [[nodiscard]] bool release_core() noexcept { return owners_.fetch_sub(1, std::memory_order_acq_rel) == 1; }
  /// A further owner, unless the last one has gone.
  [[nodiscard]] intrusive_ptr<gateway_core> lock() noexcept {
    std::uint32_t n = owners_.load(std::memory_order_relaxed);
    while (n != 0) {
      // acquire: pairs with the release by which others let go
      if (owners_.compare_exchange_weak(n, n + 1, std::memory_order_acquire, std::memory_order_relaxed)) {
        return intrusive_ptr<gateway_core>::adopt(&core_);
      }
    }
    return nullptr;
  }

 private:
  gateway_core& core_;
  std::atomic<std::uint32_t> owners_{1};
};

/// Owner: the copies of the gateway, its procs, its serve handles.
/// @threadsafe
class gateway_core final : public network {
 public:
  /// Whether the forwarder knows no more of a destination than its location says.
  using direct_test = unique_function<bool(const actor_addr&)>;

  explicit gateway_core(any_sender forwarder, direct_test is_direct = nullptr)
      : anchor_(intrusive_ptr<gateway_anchor>::adopt(new gateway_anchor(*this))),
        forwarder_(std::move(forwarder)),
        is_direct_(std::move(is_direct)),
        fallback_(channel_addr::local(next_local_number())) {}
  gateway_core(const gateway_core&) = delete;
  gateway_core& operator=(const gateway_core&) = delete;

  void retain() const noexcept override { anchor_->retain_core(); }
  void release() const noexcept override {
    if (anchor_->release_core()) delete this;
  }
  [[nodiscard]] const intrusive_ptr<gateway_anchor>& anchor() const noexcept { return anchor_; }

  // ---- procs

  [[nodiscard]] result<void> attach(const proc_id& id, any_sender local) override {
    return procs_.attach(id, std::move(local));
  }
  void detach(const proc_id& id) noexcept override { procs_.detach(id); }
  [[nodiscard]] std::size_t proc_count() const { return procs_.size(); }

  // ---- routing

  void post(message_envelope m, return_port back) override {
    if (m.ttl() == 0) return back.undeliverable(std::move(m), delivery_failure::expired());
    m.set_ttl(static_cast<std::uint8_t>(m.ttl() - 1));
    post_unchecked(std::move(m), std::move(back));
  }
  void post_unchecked(message_envelope m, return_port back) {
    const port_addr& to = m.next_hop();
    const any_sender local = procs_.find(to.proc_id());
    if (local && is_deliverable(to)) return local.post(std::move(m), std::move(back));  // [GWC-1]
    if (would_come_back(to)) return back.undeliverable(std::move(m), delivery_failure::no_route());
    forwarder_.post(std::move(m), std::move(back));
  }
  void flush(flush_callback done) override {
    flush_all(procs_.live(), [forwarder = forwarder_, done = std::move(done)](const result<void>& procs) mutable {
      forwarder.flush([done = std::move(done), procs](const result<void>& out) mutable { done(procs ? out : procs); });
    });
  }

  // ---- locations

  [[nodiscard]] location default_location() const override {
    const std::lock_guard lock(mutex_);
    return servers_.empty() ? fallback_ : servers_.back().where;  // [GWC-2]
  }
  void set_default_location(location l) override {
    const std::lock_guard lock(mutex_);  // the old one is no more than a value
    fallback_ = std::move(l);
  }
  /// @returns the number by which it is removed
  [[nodiscard]] std::uint64_t add_server(const location& where) {
    const std::lock_guard lock(mutex_);
    servers_.push_back({++last_server_, where});
    return last_server_;
  }
  void remove_server(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    std::erase_if(servers_, [number](const server& s) { return s.number == number; });
  }
  /// What to bind for a request: "any" in this process means the fallback's number, while that is not served.
  [[nodiscard]] channel_addr resolve(const channel_addr& wanted) const {
    if (wanted != channel_addr::local(0)) return wanted;
    const std::lock_guard lock(mutex_);
    const bool is_reserved = !fallback_.is_via() && fallback_.addr().which() == channel_addr::kind::local;
    return is_reserved && !is_served(fallback_) ? fallback_.addr() : wanted;
  }

 private:
  struct server {
    std::uint64_t number;
    location where;
  };

  ~gateway_core() = default;

  /// Ids that are not unique count with their location only.
  [[nodiscard]] bool is_deliverable(const port_addr& to) const {
    if (!to.proc_id().is_pseudo_singleton()) [[likely]] {
      return true;
    }
    const std::lock_guard lock(mutex_);
    return servers_.empty() ? to.location() == fallback_ : is_served(to.location());
  }
  [[nodiscard]] bool would_come_back(const port_addr& to) {  // [GWC-4]
    if (!is_direct_) return false;
    {
      const std::lock_guard lock(mutex_);
      if (!is_served(to.location())) return false;
    }
    return is_direct_(to.actor_addr());
  }
  /// The caller holds the lock.
  [[nodiscard]] bool is_served(const location& l) const {
    return std::any_of(servers_.begin(), servers_.end(), [&](const server& s) { return s.where == l; });
  }

  const intrusive_ptr<gateway_anchor> anchor_;
  const any_sender forwarder_;
  direct_test is_direct_;
  routing_table procs_;
  mutable std::mutex mutex_;  // protects the following
  location fallback_;
  std::vector<server> servers_;  // those that have not stopped, latest last
  std::uint64_t last_server_ = 0;
};

}  // namespace detail

/// A gateway that may be gone: then messages come back with "link unavailable", and flushing has nothing to wait for.
/// @threadsafe
class weak_gateway {
 public:
  explicit weak_gateway(const detail::gateway_core& core) noexcept : anchor_(core.anchor()) {}

  void post_unchecked(message_envelope m, return_port back) const {
    if (const auto gateway = anchor_->lock()) {
      gateway->post(std::move(m), std::move(back));
    } else {
      back.undeliverable(std::move(m), delivery_failure::link_unavailable("gateway is gone"));  // [GWC-5]
    }
  }
  void flush(detail::flush_callback done) const {
    if (const auto gateway = anchor_->lock()) {
      gateway->flush(std::move(done));
    } else {
      done(result<void>());
    }
  }
  [[nodiscard]] bool is_expired() const { return !anchor_->lock(); }

 private:
  detail::intrusive_ptr<detail::gateway_anchor> anchor_;
};

static_assert(mailbox_sender<weak_gateway>);

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_GATEWAY_GATEWAY_CORE_HPP
