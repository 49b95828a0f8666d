// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_GATEWAY_DIAL_ROUTER_HPP
#define HYPERACTOR_GATEWAY_DIAL_ROUTER_HPP

/// @file
/// `dial_router`: sends each envelope over a channel, found by a table of address prefixes or by the destination's own
/// location. One channel per address, dialled when it is needed.
///
/// [DRT-1] The entry of the destination's actor counts, then that of its proc, then the channel address in its
///         location.
/// [DRT-2] A channel that has closed is forgotten; the next message to its address dials again.
/// [DRT-3] An address that cannot be dialled returns the message with "dial failed" and the reason.
/// [DRT-4] Aliases are dialled where they say, and share a channel with that address.

#include <hyperactor/gateway/detail/flush_all.hpp>
#include <hyperactor/gateway/mailbox_client.hpp>
#include <hyperactor/identity/any_addr.hpp>
#include <hyperactor/mailbox/any_sender.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hyperactor::inline v0 {

/// Which destinations a `dial_router` reaches without an entry, by the channel address in their location.
enum class direct_addressing : unsigned char {
  all,          ///< every location
  remote_only,  ///< locations whose transport crosses hosts; others go to the default sender
};

namespace detail {

/// The shared state of the copies of a router.
class dial_table : public std::enable_shared_from_this<dial_table> {
 public:
  using find_row = const transport_row* (*)(const channel_addr&);

  dial_table(find_row find, any_sender otherwise, direct_addressing direct)
      : find_row_(find), otherwise_(std::move(otherwise)), direct_(direct) {}

  void bind(any_addr prefix, const channel_addr& addr) {
    const channel_addr& to = addr.dial_addr();  // [DRT-4]
    std::optional<mailbox_client> dropped;      // destroyed after the lock
    const std::lock_guard lock(mutex_);
    const auto at = lower_bound(prefix);
    if (at == routes_.end() || at->first != prefix) {
      routes_.insert(at, {std::move(prefix), to});
    } else if (at->second != to) {
      dropped = take_client(at->second);
      at->second = to;
    }
  }
  void unbind(const any_addr& prefix) {
    std::vector<std::optional<mailbox_client>> dropped;
    const std::lock_guard lock(mutex_);
    for (auto at = lower_bound(prefix); at != routes_.end();) {
      if (!prefix.is_prefix_of(at->first)) break;  // everything below a prefix follows it
      dropped.push_back(take_client(at->second));
      at = routes_.erase(at);
    }
  }
  [[nodiscard]] std::optional<channel_addr> bound(const actor_addr& dest) const {
    const std::lock_guard lock(mutex_);
    if (routes_.empty()) return std::nullopt;
    for (const any_addr& key : {any_addr(dest), any_addr(dest.proc_addr())}) {
      const auto at = lower_bound(key);
      if (at != routes_.end() && at->first == key) return at->second;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::optional<channel_addr> lookup(const actor_addr& dest) const {  // [DRT-1]
    if (auto entry = bound(dest)) return entry;
    const channel_addr& direct = dest.addr().dial_addr();
    if (direct_ == direct_addressing::remote_only && !direct.transport().is_remote()) return std::nullopt;
    return direct;
  }
  [[nodiscard]] std::vector<any_addr> prefixes() const {
    std::vector<any_addr> out;
    const std::lock_guard lock(mutex_);
    for (const auto& [prefix, to] : routes_) {
      if (out.empty() || !out.back().is_prefix_of(prefix)) out.push_back(prefix);
    }
    return out;
  }

  void post(message_envelope m, return_port back) {
    const auto to = lookup(m.next_hop().actor_addr());
    if (!to) return otherwise_.post(std::move(m), std::move(back));
    const auto client = client_of(*to);
    if (!client)
      return back.undeliverable(std::move(m), delivery_failure::dial_failed(*to, client.error().message()));  // [DRT-3]
    post_through(*client, std::move(m), std::move(back));
  }
  void flush(flush_callback done) const {
    std::vector<any_sender> senders{otherwise_};
    {
      const std::lock_guard lock(mutex_);
      for (const auto& entry : clients_) senders.push_back(any_sender::of(entry.second));
    }
    flush_all(senders, std::move(done));
  }
  /// The channel to an address, dialled where there is none.
  [[nodiscard]] result<mailbox_client> client_of(const channel_addr& addr) {
    {
      const std::lock_guard lock(mutex_);
      const auto at = clients_.find(addr);
      if (at != clients_.end() && !at->second.is_closed()) return at->second;
    }
    // a transport may be the user's: dialled without the lock
    auto core = dial_client(find_row_(addr), addr, [table = weak_from_this()](const client_link& link) {
      if (const auto self = table.lock()) self->forget(link);
    });
    if (!core) return core.error();
    mailbox_client fresh(std::move(*core));
    const std::lock_guard lock(mutex_);
    const auto [at, is_new] = clients_.try_emplace(addr, fresh);
    if (!is_new && at->second.is_closed()) std::swap(at->second, fresh);  // [DRT-2]
    return at->second;
  }

 private:
  using route = std::pair<any_addr, channel_addr>;

  [[nodiscard]] std::vector<route>::iterator lower_bound(const any_addr& key) {
    return std::lower_bound(routes_.begin(), routes_.end(), key,
                            [](const route& r, const any_addr& k) { return r.first < k; });
  }
  [[nodiscard]] std::vector<route>::const_iterator lower_bound(const any_addr& key) const {
    return std::lower_bound(routes_.begin(), routes_.end(), key,
                            [](const route& r, const any_addr& k) { return r.first < k; });
  }
  /// The caller holds the lock.
  [[nodiscard]] std::optional<mailbox_client> take_client(const channel_addr& addr) {
    const auto at = clients_.find(addr);
    if (at == clients_.end()) return std::nullopt;
    std::optional<mailbox_client> out(std::move(at->second));
    clients_.erase(at);
    return out;
  }
  void forget(const client_link& link) {  // [DRT-2]
    std::optional<mailbox_client> closed;
    const std::lock_guard lock(mutex_);
    const auto at = clients_.find(link.addr());
    if (at != clients_.end() && at->second.is_on(link)) closed = take_client(link.addr());
  }

  const find_row find_row_;
  const any_sender otherwise_;
  const direct_addressing direct_;
  mutable std::mutex mutex_;   // protects the following
  std::vector<route> routes_;  // sorted
  std::unordered_map<channel_addr, mailbox_client> clients_;
};

}  // namespace detail

/// Dials the destinations of envelopes. Copies share table and channels.
/// @tparam List  the table of transports in which addresses are looked up
/// @threadsafe
template <detail::transport_list List = default_transports> class dial_router {
 public:
  using transports = List;

  /// @param otherwise  takes what has neither an entry nor a direct address; by default it comes back with "no route"
  explicit dial_router(any_sender otherwise = any_sender::of(unroutable_sender{}),
                       direct_addressing direct = direct_addressing::all)
      : table_(
            std::make_shared<detail::dial_table>(&detail::transport_table<List>::find, std::move(otherwise), direct)) {}

  /// Sends what is for `prefix`, or below it without an entry of its own, to `addr`. Where another address was bound,
  /// its channel is dropped.
  void bind(any_addr prefix, const channel_addr& addr) const { table_->bind(std::move(prefix), addr); }
  /// Removes the entry and all below it, and drops their channels.
  void unbind(const any_addr& prefix) const { table_->unbind(prefix); }
  /// The channel address that a message for `dest` would take ([DRT-1]).
  [[nodiscard]] std::optional<channel_addr> lookup_addr(const actor_addr& dest) const { return table_->lookup(dest); }
  /// The bound addresses that no other one covers.
  [[nodiscard]] std::vector<any_addr> prefixes() const { return table_->prefixes(); }
  /// Whether a message for `dest` has no entry, so that only its own location says where to go.
  [[nodiscard]] bool is_direct(const actor_addr& dest) const { return !table_->bound(dest); }
  /// The channel to an address, dialled where there is none.
  /// @errors channel_error::invalid_address; connect_failed (local addresses)
  [[nodiscard]] result<mailbox_client> client_of(const channel_addr& addr) const {
    return table_->client_of(addr.dial_addr());
  }

  void post_unchecked(message_envelope m, return_port back) const { table_->post(std::move(m), std::move(back)); }
  /// Flushes all channels and the default sender.
  void flush(detail::flush_callback done) const { table_->flush(std::move(done)); }

 private:
  std::shared_ptr<detail::dial_table> table_;
};

static_assert(mailbox_sender<dial_router<>>);

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_GATEWAY_DIAL_ROUTER_HPP
