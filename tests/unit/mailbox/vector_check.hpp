// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_TESTS_UNIT_MAILBOX_VECTOR_CHECK_HPP
#define HYPERACTOR_TESTS_UNIT_MAILBOX_VECTOR_CHECK_HPP

/// @file
/// Compares values with cases of the vector files, in both encodings and both directions.

#include <hyperactor/wire/codec.hpp>

#include "support/json.hpp"

#include <cstdio>
#include <string>

#include <catch2/catch_test_macros.hpp>

namespace vectors {

namespace ha = hyperactor;

inline std::string hex(std::span<const std::byte> bytes) {
  std::string out;
  char digits[3];
  for (const std::byte b : bytes) {
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(b));
    out += digits;
  }
  return out;
}
inline ha::wire::buffer buffer(const std::vector<unsigned char>& bytes) { return {bytes.data(), bytes.size()}; }

inline const json::value& find(const json::value& root, const char* group, std::string_view name) {
  for (const json::value& c : root["groups"][group].items()) {
    if (c["name"].text() == name) return c;
  }
  throw std::runtime_error("no case " + std::string(name));
}

template <class T> std::string plain_hex(const T& value) {
  auto e = ha::wire::encoder::plain();
  e.put(value);
  auto out = e.finish();
  return out ? hex(out->body.span()) : "error: " + out.error().message();
}

/// The value encodes to the bytes of the case, plain and multipart, and both decode to something that encodes the same.
template <class T> void check(const json::value& c, const T& value) {
  INFO(c["name"].text());
  CHECK(plain_hex(value) == c["bincode"].text());
  {
    const auto bytes = buffer(c["bincode"].bytes());
    ha::wire::decoder d(bytes.span());
    auto decoded = d.take<T>();
    REQUIRE(decoded.has_value());
    CHECK(plain_hex(*decoded) == c["bincode"].text());
  }
  if (!c.find("multipart_body")) return;
  const auto compare = [&](const T& v) {
    ha::wire::encoder e;
    e.put(v);
    auto encoded = e.finish();
    REQUIRE(encoded.has_value());
    CHECK(hex(encoded->body.span()) == c["multipart_body"].text());
    const auto& parts = c["multipart_parts"].items();
    REQUIRE(encoded->parts.size() == parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      CHECK(hex(encoded->parts[i].bytes.span()) == parts[i]["bytes"].text());
      CHECK(encoded->parts[i].is_typed == !parts[i]["typehash"].is_null());
      if (encoded->parts[i].is_typed) CHECK(encoded->parts[i].typehash == parts[i]["typehash"].hex_u64());
    }
    return std::move(*encoded);
  };
  const ha::wire::multipart encoded = compare(value);
  ha::wire::decoder d(encoded);
  auto decoded = d.template take_message<T>();
  REQUIRE(decoded.has_value());
  compare(*decoded);
}

}  // namespace vectors

#endif  // HYPERACTOR_TESTS_UNIT_MAILBOX_VECTOR_CHECK_HPP
