// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_MAILBOX_HPP
#define HYPERACTOR_MAILBOX_MAILBOX_HPP

/// @file
/// The mailbox of one instance: its queue, its ports, its identity.
///
/// The queue is a stack of message nodes under one atomic word. Senders push with compare-exchange; the owner takes
/// everything with one exchange and reverses it. Marks in the word's low bits say whether a push must schedule the
/// owner, so that a push that finds the mailbox non-empty does nothing else.
///
/// [MBX-1] What one thread pushes is handled in the order in which it pushed it.
/// [MBX-2] A push that is refused leaves the message with the caller; a closed mailbox accepts nothing more.
/// [MBX-3] The owner is in at most one run queue, and in one whenever there is something for it to do.

#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/intrusive_table.hpp>
#include <hyperactor/identity/actor_addr.hpp>
#include <hyperactor/mailbox/delivery_failure.hpp>
#include <hyperactor/mailbox/message.hpp>
#include <hyperactor/mailbox/post_office.hpp>
#include <hyperactor/mailbox/undeliverable.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>

namespace hyperactor::inline v0::detail {

class awaited_reply;

/// The receiving side of an opened port, as its mailbox sees it.
class port_entry {
 public:
  enum class outcome : std::uint8_t { accepted, exhausted, gone, mismatch };

  /// The place in its mailbox's table, under the table's lock.
  struct table_link {
    using key_type = std::uint64_t;
    static std::uint64_t key(const port_entry& e) noexcept { return e.table_index; }
    static std::uint64_t spread(std::uint64_t key) noexcept { return key; }  // they are counted up
    static port_entry*& next(port_entry& e) noexcept { return e.table_next; }
  };
  std::uint64_t table_index = 0;
  port_entry* table_next = nullptr;

  virtual void retain() const noexcept = 0;
  virtual void release() const noexcept = 0;
  /// Decodes and queues; takes the data out of the envelope only when it accepts.
  virtual outcome deliver(message_envelope& message) = 0;
  virtual void close(const error& reason) noexcept = 0;
  /// The reply that this port awaits from another process, if it does.
  [[nodiscard]] virtual awaited_reply* awaited() noexcept { return nullptr; }
  /// Whoever had to answer will not; false: nobody has to answer here.
  [[nodiscard]] virtual bool drop(const error&) noexcept { return false; }

 protected:
  ~port_entry() = default;
};

class mailbox;

/// Takes the next number of the stream from an instance to a destination, by the destination's session word.
using numbering = std::uint64_t (*)(mailbox& from, std::uint64_t destination);
/// The counters of a sender's streams.
struct stream_numbers {
  void (*destroy)(stream_numbers*) noexcept;
};

/// What serialized messages need. Kept behind a pointer that is set by whatever lets them in or out
/// (mailbox/remote_half.hpp), so that a program without them does not pay for decoding while it compiles.
struct remote_operations {
  void (*deliver)(mailbox& to, message_envelope message, return_port back);
  /// Completes the replies that are awaited by way of a request that came back; false: it is no request.
  bool (*settle_returned)(mailbox& asker, undeliverable& u) noexcept;
};
HYPERACTOR_SHARED inline constinit std::atomic<const remote_operations*> remote_half{nullptr};

/// Owner: reference counted; the instance itself holds one reference until it is terminal, handles and refs the others.
class mailbox : public schedulable {
 public:
  mailbox(const mailbox&) = delete;
  mailbox& operator=(const mailbox&) = delete;

  void retain() const noexcept {
    // relaxed: whoever copies a reference owns one already
    references_.fetch_add(1, std::memory_order_relaxed);
  }
  void release() const noexcept {
    // acq_rel: the one that destroys sees what all the others did
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy_self();
  }
  /// A further reference, unless the last one is gone already. For the registry, under its lock.
  [[nodiscard]] bool try_retain() const noexcept {
    std::uint32_t n = references_.load(std::memory_order_relaxed);
    while (n != 0) {
      if (references_.compare_exchange_weak(n, n + 1, std::memory_order_acquire, std::memory_order_relaxed))
        return true;
    }
    return false;
  }

  [[nodiscard]] const uid& instance_uid() const noexcept { return uid_; }
  [[nodiscard]] actor_id id() const { return actor_id(uid_, office_->id()); }
  [[nodiscard]] actor_addr addr() const { return actor_addr(id(), office_->default_location()); }
  [[nodiscard]] post_office& office() const noexcept { return *office_; }
  /// Word of this incarnation: the session that it sends in, and the stream by which others number what they send it.
  [[nodiscard]] std::uint64_t session() const noexcept { return session_; }
  [[nodiscard]] mailbox_state state() const noexcept { return state_.load(std::memory_order_acquire); }
  /// Whether this is an actor's mailbox, and not a client's.
  [[nodiscard]] bool is_actor() const noexcept { return is_actor_; }

  /// How senders number what they post, from the first `bind` on; null before. A pointer, so that programs that bind
  /// nothing do not compile what it points to: mailbox/numbering.hpp.
  [[nodiscard]] numbering numbers_senders() const noexcept {
    // relaxed: whoever knows of the bind has the pointer by the same way; see the design page on ordering
    return numbering_.load(std::memory_order_relaxed);
  }
  void number_senders(numbering how) noexcept { numbering_.store(how, std::memory_order_relaxed); }

  // ---- the queue

  /// Accepts the message, or leaves it to the caller ([MBX-2]). @threadsafe
  [[nodiscard]] HYPERACTOR_ALWAYS_INLINE bool push(message_node* n) noexcept {
    std::uintptr_t old = head_.load(std::memory_order_relaxed);
    do {
      if (old & closed_mark) [[unlikely]] {
        return false;
      }
      n->next = pointer(old);
      // release: the node's content. seq_cst: ordered against the marks that a watcher sets (status waits)
    } while (!head_.compare_exchange_weak(old,
                                          reinterpret_cast<std::uintptr_t>(n) | (old & (signal_mark | suspended_mark)),
                                          std::memory_order_seq_cst, std::memory_order_relaxed));
    if (old & idle_mark) scheduler_->schedule(*this);
    return true;
  }

  // ---- delivery of serialized messages and of returns

  /// Delivers a message that is addressed to this instance; failures go to `back`. @threadsafe
  void deliver(message_envelope message, return_port back) {
    if (const remote_operations* remote = remote_half.load(std::memory_order_acquire)) {
      return remote->deliver(*this, std::move(message), std::move(back));
    }
    std::move(message).refuse(delivery_reason::handler_not_bound, back);
  }
  /// Gives back a message that this instance sent. @threadsafe
  virtual void returned(undeliverable u) noexcept = 0;

  // ---- ports

  /// A fresh index of this mailbox. Never reused.
  [[nodiscard]] std::uint64_t allocate_port_index() noexcept {
    return next_port_.fetch_add(1, std::memory_order_relaxed);  // relaxed: only uniqueness counts
  }
  /// Registers the port until it is removed or the mailbox closes; false: it is closed already.
  [[nodiscard]] bool add_port(std::uint64_t index, intrusive_ptr<port_entry> entry);
  void remove_port(std::uint64_t index) noexcept;
  [[nodiscard]] intrusive_ptr<port_entry> find_port(std::uint64_t index) noexcept;
  /// Whether `index` was given to a port, live or gone.
  [[nodiscard]] bool was_allocated(std::uint64_t index) const noexcept {
    // relaxed: whoever knows an index learnt it after it was allocated
    return index < next_port_.load(std::memory_order_relaxed);
  }
  /// Closes one port with a reason; false: there is none with this index.
  bool close_port(std::uint64_t index, const error& reason) noexcept;

 protected:
  static constexpr std::uintptr_t idle_mark = 1;       // nothing to do, in no run queue
  static constexpr std::uintptr_t closed_mark = 2;     // accepts no message
  static constexpr std::uintptr_t signal_mark = 4;     // look at the system queue before going idle
  static constexpr std::uintptr_t suspended_mark = 8;  // a handler awaits: messages wait, signals schedule
  static constexpr std::uintptr_t all_marks = 15;

  mailbox(uid id, intrusive_ptr<post_office> office, scheduler* runs_on, bool is_actor);
  virtual ~mailbox();
  /// Ends this object's life; the last reference is gone.
  virtual void destroy_self() const noexcept = 0;

  /// Makes the owner look at its system queue: schedules it where it is parked, otherwise keeps it from parking.
  /// @threadsafe
  void raise_signal() noexcept {
    constexpr std::uintptr_t parked = idle_mark | suspended_mark;
    std::uintptr_t old = head_.load(std::memory_order_relaxed);
    // seq_cst: after the push to the system queue, before the owner parks
    while (!head_.compare_exchange_weak(old, (old & parked) != 0 ? old & ~parked : old | signal_mark,
                                        std::memory_order_seq_cst, std::memory_order_relaxed)) {
    }
    if (old & parked) scheduler_->schedule(*this);
  }
  [[nodiscard]] static message_node* pointer(std::uintptr_t word) noexcept {
    return reinterpret_cast<message_node*>(word & ~all_marks);
  }
  void set_state(mailbox_state s) noexcept { state_.store(s, std::memory_order_release); }
  /// Closes all ports: what they hold can still be received.
  void close_ports(const error& reason) noexcept;

  std::atomic<std::uintptr_t> head_;
  scheduler* scheduler_;

 private:
  friend class instance_registry;
  friend struct numbered_streams;
  struct port_table {
    std::mutex mutex;
    bool closed = false;
    intrusive_table<port_entry, port_entry::table_link> entries;  // owned references
  };
  [[nodiscard]] port_table& ports();
  /// The closed table of all mailboxes that ended before they had ports.
  [[nodiscard]] HYPERACTOR_SHARED static port_table& no_more_ports();
  struct registry_link {
    using key_type = std::uint64_t;
    static std::uint64_t key(const mailbox& m) noexcept { return m.session_; }
    static std::uint64_t spread(std::uint64_t key) noexcept { return key >> 8; }  // the low bits choose the part
    static mailbox*& next(mailbox& m) noexcept { return m.registry_next_; }
  };

  mutable std::atomic<std::uint32_t> references_{1};
  const bool is_actor_;
  std::atomic<mailbox_state> state_{mailbox_state::open};
  std::uint64_t session_;
  intrusive_ptr<post_office> office_;
  uid uid_;
  mailbox* registry_next_ = nullptr;  // the registry's, under its lock
  std::atomic<std::uint64_t> next_port_{0};
  std::atomic<numbering> numbering_{nullptr};
  std::atomic<stream_numbers*> numbers_{nullptr};  // of this instance as a sender; owned
  std::atomic<port_table*> ports_{nullptr};
};

}  // namespace hyperactor::inline v0::detail

#include <hyperactor/mailbox/registry.hpp>

#endif  // HYPERACTOR_MAILBOX_MAILBOX_HPP
