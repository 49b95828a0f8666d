// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_ACTOR_END_HPP
#define HYPERACTOR_ACTOR_ACTOR_END_HPP

/// @file
/// The end of an actor, what others see of it, and what came back to it: definitions of `actor_core`.

#include <hyperactor/actor/actor_core.hpp>
#include <hyperactor/actor/actor_loop.hpp>

namespace hyperactor::inline v0::detail {

// ---- the end

inline std::string actor_core::end_text() const {
  return "actor " + name() + (failure_ ? " failed: " + failure_->text : " stopped: " + reason_);
}

inline void actor_core::close_queue(mailbox_state s) {
  set_state(s);
  if (queue_closed_) return;
  queue_closed_ = true;
  std::uintptr_t old = head_.load(std::memory_order_relaxed);
  // the nodes stay in the word until next_message takes them
  while (!head_.compare_exchange_weak(old, old | closed_mark, std::memory_order_acq_rel, std::memory_order_relaxed)) {
  }
}

inline void actor_core::begin_end() {
  stage_ = stage::ending;
  set_phase(phase::stopping);
  close_queue(failure_ ? mailbox_state::failed : mailbox_state::stopped);
  return_queued();
  const bool drain = !failure_ && stop_drains_;
  for (actor_core* c = first_child_; c != nullptr; c = c->next_sibling_) {
    c->send_stop(drain ? signal_kind::drain_and_stop : signal_kind::stop,
                 drain ? "parent draining" : "parent stopping");
  }
}

HYPERACTOR_NOINLINE inline void actor_core::return_queued() {
  while (message_node* n = next_message()) return_unhandled(n);
  for (message_node* n = order_ ? order_->take_all() : nullptr; n != nullptr;) {
    message_node* rest = n->next;
    return_unhandled(n);
    n = rest;
  }
}

HYPERACTOR_COLD inline void actor_core::return_unhandled(message_node* n) {
  const drop_reason reason = why_dropped();
  const drop_scope scope(reason);  // outlives the message: replies that go with it learn the reason at once
  owned_message message(n);
  if (n->slot == skipped_slot || n->is_request) return;
  if (n->slot == undeliverable_slot) return log_undelivered(static_cast<typed_message<undeliverable>*>(n)->value);
  std::string why = failure_ ? "actor failed: " + failure_->text : "actor stopped";
  if (n->origin != nullptr) {
    if (const auto give_back = return_arrived.load(std::memory_order_acquire)) give_back(*this, *n, std::move(why));
    return;
  }
  const auto from = instance_registry::instance().find(n->session);
  const actor_addr self = addr();
  return_message(from.get(), from ? from->addr() : self, std::move(message),
                 {self, delivery_reason::link_unavailable, std::move(why)});
}

HYPERACTOR_NOINLINE inline void actor_core::finish() {
  if (operations_->cleanup != nullptr) {
    const bool failed_before = failure_ != nullptr;
    try {
      if (failure_) {
        const actor_error error(addr(), failure_->kind, failure_->text);
        operations_->cleanup(*this, &error);
      } else {
        operations_->cleanup(*this, nullptr);
      }
    } catch (...) {
      catch_failure();
    }
    if (!failed_before && failure_) {
      failure_->text = "cleanup error: " + failure_->text;
      set_state(mailbox_state::failed);
    }
  }
  if (operations_->display_name != nullptr) {
    try {
      shown_ = owner<std::string>(new std::string(operations_->display_name(*this)));
    } catch (...) {  // the address names it then
    }
  }
  if (failure_) {
    reason_ = failure_->text;
    if (failure_->cause) failure_->kind = failure_->cause->status().error_kind();
  }
  const drop_reason why = why_dropped();
  const drop_scope scope(why);
  timers_.cancel_all(runtime_);
  operations_->destroy_actor(*this);
  if (dropped_by_handler.first != nullptr) dropped_by_handler.settle(end_text());
  close_ports(mailbox_error::closed);
  // [LOP-3]: the mailbox is closed and the event stored; deliver it, then publish
  instance_registry::instance().remove(*this);
  if (parent_) {
    signal& s = signal::make(signal_kind::child_ended, {});
    retain();
    s.child = this;
    parent_->queue_task(s);
    parent_.reset();
  } else if (failure_) {
    office().note_failure();
    log::write(log::severity::error, "nobody supervises " + event().to_string());
  }
  office().ended(*this);
  set_phase(failure_ ? phase::failed : phase::stopped);
  drop_tasks();
  release();  // the loop's reference
}

inline void actor_core::drop_tasks() noexcept {
  // acquire: the tasks; release: the turns, for whoever drops a task from here on
  turn_task* t = tasks_.exchange(reinterpret_cast<turn_task*>(no_more_tasks), std::memory_order_acq_rel);
  while (t != nullptr) {
    turn_task* rest = t->next;
    t->act(*t, nullptr);
    t = rest;
  }
}

HYPERACTOR_COLD inline void actor_core::end_unstarted(std::string reason) {
  reason_ = std::move(reason);
  stage_ = stage::ending;
  close_queue(mailbox_state::stopped);
  return_queued();
  const drop_reason why = why_dropped();
  const drop_scope scope(why);
  operations_->destroy_actor(*this);
  instance_registry::instance().remove(*this);
  office().ended(*this);
  set_phase(phase::stopped);
  drop_tasks();
  release();
}

// ---- what others see

inline actor_status actor_core::current() const {
  switch (phase_.load(std::memory_order_seq_cst)) {  // seq_cst: after the watchers' mark
    case phase::created:
      return actor_status::of(actor_status::kind::created);
    case phase::initializing:
      return actor_status::of(actor_status::kind::initializing);
    case phase::stopping:
      return actor_status::of(actor_status::kind::stopping);
    case phase::stopped:
      return actor_status::stopped(reason_);
    case phase::failed:
      return actor_status::failed(failure_->kind, reason_);
    case phase::running:
      break;
  }
  const std::uint32_t busy = busy_.load(std::memory_order_relaxed);
  if (busy == 0 || (head_.load(std::memory_order_seq_cst) & idle_mark) != 0)
    return actor_status::of(actor_status::kind::idle);
  return actor_status::processing(operations_->message_names[busy - 1], watched_for());
}

inline std::chrono::milliseconds actor_core::watched_for() const {
  // turns do not look at clocks: the time counts from the first look at the message
  const std::uint64_t message = processed_.load(std::memory_order_relaxed) + 1;
  const auto now = runtime_->now().time_since_epoch().count();
  if (looked_at_.load(std::memory_order_acquire) != message) {
    looked_since_.store(now, std::memory_order_relaxed);
    looked_at_.store(message, std::memory_order_release);  // release: whoever reads it reads the time with it
  }
  static_assert(std::is_same_v<runtime::clock::period, std::nano>);
  return std::chrono::milliseconds((now - looked_since_.load(std::memory_order_relaxed)) / 1'000'000);
}

inline supervision_event actor_core::event() const {
  if (failure_ && failure_->cause) return *failure_->cause;
  return supervision_event(
      addr(), shown_ ? std::optional<std::string>(*shown_) : std::nullopt,
      failure_ ? actor_status::failed(failure_->kind, failure_->text) : actor_status::stopped(reason_));
}

// ---- serialized messages and returns

inline const remote_entry* actor_core::find_remote_slot(std::uint32_t slot) const noexcept {
  const auto find_in = [slot](const remote_table& t) -> const remote_entry* {
    for (std::size_t i = 0; i < t.size; ++i) {
      if (t.entries[i].slot == slot) return &t.entries[i];
    }
    return nullptr;
  };
  if (const remote_entry* e = find_in(operations_->exports)) return e;
  for (bound_table* b = bound_tables_.load(std::memory_order_acquire); b != nullptr; b = b->next) {
    if (const remote_entry* e = find_in(b->table)) return e;
  }
  return nullptr;
}

inline void actor_core::add_remote_table(const remote_table& t) {
  for (bound_table* b = bound_tables_.load(std::memory_order_acquire); b != nullptr; b = b->next) {
    if (b->table.entries == t.entries) return;
  }
  auto* fresh = new bound_table{t, bound_tables_.load(std::memory_order_relaxed)};
  // release: the table's content
  while (
      !bound_tables_.compare_exchange_weak(fresh->next, fresh, std::memory_order_release, std::memory_order_relaxed)) {
  }
}

inline const remote_entry* actor_core::find_remote(std::uint64_t hash) const noexcept {
  if (const remote_entry* e = operations_->exports.find(hash)) return e;
  for (bound_table* b = bound_tables_.load(std::memory_order_acquire); b != nullptr; b = b->next) {
    if (const remote_entry* e = b->table.find(hash)) return e;
  }
  return nullptr;
}

inline void actor_core::returned(undeliverable u) noexcept {
  const remote_operations* remote = remote_half.load(std::memory_order_acquire);
  if (remote != nullptr && remote->settle_returned(*this, u)) return;
  auto* n = typed_message<undeliverable>::make(std::move(u));
  n->slot = undeliverable_slot;
  if (push(n)) return;
  log_undelivered(n->value);
  n->type->destroy(static_cast<message_node*>(n));
}

HYPERACTOR_COLD inline void actor_core::handle_returned(message_node* n) {
  const owned_message message(n);
  auto& u = static_cast<typed_message<undeliverable>*>(n)->value;
  if (operations_->handle_undeliverable != nullptr) {
    try {
      operations_->handle_undeliverable(*this, std::move(u));
    } catch (...) {
      catch_failure();
    }
  } else if (u.fails_sender()) {
    fail(actor_error_kind::generic, u.to_string());
  } else {
    log_undelivered(u);
  }
}

template <class F> void actor_core::post_at(runtime::clock::time_point at, F action) {
  struct pending {
    intrusive_ptr<actor_core> core;
    F action;
    std::uint32_t place = 0;  // among the actor's timers
    void operator()() {
      core->timers_.remove(place);
      action();
    }
  };
  owner<pending> held(new pending{intrusive_ptr<actor_core>(this), std::move(action)});
  pending* const p = held.get();
  const std::uint64_t timer = runtime_->start_timer(at, [held = std::move(held)]() mutable {
    const intrusive_ptr<actor_core> core = held->core;  // the task may be done before queue_task returns
    auto due = [h = std::move(held)]() { (*h)(); };
    core->queue_task(turn_function<decltype(due)>::make(std::move(due)));
  });
  // the timer's task is a turn of this actor, so not before this one ends
  p->place = timers_.add(
      timer, [](void* of, std::uint64_t word) noexcept { static_cast<hyperactor::runtime*>(of)->cancel_timer(word); });
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ACTOR_ACTOR_END_HPP
