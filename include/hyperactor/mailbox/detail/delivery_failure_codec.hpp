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

  static T read(wire::decoder& d) {
    T out(delivery_reason::expired);
    switch (d.take_index(3)) {
      case 0:
        out.target_ = d.read<any>();
        out.reason_ = static_cast<delivery_reason>(d.take_index(7));
        break;
      case 1:
        if (d.take_index(2) == 0) {
          read_transport(d, out);
        } else {
          out.reason_ = delivery_reason::port_gone;
          out.target_ = d.read<port_addr>();
          out.has_type_ = d.take_bool();
          if (out.has_type_) out.text_ = d.take_string();
        }
        break;
      default:
        out.target_ = d.read<port_addr>();
        break;
    }
    out.template attributes<detail::when_used<headers, T>>() = d.read<detail::when_used<headers, T>>();
    return out;
  }

 private:
  using any = detail::when_used<any_addr, T>;
  using target = std::optional<any>;

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
  static void read_transport(wire::decoder& d, T& out) {
    out.target_ = d.read<any>();
    out.reason_ =
        static_cast<delivery_reason>(d.take_index(7) + static_cast<unsigned>(delivery_reason::channel_closed));
    if (out.reason_ == delivery_reason::channel_closed || out.reason_ == delivery_reason::ack_timed_out ||
        out.reason_ == delivery_reason::dial_failed) {
      out.channel_ = d.read<detail::when_used<channel_addr, T>>();
    }
    if (out.reason_ == delivery_reason::dial_failed || out.reason_ == delivery_reason::link_unavailable) {
      out.text_ = d.take_string();
    } else if (out.reason_ == delivery_reason::oversized_frame) {
      out.frame_bytes_ = d.take_u64();
      out.max_bytes_ = d.take_u64();
    }
  }
};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_MAILBOX_DETAIL_DELIVERY_FAILURE_CODEC_HPP
