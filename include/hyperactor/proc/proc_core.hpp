// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_PROC_PROC_CORE_HPP
#define HYPERACTOR_PROC_PROC_CORE_HPP

/// @file
/// What all copies of a `proc`, its actors and its clients share.
///
/// [PRC-1] A proc lives as long as a handle, an actor or a client of it does; its gateway holds it weakly.
/// [PRC-2] A name is taken while an actor with it is alive, and free again before the actor's end is visible.
/// [PRC-3] Who sends to the name of one of the last actors that ended learns whether it stopped or failed.

#include <hyperactor/actor/actor_core.hpp>
#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/intrusive_table.hpp>
#include <hyperactor/base/owner.hpp>
#include <hyperactor/base/watch.hpp>
#include <hyperactor/identity/channel_addr.hpp>
#include <hyperactor/mailbox/network.hpp>
#include <hyperactor/mailbox/post_office.hpp>
#include <hyperactor/mailbox/proc_error.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace hyperactor::inline v0::detail {

class proc_core;

/// A proc as its gateway holds it.
struct weak_proc : ref_counted<weak_proc> {
  std::mutex mutex;
  proc_core* target = nullptr;
};

/// The gateway's way to a proc.
class proc_sender {
 public:
  explicit proc_sender(intrusive_ptr<weak_proc> w) noexcept : weak_(std::move(w)) {}
  template <class Tag = void> void post_unchecked(message_envelope message, const return_port& back) const;
  /// The proc is gone: its id is free.
  [[nodiscard]] bool is_expired() const;

 private:
  intrusive_ptr<weak_proc> weak_;
};

class proc_core final : public post_office, public watch_source<std::uint64_t> {
 public:
  [[nodiscard]] static intrusive_ptr<proc_core> make(proc_id id, intrusive_ptr<detail::network> net) {
    return intrusive_ptr<proc_core>::adopt(new proc_core(std::move(id), std::move(net)));
  }
  template <class Sender = proc_sender> [[nodiscard]] any_sender as_sender() const {
    return any_sender::of(Sender(weak_));
  }
  void attached() noexcept { is_attached_ = true; }

  void retain() const noexcept override { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() const noexcept override {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }
  [[nodiscard]] bool is_alive() const noexcept { return references_.load(std::memory_order_relaxed) != 0; }
  [[nodiscard]] bool try_retain() const noexcept {
    std::uint32_t n = references_.load(std::memory_order_relaxed);
    while (n != 0) {
      if (references_.compare_exchange_weak(n, n + 1, std::memory_order_acquire, std::memory_order_relaxed))
        return true;
    }
    return false;
  }

  [[nodiscard]] const proc_id& id() const noexcept override { return id_; }
  [[nodiscard]] location default_location() const override {
    if (network_) return network_->default_location();
    const std::lock_guard lock(mutex_);
    return location_;
  }
  void set_default_location(location l) {
    if (network_) return network_->set_default_location(std::move(l));
    const std::lock_guard lock(mutex_);
    location_ = std::move(l);
  }
  [[nodiscard]] detail::network* gateway() const noexcept override { return network_.get(); }
  [[nodiscard]] const void* network() const noexcept override {
    return network_ ? static_cast<const void*>(network_.get()) : static_cast<const void*>(this);
  }

  // ---- names

  [[nodiscard]] intrusive_ptr<mailbox> find_named(const label& name, mailbox_state& ended) const override {
    const std::lock_guard lock(mutex_);
    const named_mailbox* const n = names_.find(name);
    if (n != nullptr && n->who != nullptr && n->who->try_retain()) return intrusive_ptr<mailbox>::adopt(n->who);
    if (const named_mailbox* const gone = *place_of_ended(name)) ended = gone->how;
    return nullptr;
  }
  /// Takes a name; false: a live actor has it.
  [[nodiscard]] bool reserve(const label& name) {
    const std::lock_guard lock(mutex_);
    if (names_.find(name) != nullptr) return false;
    owner<named_mailbox> reserved(new named_mailbox{name});
    names_.add(*reserved);
    (void)reserved.release();
    return true;
  }
  void name(const label& name, mailbox& who) {
    const std::lock_guard lock(mutex_);
    if (named_mailbox* const n = names_.find(name)) n->who = &who;
  }

  /// The name is free again; nobody had it.
  void forget(const label& name) noexcept {
    const std::lock_guard lock(mutex_);
    const owner<named_mailbox> gone(names_.find(name));
    if (gone) names_.remove(*gone);
  }
  /// The name is free again, and how its actor ended is remembered ([PRC-3]).
  void forget(const label& name, mailbox_state how) noexcept {
    const std::lock_guard lock(mutex_);
    named_mailbox* const gone = names_.find(name);
    if (gone == nullptr) return;
    names_.remove(*gone);
    drop_ended(place_of_ended(name));
    *gone = {std::move(gone->name), nullptr, ended_names_, how};
    ended_names_ = gone;
    named_mailbox** oldest = &ended_names_;
    for (std::size_t i = 0; i < remembered && *oldest != nullptr; ++i) oldest = &(*oldest)->next;
    drop_ended(oldest);
  }
  /// Gives a reserved name to an actor, or back where the actor's constructor throws.
  class reserved_name {
   public:
    reserved_name(proc_core& core, const label& name) noexcept : core_(&core), name_(&name) {}
    reserved_name(const reserved_name&) = delete;
    reserved_name& operator=(const reserved_name&) = delete;
    ~reserved_name() {
      if (core_ != nullptr) core_->forget(*name_);
    }
    void give_to(mailbox& who) { std::exchange(core_, nullptr)->name(*name_, who); }

   private:
    proc_core* core_;
    const label* name_;
  };

  void started() noexcept override { live_.fetch_add(1, std::memory_order_relaxed); }
  void ended(const mailbox& m) noexcept override {
    if (m.instance_uid().is_singleton()) forget(m.instance_uid().label(), m.state());
    live_.fetch_sub(1, std::memory_order_seq_cst);  // seq_cst: before the look at the watchers' mark
    watchable::changed();
  }
  void note_failure() noexcept override { has_failed_.store(true, std::memory_order_release); }
  /// Whether a root actor failed and nobody supervised it.
  [[nodiscard]] bool has_failed() const noexcept { return has_failed_.load(std::memory_order_acquire); }
  /// Number of actors that are not terminal.
  [[nodiscard]] std::uint64_t current() const override { return live_.load(std::memory_order_seq_cst); }

 private:
  struct named_mailbox {
    struct link {
      using key_type = const label&;
      static const label& key(const named_mailbox& n) noexcept { return n.name; }
      static std::uint64_t spread(const label& name) noexcept { return std::hash<label>{}(name); }
      static named_mailbox*& next(named_mailbox& n) noexcept { return n.next; }
    };
    label name;
    mailbox* who = nullptr;  // not owned: removed before the actor's last reference goes
    named_mailbox* next = nullptr;
    mailbox_state how = mailbox_state::open;  // of one that has ended
  };
  static constexpr std::size_t remembered = 32;  // names of actors that have ended

  /// Under the lock: the link to the name among those that ended, or the last link.
  [[nodiscard]] named_mailbox** place_of_ended(const label& name) const noexcept {
    named_mailbox** at = &ended_names_;
    while (*at != nullptr && (*at)->name != name) at = &(*at)->next;
    return at;
  }
  /// Under the lock: forgets what the link leads to; nothing at the end of the list.
  static void drop_ended(named_mailbox** at) noexcept {
    const owner<named_mailbox> gone(*at);
    if (gone) *at = gone->next;
  }

  proc_core(proc_id id, intrusive_ptr<detail::network> net)
      : id_(std::move(id)), network_(std::move(net)), weak_(intrusive_ptr<weak_proc>::adopt(new weak_proc)) {
    weak_->target = this;
    if (!network_) location_ = location(channel_addr::local(next_local_number()));
  }
  ~proc_core() {
    {
      const std::lock_guard lock(weak_->mutex);
      weak_->target = nullptr;
    }
    if (is_attached_) network_->detach(id_);
    names_.for_each([](named_mailbox& n) { delete &n; });  // reserved and never given
    while (ended_names_ != nullptr) drop_ended(&ended_names_);
  }
  mutable std::atomic<std::uint32_t> references_{1};
  proc_id id_;
  intrusive_ptr<detail::network> network_;
  bool is_attached_ = false;
  intrusive_ptr<weak_proc> weak_;
  mutable std::mutex mutex_;
  location location_ = location(channel_addr::local(0));
  intrusive_table<named_mailbox, named_mailbox::link> names_;  // under the lock, as its members; owned
  mutable named_mailbox* ended_names_ = nullptr;               // the same, the latest first
  std::atomic<std::uint64_t> live_{0};
  std::atomic<bool> has_failed_{false};
};

inline bool proc_sender::is_expired() const {
  const std::lock_guard lock(weak_->mutex);
  return weak_->target == nullptr || !weak_->target->is_alive();
}

template <class Tag> void proc_sender::post_unchecked(message_envelope message, const return_port& back) const {
  intrusive_ptr<proc_core> target;
  {
    const std::lock_guard lock(weak_->mutex);
    if (weak_->target != nullptr && weak_->target->try_retain())
      target = intrusive_ptr<proc_core>::adopt(weak_->target);
  }
  if (!target) return std::move(message).refuse(delivery_reason::link_unavailable, back, "proc is gone");
  target->template deliver<Tag>(std::move(message), back);
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_PROC_PROC_CORE_HPP
