// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_ACTOR_ID_HPP
#define HYPERACTOR_IDENTITY_ACTOR_ID_HPP

/// @file
/// `actor_id`: which actor of which proc, wherever that is. Delivery inside a process compares these.
///
/// [AID-1] An actor is identified by its proc and its uid; order is by proc first.

#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/proc_id.hpp>

namespace hyperactor::inline v0 {

/// Identity of an actor: `actor.proc`.
/// @threadsafe as a value
class actor_id {
 public:
  actor_id(hyperactor::uid uid, hyperactor::proc_id proc) noexcept : uid_(std::move(uid)), proc_id_(std::move(proc)) {}
  /// A uid whose decoration is replaced where it is an instance.
  actor_id(const hyperactor::uid& uid, hyperactor::proc_id proc, hyperactor::label label) noexcept
      : uid_(uid.with_label(std::move(label))), proc_id_(std::move(proc)) {}

  /// The root actor with this name.
  [[nodiscard]] static actor_id singleton(hyperactor::label label, hyperactor::proc_id proc) noexcept {
    return {uid::singleton(std::move(label)), std::move(proc)};
  }
  /// A fresh actor without a label.
  [[nodiscard]] static actor_id anonymous(hyperactor::proc_id proc) noexcept {
    return {uid::anonymous(), std::move(proc)};
  }
  /// A fresh actor with a label.
  [[nodiscard]] static actor_id instance(hyperactor::label label, hyperactor::proc_id proc) noexcept {
    return {uid::instance(std::move(label)), std::move(proc)};
  }
  /// Reads `actor.proc`.
  /// @errors parse_error::invalid_actor_id
  template <class T = actor_id> [[nodiscard]] static result<T> parse(std::string_view text);

  [[nodiscard]] const hyperactor::uid& uid() const noexcept { return uid_; }
  [[nodiscard]] const hyperactor::proc_id& proc_id() const noexcept { return proc_id_; }
  /// The label of the actor's uid, or `label::none()`.
  [[nodiscard]] const hyperactor::label& label() const noexcept { return uid_.label(); }
  /// Whether this is a singleton: a named root of its proc.
  [[nodiscard]] bool is_root() const noexcept { return uid_.is_singleton(); }

  /// `actor.proc`.
  [[nodiscard]] std::string to_string() const {
    std::string out = uid_.to_string();
    out += '.';
    out += proc_id_.to_string();
    return out;
  }
  /// The text in angle brackets, the labels of actor and proc in front of it.
  [[nodiscard]] std::string debug_string() const { return debug_prefix() + to_string() + ">"; }
  /// `<'actor.proc' `, or what of it the labels allow: the start of each debug text of actors and ports.
  [[nodiscard]] std::string debug_prefix() const {
    std::string out = "<";
    const hyperactor::label& proc = proc_id_.label();
    if (label() || proc) {
      out += '\'';
      out += label().view();
      if (proc) out += '.';
      out += proc.view();
      out += "' ";
    }
    return out;
  }
  [[nodiscard]] std::size_t hash() const noexcept { return detail::mix_hashes(uid_.hash(), proc_id_.hash()); }

  friend bool operator==(const actor_id& a, const actor_id& b) noexcept {
    return a.uid_ == b.uid_ && a.proc_id_ == b.proc_id_;
  }
  friend std::strong_ordering operator<=>(const actor_id& a, const actor_id& b) noexcept {  // [AID-1]
    const auto proc = a.proc_id_ <=> b.proc_id_;
    return proc != 0 ? proc : a.uid_ <=> b.uid_;
  }

 private:
  hyperactor::uid uid_;
  hyperactor::proc_id proc_id_;
};

namespace detail {

template <class T = actor_id, class Reader> std::optional<T> read_actor_id(Reader& reader) {
  auto actor = read_uid(reader);
  if (!actor || !reader.expect(id_token_kind::dot, "\".\"")) return std::nullopt;
  auto proc = read_uid(reader);
  if (!proc) return std::nullopt;
  return T(std::move(*actor), proc_id(std::move(*proc)));
}

/// Why a text that the reader refused is no actor id.
template <class Label = label> HYPERACTOR_COLD error actor_id_error(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return parse_error::invalid_actor_id;
  if (std::string actor = uid_part_error<Label>(text.substr(0, dot)); !actor.empty()) {
    return {parse_error::invalid_actor_id, "invalid actor uid: " + actor};
  }
  if (std::string proc = uid_part_error<Label>(text.substr(dot + 1)); !proc.empty()) {
    return {parse_error::invalid_actor_id, "invalid proc uid in actor id: " + proc};
  }
  return parse_error::invalid_actor_id;
}

}  // namespace detail

template <class T> result<T> actor_id::parse(std::string_view text) {
  detail::when_used<detail::id_reader, T> reader(text);
  std::optional<T> out = detail::read_actor_id<T>(reader);
  if (out && reader.expect_end()) return std::move(*out);
  return detail::actor_id_error<detail::when_used<hyperactor::label, T>>(text);
}

}  // namespace hyperactor::inline v0

template <> struct std::hash<hyperactor::actor_id> {
  std::size_t operator()(const hyperactor::actor_id& value) const noexcept { return value.hash(); }
};
template <std::same_as<hyperactor::actor_id> T>
struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_ACTOR_ID_HPP
