// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_UID_HPP
#define HYPERACTOR_IDENTITY_UID_HPP

/// @file
/// `uid`: what identifies a proc, or an actor within its proc.
///
/// [UID-1] A singleton is its label. An instance is its number; its label is decoration and takes no part in equality,
///         order and hash.
/// [UID-2] Every singleton sorts before every instance; singletons by label, instances by number.

#include <hyperactor/base/random.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/detail/base58.hpp>
#include <hyperactor/identity/label.hpp>
#include <hyperactor/identity/parse.hpp>

#include <cstdint>
#include <optional>

namespace hyperactor::inline v0 {

/// A label that is the identity (`my-actor`), or a 64-bit number with or without a label (`<29>`, `my-actor<29>`).
/// @threadsafe as a value
class uid {
 public:
  /// A fresh instance without a label: its number is random.
  [[nodiscard]] static uid anonymous() noexcept { return from_number(detail::random_number()); }
  /// A fresh instance with a label.
  [[nodiscard]] static uid instance(hyperactor::label label) noexcept {
    return from_number(detail::random_number(), std::move(label));
  }
  /// The identity that this label is.
  [[nodiscard]] static uid singleton(hyperactor::label label) noexcept {
    if (!label) label = "nil";
    return {false, 0, std::move(label)};
  }
  /// The instance with this number.
  [[nodiscard]] static uid from_number(std::uint64_t number,
                                       hyperactor::label label = hyperactor::label::none()) noexcept {
    return {true, number, std::move(label)};
  }
  /// Reads `label`, `<base58>` or `label<base58>`.
  /// @errors parse_error::invalid_uid
  template <class T = uid> [[nodiscard]] static result<T> parse(std::string_view text);

  [[nodiscard]] bool is_singleton() const noexcept { return !is_instance_; }
  [[nodiscard]] bool is_instance() const noexcept { return is_instance_; }
  /// The label of a singleton, the decoration of an instance, or `label::none()`.
  [[nodiscard]] const hyperactor::label& label() const noexcept { return label_; }
  /// The number of an instance; 0 for a singleton.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  /// The number of an instance; nothing for a singleton.
  [[nodiscard]] std::optional<std::uint64_t> instance_value() const noexcept {
    return is_instance_ ? std::optional<std::uint64_t>(number_) : std::nullopt;
  }
  /// The number of an instance as base 58 text without brackets; empty for a singleton.
  [[nodiscard]] std::string instance_base58() const {
    return is_instance_ ? detail::encode_base58(number_) : std::string();
  }
  /// An instance with another decoration; `label::none()` keeps the present one. A singleton stays as it is.
  [[nodiscard]] uid with_label(hyperactor::label label) const noexcept {
    return is_instance_ && label ? from_number(number_, std::move(label)) : *this;
  }

  /// `label`, `<base58>` or `label<base58>`.
  [[nodiscard]] std::string to_string() const {
    std::string out = label_.to_string();
    if (is_instance_) {
      out += '<';
      out += detail::encode_base58(number_);
      out += '>';
    }
    return out;
  }
  /// `Uid(...)` around the text.
  [[nodiscard]] std::string debug_string() const { return "Uid(" + to_string() + ")"; }
  [[nodiscard]] std::size_t hash() const noexcept {
    if (is_instance_) return static_cast<std::size_t>(detail::mix_bits(number_));
    return std::hash<hyperactor::label>{}(label_);
  }

  friend bool operator==(const uid& a, const uid& b) noexcept {  // [UID-1]
    return a.is_instance_ == b.is_instance_ && (a.is_instance_ ? a.number_ == b.number_ : a.label_ == b.label_);
  }
  friend std::strong_ordering operator<=>(const uid& a, const uid& b) noexcept {  // [UID-2]
    if (a.is_instance_ != b.is_instance_) return a.is_instance_ <=> b.is_instance_;
    return a.is_instance_ ? a.number_ <=> b.number_ : a.label_ <=> b.label_;
  }

 private:
  uid(bool is_instance, std::uint64_t number, hyperactor::label label) noexcept
      : number_(number), label_(std::move(label)), is_instance_(is_instance) {}

  std::uint64_t number_;
  hyperactor::label label_;
  bool is_instance_;
};

static_assert(sizeof(uid) <= 32);

namespace detail {

/// Reads a uid; the reader has the error where there is none.
template <class T = uid, class Label = label, class Reader> std::optional<T> read_uid(Reader& reader) {
  id_token word;
  if (reader.at(id_token_kind::text)) {
    word = reader.take();
  } else if (!reader.at(id_token_kind::less)) {
    reader.fail_expected("\"label\" or \"<\"");
    return std::nullopt;
  }
  id_token number;
  if (reader.take_if(id_token_kind::less)) {
    if (!reader.at(id_token_kind::text)) {
      reader.fail_expected("uid text");
      return std::nullopt;
    }
    number = reader.take();
    if (!reader.expect(id_token_kind::greater, "\">\"")) return std::nullopt;
  }
  Label name = Label::none();
  if (word.kind == id_token_kind::text) {
    result<Label> parsed = Label::parse(word.text);
    if (!parsed) {
      reader.fail(syntax_fault::invalid_label, word.span, "invalid label: " + parsed.error().message());
      return std::nullopt;
    }
    name = std::move(*parsed);
  }
  if (number.kind != id_token_kind::text) return T::singleton(std::move(name));
  const auto value = decode_base58<when_used<std::uint64_t, T>>(number.text);
  if (!value) {
    std::string text = "invalid base58 uid: ";
    text += number.text;
    reader.fail(syntax_fault::invalid_base58, number.span, std::move(text));
    return std::nullopt;
  }
  return T::from_number(*value, std::move(name));
}

/// The complaint about one part of an id that was split at its separators; empty for a good uid.
template <class Label = label> HYPERACTOR_COLD std::string uid_part_error(std::string_view text) {
  const std::size_t open = text.find('<');
  const bool is_instance = open != std::string_view::npos && text.back() == '>';
  const std::string_view name = is_instance ? text.substr(0, open) : text;
  if (!is_instance || !name.empty()) {
    const result<Label> parsed = Label::parse(name);
    if (!parsed) return "invalid label: " + parsed.error().message();
  }
  if (is_instance) {
    const std::string_view number = text.substr(open + 1, text.size() - open - 2);
    if (!decode_base58<when_used<std::uint64_t, Label>>(number)) {
      std::string out = "invalid base58 uid: ";
      out += number;
      return out;
    }
  }
  return {};
}

}  // namespace detail

template <class T> result<T> uid::parse(std::string_view text) {
  detail::when_used<detail::id_reader, T> reader(text);
  std::optional<T> out = detail::read_uid<T>(reader);
  if (out && reader.expect_end()) return std::move(*out);
  return error(parse_error::invalid_uid, "invalid uid syntax: " + reader.error()->text);
}

}  // namespace hyperactor::inline v0

template <> struct std::hash<hyperactor::uid> {
  std::size_t operator()(const hyperactor::uid& value) const noexcept { return value.hash(); }
};
template <std::same_as<hyperactor::uid> T> struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_UID_HPP
