// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_REGISTRY_HPP
#define HYPERACTOR_MAILBOX_REGISTRY_HPP

/// @file
/// All instances of the process by session word: how a reference finds its actor, and a returned message its sender.
///
/// [REG-1] Whoever finds an instance owns a reference to it; an instance that is being destroyed is not found.
/// [REG-2] Of instances that ended, the last ones are remembered, so that senders learn "stopped" or "failed".

#include <hyperactor/base/owner.hpp>
#include <hyperactor/mailbox/mailbox.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Hash table of many parts, each with its own lock.
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
    p.instances.add(m);
  }
  /// Forgets the instance and remembers how it ended.
  void remove(mailbox& m) noexcept {
    part& p = part_of(m.session_);
    const std::lock_guard lock(p.mutex);
    if (p.instances.remove(m)) p.ended[p.next_ended++ % remembered] = {m.session_, m.state()};
  }
  /// The instance with this session word, or null.
  [[nodiscard]] intrusive_ptr<mailbox> find(std::uint64_t session) noexcept {
    part& p = part_of(session);
    const std::lock_guard lock(p.mutex);
    mailbox* const m = p.instances.find(session);
    return m != nullptr && m->try_retain() ? intrusive_ptr<mailbox>::adopt(m) : nullptr;
  }
  /// How an instance ended, where it is one of the last that did; otherwise `open`.
  [[nodiscard]] mailbox_state how_ended(std::uint64_t session) noexcept {
    part& p = part_of(session);
    const std::lock_guard lock(p.mutex);
    for (const auto& e : p.ended) {
      if (e.session == session && session != 0) return e.state;
    }
    return mailbox_state::open;
  }
  /// Calls `f(mailbox&)` for every instance that is alive; `f` may do anything but block.
  template <class F> void for_each(F&& f) {
    visit([](mailbox& m, void* call) { (*static_cast<std::remove_reference_t<F>*>(call))(m); },
          const_cast<void*>(static_cast<const void*>(&f)));
  }
  /// The same for a function and what it is given.
  void visit(void (*f)(mailbox&, void*), void* argument) {
    for (part& p : parts_) {
      kept_instances kept;
      {
        const std::lock_guard lock(p.mutex);
        kept.all = new mailbox*[p.instances.size()];
        p.instances.for_each([&kept](mailbox& m) {
          if (m.try_retain()) kept.all[kept.count++] = &m;
        });
      }
      for (std::size_t i = 0; i < kept.count; ++i) f(*kept.all[i], argument);
    }
  }

 private:
  struct ended_instance {
    std::uint64_t session = 0;
    mailbox_state state{};
  };
  static constexpr std::size_t remembered = 32;  // of those that ended, in each part
  struct alignas(cache_line_bytes) part {
    std::mutex mutex;
    intrusive_table<mailbox, mailbox::registry_link> instances;
    std::size_t next_ended = 0;
    ended_instance ended[remembered];
  };
  static constexpr std::size_t part_count = 64;

  [[nodiscard]] part& part_of(std::uint64_t session) noexcept { return parts_[session % part_count]; }
  /// Instances with a reference each, so that they can be visited without the lock.
  struct kept_instances {
    mailbox** all = nullptr;
    std::size_t count = 0;
    kept_instances() noexcept = default;
    kept_instances(const kept_instances&) = delete;
    kept_instances& operator=(const kept_instances&) = delete;
    ~kept_instances() {
      for (std::size_t i = 0; i < count; ++i) all[i]->release();
      delete[] all;
    }
  };

  part parts_[part_count];
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
  if (stream_numbers* const n = numbers_.load(std::memory_order_relaxed)) n->destroy(n);
  port_table* const t = ports_.load(std::memory_order_relaxed);
  if (t != &no_more_ports()) delete t;
}

inline mailbox::port_table& mailbox::no_more_ports() {
  static port_table* const shared = [] {
    auto* const t = new port_table;  // never freed: mailboxes may outlast static destruction
    t->closed = true;
    return t;
  }();
  return *shared;
}

inline mailbox::port_table& mailbox::ports() {
  port_table* t = ports_.load(std::memory_order_acquire);
  if (t == nullptr) {
    owner<port_table> fresh(new port_table);
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
  entry->table_index = index;
  t.entries.add(*entry);
  (void)entry.detach();
  return true;
}

inline intrusive_ptr<port_entry> mailbox::find_port(std::uint64_t index) noexcept {
  port_table* t = ports_.load(std::memory_order_acquire);
  if (t == nullptr) return nullptr;
  const std::lock_guard lock(t->mutex);
  return intrusive_ptr<port_entry>(t->entries.find(index));
}

inline void mailbox::remove_port(std::uint64_t index) noexcept {
  port_table* t = ports_.load(std::memory_order_acquire);
  if (t == nullptr) return;
  intrusive_ptr<port_entry> removed;  // released after the lock
  const std::lock_guard lock(t->mutex);
  if (port_entry* const e = t->entries.find(index)) {
    t->entries.remove(*e);
    removed = intrusive_ptr<port_entry>::adopt(e);
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
  port_table* t = nullptr;
  // whoever opens the first port meanwhile finds that there are no more, or is found here
  if (ports_.compare_exchange_strong(t, &no_more_ports(), std::memory_order_acq_rel, std::memory_order_acquire)) return;
  intrusive_table<port_entry, port_entry::table_link> entries;
  {
    const std::lock_guard lock(t->mutex);
    t->closed = true;
    entries.swap(t->entries);
  }
  entries.for_each([&reason](port_entry& e) { intrusive_ptr<port_entry>::adopt(&e)->close(reason); });
}

/// Why a mailbox in this state takes nothing; the text is that of `link_unavailable`.
struct closed_reason {
  delivery_reason reason;
  const char* text = "";
};
[[nodiscard]] inline closed_reason why_closed(mailbox_state s) noexcept {
  switch (s) {
    case mailbox_state::stopped:
      return {delivery_reason::actor_stopped};
    case mailbox_state::failed:
      return {delivery_reason::actor_failed};
    case mailbox_state::draining:
      return {delivery_reason::port_gone};
    case mailbox_state::open:
      break;
  }
  return {delivery_reason::link_unavailable, "the mailbox is closed"};
}
/// The same about a message of this process, and about one in an envelope.
[[nodiscard]] inline local_failure closed_failure(const actor_addr& dest, mailbox_state s) {
  const closed_reason why = why_closed(s);
  return {dest, why.reason, why.text};
}
[[nodiscard]] inline delivery_failure closed_failure(mailbox_state s) {
  const closed_reason why = why_closed(s);
  return delivery_failure::because(why.reason, why.text);
}
/// Why a port that `owner` had takes nothing more: its owner ended, or the port alone is gone.
[[nodiscard]] inline delivery_failure port_failure(const mailbox& owner) {
  return owner.state() == mailbox_state::open ? delivery_failure::port_gone() : closed_failure(owner.state());
}

}  // namespace hyperactor::inline v0::detail

#include <hyperactor/mailbox/routing.hpp>

#endif  // HYPERACTOR_MAILBOX_REGISTRY_HPP
