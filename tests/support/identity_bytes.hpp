// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_TESTS_SUPPORT_IDENTITY_BYTES_HPP
#define HYPERACTOR_TESTS_SUPPORT_IDENTITY_BYTES_HPP

/// @file
/// The wire form of one value as hex text, and back.

#include <hyperactor/wire/codec.hpp>

#include <stdexcept>
#include <string>
#include <support/json.hpp>
#include <vector>

namespace identity_bytes {

template <class T> std::string hex_of(const T& value) {
  hyperactor::wire::encoder e;
  e.put(value);
  return json::to_hex(e.finish().value().body);
}

template <class T> hyperactor::result<T> from(const std::vector<unsigned char>& bytes) {
  hyperactor::wire::decoder d(std::as_bytes(std::span(bytes)));
  hyperactor::result<T> out = d.take<T>();
  if (out && d.remaining() != 0) throw std::runtime_error("bytes were left over");
  return out;
}

/// What the other side makes of a value; throws where it uses too few bytes or refuses.
template <class T> T sent(const T& value) {
  hyperactor::wire::encoder e;
  e.put(value);
  const auto message = e.finish().value();
  hyperactor::wire::decoder d(message.body.span());
  T out = d.take<T>().value();
  if (d.remaining() != 0) throw std::runtime_error("bytes were left over");
  return out;
}

}  // namespace identity_bytes

#endif  // HYPERACTOR_TESTS_SUPPORT_IDENTITY_BYTES_HPP
