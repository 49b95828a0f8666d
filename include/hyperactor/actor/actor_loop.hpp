// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_ACTOR_LOOP_HPP
#define HYPERACTOR_ACTOR_ACTOR_LOOP_HPP

/// @file
/// The turns of an actor: definitions of `actor_core`.

#include <hyperactor/actor/actor_core.hpp>

namespace hyperactor::inline v0::detail {

inline constexpr std::uintptr_t no_more_tasks = 1;

inline actor_core::~actor_core() {
  for (bound_table* t = bound_tables_.load(std::memory_order_relaxed); t != nullptr;) {
    bound_table* rest = t->next;
    delete t;
    t = rest;
  }
}

inline void actor_core::start(intrusive_ptr<actor_core> parent) {
  parent_ = std::move(parent);
  is_root_ = !parent_;
  office().started();
  instance_registry::instance().add(*this);
  // after the registry: a shutdown sees the actor there, or is seen here. Children leave it to their parent's end.
  if (!parent_ && !runtime_->is_open()) [[unlikely]] {
    return end_unstarted("runtime shutdown");
  }
  scheduler_->schedule(*this);
}

inline void actor_core::start_stopped(std::string reason) {
  office().started();
  instance_registry::instance().add(*this);  // and forget it: references learn that it stopped
  end_unstarted(std::move(reason));
}

inline void actor_core::queue_task(turn_task& task) noexcept {
  turn_task* old = tasks_.load(std::memory_order_relaxed);
  do {
    if (reinterpret_cast<std::uintptr_t>(old) == no_more_tasks) {
      (void)tasks_.load(std::memory_order_acquire);  // acquire: what the turns wrote to what the task holds
      return task.act(task, nullptr);
    }
    task.next = old;
    // release: the task's content
  } while (!tasks_.compare_exchange_weak(old, &task, std::memory_order_release, std::memory_order_relaxed));
  raise_signal();
}

inline void signal::act_on(turn_task& task, turn_runner* runner) {
  auto& self = static_cast<signal&>(task);
  if (runner != nullptr) {
    static_cast<actor_core*>(runner)->process(self);
  } else {
    intrusive_ptr<actor_core>::adopt(self.child).reset();
  }
  destroy(self);
}

inline void actor_core::run_turn() noexcept {
  mailbox* const before = std::exchange(current_instance, this);
  const turn_in_progress outer = std::exchange(this_turn, {this, session()});
  turn();
  current_instance = before;
  this_turn = outer;
}

inline void actor_core::turn() {
  if (phase_.load(std::memory_order_relaxed) == phase::created) begin();
  unsigned left = batch;
  for (;;) {
    if (tasks_.load(std::memory_order_relaxed) != nullptr) run_tasks();  // [LOP-2]
    if (is_awaiting_) {
      if (park(suspended_mark)) return;
      continue;
    }
    if (phase_.load(std::memory_order_relaxed) == phase::initializing && !failure_) set_phase(phase::running);
    if (stage_ != stage::ending && (failure_ || (is_stopped_ && stage_ == stage::running))) begin_end();
    if (stage_ == stage::ending) {
      if (first_child_ == nullptr) return finish();
      if (park(idle_mark)) return;
      continue;
    }
    message_node* n = next_message();
    if (n == nullptr) {
      if (stage_ == stage::draining) {
        begin_end();
      } else if (park(idle_mark)) {
        return;
      }
      continue;
    }
    if (left-- == 0) {  // [LOP-1]
      n->next = inbox_;
      if (inbox_ == nullptr) inbox_tail_ = n;
      inbox_ = n;
      return scheduler_->yield(*this);
    }
    handle(n);
  }
}

inline void actor_core::begin() {
  set_phase(phase::initializing);
  if (operations_->init != nullptr) {
    try {
      operations_->init(*this);
    } catch (...) {
      catch_failure();
    }
    if (failure_) failure_->text = "initialization error: " + failure_->text;
    settle_dropped_replies();
  }
}

inline message_node* actor_core::next_message() {
  if (inbox_ == nullptr) {
    if (pointer(head_.load(std::memory_order_relaxed)) == nullptr) return nullptr;
    // acquire: content of the nodes, and of the signals whose mark goes with them. The mark may go: `park` looks for
    // the signals themselves.
    message_node* stack = pointer(head_.exchange(queue_closed_ ? closed_mark : 0, std::memory_order_acquire));
    message_node* in_order = nullptr;
    while (stack != nullptr) {
      message_node* n = stack;
      stack = n->next;
      n->next = in_order;
      in_order = n;
    }
    while (in_order != nullptr) {
      message_node* n = in_order;
      in_order = n->next;
      if (n->sequence == 0) [[likely]] {
        n->next = nullptr;
        (inbox_ == nullptr ? inbox_ : inbox_tail_->next) = n;
        inbox_tail_ = n;
      } else {
        if (!order_) order_ = make_arrival_order.load(std::memory_order_acquire)();
        order_->admit(n, inbox_, inbox_tail_);
      }
    }
    if (inbox_ == nullptr) return nullptr;
  }
  message_node* n = inbox_;
  inbox_ = n->next;
  return n;
}

inline void actor_core::handle(message_node* n) {
  if (n->slot == undeliverable_slot) [[unlikely]] {
    handle_returned(n);
    return settle_dropped_replies();
  }
  if (n->slot == skipped_slot) [[unlikely]] {
    return n->type->destroy(n);
  }
  busy_.store(n->slot + 1, std::memory_order_relaxed);  // relaxed: for whoever looks; ordered by the watchers' mark
  if (is_watched()) [[unlikely]] {
    changed();
  }
  try {
    operations_->dispatch[n->slot](*this, n);
  } catch (...) {
    catch_failure();
  }
  settle_dropped_replies();
  if (!is_awaiting_) busy_.store(0, std::memory_order_relaxed);
  // a load and a store: only the turn writes it
  processed_.store(processed_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

HYPERACTOR_COLD inline void actor_core::catch_failure() noexcept {
  try {
    throw;
  } catch (const failed_result& e) {
    fail(actor_error_kind::generic, e.error().message());
  } catch (const std::exception& e) {
    fail(actor_error_kind::generic, e.what());
  } catch (...) {
    fail(actor_error_kind::generic, "unknown exception");
  }
}

HYPERACTOR_COLD inline std::string actor_core::why_unanswered() const {
  return failure_ || is_cancelled_ ? end_text() : "actor " + name() + " dropped the reply port without an answer";
}

inline bool actor_core::park(std::uintptr_t mark) noexcept {
  // A task whose mark went with the messages that were taken. relaxed: taking the mark acquired the task; one that
  // comes from here on still has its mark.
  if (tasks_.load(std::memory_order_relaxed) != nullptr) return false;
  std::uintptr_t old = head_.load(std::memory_order_relaxed);
  for (;;) {
    if (old & signal_mark) {
      // acquire: the signal that was queued before its mark
      head_.fetch_and(~signal_mark, std::memory_order_acquire);
      return false;
    }
    if (mark == idle_mark && pointer(old) != nullptr) return false;
    if (is_watched()) [[unlikely]] {
      retain();  // the watchers are told after the actor became idle: keep it until then
      const bool parked = head_.compare_exchange_strong(old, old | mark, std::memory_order_seq_cst);
      if (parked) changed();
      release();
      if (parked) return true;
    } else if (head_.compare_exchange_weak(old, old | mark, std::memory_order_seq_cst, std::memory_order_relaxed)) {
      // release: what this turn wrote, for the worker that runs the next one
      return true;
    }
  }
}

// ---- signals

HYPERACTOR_NOINLINE inline void actor_core::run_tasks() {
  turn_task* stack = tasks_.exchange(nullptr, std::memory_order_acquire);
  turn_task* in_order = nullptr;
  while (stack != nullptr) {
    turn_task* t = stack;
    stack = t->next;
    t->next = in_order;
    in_order = t;
  }
  while (in_order != nullptr) {
    turn_task* t = in_order;
    in_order = t->next;
    try {
      t->act(*t, this);
    } catch (...) {
      catch_failure();
    }
    settle_dropped_replies();
  }
}

inline void actor_core::process(signal& s) {
  switch (s.kind) {
    case signal_kind::shut_down:
      is_cancelled_ = true;
      if (coroutine_) coroutine_->cancel();
      [[fallthrough]];
    case signal_kind::stop:
    case signal_kind::drain_and_stop:
      if (stage_ == stage::ending) return;
      if (is_stopped_ && !stop_drains_) return;  // it ends without a drain already, though it did not begin to
      if (!is_stopped_) reason_ = std::move(s.reason);
      is_stopped_ = true;
      stop_drains_ = s.kind == signal_kind::drain_and_stop;
      if (stop_drains_ && stage_ == stage::running) {
        stage_ = stage::draining;
        close_queue(mailbox_state::draining);
        set_phase(phase::stopping);
      } else if (!stop_drains_) {
        stage_ = stage::running;  // a stop ends a drain
      }
      return;
    case signal_kind::kill:
      if (stage_ == stage::ending) return;
      fail(actor_error_kind::aborted, "actor explicitly aborted due to: " + s.reason);
      if (coroutine_) coroutine_->cancel();
      return;
    case signal_kind::child_ended:
      return child_ended(intrusive_ptr<actor_core>::adopt(std::exchange(s.child, nullptr)));
  }
}

inline void actor_core::end_awaiting(std::exception_ptr exception) {
  is_awaiting_ = false;
  busy_.store(0, std::memory_order_relaxed);
  if (exception && !is_cancelled_) {
    const bool failed_before = failure_ != nullptr;
    try {
      std::rethrow_exception(exception);
    } catch (...) {
      catch_failure();
    }
    if (!failed_before && phase_.load(std::memory_order_relaxed) == phase::initializing) {
      failure_->text = "initialization error: " + failure_->text;
    }
  }
}

// ---- children and supervision

inline void actor_core::add_child(intrusive_ptr<actor_core> child) {
  actor_core* c = child.detach();
  c->next_sibling_ = first_child_;
  if (first_child_ != nullptr) first_child_->previous_sibling_ = c;
  first_child_ = c;
}

inline void actor_core::child_ended(intrusive_ptr<actor_core> child) {
  actor_core& c = *child;
  (c.previous_sibling_ != nullptr ? c.previous_sibling_->next_sibling_ : first_child_) = c.next_sibling_;
  if (c.next_sibling_ != nullptr) c.next_sibling_->previous_sibling_ = c.previous_sibling_;
  c.release();  // the list's reference
  const bool failed = c.failure_ != nullptr;
  if (stage_ == stage::ending || (!failed && operations_->handle_supervision == nullptr)) return;
  const supervision_event event = c.event();
  bool handled = !failed;
  if (operations_->handle_supervision != nullptr) {
    try {
      // what the hook says of a clean stop is not asked: only failures need handling
      handled = operations_->handle_supervision(*this, event) || handled;
    } catch (...) {
      owner<failure> before = std::move(failure_);
      catch_failure();
      failure_->kind = actor_error_kind::error_handling_supervision;
      failure_->text += " while handling " + event.to_string();
      if (before) failure_ = std::move(before);
      return;
    }
  }
  if (!handled && !failure_) {
    failure_ = owner<failure>(new failure{actor_error_kind::unhandled_supervision_event, event.status().reason(),
                                          owner<supervision_event>(new supervision_event(event))});
  }
}

}  // namespace hyperactor::inline v0::detail

#include <hyperactor/actor/actor_end.hpp>

#endif  // HYPERACTOR_ACTOR_ACTOR_LOOP_HPP
