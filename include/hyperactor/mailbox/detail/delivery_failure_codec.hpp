// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_DETAIL_DELIVERY_FAILURE_CODEC_HPP
#define HYPERACTOR_MAILBOX_DETAIL_DELIVERY_FAILURE_CODEC_HPP

/// @file
/// How delivery failures travel.

#include <hyperactor/base/when_used.hpp>
#include <hyperactor/mailbox/delivery_failure.hpp>

namespace hyperactor::inline v0 {

/// The original's shape: nested enumerations, then the attributes as a part.
template <std::same_as<delivery_failure> T> struct codec<T> {
  static constexpr bool carries_parts = true;
  static void encode(wire::encoder& e, const T& f) {
    const auto first_transport = static_cast<unsigned>(delivery_reason::channel_closed);
    switch (f.kind()) {
      case delivery_failure_kind::invalid_reference:
        e.put_u32(0);
        put_target(e, f.target_);
        e.put_u32(static_cast<std::uint32_t>(f.reason_));
        break;
      case delivery_failure_kind::transport:
        e.put_u32(1);
        e.put_u32(0);
        put_target(e, f.target_);
        e.put_u32(static_cast<std::uint32_t>(f.reason_) - first_transport);
        if (f.channel_) e.put(*f.channel_);
        if (f.reason_ == delivery_reason::dial_failed || f.reason_ == delivery_reason::link_unavailable) {
          e.put_string(f.text_);
        } else if (f.reason_ == delivery_reason::oversized_frame) {
          e.put_u64(f.frame_bytes_);
          e.put_u64(f.max_bytes_);
        }
        break;
      case delivery_failure_kind::port_gone:
        e.put_u32(1);
        e.put_u32(1);
        put_port(e, f.target_);
        e.put_u8(f.has_type_ ? 1 : 0);
        if (f.has_type_) e.put_string(f.text_);
        break;
      case delivery_failure_kind::expired:
        e.put_u32(2);
        put_port(e, f.target_);
        break;
    }
    e.put(f.attributes_);
  }

  static result<T> decode(wire::decoder& d) {
    T out(delivery_reason::expired);
    done read;
    switch (d.take_index(3)) {
      case 0:
        read = take_into<any>(d, out.target_);
        out.reason_ = static_cast<delivery_reason>(d.take_index(7));
        break;
      case 1:
        if (d.take_index(2) == 0) {
          read = take_transport(d, out);
        } else {
          out.reason_ = delivery_reason::port_gone;
          read = take_into<port_addr>(d, out.target_);
          out.has_type_ = d.take_bool();
          if (out.has_type_) out.text_ = d.take_string();
        }
        break;
      default:
        read = take_into<port_addr>(d, out.target_);
        break;
    }
    if (!read) return read.error();
    auto attributes = d.take<detail::when_used<headers, T>>();
    if (!attributes) return attributes.error();
    out.template attributes<detail::when_used<headers, T>>() = std::move(*attributes);
    return out;
  }

 private:
  using any = detail::when_used<any_addr, T>;
  using target = std::optional<any>;
  using done = result<detail::when_used<void, T>>;

  static void put_target(wire::encoder& e, const target& t) {
    if (!t) return e.fail(error(wire_error::unsupported, "a delivery failure without target cannot travel"));
    e.put(*t);
  }
  static void put_port(wire::encoder& e, const target& t) {
    if (!t || !t->as_port()) {
      return e.fail(error(wire_error::unsupported, "this delivery failure cannot travel without a port"));
    }
    e.put(*t->as_port());
  }
  template <class Address> static done take_into(wire::decoder& d, target& out) {
    auto addr = d.take<Address>();
    if (!addr) return addr.error();
    out = std::move(*addr);
    return {};
  }
  static done take_transport(wire::decoder& d, T& out) {
    if (auto target = take_into<any>(d, out.target_); !target) return target;
    out.reason_ =
        static_cast<delivery_reason>(d.take_index(7) + static_cast<unsigned>(delivery_reason::channel_closed));
    if (out.reason_ == delivery_reason::channel_closed || out.reason_ == delivery_reason::ack_timed_out ||
        out.reason_ == delivery_reason::dial_failed) {
      auto addr = d.take<detail::when_used<channel_addr, T>>();
      if (!addr) return addr.error();
      out.channel_ = std::move(*addr);
    }
    if (out.reason_ == delivery_reason::dial_failed || out.reason_ == delivery_reason::link_unavailable) {
      out.text_ = d.take_string();
    } else if (out.reason_ == delivery_reason::oversized_frame) {
      out.frame_bytes_ = d.take_u64();
      out.max_bytes_ = d.take_u64();
    }
    return {};
  }
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_MAILBOX_DETAIL_DELIVERY_FAILURE_CODEC_HPP
