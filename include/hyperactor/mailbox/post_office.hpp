// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_POST_OFFICE_HPP
#define HYPERACTOR_MAILBOX_POST_OFFICE_HPP

/// @file
/// What a mailbox sees of the proc that it lives in: identity, routing, and who runs it.

#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/identity/label.hpp>
#include <hyperactor/identity/location.hpp>
#include <hyperactor/identity/proc_id.hpp>
#include <hyperactor/mailbox/envelope.hpp>
#include <hyperactor/mailbox/return_port.hpp>

namespace hyperactor::inline v0::detail {

class mailbox;
class network;

/// How a mailbox came to be closed.
enum class mailbox_state : std::uint8_t { open, draining, stopped, failed };

/// Something that a worker runs for one turn. The scheduler links it; it stands in at most one run queue.
class schedulable {
 public:
  /// Runs one bounded turn on the calling thread.
  virtual void run_turn() noexcept = 0;

  schedulable* next_scheduled = nullptr;  // the scheduler's link while it stands in a queue

 protected:
  ~schedulable() = default;
};

/// Decides when and where a schedulable runs. Owner: the runtime.
class scheduler {
 public:
  /// Queues `what`, which is in no run queue now. @threadsafe
  virtual void schedule(schedulable& what) noexcept = 0;
  /// Queues `what`, whose turn ends now with work left, behind everything that is runnable.
  virtual void yield(schedulable& what) noexcept = 0;

 protected:
  ~scheduler() = default;
};

/// The proc as its mailboxes see it. Shared: every mailbox of the proc keeps it.
class post_office {
 public:
  virtual void retain() const noexcept = 0;
  virtual void release() const noexcept = 0;

  [[nodiscard]] virtual const proc_id& id() const noexcept = 0;
  /// Where references that are made now say that the proc is reached. @threadsafe
  [[nodiscard]] virtual location default_location() const = 0;
  /// Routes a message to this proc or out of it; failures go to `back`. Never blocks. @threadsafe
  template <class Tag = void> void post(message_envelope message, return_port back);
  /// To an actor of this proc. @threadsafe
  template <class Tag = void> void deliver(message_envelope message, return_port back);
  /// The way out; null where there is none.
  [[nodiscard]] virtual detail::network* gateway() const noexcept = 0;
  /// The same value for all procs that reach each other without leaving the process.
  [[nodiscard]] virtual const void* network() const noexcept = 0;
  /// The live mailbox with this singleton label, or null: then `ended` is set where it is known how its last one ended.
  /// @threadsafe
  [[nodiscard]] virtual intrusive_ptr<mailbox> find_named(const label& name, mailbox_state& ended) const = 0;
  /// An actor started here. @threadsafe
  virtual void started() noexcept = 0;
  /// The actor is terminal: its name is free again. @threadsafe
  virtual void ended(const mailbox& m) noexcept = 0;
  /// A root actor failed and nobody supervises it. @threadsafe
  virtual void note_failure() noexcept = 0;

 protected:
  ~post_office() = default;

 private:
  template <class Tag> [[nodiscard]] intrusive_ptr<mailbox> find(const actor_id& id, mailbox_state& ended) const;
  /// The well-known names of hosts are not unique: there the location counts too.
  template <class Tag> [[nodiscard]] bool is_pseudo_singleton_elsewhere(const message_envelope& m) const;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_POST_OFFICE_HPP
