// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_ACTOR_REF_HPP
#define HYPERACTOR_ACTOR_ACTOR_REF_HPP

/// @file
/// `actor_ref<B>`: an actor by its address, with the messages of a behaviour, or those that the actor type exports.
///
/// [REF-1] Where the actor lives in the sender's own network of procs, the message is moved, not encoded, and takes its
///         place in the same numbered stream.

#include <hyperactor/actor/actor_core.hpp>
#include <hyperactor/actor/behavior.hpp>
#include <hyperactor/actor/fwd.hpp>
#include <hyperactor/actor/remote_half.hpp>
#include <hyperactor/base/format.hpp>
#include <hyperactor/base/type_name.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/handler_port.hpp>
#include <hyperactor/mailbox/post_remote.hpp>
#include <hyperactor/wire/remote_message.hpp>

#include <compare>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

/// The messages that a reference of type `B` may send: a behaviour's own, or what an actor exports.
template <class B> struct sendable {
  using type = type_list<>;
};
template <has_exports B>
  requires(!behavior_type<B>)
struct sendable<B> {
  using type = messages_in<typename B::exports>;
};
template <behavior_type B> struct sendable<B> {
  using type = messages_in<B>;
};
template <class B, class M> inline constexpr std::size_t sendable_index = message_index<M, typename sendable<B>::type>;

/// `M` is one of the messages that a reference of type `B` may send.
template <class B, class M>
concept has_message = sendable_index<B, M> != not_found;

template <class B, class M> consteval bool is_sendable() {
  if constexpr (has_message<B, M>) {
    return remote_message<M>;
  } else {
    return false;
  }
}

/// Says in one error why a reference of type `B` cannot send an `M`.
template <class B, class M> consteval void explain_send() {
  if constexpr (!behavior_type<B> && !has_exports<B>) {
    static_assert(
        behavior_type<B> || has_exports<B>,
        "hyperactor: B is no behaviour and exports no messages, so a reference to it sends none; write 'using "
        "exports = hyperactor::exports<Message, ...>;' in B, or refer to the actor by a behaviour");
  } else if constexpr (!has_message<B, M>) {
    static_assert(has_message<B, M>,
                  "hyperactor: B has no message M; a reference sends the messages of its behaviour, or what the actor "
                  "exports: add M there, or bind another behaviour");
  } else {
    explain_remote_message<M>();
  }
}

/// What `typed_message` needs to build an `M` from `Args`.
template <class M, class... Args>
concept built_from = requires { M{std::declval<Args>()...}; } ||
                     (sizeof...(Args) == 1 && !std::is_aggregate_v<M> && std::is_constructible_v<M, Args...>);

template <class M, class... Args> [[nodiscard]] M build_message(Args&&... args) {
  if constexpr (sizeof...(Args) == 1 &&
                (!std::is_aggregate_v<M> || (std::is_same_v<M, std::remove_cvref_t<Args>> && ...))) {
    return M(std::forward<Args>(args)...);
  } else {
    return M{std::forward<Args>(args)...};
  }
}

template <class M, class... Args> consteval void explain_build() {
  if constexpr (sizeof...(Args) == 1 && (std::is_same_v<M, std::remove_cvref_t<Args>> && ...)) {
    static_assert(built_from<M, Args...>,
                  "hyperactor: message M cannot be copied; give it up with std::move, or build it in place: "
                  "post<M>(cx, its members...)");
  } else {
    static_assert(
        built_from<M, Args...>,
        "hyperactor: message M cannot be built as M{Args...}, without narrowing; pass the values of its members "
        "in their order");
  }
}
template <class B> [[nodiscard]] constexpr std::string_view reference_type_name() noexcept {
  if constexpr (behavior_type<B>) {
    return B::behavior_name;
  } else {
    return type_name<B>;
  }
}

struct request_access;

/// Marks, numbers and pushes a node; false: the mailbox is closed, and the node stays the caller's.
[[nodiscard]] HYPERACTOR_ALWAYS_INLINE bool push_numbered(mailbox& from, actor_core& dest, message_node* n,
                                                          std::uint32_t slot) {
  n->slot = slot;
  n->session = from.session();
  if (const numbering number = dest.numbers_senders()) n->sequence = number(from, dest.session());
  return dest.push(n);
}

/// The live actor with this id, where it is in the sender's network; null otherwise.
[[nodiscard]] inline intrusive_ptr<actor_core> find_in_network(const mailbox& from, const actor_addr& addr,
                                                               mailbox_state& ended) {
  const uid& id = addr.id().uid();
  intrusive_ptr<mailbox> found;
  if (id.is_instance()) {
    found = instance_registry::instance().find(id.number());
    if (!found) ended = instance_registry::instance().how_ended(id.number());
  } else if (from.office().id() == addr.proc_id()) {
    found = from.office().find_named(id.label(), ended);
  }
  if (!found || found->id() != addr.id() || found->office().network() != from.office().network() ||
      !found->is_actor()) {
    return nullptr;
  }
  return intrusive_ptr<actor_core>(static_cast<actor_core*>(found.get()));
}

}  // namespace detail

/// A reference to an actor. A regular value: equality, order and hash by address; messages may carry it.
/// @threadsafe as a value
template <class B> class actor_ref {
 public:
  using behavior_type = B;

  /// A reference by address; the caller vouches for what the actor handles.
  [[nodiscard]] static actor_ref attest(actor_addr addr) { return actor_ref(std::move(addr), nullptr, nullptr); }

  [[nodiscard]] const actor_addr& addr() const noexcept { return addr_; }

  /// Sends the message: moved within the network, serialized beyond. Never blocks; what cannot be delivered returns to
  /// `cx`.
  template <class M> void post(sender& cx, M&& message) const {
    using T = std::remove_cvref_t<M>;
    if constexpr (!detail::is_sendable<B, T>()) {
      detail::explain_send<B, T>();
    } else if constexpr (!std::is_constructible_v<T, M&&>) {
      detail::explain_build<T, M&&>();
    } else {
      send<T>(cx, false, std::forward<M>(message));
    }
  }
  /// The same, built from the arguments.
  template <class M, class... Args>
    requires(sizeof...(Args) != 1 || !(std::is_same_v<std::remove_cvref_t<Args>, M> || ...))
  void post(sender& cx, Args&&... args) const {
    if constexpr (!detail::is_sendable<B, M>()) {
      detail::explain_send<B, M>();
    } else if constexpr (!detail::built_from<M, Args&&...>) {
      detail::explain_build<M, Args&&...>();
    } else {
      send<M>(cx, false, std::forward<Args>(args)...);
    }
  }

  /// `{addr}<{type}>`.
  [[nodiscard]] std::string to_string() const {
    return addr_.to_string() + "<" + std::string(detail::reference_type_name<B>()) + ">";
  }

  friend bool operator==(const actor_ref& a, const actor_ref& b) noexcept { return a.addr_ == b.addr_; }
  friend std::strong_ordering operator<=>(const actor_ref& a, const actor_ref& b) noexcept {
    return a.addr_ <=> b.addr_;
  }

 private:
  template <class A> friend class actor_handle;
  friend struct detail::request_access;
  actor_ref(actor_addr addr, detail::intrusive_ptr<detail::actor_core> core, const std::uint32_t* slots) noexcept
      : addr_(std::move(addr)), core_(std::move(core)), slots_(slots) {}

  template <class T, class... Args> void send(sender& cx, bool is_request, Args&&... args) const {
    detail::use_actor_remote_half();
    detail::mailbox& from = detail_sender_access::mailbox(cx);
    auto ended = detail::mailbox_state::open;
    detail::intrusive_ptr<detail::actor_core> found;
    detail::actor_core* dest = core_.get();
    if (dest == nullptr || dest->office().network() != from.office().network()) {
      found = detail::find_in_network(from, addr_, ended);
      dest = found.get();
    }
    if (dest != nullptr) {
      auto* n = detail::typed_message<T>::make(std::forward<Args>(args)...);
      n->is_request = is_request;
      const std::uint32_t* slot = nullptr;
      if (slots_ != nullptr) {
        slot = &slots_[detail::sendable_index<B, T>];
      } else if (const auto* entry = dest->find_remote(type_hash<T>)) {
        slot = &entry->slot;
      }
      if (slot == nullptr) {
        return detail::return_sent(cx, detail::owned_message(n), {addr_, delivery_reason::handler_not_bound, {}});
      }
      if (!detail::push_numbered(from, *dest, n, *slot)) [[unlikely]] {
        detail::return_sent(cx, detail::owned_message(n), detail::closed_failure(addr_, dest->state()));
      }
      return;
    }
    T value = detail::build_message<T>(std::forward<Args>(args)...);
    if (ended != detail::mailbox_state::open) {
      auto* n = detail::typed_message<T>::make(std::move(value));
      n->is_request = is_request;
      return detail::return_sent(cx, detail::owned_message(n), detail::closed_failure(addr_, ended));
    }
    detail::post_remote(cx, addr_.port_addr(handler_port<T>()), value, true);
  }

  actor_addr addr_;
  detail::intrusive_ptr<detail::actor_core> core_;  // where it was bound in this process
  const std::uint32_t* slots_ = nullptr;            // by message of B: the actor's slot
};

template <class B> struct codec<actor_ref<B>> {
  static void encode(wire::encoder& e, const actor_ref<B>& r) { e.put(r.addr()); }
  static actor_ref<B> read(wire::decoder& d) {
    return actor_ref<B>::attest(d.read<detail::when_used<actor_addr, B>>());
  }
};

namespace detail {
/// References are named by what they refer to; behaviours by their own name.
template <class B> struct actor_ref_name {
  static constexpr std::string_view open = "hyperactor::ref_::ActorRef<";
  static constexpr std::string_view inner = [] {
    if constexpr (behavior_type<B>) {
      return B::behavior_name;
    } else {
      return wire_name<B>;
    }
  }();
  static constexpr auto storage = [] {
    fixed_string<open.size() + inner.size() + 1> out;
    std::size_t at = 0;
    for (const char c : open) out.data[at++] = c;
    for (const char c : inner) out.data[at++] = c;
    out.data[at] = '>';
    return out;
  }();
  static constexpr std::string_view value = storage.view();
};
}  // namespace detail

template <class B> struct named<actor_ref<B>> : detail::actor_ref_name<B> {};

}  // namespace hyperactor::inline v0

template <class B> struct std::hash<hyperactor::actor_ref<B>> {
  std::size_t operator()(const hyperactor::actor_ref<B>& r) const noexcept { return r.addr().hash(); }
};
template <class B>
struct fmt::formatter<hyperactor::actor_ref<B>> : hyperactor::detail::text_formatter<hyperactor::actor_ref<B>> {};

#endif  // HYPERACTOR_ACTOR_ACTOR_REF_HPP
