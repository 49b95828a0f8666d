// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_TESTS_SUPPORT_JSON_HPP
#define HYPERACTOR_TESTS_SUPPORT_JSON_HPP

/// @file
/// A small JSON reader for the vector tests. Integers keep the whole unsigned (or negative signed) 64-bit range.
/// Lookups of what is not there throw `std::runtime_error` with the name, so that a wrong test says what it missed.
///
///   json::value root = json::load_vectors("bincode.json");
///   for (const json::value& c : root["groups"]["scalars"].items()) {
///     auto bytes = c["bincode"].bytes();          // lower-case hex text -> std::vector<unsigned char>
///     if (const json::value* v = c.find("value")) { v->u64(); v->i64(); v->number(); v->text(); v->boolean(); }
///   }
///   for (const auto& [name, cases] : root["groups"].members()) ...

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace json {

enum class kind { null, boolean, number, text, array, object };

class value {
 public:
  using member = std::pair<std::string, value>;

  [[nodiscard]] json::kind kind() const { return kind_; }
  [[nodiscard]] bool is_null() const { return kind_ == kind::null; }
  [[nodiscard]] bool is_text() const { return kind_ == kind::text; }
  [[nodiscard]] bool is_number() const { return kind_ == kind::number; }
  [[nodiscard]] bool is_array() const { return kind_ == kind::array; }
  [[nodiscard]] bool is_object() const { return kind_ == kind::object; }

  [[nodiscard]] bool boolean() const { return expect(kind::boolean), text_ == "true"; }
  /// The digits as they stand in the file.
  [[nodiscard]] const std::string& number_text() const { return expect(kind::number), text_; }
  [[nodiscard]] std::uint64_t u64() const { return integer<std::uint64_t>(); }
  [[nodiscard]] std::int64_t i64() const { return integer<std::int64_t>(); }
  [[nodiscard]] double number() const { return expect(kind::number), std::strtod(text_.c_str(), nullptr); }
  [[nodiscard]] const std::string& text() const { return expect(kind::text), text_; }
  /// Hex text as bytes.
  [[nodiscard]] std::vector<unsigned char> bytes() const {
    const std::string& hex = text();
    if (hex.size() % 2 != 0) throw std::runtime_error("json: odd number of hex digits: " + hex);
    std::vector<unsigned char> out;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
      out.push_back(static_cast<unsigned char>(nibble(hex[i]) * 16 + nibble(hex[i + 1])));
    }
    return out;
  }
  /// Hex text ("0x" allowed) as a number.
  [[nodiscard]] std::uint64_t hex_u64() const {
    std::string_view hex = text();
    if (hex.substr(0, 2) == "0x") hex.remove_prefix(2);
    std::uint64_t out = 0;
    for (const char c : hex) out = out * 16 + static_cast<std::uint64_t>(nibble(c));
    return out;
  }

  /// Elements of an array.
  [[nodiscard]] const std::vector<value>& items() const { return expect(kind::array), items_; }
  /// Members of an object, in file order.
  [[nodiscard]] const std::vector<member>& members() const { return expect(kind::object), members_; }
  [[nodiscard]] std::size_t size() const { return kind_ == kind::object ? members_.size() : items().size(); }

  [[nodiscard]] const value* find(std::string_view name) const {
    for (const member& m : members()) {
      if (m.first == name) return &m.second;
    }
    return nullptr;
  }
  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  const value& operator[](std::string_view name) const {
    if (const value* v = find(name)) return *v;
    throw std::runtime_error("json: no member '" + std::string(name) + "'");
  }
  const value& operator[](const char* name) const { return (*this)[std::string_view(name)]; }
  const value& operator[](std::size_t index) const {
    if (index >= items().size()) throw std::runtime_error("json: no element " + std::to_string(index));
    return items_[index];
  }
  /// The case with this `"name"` in an array of cases.
  [[nodiscard]] const value& named(std::string_view name) const {
    for (const value& c : items()) {
      const value* n = c.find("name");
      if (n != nullptr && n->text() == name) return c;
    }
    throw std::runtime_error("json: no case named '" + std::string(name) + "'");
  }

 private:
  friend class reader;

  void expect(json::kind k) const {
    if (kind_ != k) throw std::runtime_error("json: another kind of value than expected: '" + text_ + "'");
  }
  static int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    throw std::runtime_error("json: not a hex digit");
  }
  template <class T> [[nodiscard]] T integer() const {
    expect(kind::number);
    T out{};
    const char* end = text_.data() + text_.size();
    const auto [at, ec] = std::from_chars(text_.data(), end, out);
    if (ec != std::errc{} || at != end) throw std::runtime_error("json: not such an integer: " + text_);
    return out;
  }

  json::kind kind_ = kind::null;
  std::string text_;
  std::vector<value> items_;
  std::vector<member> members_;
};

class reader {
 public:
  explicit reader(std::string_view text) : text_(text) {}

  value document() {
    value out = any();
    space();
    if (at_ != text_.size()) fail("text after the end");
    return out;
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw std::runtime_error("json: " + std::string(what) + " at offset " + std::to_string(at_));
  }
  void space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  char peek() {
    if (at_ >= text_.size()) fail("unexpected end");
    return text_[at_];
  }
  bool accept(char c) {
    space();
    if (at_ < text_.size() && text_[at_] == c) return ++at_, true;
    return false;
  }
  void require(char c) {
    if (!accept(c)) fail("unexpected character");
  }

  value any() {
    space();
    value out;
    switch (peek()) {
      case '{':
        ++at_;
        out.kind_ = kind::object;
        if (accept('}')) return out;
        do {
          space();
          std::string name = string();
          require(':');
          out.members_.emplace_back(std::move(name), any());
        } while (accept(','));
        require('}');
        return out;
      case '[':
        ++at_;
        out.kind_ = kind::array;
        if (accept(']')) return out;
        do {
          out.items_.push_back(any());
        } while (accept(','));
        require(']');
        return out;
      case '"':
        out.kind_ = kind::text;
        out.text_ = string();
        return out;
      case 't':
        return word("true", kind::boolean);
      case 'f':
        return word("false", kind::boolean);
      case 'n':
        return word("null", kind::null);
      default: {
        out.kind_ = kind::number;
        while (at_ < text_.size() && std::string_view("+-.0123456789eE").find(text_[at_]) != std::string_view::npos) {
          out.text_ += text_[at_++];
        }
        if (out.text_.empty()) fail("not a value");
        return out;
      }
    }
  }

  value word(std::string_view w, json::kind k) {
    if (text_.substr(at_, w.size()) != w) fail("not a value");
    at_ += w.size();
    value out;
    out.kind_ = k;
    out.text_ = std::string(w);
    return out;
  }

  unsigned hex4() {
    if (text_.size() - at_ < 4) fail("short escape");
    unsigned out = 0;
    for (int i = 0; i < 4; ++i) out = out * 16 + static_cast<unsigned>(value::nibble(text_[at_++]));
    return out;
  }

  std::string string() {
    if (peek() != '"') fail("a string was expected");
    ++at_;
    std::string out;
    for (;;) {
      const char c = peek();
      ++at_;
      if (c == '"') return out;
      if (c != '\\') {
        out += c;
        continue;
      }
      const char e = peek();
      ++at_;
      switch (e) {
        case 'b':
          out += '\b';
          break;
        case 'f':
          out += '\f';
          break;
        case 'n':
          out += '\n';
          break;
        case 'r':
          out += '\r';
          break;
        case 't':
          out += '\t';
          break;
        case 'u':
          append_code_point(out);
          break;
        default:
          out += e;
          break;
      }
    }
  }

  void append_code_point(std::string& out) {
    unsigned c = hex4();
    if (c >= 0xD800 && c < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      at_ += 2;
      c = 0x10000 + ((c - 0xD800) << 10) + (hex4() - 0xDC00);
    }
    const auto put = [&](unsigned byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0 | (c >> 6));
      put(0x80 | (c & 63));
    } else if (c < 0x10000) {
      put(0xE0 | (c >> 12));
      put(0x80 | ((c >> 6) & 63));
      put(0x80 | (c & 63));
    } else {
      put(0xF0 | (c >> 18));
      put(0x80 | ((c >> 12) & 63));
      put(0x80 | ((c >> 6) & 63));
      put(0x80 | (c & 63));
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

inline value parse(std::string_view text) { return reader(text).document(); }

inline value load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("json: cannot open " + path);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return parse(text);
}

#ifdef HYPERACTOR_TEST_VECTORS
/// A file of tests/vectors.
inline value load_vectors(const std::string& file) { return load(std::string(HYPERACTOR_TEST_VECTORS) + "/" + file); }
#endif

/// Bytes as lower-case hex, as the vector files write them.
template <class Bytes> std::string to_hex(const Bytes& bytes) {
  std::string out;
  for (const auto b : bytes) {
    const auto v = static_cast<unsigned char>(b);
    out += "0123456789abcdef"[v >> 4];
    out += "0123456789abcdef"[v & 15];
  }
  return out;
}

}  // namespace json

#endif  // HYPERACTOR_TESTS_SUPPORT_JSON_HPP
