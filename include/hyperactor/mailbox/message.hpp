// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_MESSAGE_HPP
#define HYPERACTOR_MAILBOX_MESSAGE_HPP

/// @file
/// The message node: one pooled block that holds the link, where the message goes, who sent it, its place in the
/// sender's stream, and the value itself.
///
/// [MSG-1] A message is one block from enqueue to handler; small ones fit into 64 bytes.
/// [MSG-2] A node is owned by exactly one place: the sender until the queue accepts it, the queue, or the turn.

#include <hyperactor/base/block_pool.hpp>
#include <hyperactor/base/type_name.hpp>
#include <hyperactor/mailbox/local_payload.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0::detail {

struct message_node;

/// What is the same for all messages of one type; an undeliverable message carries the same operations.
using message_type = local_payload_operations;

/// What a message knows that came from another process: mailbox/message_origin.hpp.
struct message_origin_base {
  void (*destroy)(message_origin_base*) noexcept;
};

struct message_node {
  message_node* next = nullptr;
  const message_type* type;
  std::uint64_t session = 0;              // key of the sending instance, or of a foreign session
  std::uint64_t sequence = 0;             // 0: direct
  message_origin_base* origin = nullptr;  // owned
  std::uint32_t slot = 0;                 // which handler of the destination
  bool is_request = false;                // made by ask: never returned, its reply port reports instead

  explicit message_node(const message_type& t) noexcept : type(&t) {}
};

/// Slots that no handler list has.
inline constexpr std::uint32_t undeliverable_slot = 0xffffffff;
/// No message, only its place in the stream: what it stood for went back to the sender.
inline constexpr std::uint32_t skipped_slot = 0xfffffffe;
struct skipped_message {};

template <class M> struct typed_message final : message_node {
  M value;

  template <class... Args>
  explicit typed_message(const message_type& t, Args&&... args) : message_node(t), value{std::forward<Args>(args)...} {}
  template <class Arg>
    requires(!std::is_aggregate_v<M> || std::is_same_v<std::remove_cvref_t<Arg>, M>)
  explicit typed_message(const message_type& t, Arg&& arg) : message_node(t), value(std::forward<Arg>(arg)) {}

  /// @complexity O(1); at most one block, which comes from the pool
  template <class... Args> [[nodiscard]] static typed_message* make(Args&&... args);

  [[nodiscard]] static void* value_of(void* node) noexcept {
    return std::addressof(static_cast<typed_message*>(static_cast<message_node*>(node))->value);
  }
  static void destroy(void* node) noexcept {
    auto* self = static_cast<typed_message*>(static_cast<message_node*>(node));
    if (self->origin != nullptr) self->origin->destroy(self->origin);
    self->~typed_message();
    block_pool::deallocate<sizeof(typed_message)>(self);
  }
};

template <class M>
inline constexpr message_type message_type_of{
    &typed_message<M>::destroy, &typed_message<M>::value_of, nullptr, type_name<M>, 0, &type_tag<M>};

template <class M> template <class... Args> typed_message<M>* typed_message<M>::make(Args&&... args) {
  void* memory = block_pool::allocate<sizeof(typed_message)>();
  if constexpr (std::is_nothrow_constructible_v<typed_message, const message_type&, Args&&...>) {
    return ::new (memory) typed_message(message_type_of<M>, std::forward<Args>(args)...);
  } else {
    try {
      return ::new (memory) typed_message(message_type_of<M>, std::forward<Args>(args)...);
    } catch (...) {
      block_pool::deallocate<sizeof(typed_message)>(memory);
      throw;
    }
  }
}

/// Owns a node on its way between two places.
class owned_message {
 public:
  explicit owned_message(message_node* n) noexcept : node_(n) {}
  owned_message(owned_message&& o) noexcept : node_(std::exchange(o.node_, nullptr)) {}
  owned_message& operator=(owned_message&&) = delete;
  ~owned_message() {
    if (node_ != nullptr) node_->type->destroy(node_);
  }
  [[nodiscard]] message_node* get() const noexcept { return node_; }
  [[nodiscard]] message_node* release() noexcept { return std::exchange(node_, nullptr); }
  /// Destroys the message now.
  void destroy() noexcept {
    node_->type->destroy(node_);
    node_ = nullptr;
  }

 private:
  message_node* node_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_MESSAGE_HPP
