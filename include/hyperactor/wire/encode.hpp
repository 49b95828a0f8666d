// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_ENCODE_HPP
#define HYPERACTOR_WIRE_ENCODE_HPP

/// @file
/// Whole values to bytes and back: `wire::encode`, `wire::decode`, and their plain forms, where parts are inlined.

#include <hyperactor/base/result.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/wire/part.hpp>
#include <hyperactor/wire/remote_message.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace hyperactor::inline v0::wire {

/// `message` as it travels: a body, and beside it the parts that it holds.
/// @errors wire_error::unsupported; whatever a codec of its own reports
template <class M> [[nodiscard]] result<hyperactor::detail::when_used<multipart, M>> encode(const M& message) {
  hyperactor::detail::explain_remote_message<M>();
  if constexpr (remote_message<M>) {
    hyperactor::detail::when_used<encoder, M> e;
    e.put_message(message);
    return e.finish();
  } else {
    return error(wire_error::unsupported);
  }
}

/// The value of an encoded message. Trailing bytes of the body are ignored, parts that are left over are an error.
/// @errors wire_error
template <class M> [[nodiscard]] result<M> decode(multipart&& message) {
  hyperactor::detail::explain_remote_message<M>();
  if constexpr (remote_message<M>) {
    decoder d(std::move(message));
    return d.take_message<M>();
  } else {
    return hyperactor::detail::failed_as<M>(wire_error::unsupported);
  }
}
template <class M> [[nodiscard]] result<M> decode(const multipart& message) {
  hyperactor::detail::explain_remote_message<M>();
  if constexpr (remote_message<M>) {
    decoder d(message);
    return d.take_message<M>();
  } else {
    return hyperactor::detail::failed_as<M>(wire_error::unsupported);
  }
}

/// `message` in one piece: parts stand in the body. For header values, typed parts, files.
/// @errors as `encode`
template <class M> [[nodiscard]] result<hyperactor::detail::when_used<buffer, M>> encode_plain(const M& message) {
  hyperactor::detail::explain_remote_message<M>();
  if constexpr (remote_message<M>) {
    auto e = hyperactor::detail::when_used<encoder, M>::plain();
    e.put_message(message);
    auto out = e.finish();
    if (!out) return out.error();
    return std::move(out->body);
  } else {
    return error(wire_error::unsupported);
  }
}

/// The counterpart of `encode_plain`; trailing bytes are ignored.
/// @errors wire_error
template <class M> [[nodiscard]] result<M> decode_plain(std::span<const std::byte> bytes) {
  hyperactor::detail::explain_remote_message<M>();
  if constexpr (remote_message<M>) {
    decoder d(bytes);
    return d.take_message<M>();
  } else {
    return hyperactor::detail::failed_as<M>(wire_error::unsupported);
  }
}

}  // namespace hyperactor::inline v0::wire

#endif  // HYPERACTOR_WIRE_ENCODE_HPP
