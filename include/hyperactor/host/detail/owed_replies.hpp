// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_DETAIL_OWED_REPLIES_HPP
#define HYPERACTOR_HOST_DETAIL_OWED_REPLIES_HPP

/// @file
/// The replies that are owed by those to whom a host has forwarded messages, so that their askers, wherever they are,
/// hear of it when the debtor is lost.
///
/// [OWE-1] A message with a once port makes its destination owe that port's message, from before the message is sent
///         on. Whatever comes for the port, or brings it along, settles that. Only what is settled here is noted: all
///         that goes to procs of the host, which answer through it, and ports behind the host that go out.
///         A port that lives where the message goes is answered there, and not noted. A message on its way back is
///         noted as well: its sender may be lost before it tells whoever waits.
/// [OWE-2] When a way to debtors is closed, each port that is owed there is told once, by `reply_debtor`. A port that
///         was answered before ignores it.
///
/// A message without once ports costs a look at its parts, one for an ephemeral port a look-up while anything is owed.

#include <hyperactor/gateway/mailbox_client.hpp>
#include <hyperactor/identity/port_addr.hpp>
#include <hyperactor/mailbox/any_sender.hpp>
#include <hyperactor/mailbox/carried_ports.hpp>
#include <hyperactor/mailbox/dropped_reply.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hyperactor::inline v0::detail {

/// Owner: the network of a host and what it puts in front of its servers.
/// @threadsafe
class owed_replies : public ref_counted<owed_replies> {
 public:
  /// Before anything is noted. `out` must not keep the host's gateway.
  void set_out(actor_addr from, any_sender out) {
    from_.emplace(std::move(from));
    out_ = std::move(out);
  }

  /// A proc of the host can be reached from now on.
  void open(const proc_addr& proc) {
    const std::lock_guard lock(mutex_);
    procs_[proc] = ++last_way_;
  }
  /// It has ended.
  /// @returns what to give to `tell`
  [[nodiscard]] HYPERACTOR_COLD std::uint64_t close(const proc_addr& proc) {
    const std::lock_guard lock(mutex_);
    const auto found = procs_.find(proc);
    if (found == procs_.end()) return 0;
    const std::uint64_t way = found->second;
    procs_.erase(found);
    return way;
  }
  /// Tells the ports whose messages are owed on a way that is closed ([OWE-2]).
  HYPERACTOR_COLD void tell(std::uint64_t way, const std::string& why) {
    std::vector<std::pair<port_addr, proc_addr>> lost;
    {
      const std::lock_guard lock(mutex_);
      for (auto at = entries_.begin(); at != entries_.end();) {
        if (at->second.way != way) {
          ++at;
          continue;
        }
        lost.emplace_back(at->first, at->second.owes);
        at = entries_.erase(at);
      }
      count_.store(entries_.size(), std::memory_order_relaxed);
    }
    for (auto& [port, owes] : lost) {
      tell_once_port(*from_, std::move(port), reply_debtor{std::move(owes), why}, out_);
    }
  }

  /// `m` is about to go to a proc of the host.
  /// @returns false: that proc has ended
  [[nodiscard]] bool note(const message_envelope& m, const proc_addr& proc) {
    const std::lock_guard lock(mutex_);
    const auto found = procs_.find(proc);
    if (found == procs_.end()) return false;
    std::optional<proc_addr> owes;
    for_each_once_port(m.data(), [&](port_addr&& p) {
      if (p.proc_id() == proc.id() && p.location() == proc.location()) return;  // answered there: nothing comes by
      if (!owes) owes = debtor_of(m);
      add(std::move(p), *owes, found->second, false);
    });
    return true;
  }
  /// `m` is about to go out through `client`.
  void note(const message_envelope& m, const mailbox_client& client) {
    std::uint64_t fresh = 0;
    {
      std::optional<proc_addr> owes;
      const std::lock_guard lock(mutex_);
      for_each_once_port(m.data(), [&](port_addr&& p) {
        if (p.location() != from_->location()) return;
        if (!owes) owes = debtor_of(m);
        link_way& w = links_[client.addr()];
        if (!w.link || !client.is_on(*w.link)) w = {fresh = ++last_way_, client.link()};
        add(std::move(p), *owes, w.way, true);
      });
    }
    if (fresh == 0) return;
    client.status().async_wait([](const channel_status& s) { return s.is_closed(); },
                               [self = intrusive_ptr(this), at = client.addr(), fresh](const channel_status& s) {
                                 self->link_closed(at, fresh, s);
                               });
  }
  /// `m` has arrived at the host ([OWE-1]).
  void settle(const message_envelope& m) {
    if (count_.load(std::memory_order_relaxed) == 0) return;  // relaxed: what was noted came by an earlier message
    const bool is_reply = m.dest().port().is_ephemeral();
    if (!is_reply && !has_once_ports(m)) return;
    if (is_reply && m.type_hash() == type_hash<reply_debtor>) [[unlikely]] {
      bool is_handed_on = false;
      (void)m.data().decode_to<reply_debtor>([&](const reply_debtor& word) {
        if (word.lost.empty()) {
          hand_on(m.dest(), word);
          is_handed_on = true;
        }
      });
      if (is_handed_on) return;
    }
    const std::lock_guard lock(mutex_);
    if (is_reply) entries_.erase(m.dest());
    for_each_once_port(m.data(), [this](port_addr&& p) { entries_.erase(p); });
    count_.store(entries_.size(), std::memory_order_relaxed);
  }

  [[nodiscard]] static bool has_once_ports(const message_envelope& m) noexcept {
    for (const wire::part& p : m.data().message().parts) {
      if (is_carried_once_port(p)) return true;
    }
    return false;
  }
  /// How many replies are owed.
  [[nodiscard]] std::size_t size() const noexcept { return count_.load(std::memory_order_relaxed); }

 private:
  struct link_way {
    std::uint64_t way = 0;
    intrusive_ptr<const client_link> link;  // tells it from the next one to the address
  };
  struct entry {
    proc_addr owes;
    std::uint64_t way;
    bool is_outside;
  };

  /// Who is known to owe what `m` carries: its destination. A message on its way back is still owed by the one that it
  /// did not reach, until its sender has it and says so.
  [[nodiscard]] static proc_addr debtor_of(const message_envelope& m) {
    proc_addr out(m.dest().proc_id(), m.dest().location());
    if (m.type_hash() == type_hash<undeliverable>) [[unlikely]] {
      (void)m.data().decode_to<undeliverable>([&](const undeliverable& u) {
        if (const message_envelope* inner = u.envelope()) {
          out = proc_addr(inner->dest().proc_id(), inner->dest().location());
        }
      });
    }
    return out;
  }

  /// A debtor says that it hands the port on.
  HYPERACTOR_COLD void hand_on(const port_addr& port, const reply_debtor& to) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(port);
    if (found == entries_.end()) return;
    if (found->second.is_outside) {  // by a way that is not seen from here
      entries_.erase(found);
      count_.store(entries_.size(), std::memory_order_relaxed);
    } else {  // the message comes by, unless it is lost with the debtor; the port has heard who owes
      found->second.owes = to.proc;
    }
  }
  /// The caller holds the lock.
  void add(port_addr&& port, const proc_addr& owes, std::uint64_t way, bool is_outside) {
    entries_.insert_or_assign(std::move(port), entry{owes, way, is_outside});
    count_.store(entries_.size(), std::memory_order_relaxed);
  }
  HYPERACTOR_COLD void link_closed(const channel_addr& at, std::uint64_t way, const channel_status& s) {
    {
      const std::lock_guard lock(mutex_);
      const auto w = links_.find(at);
      if (w != links_.end() && w->second.way == way) links_.erase(w);
    }
    if (s.reason() != close_reason::oversized_frame) tell(way, client_link::lost_text(at, s));
  }
  std::optional<actor_addr> from_;
  any_sender out_;
  std::atomic<std::size_t> count_{0};  // of entries
  std::mutex mutex_;                   // protects the following
  std::unordered_map<proc_addr, std::uint64_t> procs_;
  std::unordered_map<channel_addr, link_way> links_;
  std::unordered_map<port_addr, entry> entries_;
  std::uint64_t last_way_ = 0;  // never used again
};

/// Stands in front of what arrives at a host, and settles what is answered. Costs no TTL.
class settling_sender {
 public:
  settling_sender(intrusive_ptr<owed_replies> owed, any_sender inward)
      : owed_(std::move(owed)), inward_(std::move(inward)) {}

  void post(message_envelope m, return_port back) const {
    owed_->settle(m);
    inward_.post(std::move(m), std::move(back));
  }
  void post_unchecked(message_envelope m, return_port back) const { post(std::move(m), std::move(back)); }
  void flush(flush_callback done) const { inward_.flush(std::move(done)); }
  [[nodiscard]] bool is_expired() const { return inward_.is_expired().value_or(false); }

 private:
  intrusive_ptr<owed_replies> owed_;
  any_sender inward_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_HOST_DETAIL_OWED_REPLIES_HPP
