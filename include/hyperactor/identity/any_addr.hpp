// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_ANY_ADDR_HPP
#define HYPERACTOR_IDENTITY_ANY_ADDR_HPP

/// @file
/// `any_addr`: the address of a proc, an actor or a port: the key of routers.
///
/// [ADR-2] Order is by proc (uid, then location), then actor, then port, where none comes before any: an address and
///         all that belongs to it are one contiguous range that starts with the address.

#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/any_id.hpp>
#include <hyperactor/identity/port_addr.hpp>

namespace hyperactor::inline v0 {

/// One of the three kinds of addresses.
/// @threadsafe as a value
class any_addr {
 public:
  any_addr(proc_addr addr) noexcept : value_(std::move(addr)) {}   // NOLINT(google-explicit-constructor)
  any_addr(actor_addr addr) noexcept : value_(std::move(addr)) {}  // NOLINT(google-explicit-constructor)
  any_addr(port_addr addr) noexcept : value_(std::move(addr)) {}   // NOLINT(google-explicit-constructor)
  /// An id of any kind at a location.
  any_addr(const any_id& id, hyperactor::location where) noexcept : value_(make(id, std::move(where))) {}
  /// Reads the address of any kind.
  /// @errors parse_error::missing_separator; those of the kind of id that the separators hint at; those of `location`
  template <class T = any_addr> [[nodiscard]] static result<T> parse(std::string_view text);

  /// One of the three, as `index()` and `visit(f)` tell.
  [[nodiscard]] const detail::one_of<proc_addr, actor_addr, port_addr>& value() const noexcept { return value_; }
  /// 0: a proc, 1: an actor, 2: a port.
  [[nodiscard]] unsigned index() const noexcept { return value_.index(); }
  /// Calls `f` with the address inside.
  template <class F> decltype(auto) visit(F&& f) const { return value_.visit(std::forward<F>(f)); }
  /// The address if it is one of a proc, else null; and so on.
  [[nodiscard]] const proc_addr* as_proc() const noexcept { return value_.first(); }
  [[nodiscard]] const actor_addr* as_actor() const noexcept { return value_.second(); }
  [[nodiscard]] const port_addr* as_port() const noexcept { return value_.third(); }
  [[nodiscard]] const hyperactor::proc_id& proc_id() const noexcept {
    if (const auto* proc = as_proc()) return proc->id();
    if (const auto* actor = as_actor()) return actor->proc_id();
    return as_port()->proc_id();
  }
  /// The actor, or null for the address of a proc.
  [[nodiscard]] const hyperactor::actor_id* actor_id() const noexcept {
    if (const auto* actor = as_actor()) return &actor->id();
    const auto* port = as_port();
    return port == nullptr ? nullptr : &port->actor_id();
  }
  /// The port, or null for the other kinds.
  [[nodiscard]] const hyperactor::port* port() const noexcept {
    const auto* port = as_port();
    return port == nullptr ? nullptr : &port->port();
  }
  [[nodiscard]] const hyperactor::location& location() const noexcept {
    if (const auto* proc = as_proc()) return proc->location();
    if (const auto* actor = as_actor()) return actor->location();
    return as_port()->location();
  }

  /// Whether `other` is this address, or belongs to it: a proc covers its actors and their ports, an actor its ports.
  /// The location counts.
  [[nodiscard]] bool is_prefix_of(const any_addr& other) const noexcept {
    if (proc_id() != other.proc_id() || location() != other.location()) return false;
    const auto* actor = actor_id();
    if (actor == nullptr) return true;
    const auto* other_actor = other.actor_id();
    if (other_actor == nullptr || actor->uid() != other_actor->uid()) return false;
    const auto* which = port();
    const auto* other_which = other.port();
    return which == nullptr || (other_which != nullptr && *which == *other_which);
  }

  /// The text of the address inside.
  template <class Text = std::string> [[nodiscard]] Text to_string() const {
    return visit([](const auto& addr) -> Text { return addr.to_string(); });
  }
  /// `Proc(...)`, `Actor(...)` or `Port(...)` around the debug text of the address inside.
  template <class Text = std::string> [[nodiscard]] Text debug_string() const {
    constexpr const char* names[] = {"Proc(", "Actor(", "Port("};
    return names[index()] + visit([](const auto& addr) -> Text { return addr.debug_string(); }) + ")";
  }
  template <class Hash = std::size_t> [[nodiscard]] Hash hash() const noexcept {
    return detail::mix_hashes(index(), visit([](const auto& addr) -> Hash { return addr.hash(); }));
  }

  friend bool operator==(const any_addr& a, const any_addr& b) noexcept { return a.value_ == b.value_; }
  friend std::strong_ordering operator<=>(const any_addr& a, const any_addr& b) noexcept { return a.compare(b); }

 private:
  using one_of = detail::one_of<proc_addr, actor_addr, port_addr>;

  [[nodiscard]] static one_of make(const any_id& id, hyperactor::location where) noexcept {
    if (const auto* proc = id.as_proc()) return one_of(proc_addr(*proc, std::move(where)));
    if (const auto* actor = id.as_actor()) return one_of(actor_addr(*actor, std::move(where)));
    return one_of(port_addr(*id.as_port(), std::move(where)));
  }
  [[nodiscard]] std::strong_ordering compare(const any_addr& o) const noexcept {  // [ADR-2]
    if (const auto by_proc = proc_id() <=> o.proc_id(); by_proc != 0) return by_proc;
    if (const auto by_location = location() <=> o.location(); by_location != 0) return by_location;
    const auto* actor = actor_id();
    const auto* other_actor = o.actor_id();
    if (actor == nullptr || other_actor == nullptr) return (actor != nullptr) <=> (other_actor != nullptr);
    if (const auto by_actor = actor->uid() <=> other_actor->uid(); by_actor != 0) return by_actor;
    const auto* which = port();
    const auto* other_which = o.port();
    if (which == nullptr || other_which == nullptr) return (which != nullptr) <=> (other_which != nullptr);
    return *which <=> *other_which;
  }

  one_of value_;
};

namespace detail {

/// Reads an address with the places of mistakes: for tools that point at them.
template <class T = any_addr> std::optional<T> read_any_addr(std::string_view text, syntax_error& fault) {
  when_used<id_reader, T> reader(text);
  auto id = read_any_id(reader);
  const text_span at = reader.peek().span;
  if (!id || !reader.expect(id_token_kind::at, "\"@\"")) {
    fault = *reader.error();
    return std::nullopt;
  }
  auto where = read_location<when_used<location, T>>(text.substr(at.end), at.end, at, fault);
  if (!where) return std::nullopt;
  return T(std::move(*id), std::move(*where));
}

}  // namespace detail

template <class T> result<T> any_addr::parse(std::string_view text) {
  detail::syntax_error fault;
  std::optional<T> out = detail::read_any_addr<T>(text, fault);
  if (out) return std::move(*out);
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return parse_error::missing_separator;
  const std::string_view id = text.substr(0, at);
  // the most specific kind that the separators of the id hint at explains what is wrong [PRS-1]
  error why = parse_error::invalid_location;
  if (any_id::parse<detail::when_used<any_id, T>>(id)) {
    why = error(parse_error::invalid_location,
                "invalid location: " +
                    hyperactor::location::parse<detail::when_used<hyperactor::location, T>>(text.substr(at + 1))
                        .error()
                        .message());
  } else if (id.find(':') != std::string_view::npos) {
    why = detail::port_id_error<detail::when_used<hyperactor::actor_id, T>>(id);
  } else if (id.find('.') != std::string_view::npos) {
    why = detail::actor_id_error<detail::when_used<hyperactor::label, T>>(id);
  } else {
    why = hyperactor::proc_id::parse<std::remove_cvref_t<decltype(std::declval<T&>().proc_id())>>(id).error();
  }
  if (why == parse_error::invalid_location) return why;
  return error(why.code(), "invalid id: " + why.message());
}

}  // namespace hyperactor::inline v0

template <> struct std::hash<hyperactor::any_addr> {
  std::size_t operator()(const hyperactor::any_addr& value) const noexcept { return value.hash(); }
};
template <std::same_as<hyperactor::any_addr> T>
struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_ANY_ADDR_HPP
