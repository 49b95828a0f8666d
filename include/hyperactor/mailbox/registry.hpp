// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_REGISTRY_HPP
#define HYPERACTOR_MAILBOX_REGISTRY_HPP

/// @file
/// All instances of the process by session word: how a reference finds its actor, and a returned message its sender.
///
/// [REG-1] Whoever finds an instance owns a reference to it; an instance that is being destroyed is not found.
/// [REG-2] Of instances that ended, the last ones are remembered, so that senders learn "stopped" or "failed".

#include <hyperactor/mailbox/mailbox.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace hyperactor::inline v0::detail {

/// Hash table of many parts, each with its own lock; instances are linked, so adding one allocates nothing.
/// @threadsafe
class instance_registry {
 public:
  [[nodiscard]] HYPERACTOR_SHARED static instance_registry& instance() {
    static auto* const self = new instance_registry;  // never freed: instances may outlast static destruction
    return *self;
  }

  void add(mailbox& m) {
    part& p = part_of(m.session_);
    const std::lock_guard lock(p.mutex);
    if (p.size >= p.buckets.size()) grow(p);
    mailbox*& bucket = p.buckets[bucket_of(p, m.session_)];
    m.registry_next_ = bucket;
    bucket = &m;
    ++p.size;
  }
  /// Forgets the instance and remembers how it ended.
  void remove(mailbox& m) noexcept {
    part& p = part_of(m.session_);
    const std::lock_guard lock(p.mutex);
    for (mailbox** link = &p.buckets[bucket_of(p, m.session_)]; *link != nullptr; link = &(*link)->registry_next_) {
      if (*link == &m) {
        *link = m.registry_next_;
        --p.size;
        p.ended[p.next_ended++ % p.ended.size()] = {m.session_, m.state()};
        return;
      }
    }
  }
  /// The instance with this session word, or null.
  [[nodiscard]] intrusive_ptr<mailbox> find(std::uint64_t session) noexcept {
    part& p = part_of(session);
    const std::lock_guard lock(p.mutex);
    if (p.buckets.empty()) return nullptr;
    for (mailbox* m = p.buckets[bucket_of(p, session)]; m != nullptr; m = m->registry_next_) {
      if (m->session_ == session) return m->try_retain() ? intrusive_ptr<mailbox>::adopt(m) : nullptr;
    }
    return nullptr;
  }
  /// How an instance ended, where it is one of the last that did.
  [[nodiscard]] std::optional<mailbox_state> how_ended(std::uint64_t session) noexcept {
    part& p = part_of(session);
    const std::lock_guard lock(p.mutex);
    for (const auto& e : p.ended) {
      if (e.session == session && session != 0) return e.state;
    }
    return std::nullopt;
  }
  /// Calls `f(mailbox&)` for every instance that is alive; `f` may do anything but block.
  template <class F> void for_each(F&& f) {
    for (part& p : parts_) {
      std::vector<intrusive_ptr<mailbox>> found;
      {
        const std::lock_guard lock(p.mutex);
        for (mailbox* m : p.buckets) {
          for (; m != nullptr; m = m->registry_next_) {
            if (m->try_retain()) found.push_back(intrusive_ptr<mailbox>::adopt(m));
          }
        }
      }
      for (auto& m : found) f(*m);
    }
  }

 private:
  struct ended_instance {
    std::uint64_t session = 0;
    mailbox_state state{};
  };
  struct alignas(cache_line_bytes) part {
    std::mutex mutex;
    std::vector<mailbox*> buckets = std::vector<mailbox*>(16);
    std::size_t size = 0;
    std::size_t next_ended = 0;
    std::array<ended_instance, 32> ended{};
  };

  [[nodiscard]] part& part_of(std::uint64_t session) noexcept { return parts_[session % parts_.size()]; }
  [[nodiscard]] static std::size_t bucket_of(const part& p, std::uint64_t session) noexcept {
    return static_cast<std::size_t>(session >> 8) & (p.buckets.size() - 1);
  }
  static void grow(part& p) {
    std::vector<mailbox*> old(p.buckets.size() * 2);
    old.swap(p.buckets);
    for (mailbox* m : old) {
      while (m != nullptr) {
        mailbox* rest = m->registry_next_;
        mailbox*& bucket = p.buckets[bucket_of(p, m->session_)];
        m->registry_next_ = bucket;
        bucket = m;
        m = rest;
      }
    }
  }

  std::array<part, 64> parts_;
};

// ---- mailbox

inline mailbox::mailbox(uid id, intrusive_ptr<post_office> office, scheduler* runs_on, bool is_actor)
    : head_(0),
      scheduler_(runs_on),
      is_actor_(is_actor),
      // an instance's number is its session; a singleton's name may be used again, so each incarnation draws a word
      session_(id.is_instance() && id.number() != 0 ? id.number() : uid::anonymous().number() | 1),
      office_(std::move(office)),
      uid_(std::move(id)) {}

inline mailbox::~mailbox() {
  delete sequencer_.load(std::memory_order_relaxed);
  delete ports_.load(std::memory_order_relaxed);
}

inline sequencer& mailbox::sequences() {
  // acquire: another thread of the same client may have made it
  sequencer* s = sequencer_.load(std::memory_order_acquire);
  if (s == nullptr) {
    auto fresh = std::make_unique<sequencer>();
    if (sequencer_.compare_exchange_strong(s, fresh.get(), std::memory_order_acq_rel, std::memory_order_acquire)) {
      s = fresh.release();
    }
  }
  return *s;
}

inline mailbox::port_table& mailbox::ports() {
  port_table* t = ports_.load(std::memory_order_acquire);
  if (t == nullptr) {
    auto fresh = std::make_unique<port_table>();
    if (ports_.compare_exchange_strong(t, fresh.get(), std::memory_order_acq_rel, std::memory_order_acquire)) {
      t = fresh.release();
    }
  }
  return *t;
}

inline bool mailbox::add_port(std::uint64_t index, intrusive_ptr<port_entry> entry) {
  port_table& t = ports();
  const std::lock_guard lock(t.mutex);
  if (t.closed) return false;
  port_entry* e = entry.detach();
  e->table_index = index;
  e->next = t.first;
  t.first = e;
  return true;
}

inline intrusive_ptr<port_entry> mailbox::find_port(std::uint64_t index) noexcept {
  port_table* t = ports_.load(std::memory_order_acquire);
  if (t == nullptr) return nullptr;
  const std::lock_guard lock(t->mutex);
  for (port_entry* e = t->first; e != nullptr; e = e->next) {
    if (e->table_index == index) return intrusive_ptr<port_entry>(e);
  }
  return nullptr;
}

inline void mailbox::remove_port(std::uint64_t index) noexcept {
  port_table* t = ports_.load(std::memory_order_acquire);
  if (t == nullptr) return;
  intrusive_ptr<port_entry> removed;  // released after the lock
  const std::lock_guard lock(t->mutex);
  for (port_entry** link = &t->first; *link != nullptr; link = &(*link)->next) {
    if ((*link)->table_index == index) {
      removed = intrusive_ptr<port_entry>::adopt(*link);
      *link = removed->next;
      return;
    }
  }
}

inline bool mailbox::close_port(std::uint64_t index, const error& reason) noexcept {
  auto entry = find_port(index);
  if (!entry) return false;
  remove_port(index);
  entry->close(reason);
  return true;
}

inline void mailbox::close_ports(const error& reason) noexcept {
  port_table* t = ports_.load(std::memory_order_acquire);
  if (t == nullptr) return;
  port_entry* entries = nullptr;
  {
    const std::lock_guard lock(t->mutex);
    t->closed = true;
    entries = std::exchange(t->first, nullptr);
  }
  while (entries != nullptr) {
    const auto e = intrusive_ptr<port_entry>::adopt(entries);
    entries = e->next;
    e->close(reason);
  }
}

[[nodiscard]] inline delivery_failure closed_failure(mailbox_state s) {
  switch (s) {
    case mailbox_state::stopped:
      return delivery_failure::actor_stopped();
    case mailbox_state::failed:
      return delivery_failure::actor_failed();
    case mailbox_state::draining:
      return delivery_failure::port_gone();
    case mailbox_state::open:
      break;
  }
  return delivery_failure::link_unavailable("the mailbox is closed");
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_REGISTRY_HPP
