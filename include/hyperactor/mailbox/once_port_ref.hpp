// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_ONCE_PORT_REF_HPP
#define HYPERACTOR_MAILBOX_ONCE_PORT_REF_HPP

/// @file
/// `once_port_ref<M>`: a once port that may be answered from any process.

#include <hyperactor/base/when_used.hpp>
#include <hyperactor/mailbox/dropped_reply.hpp>
#include <hyperactor/mailbox/once_port.hpp>
#include <hyperactor/mailbox/pending_asks.hpp>
#include <hyperactor/mailbox/port_repr.hpp>
#include <hyperactor/mailbox/post_remote.hpp>
#include <hyperactor/wire/remote_message.hpp>

#include <memory>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

/// What a reference to a once port of another process holds, or one that is on its way out of this process.
template <class M> class once_binding;

template <class M> struct once_extra {
  std::optional<when_used<once_port_repr, M>> remote;
  void (*post)(sender& cx, const once_port_repr& to, const M& message) = nullptr;  // with remote
  std::uint64_t debtor = 0;  // session word of the instance that owes the answer, where the port came by wire
  intrusive_ptr<once_binding<M>> pending;

  once_extra() noexcept = default;
  once_extra(const once_extra&) = delete;
  once_extra& operator=(const once_extra&) = delete;
  ~once_extra() {
    if (debtor != 0) dropped_reply<>::drop(debtor, std::move(remote->port_addr));  // [DRP-1]
  }
};

[[nodiscard]] HYPERACTOR_COLD inline error unreadable_reply(const message_envelope& message) {
  return error(mailbox_error::reply_dropped,
               "the reply from actor " + message.sender().to_string() + " cannot be decoded");
}

/// A serialized once port, as the asker's mailbox sees it.
template <class M> class once_binding final : public port_entry, public awaited_reply {
 public:
  once_binding(intrusive_ptr<mailbox> owner, std::uint64_t index) noexcept : owner_(std::move(owner)), index_(index) {}

  void retain() const noexcept override { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() const noexcept override {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }
  [[nodiscard]] outcome deliver(message_envelope& message) override {
    outcome out = outcome::mismatch;
    (void)message.consume<M>([&](M&& value) {
      out = outcome::gone;
      if (reply_obligation<M> o = take()) {
        pending_asks::instance().remove(*this);
        o.answer(std::move(value));
        out = outcome::exhausted;
      }
    });
    if (out == outcome::mismatch && message.type_hash() == type_hash<M>) [[unlikely]] {  // [RMH-2]
      close(unreadable_reply(message));
      out = outcome::exhausted;
    }
    return out;
  }
  void close(const error& reason) noexcept override {
    pending_asks::instance().remove(*this);  // before whoever waits can look
    if (reply_obligation<M> o = take()) o.fail(reason);
  }
  [[nodiscard]] bool drop(const error& reason) noexcept override {
    close(reason);
    return true;
  }
  [[nodiscard]] awaited_reply* awaited() noexcept override { return this; }
  void lose(error reason) noexcept override {
    if (reply_obligation<M> o = take()) o.fail(std::move(reason));
    owner_->remove_port(index_);
  }
  /// The message is on its way: from here on the answer comes by wire.
  void commit(reply_obligation<M> o) {
    {
      const std::lock_guard lock(mutex_);
      obligation_ = std::move(o);
    }
    // in this order: a mailbox that closes meanwhile finds both
    if (encoding_for != nullptr) pending_asks::instance().add(*encoding_for, intrusive_ptr<awaited_reply>(this));
    if (!owner_->add_port(index_, intrusive_ptr<port_entry>(this))) close(mailbox_error::closed);
  }
  [[nodiscard]] port_addr addr() const { return owner_->addr().port_addr(port::ephemeral(index_)); }

 private:
  [[nodiscard]] reply_obligation<M> take() {
    const std::lock_guard lock(mutex_);
    return std::move(obligation_);
  }

  intrusive_ptr<mailbox> owner_;
  std::uint64_t index_;
  std::mutex mutex_;
  reply_obligation<M> obligation_;
  mutable std::atomic<std::uint32_t> references_{1};
};

}  // namespace detail

/// A reference to a once port, in this process or another. Messages carry it.
/// @note move-only, without default value: who holds it owes an answer
template <class M> class once_port_ref {
 public:
  using message_type = M;

  explicit once_port_ref(detail::reply_obligation<M> o) noexcept : obligation_(std::move(o)) {}
  /// A reference to a port of another process, by its address.
  [[nodiscard]] static once_port_ref attest(port_addr addr) {
    once_port_ref out{detail::reply_obligation<M>()};
    out.extra_ = std::make_unique<detail::once_extra<M>>();
    out.extra_->remote = detail::once_port_repr{std::move(addr), {}};
    detail::explain_remote_message<M>();
    out.extra_->post = [](sender& cx, const detail::once_port_repr& to, const M& message) {
      detail::post_remote(cx, to.port_addr, message, to.return_undeliverable, detail::takes::one);
    };
    return out;
  }
  once_port_ref(once_port_ref&&) noexcept = default;
  once_port_ref& operator=(once_port_ref&&) noexcept = default;

  /// Answers. Never blocks; an answer that cannot be delivered returns to `cx`, except to a receiver made by `ask`.
  /// @errors throws `misuse_error` when it was posted to before ([ONC-4])
  template <class T>
    requires std::constructible_from<M, T&&>
  void post(sender& cx, T&& message) {
    if (obligation_) return obligation_.answer(std::forward<T>(message));
    if (!extra_ || !extra_->remote) detail::throw_posted_twice();
    const auto extra = std::move(extra_);
    const M value(static_cast<M>(std::forward<T>(message)));
    extra->debtor = 0;
    extra->post(cx, *extra->remote, value);
  }

 private:
  friend struct codec<once_port_ref>;
  // at most one of the two; both empty after a post
  mutable detail::reply_obligation<M> obligation_;
  mutable std::unique_ptr<detail::once_extra<M>> extra_;
};

template <class M> struct codec<once_port_ref<M>> {
  static constexpr bool carries_parts = true;
  static void encode(wire::encoder& e, const once_port_ref<M>& r) {
    if (r.obligation_) {
      auto owner = detail::instance_registry::instance().find(r.obligation_.get()->owner);
      if (!owner) return e.fail(error(mailbox_error::closed, "the instance that waits for the reply is gone"));
      const auto index = owner->allocate_port_index();
      r.extra_ = std::make_unique<detail::once_extra<M>>();
      r.extra_->pending =
          detail::intrusive_ptr<detail::once_binding<M>>::adopt(new detail::once_binding<M>(std::move(owner), index));
      detail::when_used<detail::once_port_repr, M> repr{r.extra_->pending->addr(), {}};
      repr.return_undeliverable = false;  // a late reply is counted, not returned
      e.put_repr(type_hash<detail::once_port_repr>, repr);
    } else if (r.extra_ && r.extra_->remote) {
      e.put_repr(type_hash<detail::once_port_repr>, *r.extra_->remote);
    } else {
      return e.fail(error(wire_error::invalid_value, "a once port was posted to before it was sent"));
    }
    e.on_commit(
        [](void* ref) noexcept {
          auto& self = *static_cast<const once_port_ref<M>*>(ref);
          auto extra = std::move(self.extra_);
          if (extra && extra->debtor != 0) {
            if (detail::encoding_for != nullptr) {
              detail::dropped_reply<>::hand_on(extra->debtor, extra->remote->port_addr, *detail::encoding_for);
            }
            extra->debtor = 0;
          }
          if (extra && extra->pending) extra->pending->commit(std::move(self.obligation_));
        },
        const_cast<void*>(static_cast<const void*>(&r)));
  }
  static once_port_ref<M> read(wire::decoder& d) {
    auto repr = d.read_repr<detail::when_used<detail::once_port_repr, M>>(type_hash<detail::once_port_repr>,
                                                                          wire_name<detail::once_port_repr>);
    if (d.failed()) return once_port_ref<M>(detail::reply_obligation<M>());  // nobody is owed anything
    auto out = once_port_ref<M>::attest(repr.port_addr);
    out.extra_->remote = std::move(repr);
    if (detail::decoding_instance != nullptr) out.extra_->debtor = detail::decoding_instance->session();
    return out;
  }
};

template <class M> struct named<once_port_ref<M>> : named_template<"hyperactor::mailbox::OncePortRef", M> {};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_MAILBOX_ONCE_PORT_REF_HPP
