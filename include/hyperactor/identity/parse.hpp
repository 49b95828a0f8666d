// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_PARSE_HPP
#define HYPERACTOR_IDENTITY_PARSE_HPP

/// @file
/// The grammar of ids and addresses, and the reader that the parsers of this module share.
///
///     uid       = label | "<" base58 ">" | label "<" base58 ">"
///     proc-id   = uid
///     actor-id  = uid "." proc-id
///     port      = digit { digit } | "<" base58 ">" | label "<" base58 ">"
///     control   = "introspect" | "signal" | "status"
///     port-id   = actor-id ":" port | actor-id "!" control
///     location  = { uid "." } url
///     address   = id "@" location
///
/// The tokens are the six delimiters `. : @ ! < >` and the runs of anything else; no white space is skipped. Everything
/// here is internal; programs call `parse` of the type they want.
///
/// Functions that make a value of a text are templates with one use each: who reads no texts does not pay for them
/// while compiling.
///
/// [PRS-1] The separators decide what an id is; a malformed port id is never taken for an actor id, nor such a one for
///         a proc id.
/// [PRS-2] A failed reader knows the place: the half-open range of bytes that its text is about.

#include <hyperactor/base/platform.hpp>
#include <hyperactor/base/when_used.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0::detail {

/// Bytes `[begin, end)` of the input.
struct text_span {
  std::size_t begin = 0;
  std::size_t end = 0;
  friend constexpr bool operator==(const text_span&, const text_span&) = default;
};

enum class syntax_fault : unsigned char {
  expected,          ///< something else should stand there
  trailing_input,    ///< the id is complete, the input is not
  invalid_label,     ///< a word that is no label
  invalid_base58,    ///< a number that is none, or is too large
  invalid_port,      ///< neither a number nor a handler's uid
  invalid_location,  ///< no url, or a bad one
};

/// What the reader complains about, and where.
struct syntax_error {
  syntax_fault fault{};
  text_span span;
  std::string text;
};

enum class id_token_kind : unsigned char { end, text, dot, colon, at, bang, less, greater };

struct id_token {
  id_token_kind kind = id_token_kind::end;
  text_span span;
  std::string_view text;

  /// For error texts: `end of input` or the quoted token.
  [[nodiscard]] std::string describe() const {
    if (kind == id_token_kind::end) return "end of input";
    std::string out = "\"";
    out += text;
    out += '"';
    return out;
  }
};

/// Reads ids token by token, with one token of look-ahead; keeps the first error.
class id_reader {
 public:
  /// @param offset  place of `input` in the text that spans refer to
  explicit id_reader(std::string_view input, std::size_t offset = 0) : input_(input), offset_(offset) { advance(); }

  /// The next token, not yet taken.
  [[nodiscard]] const id_token& peek() const noexcept { return next_; }
  [[nodiscard]] bool at(id_token_kind kind) const noexcept { return next_.kind == kind; }
  /// Takes the next token.
  id_token take() {
    id_token taken = next_;
    advance();
    return taken;
  }
  bool take_if(id_token_kind kind) {
    if (!at(kind)) return false;
    advance();
    return true;
  }
  /// What has not been taken.
  [[nodiscard]] std::string_view rest() const noexcept { return input_.substr(next_.span.begin - offset_); }
  /// Where `rest()` starts.
  [[nodiscard]] std::size_t position() const noexcept { return next_.span.begin; }

  /// Takes a token of this kind, or fails.
  bool expect(id_token_kind kind, std::string_view what) {
    if (take_if(kind)) return true;
    fail_expected(what);
    return false;
  }
  /// Fails unless the whole input was taken.
  bool expect_end() {
    if (at(id_token_kind::end)) return true;
    fail(syntax_fault::trailing_input, next_.span, "expected end of input, found " + next_.describe());
    return false;
  }
  HYPERACTOR_COLD void fail_expected(std::string_view what) {
    std::string text = "expected ";
    text += what;
    text += ", found ";
    text += next_.describe();
    fail(syntax_fault::expected, next_.span, std::move(text));
  }
  HYPERACTOR_COLD void fail(syntax_fault fault, text_span span, std::string text) {
    if (has_failed_) return;
    has_failed_ = true;
    error_ = {fault, span, std::move(text)};
  }
  /// The first complaint, or null.
  [[nodiscard]] const syntax_error* error() const noexcept { return has_failed_ ? &error_ : nullptr; }

 private:
  [[nodiscard]] static constexpr id_token_kind delimiter(char c) noexcept {
    switch (c) {
      case '.':
        return id_token_kind::dot;
      case ':':
        return id_token_kind::colon;
      case '@':
        return id_token_kind::at;
      case '!':
        return id_token_kind::bang;
      case '<':
        return id_token_kind::less;
      case '>':
        return id_token_kind::greater;
      default:
        return id_token_kind::text;
    }
  }

  void advance() noexcept {
    const std::size_t begin = next_.span.end - (has_started_ ? offset_ : 0);
    has_started_ = true;
    std::size_t end = begin;
    id_token_kind kind = id_token_kind::end;
    if (begin < input_.size()) {
      kind = delimiter(input_[begin]);
      ++end;
      if (kind == id_token_kind::text) {
        while (end < input_.size() && delimiter(input_[end]) == id_token_kind::text) ++end;
      }
    }
    next_ = {kind, {begin + offset_, end + offset_}, input_.substr(begin, end - begin)};
  }

  std::string_view input_;
  std::size_t offset_;
  id_token next_;
  bool has_started_ = false;
  bool has_failed_ = false;
  syntax_error error_;
};

/// Whether there is nothing but digits.
constexpr bool is_decimal(std::string_view text) noexcept {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

/// A decimal number of 64 bits as Rust's `u64::from_str` reads it; the text of its complaint otherwise.
struct decimal {
  unsigned long long value = 0;
  const char* fault = nullptr;
};
inline decimal read_decimal(std::string_view text) noexcept {
  if (!text.empty() && text.front() == '+' && text.size() > 1) text.remove_prefix(1);
  if (text.empty()) return {0, "cannot parse integer from empty string"};
  unsigned long long value = 0;
  bool is_too_large = false;
  for (const char c : text) {
    if (c < '0' || c > '9') return {0, "invalid digit found in string"};
    const auto digit = static_cast<unsigned long long>(c - '0');
    if (value > (~0ULL - digit) / 10) is_too_large = true;
    value = value * 10 + digit;
  }
  if (is_too_large) return {0, "number too large to fit in target type"};
  return {value, nullptr};
}

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_IDENTITY_PARSE_HPP
