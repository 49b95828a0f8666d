// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_ENVELOPE_HPP
#define HYPERACTOR_MAILBOX_ENVELOPE_HPP

/// @file
/// `message_envelope`: a message on its way, with everything that senders between two mailboxes need to know.
///
/// [ENV-1] An envelope is one owning pointer: policies pass it by value for free.
/// [ENV-2] The first failure is the cause; later ones tell about troubles while returning.
/// [ENV-3] A value that never left the process comes back as that value, not as a copy.
/// [ENV-4] Texts never contain the payload, only its type and size.

#include <hyperactor/base/block_pool.hpp>
#include <hyperactor/base/owner.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/config/keys.hpp>
#include <hyperactor/config/store.hpp>
#include <hyperactor/mailbox/delivery_failure.hpp>
#include <hyperactor/mailbox/local_payload.hpp>
#include <hyperactor/wire/any_value.hpp>

#include <vector>

namespace hyperactor::inline v0 {

class undeliverable;
class return_port;
class message_envelope;

namespace detail {

/// Defined beside `return_port`.
template <class Tag>
void refuse_envelope(message_envelope message, delivery_reason reason, std::string&& text,
                     const return_port& back) noexcept;

template <class Value> HYPERACTOR_COLD result<Value> local_payload::encode() const {
  if (operations_ && operations_->encode) return operations_->encode(owner_);
  return error(wire_error::unsupported, operations_
                                            ? std::string(operations_->type_name) + " cannot travel to another process"
                                            : std::string("there is no value to encode"));
}

}  // namespace detail

/// A message, its sender, its destination, and what happened to it so far.
/// @note a moved-from envelope may only be destroyed or assigned to
class message_envelope {
  struct record;
  /// What whoever routes envelopes does with them. Behind a pointer that is set by whoever makes one, so that a program
  /// in which nobody does can have a router without compiling what an envelope holds.
  struct operations {
    void (*destroy)(record*) noexcept;
    void (*refuse)(message_envelope, delivery_reason, std::string&& text, const return_port& back) noexcept;
  };
  struct record {
    record(const operations* how, actor_addr from, port_addr to, any_value value, hyperactor::headers h)
        : ops(how), sender(std::move(from)), dest(std::move(to)), data(std::move(value)), headers(std::move(h)) {}

    const operations* ops;
    actor_addr sender;
    port_addr dest;
    detail::owner<port_addr> next_hop;  // null: the destination
    any_value data;
    detail::local_payload local;
    std::vector<delivery_failure> failures;
    hyperactor::headers headers;
    std::uint8_t ttl = config::get<config::message_ttl_default>();
    bool return_undeliverable = true;
  };

 public:
  /// An encoded value.
  template <class Headers = hyperactor::headers>
  message_envelope(actor_addr sender, port_addr dest, any_value data, Headers headers = {})
      : record_(make(std::move(sender), std::move(dest), std::move(data), std::move(headers))) {}
  /// A value of this process ([ENV-3]).
  template <class Headers = hyperactor::headers>
  message_envelope(actor_addr sender, port_addr dest, detail::local_payload value, Headers headers = {})
      : record_(make(std::move(sender), std::move(dest), any_value(), std::move(headers))) {
    record_->local = std::move(value);
  }
  /// Encodes `value`.
  /// @errors those of its codec
  template <class M, class Envelope = message_envelope>
  [[nodiscard]] static result<Envelope> serialize(actor_addr sender, port_addr dest, const M& value,
                                                  hyperactor::headers headers = {}) {
    auto data = any_value::encode(value);
    if (!data) return data.error();
    return Envelope(std::move(sender), std::move(dest), std::move(*data), std::move(headers));
  }

  message_envelope(message_envelope&& o) noexcept : record_(std::exchange(o.record_, nullptr)) {}
  message_envelope& operator=(message_envelope&& o) noexcept {
    std::swap(record_, o.record_);
    return *this;
  }
  ~message_envelope() {
    if (record_) record_->ops->destroy(record_);
  }

  [[nodiscard]] const actor_addr& sender() const noexcept { return record_->sender; }
  [[nodiscard]] const port_addr& dest() const noexcept { return record_->dest; }
  /// The port to which the envelope goes next: `dest()` unless a gateway peeled its location.
  [[nodiscard]] const port_addr& next_hop() const noexcept {
    return record_->next_hop ? *record_->next_hop : record_->dest;
  }
  [[nodiscard]] bool has_next_hop() const noexcept { return static_cast<bool>(record_->next_hop); }
  /// The encoded value; a broken one while the envelope holds a value of this process.
  [[nodiscard]] const any_value& data() const noexcept { return record_->data; }
  [[nodiscard]] hyperactor::headers& headers() noexcept { return record_->headers; }
  [[nodiscard]] const hyperactor::headers& headers() const noexcept { return record_->headers; }
  [[nodiscard]] std::uint8_t ttl() const noexcept { return record_->ttl; }
  [[nodiscard]] bool return_undeliverable() const noexcept { return record_->return_undeliverable; }
  /// Failures, the cause first ([ENV-2]).
  [[nodiscard]] const std::vector<delivery_failure>& delivery_failures() const noexcept { return record_->failures; }
  /// The cause, or null.
  [[nodiscard]] const delivery_failure* root_delivery_failure() const noexcept {
    return record_->failures.empty() ? nullptr : record_->failures.data();
  }

  void set_ttl(std::uint8_t ttl) noexcept { record_->ttl = ttl; }
  void set_return_undeliverable(bool value) noexcept { record_->return_undeliverable = value; }
  /// For forwarders that send in their own name.
  void update_sender(actor_addr sender) { record_->sender = std::move(sender); }
  /// Replaces the destination and forgets the next hop.
  [[nodiscard]] message_envelope with_dest(port_addr dest) && {
    record_->dest = std::move(dest);
    record_->next_hop = {};
    return std::move(*this);
  }
  /// Sets where the envelope goes next; the destination itself is never stored twice.
  void set_next_hop(port_addr hop) {
    if (hop == record_->dest) {
      record_->next_hop = {};
    } else {
      record_->next_hop = detail::owner<port_addr>(new port_addr(std::move(hop)));
    }
  }
  /// Appends a failure; one without a target gets the destination's.
  template <class Failure = delivery_failure> void push_delivery_failure(Failure failure) {
    failure.complete(record_->dest);
    record_->failures.push_back(std::move(failure));
  }
  /// Gives the message back with a failure that needs no further facts, or the text of `link_unavailable`.
  void refuse(delivery_reason reason, const return_port& back, std::string text = {}) && noexcept {
    record_->ops->refuse(std::move(*this), reason, std::move(text), back);
  }
  /// Appends what `make()` returns where there is no failure yet.
  template <class F> void ensure_root_delivery_failure(F&& make) {
    if (record_->failures.empty()) push_delivery_failure(make());
  }

  /// Whether the value never left this process.
  [[nodiscard]] bool is_local() const noexcept { return static_cast<bool>(record_->local); }
  /// Type hash of the value; 0 where its type cannot travel.
  [[nodiscard]] std::uint64_t type_hash() const noexcept {
    return is_local() ? record_->local.operations().type_hash : record_->data.type_hash();
  }
  /// The value: moved out where it never left this process, otherwise decoded.
  /// @errors wire_error, where it is no `M`
  template <class M> [[nodiscard]] result<M> as() {
    if (M* value = record_->local.get_if<M>()) {  // [ENV-3]
      result<M> out(boost::system::in_place_value, std::move(*value));
      record_->local.reset();
      return out;
    }
    // in place: an M that can be made of an error, such as bool, has no conversion
    if (is_local()) return result<M>(boost::system::in_place_error, other_type(record_->local.operations().type_name));
    if constexpr (remote_message<M>) {
      return record_->data.decode<M>();
    } else {
      return result<M>(boost::system::in_place_error, other_type("an encoded value"));
    }
  }
  /// Hands the value to `use`, if it is an `M`: moved out where it never left this process, otherwise decoded. False
  /// where it is none. As `as`, without a result.
  template <class M, class F> bool consume(F&& use) {
    if (M* value = record_->local.get_if<M>()) {  // [ENV-3]
      std::forward<F>(use)(std::move(*value));
      record_->local.reset();
      return true;
    }
    if constexpr (remote_message<M>) {
      return !is_local() && record_->data.decode_to<M>(std::forward<F>(use));
    } else {
      return false;
    }
  }
  /// Whether the local value is an `M`; null where it is not, or is encoded.
  template <class M> [[nodiscard]] M* local_value() noexcept { return record_->local.get_if<M>(); }
  /// Takes the local value out with its operations; for the runtime.
  [[nodiscard]] detail::local_payload take_local() noexcept { return std::move(record_->local); }
  /// Takes the encoded value out.
  [[nodiscard]] any_value take_data() noexcept { return std::move(record_->data); }
  /// Encodes a value of this process, so that the envelope can travel; nothing where it is encoded already.
  /// @errors those of the value's codec; the envelope still holds the value then
  template <class Value = any_value> [[nodiscard]] result<detail::when_used<void, Value>> seal() {
    if (!is_local()) return {};
    auto data = record_->local.template encode<Value>();
    if (!data) return data.error();
    record_->data = std::move(*data);
    record_->local.reset();
    return {};
  }

  /// Type of the value: known by itself, as a builtin, by the header that names it; else `unknown`.
  [[nodiscard]] HYPERACTOR_COLD std::string message_type() const {
    if (is_local()) return std::string(record_->local.operations().type_name);
    if (const auto known = detail::builtin_type_name(record_->data.type_hash()); !known.empty())
      return std::string(known);
    std::string name = "unknown";
    (void)record_->headers.get_text<header::rust_message_type>(name);
    return name;
  }
  /// Bytes of the encoded value; 0 for a value of this process.
  [[nodiscard]] std::size_t data_bytes() const noexcept { return is_local() ? 0 : record_->data.size_bytes(); }
  /// The failures' texts, joined by `; `.
  template <class = void> [[nodiscard]] HYPERACTOR_COLD std::string error_message() const {
    std::string out;
    for (const delivery_failure& f : record_->failures) {
      if (!out.empty()) out += "; ";
      out += f.to_string();
    }
    return out;
  }
  /// `{sender} > {dest}: {type} ({n} bytes) {{headers}}` and the failures, if any ([ENV-4]).
  template <class = void> [[nodiscard]] HYPERACTOR_COLD std::string to_string() const {
    std::string out = sender().to_string() + " > " + dest().to_string() + ": " + message_type();
    out += is_local() ? " (local)" : " (" + std::to_string(data_bytes()) + " bytes)";
    out += " {" + record_->headers.to_string() + "}";
    if (!record_->failures.empty()) out += ": delivery error: " + error_message();
    return out;
  }

 private:
  friend class undeliverable;
  template <class T> friend struct codec;

  message_envelope() noexcept : record_(nullptr) {}

  template <class Headers>
  [[nodiscard]] static record* make(actor_addr sender, port_addr dest, any_value data, Headers headers) {
    void* const memory = detail::block_pool::allocate<sizeof(record)>();
    return ::new (memory)
        record(&operations_for<Headers>, std::move(sender), std::move(dest), std::move(data), std::move(headers));
  }
  template <class Headers> static void destroy(record* r) noexcept {
    r->~record();
    detail::block_pool::deallocate<sizeof(record)>(r);
  }
  template <class Headers>
  static void refuse_record(message_envelope message, delivery_reason reason, std::string&& text,
                            const return_port& back) noexcept {
    detail::refuse_envelope<Headers>(std::move(message), reason, std::move(text), back);
  }
  template <class Headers>
  static constexpr operations operations_for{&message_envelope::destroy<Headers>,
                                             &message_envelope::refuse_record<Headers>};
  HYPERACTOR_COLD static error other_type(std::string_view held) {
    return {wire_error::type_mismatch, "the envelope holds " + std::string(held)};
  }

  record* record_;
};

static_assert(sizeof(message_envelope) == sizeof(void*));  // [ENV-1]

/// The original's fields in their order; a value of this process is encoded on the way.
template <std::same_as<message_envelope> T> struct codec<T> {
  static constexpr bool carries_parts = true;
  static void encode(wire::encoder& e, const T& m) {
    const auto& r = *m.record_;
    e.put(r.sender);
    e.put(r.dest);
    e.put_u8(r.next_hop ? 1 : 0);
    if (r.next_hop) e.put(*r.next_hop);
    if (r.local) {
      auto data = r.local.encode();
      if (!data) return e.fail(data.error());
      e.put(*data);
    } else {
      e.put(r.data);
    }
    e.put_u64(r.failures.size());
    for (const auto& f : r.failures) e.put(f);
    e.put(r.headers);
    e.put_u8(r.ttl);
    e.put_u8(r.return_undeliverable ? 1 : 0);
  }
  static T read(wire::decoder& d) {
    using address = detail::when_used<port_addr, T>;
    auto sender = d.read<detail::when_used<actor_addr, T>>();
    auto dest = d.read<address>();
    detail::owner<address> next_hop;
    if (d.take_bool()) next_hop = detail::owner<address>(new address(d.read<address>()));
    T out(std::move(sender), std::move(dest), d.read<detail::when_used<any_value, T>>());
    out.record_->next_hop = std::move(next_hop);
    for (std::size_t n = d.take_count(8); n > 0 && !d.failed(); --n) {
      out.record_->failures.push_back(d.read<detail::when_used<delivery_failure, T>>());
    }
    out.record_->headers = d.read<detail::when_used<hyperactor::headers, T>>();
    out.record_->ttl = d.take_u8();
    out.record_->return_undeliverable = d.take_bool();
    return out;
  }
};

}  // namespace hyperactor::inline v0

HYPERACTOR_NAMED("hyperactor::mailbox::MessageEnvelope", hyperactor::message_envelope);

#endif  // HYPERACTOR_MAILBOX_ENVELOPE_HPP
