// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_LABEL_HPP
#define HYPERACTOR_IDENTITY_LABEL_HPP

/// @file
/// `label`: the readable word of procs and actors.
///
/// [LBL-1] A label is 1 to 63 bytes of `a-z 0-9 - _`; it starts with a letter and ends with a letter or digit.
/// [LBL-2] A literal becomes a label while compiling, without an allocation; a bad one does not compile.
/// [LBL-3] A label is two words; copying and moving one never allocates and never throws.

#include <hyperactor/base/format.hpp>
#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/result.hpp>
#include <hyperactor/identity/error.hpp>

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

inline constexpr std::size_t label_bytes_max = 63;

constexpr bool is_label_start(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_label_end(char c) noexcept { return is_label_start(c) || (c >= '0' && c <= '9'); }
constexpr bool is_label_char(char c) noexcept { return is_label_end(c) || c == '-' || c == '_'; }

/// Where and why a text is no label; `fault` is 0 for a good one.
struct label_check {
  parse_error fault{};
  std::size_t at = 0;
};

constexpr label_check check_label(std::string_view text) noexcept {
  if (text.empty()) return {parse_error::empty_label, 0};
  if (text.size() > label_bytes_max) return {parse_error::label_too_long, label_bytes_max};
  if (!is_label_start(text.front())) return {parse_error::invalid_label_start, 0};
  if (!is_label_end(text.back())) return {parse_error::invalid_label_end, text.size() - 1};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_label_char(text[i])) return {parse_error::invalid_label_char, i};
  }
  return {};
}

/// What `label::strip` makes of a text; ends with a zero byte.
struct stripped_label {
  char text[label_bytes_max + 1] = {};
  std::size_t size = 0;
};

constexpr stripped_label strip_label(std::string_view text) noexcept {
  stripped_label out;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (out.size == 0 ? !is_label_start(c) : !is_label_char(c)) continue;
    if (out.size == label_bytes_max) break;
    out.text[out.size++] = c;
  }
  while (out.size != 0 && !is_label_end(out.text[out.size - 1])) out.text[--out.size] = '\0';
  if (out.size == 0) return strip_label("nil");
  return out;
}

/// The error that a bad label gives; `check` is what `check_label(text)` found.
HYPERACTOR_COLD inline error label_error(std::string_view text, label_check check) {
  if (check.fault != parse_error::invalid_label_char) return check.fault;
  std::size_t bytes = 1;  // the whole character, where it is UTF-8
  while (check.at + bytes < text.size() && (static_cast<unsigned char>(text[check.at + bytes]) & 0xc0U) == 0x80U)
    ++bytes;
  std::string message = "label contains invalid character '";
  message += text.substr(check.at, bytes);
  message += '\'';
  return {check.fault, std::move(message)};
}

// Not constexpr: a bad literal makes the compiler print one of these names.
inline void label_literal_must_not_be_empty() {}
inline void label_literal_exceeds_63_characters() {}
inline void label_literal_must_start_with_a_lowercase_letter() {}
inline void label_literal_must_end_with_a_lowercase_letter_or_digit() {}
inline void label_literal_may_contain_lowercase_letters_digits_minus_and_underscore_only() {}

// constexpr, though only consteval functions call it: clang 16 emits those of default member initializers
constexpr void require_label(std::string_view text) {
  const parse_error fault = check_label(text).fault;
  if (fault == parse_error::empty_label) label_literal_must_not_be_empty();
  if (fault == parse_error::label_too_long) label_literal_exceeds_63_characters();
  if (fault == parse_error::invalid_label_start) label_literal_must_start_with_a_lowercase_letter();
  if (fault == parse_error::invalid_label_end) label_literal_must_end_with_a_lowercase_letter_or_digit();
  if (fault == parse_error::invalid_label_char)
    label_literal_may_contain_lowercase_letters_digits_minus_and_underscore_only();
}

/// The characters of a label that was made at run time, right behind their count of owners.
class label_text : public ref_counted<label_text> {
 public:
  [[nodiscard]] static label_text* make(std::string_view text) {
    void* block = ::operator new(sizeof(label_text) + text.size() + 1);
    auto* out = ::new (block) label_text;
    char* characters = out->characters();
    std::memcpy(characters, text.data(), text.size());
    characters[text.size()] = '\0';
    return out;
  }
  static void destroy(label_text* self) noexcept {
    self->~label_text();
    ::operator delete(static_cast<void*>(self));
  }
  [[nodiscard]] char* characters() noexcept { return reinterpret_cast<char*>(this + 1); }
};

}  // namespace detail

namespace detail {
struct label_access;
}

/// A readable word that names a singleton or decorates an instance: `"my-service"`.
/// @threadsafe as a value
class label {
 public:
  /// A literal, checked by the compiler ([LBL-2]). Text that is known at run time only: `parse` or `strip`.
  template <std::size_t N>
  consteval label(const char (&text)[N]) : text_(text) {  // NOLINT(google-explicit-constructor)
    detail::require_label(std::string_view(text, N - 1));
  }
  constexpr label(const label& o) noexcept : text_(o.text_), owner_(o.owner_) {
    if (owner_ != nullptr) owner_->retain();
  }
  constexpr label(label&& o) noexcept : text_(std::exchange(o.text_, "")), owner_(std::exchange(o.owner_, nullptr)) {}
  constexpr label& operator=(label o) noexcept {
    std::swap(text_, o.text_);
    std::swap(owner_, o.owner_);
    return *this;
  }
  constexpr ~label() {
    if (owner_ != nullptr) owner_->release();
  }

  /// The label with exactly this text.
  /// @errors parse_error::empty_label, label_too_long, invalid_label_start, invalid_label_end, invalid_label_char
  template <class T = label> [[nodiscard]] static result<T> parse(std::string_view text) {
    const detail::label_check check = detail::check_label(text);
    if (check.fault != parse_error{}) return detail::label_error(text, check);
    return make(text);
  }
  /// The label nearest to a text: lower case, without foreign characters, `nil` where nothing is left.
  [[nodiscard]] static label strip(std::string_view text) {
    const detail::stripped_label stripped = detail::strip_label(text);
    return make({stripped.text, stripped.size});
  }
  /// No label: what `uid::label()` gives for an instance without decoration. Equal only to itself.
  [[nodiscard]] static constexpr label none() noexcept { return {static_text{}, ""}; }
  /// False for `none()`.
  explicit constexpr operator bool() const noexcept { return *text_ != '\0'; }

  /// The text, followed by a zero byte; valid as long as this label or a copy of it.
  [[nodiscard]] constexpr std::string_view view() const noexcept { return text_; }
  /// The text.
  [[nodiscard]] std::string to_string() const { return std::string(view()); }
  /// `Label("text")`.
  [[nodiscard]] std::string debug_string() const {
    std::string out = "Label(\"";
    out += view();
    out += "\")";
    return out;
  }

  friend constexpr bool operator==(const label& a, const label& b) noexcept {
    // whether two literals share their bytes is not for a constant expression to ask
    if (!std::is_constant_evaluated() && a.text_ == b.text_) return true;
    return a.view() == b.view();
  }
  friend constexpr std::strong_ordering operator<=>(const label& a, const label& b) noexcept {
    return a.view() <=> b.view();
  }
  /// Whether the label has this text; any text may be compared, also one that is no label.
  template <std::convertible_to<std::string_view> Text>
  friend constexpr bool operator==(const label& a, const Text& b) noexcept {
    return a.view() == std::string_view(b);
  }

 private:
  friend struct detail::label_access;
  struct static_text {};
  constexpr label(static_text, const char* text) noexcept : text_(text) {}

  [[nodiscard]] static label make(std::string_view text) {
    detail::label_text* owner = detail::label_text::make(text);
    label out = none();
    out.text_ = owner->characters();
    out.owner_ = owner;
    return out;
  }

  const char* text_;
  detail::label_text* owner_ = nullptr;
};

namespace detail {

/// Makes labels of texts that were checked.
struct label_access {
  [[nodiscard]] static label of_checked(std::string_view text) { return label::make(text); }
  /// Of a text that outlives the program.
  [[nodiscard]] static constexpr label of_static(const char* text) noexcept { return {label::static_text{}, text}; }
};

}  // namespace detail

static_assert(sizeof(label) == 2 * sizeof(void*));

}  // namespace hyperactor::inline v0

template <> struct std::hash<hyperactor::label> {
  std::size_t operator()(const hyperactor::label& value) const noexcept {
    return std::hash<std::string_view>{}(value.view());
  }
};
template <std::same_as<hyperactor::label> T> struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_LABEL_HPP
