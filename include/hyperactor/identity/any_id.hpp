// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_ANY_ID_HPP
#define HYPERACTOR_IDENTITY_ANY_ID_HPP

/// @file
/// `any_id`: the id of a proc, an actor or a port; its separators tell which.
///
/// [AYI-1] Order is by kind (proc, actor, port), then by content.

#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/detail/one_of.hpp>
#include <hyperactor/identity/port_id.hpp>

namespace hyperactor::inline v0 {

/// One of the three kinds of ids.
/// @threadsafe as a value
class any_id {
 public:
  any_id(proc_id id) noexcept : value_(std::move(id)) {}   // NOLINT(google-explicit-constructor)
  any_id(actor_id id) noexcept : value_(std::move(id)) {}  // NOLINT(google-explicit-constructor)
  any_id(port_id id) noexcept : value_(std::move(id)) {}   // NOLINT(google-explicit-constructor)
  /// Reads the id of any kind.
  /// @errors those of the kind that the separators hint at
  template <class T = any_id> [[nodiscard]] static result<T> parse(std::string_view text);

  /// One of the three, as `index()` and `visit(f)` tell.
  [[nodiscard]] const detail::one_of<proc_id, actor_id, port_id>& value() const noexcept { return value_; }
  /// 0: a proc, 1: an actor, 2: a port.
  [[nodiscard]] unsigned index() const noexcept { return value_.index(); }
  /// Calls `f` with the id inside.
  template <class F> decltype(auto) visit(F&& f) const { return value_.visit(std::forward<F>(f)); }
  /// The id if it is one of a proc, else null; and so on.
  [[nodiscard]] const proc_id* as_proc() const noexcept { return value_.first(); }
  [[nodiscard]] const actor_id* as_actor() const noexcept { return value_.second(); }
  [[nodiscard]] const port_id* as_port() const noexcept { return value_.third(); }

  /// The text of the id inside.
  template <class Text = std::string> [[nodiscard]] Text to_string() const {
    return visit([](const auto& id) -> Text { return id.to_string(); });
  }
  /// The debug text of the id inside.
  template <class Text = std::string> [[nodiscard]] Text debug_string() const {
    return visit([](const auto& id) -> Text { return id.debug_string(); });
  }
  template <class Hash = std::size_t> [[nodiscard]] Hash hash() const noexcept {
    return detail::mix_hashes(index(), visit([](const auto& id) -> Hash { return id.hash(); }));
  }

  friend bool operator==(const any_id&, const any_id&) noexcept = default;
  friend std::strong_ordering operator<=>(const any_id&, const any_id&) noexcept = default;

 private:
  detail::one_of<proc_id, actor_id, port_id> value_;
};

namespace detail {

template <class T = any_id, class Reader> std::optional<T> read_any_id(Reader& reader) {
  auto first = read_uid(reader);
  if (!first) return std::nullopt;
  if (!reader.take_if(id_token_kind::dot)) return T(proc_id(std::move(*first)));
  auto proc = read_uid(reader);
  if (!proc) return std::nullopt;
  actor_id actor(std::move(*first), proc_id(std::move(*proc)));
  auto which = decltype(read_port(reader))();
  if (reader.take_if(id_token_kind::bang)) {
    which = read_control_port(reader);
  } else if (reader.take_if(id_token_kind::colon)) {
    which = read_port(reader);
  } else {
    return T(std::move(actor));
  }
  if (!which) return std::nullopt;
  return T(port_id(std::move(actor), std::move(*which)));
}

}  // namespace detail

template <class T> result<T> any_id::parse(std::string_view text) {
  detail::when_used<detail::id_reader, T> reader(text);
  std::optional<T> out = detail::read_any_id<T>(reader);
  if (out && reader.expect_end()) return std::move(*out);
  if (text.find(':') != std::string_view::npos)
    return detail::port_id_error<detail::when_used<hyperactor::actor_id, T>>(text);
  if (text.find('.') != std::string_view::npos)
    return detail::actor_id_error<detail::when_used<hyperactor::label, T>>(text);
  return error(parse_error::invalid_proc_id,
               "invalid proc id: " + detail::uid_part_error<detail::when_used<hyperactor::label, T>>(text));
}

}  // namespace hyperactor::inline v0

template <> struct std::hash<hyperactor::any_id> {
  std::size_t operator()(const hyperactor::any_id& value) const noexcept { return value.hash(); }
};
template <std::same_as<hyperactor::any_id> T> struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_ANY_ID_HPP
