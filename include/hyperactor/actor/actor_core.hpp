// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_ACTOR_CORE_HPP
#define HYPERACTOR_ACTOR_ACTOR_CORE_HPP

/// @file
/// The loop of an actor, without its type: turns, signals, supervision, the end.
///
/// An actor is a state machine that a worker runs for one turn at a time. Only the worker that runs the turn touches
/// the members below the line "the turn's"; everything that others touch is atomic or set before the actor starts.
///
/// [LOP-1] A turn handles at most `batch` messages; an actor with more goes behind everything that is runnable.
/// [LOP-2] Signals are looked at before each message.
/// [LOP-3] The end: close the mailbox, store the event, deliver it to the parent, publish the status - in this order.
/// [LOP-4] What was queued at the end returns to its senders, and replies owed by it complete with the reason.

#include <hyperactor/actor/error.hpp>
#include <hyperactor/actor/runtime.hpp>
#include <hyperactor/actor/signal.hpp>
#include <hyperactor/actor/status.hpp>
#include <hyperactor/actor/supervision_event.hpp>
#include <hyperactor/actor/timer_table.hpp>
#include <hyperactor/base/owner.hpp>
#include <hyperactor/base/watch.hpp>
#include <hyperactor/mailbox/once_state.hpp>
#include <hyperactor/mailbox/sender.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0::detail {

class actor_core;

/// Restores the order of numbered messages. Made when the first one comes; behind a pointer that is set by whatever has
/// messages numbered, so that others do not pay for it while they compile.
class arrival_order {
 public:
  virtual ~arrival_order() = default;
  /// Hands what is due to `ready`, linked in order.
  virtual void admit(message_node* n, message_node*& first, message_node*& last) = 0;
  /// Takes everything that waits, linked.
  [[nodiscard]] virtual message_node* take_all() = 0;
};
HYPERACTOR_SHARED inline constinit std::atomic<owner<arrival_order> (*)()> make_arrival_order{nullptr};

/// Gives a message of another process, which nobody handled, back with the reason. Set by whatever lets such messages
/// in.
HYPERACTOR_SHARED inline constinit std::atomic<void (*)(actor_core&, message_node&, std::string why)> return_arrived{
    nullptr};

/// A handler or hook that awaits. Owner: its actor, until the coroutine ends.
class awaiting {
 public:
  virtual ~awaiting() = default;
  /// Cancels what the coroutine waits for.
  virtual void cancel() = 0;
};

/// How one message type is decoded and which handler gets it.
struct remote_entry {
  std::uint64_t type_hash;
  std::uint32_t slot;
  message_node* (*decode)(message_envelope&);     // null: the bytes are no such message
  bool (*encode)(message_node&, any_value& out);  // false: something in it cannot travel any more
};
/// Entries sorted by hash.
struct remote_table {
  const remote_entry* entries;
  std::size_t size;

  [[nodiscard]] const remote_entry* find(std::uint64_t hash) const noexcept {
    std::size_t low = 0;
    std::size_t high = size;
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      (entries[middle].type_hash < hash ? low : high) = entries[middle].type_hash < hash ? middle + 1 : middle;
    }
    return low < size && entries[low].type_hash == hash ? &entries[low] : nullptr;
  }
};

/// What the loop needs to know of an actor type. One constant per type.
struct actor_operations {
  using dispatch_function = void (*)(actor_core&, message_node*);

  const dispatch_function* dispatch;      // by slot
  const std::string_view* message_names;  // by slot
  remote_table exports;
  void (*init)(actor_core&);  // null where there is no hook; the same for the following
  void (*cleanup)(actor_core&, const actor_error*);
  bool (*handle_supervision)(actor_core&, const supervision_event&);
  void (*handle_undeliverable)(actor_core&, undeliverable);
  std::string (*display_name)(const actor_core&);
  void (*destroy_actor)(actor_core&) noexcept;
  std::string_view type_name;
  const void* type_id;
};

/// Owner: see `mailbox`; the loop holds one reference until the actor is terminal.
class actor_core : public mailbox, public turn_runner, public watch_source<actor_status> {
 public:
  static constexpr unsigned batch = 64;

  using mailbox::release;
  using mailbox::retain;

  /// Before `start`: a thread of its own instead of the shared ones.
  void run_on(scheduler& own) noexcept { scheduler_ = &own; }
  /// Queues the first turn. The caller's reference becomes the loop's.
  void start(intrusive_ptr<actor_core> parent);
  /// Makes it terminal without ever running: its proc or parent is stopping.
  void start_stopped(std::string reason);

  /// Queues a signal. @threadsafe
  void send_stop(signal_kind kind, std::string reason) { queue_task(signal::make(kind, std::move(reason))); }
  void queue_task(turn_task& task) noexcept override;

  void run_turn() noexcept override;
  [[nodiscard]] actor_status current() const override;
  void retain() const noexcept override { mailbox::retain(); }
  void release() const noexcept override { mailbox::release(); }
  [[nodiscard]] bool is_terminal() const noexcept {
    const auto p = phase_.load(std::memory_order_acquire);
    return p == phase::stopped || p == phase::failed;
  }
  /// How it ended.
  /// @pre terminal, or called by the parent that was told
  [[nodiscard]] supervision_event event() const;
  [[nodiscard]] std::uint64_t messages_processed() const noexcept { return processed_.load(std::memory_order_relaxed); }
  /// Whether no actor spawned it. @pre it stands in the registry
  [[nodiscard]] bool is_root() const noexcept { return is_root_; }
  [[nodiscard]] const actor_operations& operations() const noexcept { return *operations_; }
  [[nodiscard]] hyperactor::runtime& runtime() const noexcept { return *runtime_; }

  /// Makes further message types reachable, for references of a behaviour. @threadsafe
  void add_remote_table(const remote_table& t);
  [[nodiscard]] const remote_entry* find_remote(std::uint64_t hash) const noexcept;
  [[nodiscard]] const remote_entry* find_remote_slot(std::uint32_t slot) const noexcept;
  void returned(undeliverable u) noexcept override;

  // ---- the turn's: called from handlers and hooks only

  void fail(actor_error_kind kind, std::string text) {
    if (!failure_) failure_ = owner<failure>(new failure{kind, std::move(text), {}});
  }
  /// Within a catch block: the exception is the actor's failure.
  void catch_failure() noexcept;
  /// Messages wait until the coroutine ends.
  void begin_awaiting(owner<awaiting> coroutine) noexcept {
    coroutine_ = std::move(coroutine);
    is_awaiting_ = true;
  }
  void end_awaiting(std::exception_ptr exception);
  /// A shutdown cancelled what awaits: how it ends is no failure of its own.
  [[nodiscard]] bool is_cancelled() const noexcept { return is_cancelled_; }
  void add_child(intrusive_ptr<actor_core> child);
  [[nodiscard]] bool is_ending() const noexcept { return stage_ != stage::running; }
  /// Runs `action` as a turn at that time, unless the actor ends first.
  template <class F> void post_at(runtime::clock::time_point at, F action);

 protected:
  actor_core(uid id, intrusive_ptr<post_office> office, hyperactor::runtime& rt, const actor_operations& operations)
      : mailbox(std::move(id), std::move(office), &rt, true), operations_(&operations), runtime_(&rt) {}
  ~actor_core();

 private:
  enum class phase : std::uint8_t { created, initializing, running, stopping, stopped, failed };
  enum class stage : std::uint8_t { running, draining, ending };
  struct failure {
    actor_error_kind kind;
    std::string text;
    owner<supervision_event> cause;  // a child's event that nobody handled: passed on as it is
  };
  struct bound_table {
    remote_table table;
    bound_table* next;
  };

  /// How long the message that is handled has been seen to be.
  [[nodiscard]] std::chrono::milliseconds watched_for() const;
  void turn();
  void begin();
  void run_tasks();
  friend struct signal;
  void process(signal& s);
  void child_ended(intrusive_ptr<actor_core> child);
  [[nodiscard]] message_node* next_message();
  void handle(message_node* n);
  void handle_returned(message_node* n);
  /// Completes the replies that a handler or hook dropped, now that it is known how it ended. After each of them: what
  /// is left over would wait for another actor's turn on this thread.
  void settle_dropped_replies() {
    if (dropped_by_handler.first != nullptr) [[unlikely]]
      dropped_by_handler.settle(why_unanswered());
  }
  /// Parks the actor; false: something came meanwhile. After true nothing of it may be touched.
  [[nodiscard]] bool park(std::uintptr_t mark) noexcept;
  void begin_end();
  void close_queue(mailbox_state s);
  void return_queued();
  void return_unhandled(message_node* n);
  /// The last steps; nothing of the actor may be touched afterwards.
  void finish();
  /// The same for an actor that never ran.
  void end_unstarted(std::string reason);
  void drop_tasks() noexcept;
  [[nodiscard]] std::string end_text() const;
  [[nodiscard]] static std::string end_text_of(const void* a) { return static_cast<const actor_core*>(a)->end_text(); }
  [[nodiscard]] drop_reason why_dropped() const noexcept {
    return {mailbox_error::reply_dropped, &actor_core::end_text_of, this};
  }
  [[nodiscard]] std::string why_unanswered() const;
  [[nodiscard]] std::string name() const { return addr().to_string(); }
  void set_phase(phase p) noexcept {
    phase_.store(p, std::memory_order_seq_cst);  // seq_cst: before the look at the watchers' mark
    changed();
  }

  const actor_operations* operations_;
  hyperactor::runtime* runtime_;
  std::atomic<turn_task*> tasks_{nullptr};  // signals and other tasks: a stack, newest first
  std::atomic<phase> phase_{phase::created};
  std::atomic<std::uint32_t> busy_{0};  // slot + 1 of the handler that runs
  std::atomic<std::uint64_t> processed_{0};
  mutable std::atomic<std::uint64_t> looked_at_{0};  // number of the message that somebody saw being handled
  mutable std::atomic<runtime::clock::rep> looked_since_{0};
  std::atomic<bound_table*> bound_tables_{nullptr};
  bool is_root_ = true;       // written before others can see the actor
  std::string reason_;        // of the end; written before the terminal phase is published
  owner<failure> failure_;    // the same
  owner<std::string> shown_;  // the display name; the same

  // the turn's
  stage stage_ = stage::running;
  bool is_awaiting_ = false;
  bool is_cancelled_ = false;
  bool is_stopped_ = false;
  bool stop_drains_ = false;
  bool queue_closed_ = false;
  message_node* inbox_ = nullptr;
  message_node* inbox_tail_ = nullptr;
  intrusive_ptr<actor_core> parent_;
  actor_core* first_child_ = nullptr;  // owned references
  actor_core* next_sibling_ = nullptr;
  actor_core* previous_sibling_ = nullptr;
  owner<arrival_order> order_;
  timer_table timers_;
  owner<awaiting> coroutine_;
};

}  // namespace hyperactor::inline v0::detail

#include <hyperactor/actor/actor_loop.hpp>

#endif  // HYPERACTOR_ACTOR_ACTOR_CORE_HPP
