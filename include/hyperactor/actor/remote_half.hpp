// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_REMOTE_HALF_HPP
#define HYPERACTOR_ACTOR_REMOTE_HALF_HPP

/// @file
/// What actors do with serialized and with numbered messages. Instantiated by whatever lets such messages come.
///
/// [ARH-1] A numbered message that is refused, or that its sender got back, leaves no gap in its stream.

#include <hyperactor/actor/actor_core.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/config/keys.hpp>
#include <hyperactor/config/store.hpp>
#include <hyperactor/mailbox/message_origin.hpp>
#include <hyperactor/mailbox/remote_half.hpp>
#include <hyperactor/ordering/reorder_buffer.hpp>

#include <utility>

namespace hyperactor::inline v0::detail {

template <class Tag> struct remote_half_of_actors {
  static void deliver(mailbox& to, message_envelope message, return_port back) {
    auto& self = static_cast<actor_core&>(to);
    const remote_entry* entry = self.find_remote(message.dest().port().number());
    if (entry == nullptr) {
      skip(self, message);
      return back.undeliverable(std::move(message), delivery_failure::handler_not_bound());
    }
    if (self.state() != mailbox_state::open)
      return back.undeliverable(std::move(message), closed_failure(self.state()));
    message_node* const n = entry->decode(message);
    if (n == nullptr) {
      skip(self, message);
      return back.undeliverable(std::move(message), delivery_failure::protocol_mismatch());
    }
    n->slot = entry->slot;
    const auto sequence = message.headers().get<when_used<header::seq_info, Tag>>();
    n->origin = new message_origin(message.sender(), message.headers(), back, message.return_undeliverable());
    if (sequence && !sequence->is_direct()) {
      n->session = key_of_session(sequence->session);
      n->sequence = sequence->sequence;
    }
    if (self.push(n)) return;
    const owned_message gone(n);
    any_value data;
    if (!entry->encode(*n, data)) return;
    message_envelope again(message.sender(), message.dest(), std::move(data), message.headers());
    again.set_return_undeliverable(message.return_undeliverable());
    back.undeliverable(std::move(again), closed_failure(self.state()));
  }

  /// A message that an actor had in its queue when it ended.
  static void give_back(actor_core& self, message_node& n, std::string why) {
    const remote_entry* entry = self.find_remote_slot(n.slot);
    if (entry == nullptr) return;
    any_value data;
    if (!entry->encode(n, data)) return;
    message_origin& origin = origin_of(n);
    message_envelope envelope(origin.sender, self.addr().port_addr(port::handler(entry->type_hash)), std::move(data),
                              std::move(origin.headers));
    envelope.set_return_undeliverable(origin.return_undeliverable);
    origin.back.undeliverable(std::move(envelope), delivery_failure::link_unavailable(std::move(why)));
  }

  /// A message that is refused still takes its place in the stream, so that what follows does not wait for it
  /// ([ARH-1]).
  static void skip(actor_core& self, const message_envelope& message) {
    const auto sequence = message.headers().get<when_used<header::seq_info, Tag>>();
    if (!sequence || sequence->is_direct()) return;
    message_node* n = typed_message<skipped_message>::make();
    n->slot = skipped_slot;
    n->session = key_of_session(sequence->session);
    n->sequence = sequence->sequence;
    if (!self.push(n)) n->type->destroy(n);
  }
};

template <class Tag> class reordered_arrival final : public arrival_order {
 public:
  ~reordered_arrival() override {
    for (message_node* n = take_all(); n != nullptr;) {
      message_node* rest = n->next;
      n->type->destroy(n);
      n = rest;
    }
  }
  void admit(message_node* n, message_node*& first, message_node*& last) override {
    const auto append = [&](message_node* ready) {
      ready->next = nullptr;
      (first == nullptr ? first : last->next) = ready;
      last = ready;
    };
    if (!reorders_) return append(n);
    buffer_.admit(n, append, [](message_node* stale) {
      const bool before = std::exchange(dropping_copies, true);
      stale->type->destroy(stale);
      dropping_copies = before;
    });
  }
  [[nodiscard]] message_node* take_all() override {
    message_node* all = nullptr;
    buffer_.clear([&](message_node* n) {
      n->next = all;
      all = n;
    });
    return all;
  }

 private:
  // for the actor's whole life: whoever began in the middle of a stream would wait for its beginning
  const bool reorders_ = config::get<config::enable_dest_actor_reordering_buffer>();
  reorder_buffer<message_node> buffer_;
};

/// For templates that make actors reachable by references: from here on messages may be numbered.
template <class Tag = void> void use_ordering() noexcept {
  if (make_arrival_order.load(std::memory_order_relaxed) != nullptr) return;
  make_arrival_order.store([]() { return owner<arrival_order>(new reordered_arrival<Tag>); },
                           std::memory_order_release);
}
/// For templates through which serialized messages reach actors.
template <class Tag = void> void use_actor_remote_half() noexcept {
  use_remote_half();
  use_ordering();
  if (deliver_to_handler.load(std::memory_order_relaxed) != nullptr) return;
  return_arrived.store(&remote_half_of_actors<Tag>::give_back, std::memory_order_release);
  deliver_to_handler.store(&remote_half_of_actors<Tag>::deliver, std::memory_order_release);
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_ACTOR_REMOTE_HALF_HPP
