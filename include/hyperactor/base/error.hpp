// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_ERROR_HPP
#define HYPERACTOR_BASE_ERROR_HPP

/// @file
/// `error`: the error half of every `result`. A code of a module's category and a stable text.
///
/// [ERR-1] `message()` is the exact text; `what()` is `hyperactor.<module>.<enumerator>: <message>`.
/// [ERR-2] Nothing but an enumeration that is registered as an error code converts to `error` implicitly.

#include <hyperactor/base/intrusive_ptr.hpp>
#include <hyperactor/base/platform.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace hyperactor::inline v0 {

namespace detail {

/// Category of one module's errors. A module describes its enumeration once, in a table:
///   `{"already_serving", "the host is serving already"}` for value 1, and so on.
class error_category final : public std::error_category {
 public:
  struct row {
    const char* name;
    const char* sentence;
  };
  template <std::size_t N>
  constexpr error_category(const char* module, const row (&rows)[N]) noexcept
      : module_(module), rows_(rows), size_(N) {}

  [[nodiscard]] const char* name() const noexcept override { return module_; }
  [[nodiscard]] std::string message(int value) const override { return find(value).sentence; }
  [[nodiscard]] const char* enumerator(int value) const noexcept { return find(value).name; }

 private:
  [[nodiscard]] const row& find(int value) const noexcept {
    static constexpr row unknown{"unknown", "unknown error"};
    return value >= 1 && static_cast<std::size_t>(value) <= size_ ? rows_[value - 1] : unknown;
  }

  const char* module_;
  const row* rows_;
  std::size_t size_;
};

struct error_text : ref_counted<error_text> {
  explicit error_text(std::string text) : value(std::move(text)) {}
  std::string value;
};

}  // namespace detail

/// What went wrong: a `std::error_code` of the module's category and the text for people.
/// @note cheap to move and to copy; the text is immutable and shared
/// @threadsafe as a value
class error {
 public:
  /// No error: `code()` is false.
  error() noexcept = default;
  /// An enumerator with its own sentence as text.
  template <class E>
  // NOLINTNEXTLINE(google-explicit-constructor): so that `return host_error::proc_exists;` works
    requires std::is_error_code_enum_v<E>
  error(E value) noexcept : code_(make_error_code(value)) {}
  /// An enumerator with the text of this occurrence.
  template <class E>
    requires std::is_error_code_enum_v<E>
  error(E value, std::string text) : error(make_error_code(value), std::move(text)) {}
  /// Any code with the text of this occurrence.
  error(std::error_code code, std::string text)
      : code_(code),
        text_(detail::intrusive_ptr<const detail::error_text>::adopt(new detail::error_text(std::move(text)))) {}
  /// A code of another library; its own text.
  explicit error(std::error_code code) noexcept : code_(code) {}

  [[nodiscard]] const std::error_code& code() const noexcept { return code_; }
  /// The text of this occurrence, or the sentence of the enumerator.
  [[nodiscard]] std::string message() const { return text_ ? text_->value : code_.message(); }
  /// `hyperactor.<module>.<enumerator>: <message>`.
  [[nodiscard]] std::string what() const {
    std::string out = code_.category().name();
    if (const auto* ours = dynamic_category()) {
      out += '.';
      out += ours->enumerator(code_.value());
    }
    out += ": ";
    out += message();
    return out;
  }

  explicit operator bool() const noexcept { return static_cast<bool>(code_); }

  friend bool operator==(const error& a, const error& b) noexcept { return a.code_ == b.code_; }
  template <class E>
    requires std::is_error_code_enum_v<E>
  friend bool operator==(const error& a, E value) noexcept {
    return a.code_ == make_error_code(value);
  }

 private:
  [[nodiscard]] const detail::error_category* dynamic_category() const noexcept {
    // every category whose name starts with our prefix is ours: no RTTI
    constexpr std::string_view prefix = "hyperactor.";
    const std::string_view name = code_.category().name();
    return name.substr(0, prefix.size()) == prefix ? static_cast<const detail::error_category*>(&code_.category())
                                                   : nullptr;
  }

  std::error_code code_;
  detail::intrusive_ptr<const detail::error_text> text_;
};

/// Thrown by `result::value()` on an error, and by nothing else.
class HYPERACTOR_SHARED failed_result : public std::runtime_error {
 public:
  explicit failed_result(hyperactor::error e) : std::runtime_error(e.what()), error_(std::move(e)) {}
  [[nodiscard]] const hyperactor::error& error() const noexcept { return error_; }

 private:
  hyperactor::error error_;
};

/// A mistake of the calling code that only run time can see: a blocking call on a runtime thread, a second post to a
/// once port. The text names what to call instead.
class HYPERACTOR_SHARED misuse_error : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_BASE_ERROR_HPP
