// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_PORT_REF_HPP
#define HYPERACTOR_MAILBOX_PORT_REF_HPP

/// @file
/// `port_ref<M>`: a port by its address, reachable from any process.
///
/// [PRF-1] Where the port lives in the sender's own network of procs, the value is moved, not encoded, and takes its
///         place in the same numbered stream.
/// [PRF-2] What comes back has the same reason, whether the value was moved or encoded.

#include <hyperactor/base/format.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/mailbox/header_keys.hpp>
#include <hyperactor/mailbox/port_handle.hpp>
#include <hyperactor/mailbox/port_repr.hpp>
#include <hyperactor/mailbox/post_remote.hpp>

#include <compare>
#include <string>
#include <utility>

namespace hyperactor::inline v0 {

/// A reference to a port. A regular value: equality and order by address and return flag; messages may carry it.
template <class M> class port_ref {
 public:
  using message_type = M;

  /// A reference by address; the caller vouches for the type.
  [[nodiscard]] static port_ref attest(port_addr addr) { return port_ref(std::move(addr), nullptr); }

  [[nodiscard]] const hyperactor::port_addr& port_addr() const noexcept { return addr_; }
  [[nodiscard]] bool returns_undeliverable() const noexcept { return return_undeliverable_; }
  /// Whether messages that cannot be delivered return to their senders; true by default.
  port_ref& return_undeliverable(bool value) noexcept {
    return_undeliverable_ = value;
    return *this;
  }

  /// Sends: serialized and routed, in order. Never blocks; what cannot be delivered returns to `cx`.
  template <class T>
    requires std::constructible_from<M, T&&>
  void post(sender& cx, T&& message) const {
    detail::explain_remote_message<M>();
    if constexpr (remote_message<M>) {
      if (local_ && local_->owner().office().network() == detail_sender_access::mailbox(cx).office().network()) {
        auto* n = detail::port_state<M>::node::make(std::forward<T>(message));
        if (local_->post(cx, n)) return;
        M value(std::move(n->value));
        detail::port_state<M>::node::destroy(n);
        if (return_undeliverable_) {  // [PRF-2]
          detail::return_value(cx, addr_, std::move(value), detail::port_failure(local_->owner()));
        }
        return;
      }
      M value(static_cast<M>(std::forward<T>(message)));
      detail::post_remote(cx, addr_, value, return_undeliverable_);
    }
  }

  [[nodiscard]] std::string to_string() const { return addr_.to_string(); }

  friend bool operator==(const port_ref& a, const port_ref& b) noexcept {
    return a.return_undeliverable_ == b.return_undeliverable_ && a.addr_ == b.addr_;
  }
  friend std::strong_ordering operator<=>(const port_ref& a, const port_ref& b) noexcept {
    if (auto c = a.addr_ <=> b.addr_; c != 0) return c;
    return a.return_undeliverable_ <=> b.return_undeliverable_;
  }

 private:
  friend class port_handle<M>;
  friend struct codec<port_ref>;
  port_ref(hyperactor::port_addr addr, detail::intrusive_ptr<detail::port_state<M>> local) noexcept
      : addr_(std::move(addr)), local_(std::move(local)) {}

  hyperactor::port_addr addr_;
  detail::intrusive_ptr<detail::port_state<M>> local_;
  std::optional<detail::when_used<reducer_spec, M>> reducer_;
  bool return_undeliverable_ = true;
  bool unsplit_ = false;
};

template <class M> port_ref<M> port_handle<M>::bind() const {
  detail::explain_remote_message<M>();
  state_->bind();
  return port_ref<M>(state_->addr(), state_);
}

template <class M> struct codec<port_ref<M>> {
  static constexpr bool carries_parts = true;
  static void encode(wire::encoder& e, const port_ref<M>& r) {
    detail::when_used<detail::port_repr, M> repr{r.addr_, r.reducer_, {}, {}};
    repr.return_undeliverable = r.return_undeliverable_;
    repr.unsplit = r.unsplit_;
    e.put_repr(type_hash<detail::port_repr>, repr);
  }
  static port_ref<M> read(wire::decoder& d) {
    auto repr = d.read_repr<detail::when_used<detail::port_repr, M>>(type_hash<detail::port_repr>,
                                                                     wire_name<detail::port_repr>);
    port_ref<M> out(std::move(repr.port_addr), nullptr);
    out.reducer_ = std::move(repr.reducer_spec);
    out.return_undeliverable_ = repr.return_undeliverable;
    out.unsplit_ = repr.unsplit;
    return out;
  }
};

template <class M> struct named<port_ref<M>> : named_template<"hyperactor::ref_::PortRef", M> {};

}  // namespace hyperactor::inline v0

template <class M> struct std::hash<hyperactor::port_ref<M>> {
  std::size_t operator()(const hyperactor::port_ref<M>& r) const noexcept { return r.port_addr().hash(); }
};
template <class M>
struct fmt::formatter<hyperactor::port_ref<M>> : hyperactor::detail::text_formatter<hyperactor::port_ref<M>> {};

#endif  // HYPERACTOR_MAILBOX_PORT_REF_HPP
