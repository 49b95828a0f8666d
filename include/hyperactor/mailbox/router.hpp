// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_ROUTER_HPP
#define HYPERACTOR_MAILBOX_ROUTER_HPP

/// @file
/// `mailbox_router`: a table from addresses to senders, looked up by longest prefix.
///
/// [RTR-1] The entry of the destination's actor counts, else that of its proc; locations count, names that are alike do
///         not.
/// [RTR-2] Without an entry a message goes to the fallback, or comes back with "no route".

#include <hyperactor/identity/any_addr.hpp>
#include <hyperactor/mailbox/any_sender.hpp>

#include <algorithm>
#include <memory>
#include <mutex>

namespace hyperactor::inline v0 {

class weak_mailbox_router;

/// Routes by address prefix. Copies share one table.
/// @threadsafe
class mailbox_router {
 public:
  mailbox_router() : table_(std::make_shared<table>()) {}

  /// Routes `prefix` and everything below it that has no entry of its own to `sender`; replaces an entry that is there.
  void bind(any_addr prefix, any_sender sender) const {
    const std::lock_guard lock(table_->mutex);
    const auto at = table_->lower_bound(prefix);
    if (at != table_->entries.end() && at->first == prefix) {
      std::swap(at->second, sender);  // the old one goes away after the lock
    } else {
      table_->entries.insert(at, {std::move(prefix), std::move(sender)});
    }
  }
  /// Removes exactly this entry.
  /// @returns whether there was one
  bool unbind(const any_addr& prefix) const {
    any_sender removed;
    const std::lock_guard lock(table_->mutex);
    const auto at = table_->lower_bound(prefix);
    if (at == table_->entries.end() || at->first != prefix) return false;
    removed = std::move(at->second);
    table_->entries.erase(at);
    return true;
  }
  /// The sender that a message for `dest` would take, or an empty one ([RTR-1]).
  [[nodiscard]] any_sender find(const actor_addr& dest) const {
    const std::lock_guard lock(table_->mutex);
    if (const any_sender* exact = table_->exact(dest)) return *exact;
    if (const any_sender* proc = table_->exact(dest.proc_addr())) return *proc;
    return {};
  }

  void post_unchecked(message_envelope m, return_port back) const {
    post_or(std::move(m), std::move(back), any_sender());
  }
  /// Flushes every sender of the table at the same time; the first error counts.
  void flush(detail::flush_callback done) const {
    std::vector<any_sender> senders;
    {
      const std::lock_guard lock(table_->mutex);
      for (const auto& entry : table_->entries) senders.push_back(entry.second);
    }
    flush_all(std::move(senders), std::move(done));
  }

  /// This table first, `otherwise` where it has no entry ([RTR-2]).
  [[nodiscard]] any_sender fallback(any_sender otherwise) const;
  /// A handle that does not keep the table alive.
  [[nodiscard]] weak_mailbox_router downgrade() const;

 private:
  friend class weak_mailbox_router;

  struct table {
    using entry = std::pair<any_addr, any_sender>;

    [[nodiscard]] std::vector<entry>::iterator lower_bound(const any_addr& addr) {
      return std::lower_bound(entries.begin(), entries.end(), addr,
                              [](const entry& e, const any_addr& a) { return e.first < a; });
    }
    [[nodiscard]] const any_sender* exact(const any_addr& addr) {
      const auto at = lower_bound(addr);
      return at != entries.end() && at->first == addr ? &at->second : nullptr;
    }

    std::mutex mutex;
    std::vector<entry> entries;  // sorted
  };
  struct with_fallback;
  struct pending_flush;

  explicit mailbox_router(std::shared_ptr<table> t) noexcept : table_(std::move(t)) {}

  void post_or(message_envelope m, return_port back, const any_sender& otherwise) const {
    const any_sender found = find(m.next_hop().actor_addr());
    (found ? found : otherwise).post(std::move(m), std::move(back));
  }
  static void flush_all(std::vector<any_sender> senders, detail::flush_callback done);

  std::shared_ptr<table> table_;
};

struct mailbox_router::with_fallback {
  mailbox_router first;
  any_sender otherwise;

  void post_unchecked(message_envelope m, return_port back) const {
    first.post_or(std::move(m), std::move(back), otherwise);
  }
  void flush(detail::flush_callback done) const {
    std::vector<any_sender> both{any_sender::of(first), otherwise};
    flush_all(std::move(both), std::move(done));
  }
};

struct mailbox_router::pending_flush : detail::ref_counted<pending_flush> {
  pending_flush(std::size_t count, detail::flush_callback callback) : left(count), done(std::move(callback)) {}

  void finish(const result<void>& one) {
    bool is_last = false;
    {
      const std::lock_guard lock(mutex);
      if (!one && outcome) outcome = one;
      is_last = --left == 0;
    }
    if (is_last) done(outcome);
  }

  std::mutex mutex;
  std::size_t left;
  result<void> outcome;
  detail::flush_callback done;
};

inline void mailbox_router::flush_all(std::vector<any_sender> senders, detail::flush_callback done) {
  if (senders.empty()) return done(result<void>());
  const auto pending = detail::intrusive_ptr<pending_flush>::adopt(new pending_flush(senders.size(), std::move(done)));
  for (const any_sender& s : senders) s.flush([pending](const result<void>& one) { pending->finish(one); });
}

inline any_sender mailbox_router::fallback(any_sender otherwise) const {
  return any_sender::of(with_fallback{*this, std::move(otherwise)});
}

/// A router that may be gone: then messages come back with "link unavailable", and flushing has nothing to wait for.
/// @threadsafe
class weak_mailbox_router {
 public:
  void post_unchecked(message_envelope m, return_port back) const {
    if (const auto router = lock()) {
      router->post_unchecked(std::move(m), std::move(back));
    } else {
      back.undeliverable(std::move(m), delivery_failure::link_unavailable("mailbox router is gone"));
    }
  }
  void flush(detail::flush_callback done) const {
    if (const auto router = lock()) {
      router->flush(std::move(done));
    } else {
      done(result<void>());
    }
  }
  /// The router, while it is there.
  [[nodiscard]] std::optional<mailbox_router> lock() const noexcept {
    auto table = table_.lock();
    if (!table) return std::nullopt;
    return mailbox_router(std::move(table));
  }

 private:
  friend class mailbox_router;
  explicit weak_mailbox_router(const std::shared_ptr<mailbox_router::table>& table) noexcept : table_(table) {}

  std::weak_ptr<mailbox_router::table> table_;
};

inline weak_mailbox_router mailbox_router::downgrade() const { return weak_mailbox_router(table_); }

static_assert(mailbox_sender<mailbox_router> && mailbox_sender<weak_mailbox_router>);

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_MAILBOX_ROUTER_HPP
