// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_CODEC_HPP
#define HYPERACTOR_IDENTITY_CODEC_HPP

/// @file
/// How ids, locations and addresses travel, and what they are called on the wire. Include it wherever one of them is
/// sent.
///
/// [IDC-1] The bytes are those of the wire format; labels survive, also where they are decoration.
/// [IDC-2] A bad label, a handler port that is a singleton and an unknown index are refused: the message is
///         undecodable.

#include <hyperactor/identity/location.hpp>
#include <hyperactor/identity/port_addr.hpp>
#include <hyperactor/wire/codec.hpp>
#include <hyperactor/wire/named.hpp>

#include <cstring>
#include <vector>

HYPERACTOR_NAMED("hyperactor::id::Label", hyperactor::label);
HYPERACTOR_NAMED("hyperactor::id::Uid", hyperactor::uid);
HYPERACTOR_NAMED("hyperactor::id::ProcId", hyperactor::proc_id);
HYPERACTOR_NAMED("hyperactor::id::ActorId", hyperactor::actor_id);
HYPERACTOR_NAMED("hyperactor::id::PortId", hyperactor::port_id);
HYPERACTOR_NAMED("hyperactor::port::ControlPort", hyperactor::control_port);
HYPERACTOR_NAMED("hyperactor::port::Port", hyperactor::port);
HYPERACTOR_NAMED("hyperactor::channel::ChannelAddr", hyperactor::channel_addr);
HYPERACTOR_NAMED("hyperactor::addr::Location", hyperactor::location);
HYPERACTOR_NAMED("hyperactor::addr::ProcAddr", hyperactor::proc_addr);
HYPERACTOR_NAMED("hyperactor::addr::ActorAddr", hyperactor::actor_addr);
HYPERACTOR_NAMED("hyperactor::addr::PortAddr", hyperactor::port_addr);

namespace hyperactor::inline v0 {

namespace detail {

HYPERACTOR_COLD inline error bad_identity(std::string text) { return {wire_error::invalid_value, std::move(text)}; }

// The codecs are templates with one use each: who sends no addresses does not pay for them while compiling.

/// Two values, one behind the other, that make a `T`.
template <class T, class First, class Second> T read_pair(wire::decoder& d) {
  First first = d.read<First>();
  return T(std::move(first), d.read<Second>());
}

/// A string that is checked when decoded.
template <class T> struct label_codec {
  static void encode(wire::encoder& e, const T& value) {
    if (!value) e.fail(bad_identity("invalid label: label must not be empty"));
    e.put_string(value.view());
  }
  static T read(wire::decoder& d) {
    const std::string_view text = d.take_text();
    if (d.failed()) return T::none();
    const label_check check = check_label(text);
    if (check.fault == parse_error{}) return label_access::of_checked(text);
    d.fail(bad_identity("invalid label: " + label_error(text, check).message()));  // [IDC-2]
    return T::none();
  }
};

/// 0: a label; 1: a number and an optional label.
template <class T, class Label = label> struct uid_codec {
  static void encode(wire::encoder& e, const T& value) {
    if (value.is_singleton()) {
      e.put_u32(0);
      e.put(value.label());
      return;
    }
    e.put_u32(1);
    e.put_u64(value.number());
    e.put_u8(value.label() ? 1 : 0);
    if (value.label()) e.put(value.label());
  }
  static T read(wire::decoder& d) {
    const bool is_instance = d.take_index(2) == 1;
    const std::uint64_t number = is_instance ? d.take_u64() : 0;
    const bool has_label = is_instance ? d.take_bool() : true;
    Label name = has_label ? d.read<Label>() : Label::none();
    return is_instance ? T::from_number(number, std::move(name)) : T::singleton(std::move(name));
  }
};

/// Its uid.
template <class T, class Uid = uid> struct proc_id_codec {
  static void encode(wire::encoder& e, const T& value) { e.put(value.uid()); }
  static T read(wire::decoder& d) { return T(d.read<Uid>()); }
};

/// The actor's uid, then the proc.
template <class T> struct actor_id_codec {
  static void encode(wire::encoder& e, const T& value) {
    e.put(value.uid());
    e.put(value.proc_id());
  }
  static T read(wire::decoder& d) { return read_pair<T, uid, proc_id>(d); }
};

/// 0: a number; 1: the uid of a handler; 2: a control port.
template <class T, class Uid = uid> struct port_codec {
  static void encode(wire::encoder& e, const T& value) {
    e.put_u32(static_cast<std::uint32_t>(value.which()));
    if (value.is_handler()) {
      e.put(value.handler_uid());
    } else if (value.is_control()) {
      e.put_u32(static_cast<std::uint32_t>(value.number()));
    } else {
      e.put_u64(value.number());
    }
  }
  static T read(wire::decoder& d) {
    switch (static_cast<port::kind>(d.take_index(3))) {
      case port::kind::handler: {
        const auto handler = d.read<Uid>();
        if (handler.is_singleton()) {  // [IDC-2]
          d.fail(bad_identity("handler port should be identified by an instance uid: " + handler.to_string()));
          return T::ephemeral(0);
        }
        return T::handler(handler.number(), handler.label());
      }
      case port::kind::control:
        return T::control(static_cast<control_port>(d.take_index(3)));
      default:
        return T::ephemeral(d.take_u64());
    }
  }
};

/// The actor, then the port.
template <class T> struct port_id_codec {
  static void encode(wire::encoder& e, const T& value) {
    e.put(value.actor_id());
    e.put(value.port());
  }
  static T read(wire::decoder& d) { return read_pair<T, actor_id, port>(d); }
};

/// By kind: socket address, host and port, number, path, or two addresses.
template <class T> struct channel_addr_codec {
  static void encode(wire::encoder& e, const T& value) {
    e.put_u32(static_cast<std::uint32_t>(value.which()));
    switch (value.which()) {
      case channel_addr::kind::tcp:
        e.put_u32(value.ip().is_v6 ? 1 : 0);
        e.put_bytes(value.ip().bytes.data(), value.ip().is_v6 ? 16 : 4);
        e.put_u16(value.port());
        return;
      case channel_addr::kind::local:
        e.put_u64(value.number());
        return;
      case channel_addr::kind::unix_socket:
        e.put_string(value.path());
        return;
      case channel_addr::kind::alias:
        e.put(value.dial_to());
        e.put(value.bind_to());
        return;
      default:
        e.put_string(value.host());
        e.put_u16(value.port());
    }
  }
  static T read(wire::decoder& d) {
    const auto which = static_cast<channel_addr::kind>(d.take_index(8));
    switch (which) {
      case channel_addr::kind::tcp: {
        ip_address ip;
        ip.is_v6 = d.take_index(2) == 1;
        const std::size_t size = ip.is_v6 ? 16 : 4;
        if (const std::byte* bytes = d.take_bytes(size)) std::memcpy(ip.bytes.data(), bytes, size);
        return T::tcp(ip, d.take_u16());
      }
      case channel_addr::kind::local:
        return T::local(d.take_u64());
      case channel_addr::kind::unix_socket:
        return T::unix_socket(d.take_text());
      case channel_addr::kind::alias: {
        T dial = d.read<T>();
        return T::alias(std::move(dial), d.read<T>());
      }
      default: {
        const std::string_view host = d.take_text();
        return T::hosted(which, host, d.take_u16());
      }
    }
  }
};

/// Hops, each behind a 1, then a 0 and the channel address.
template <class T, class Uid = uid, class Channel = channel_addr> struct location_codec {
  static void encode(wire::encoder& e, const T& value) {
    for (const Uid& hop : value.hops()) {
      e.put_u32(1);
      e.put(hop);
    }
    e.put_u32(0);
    e.put(value.addr());
  }
  static T read(wire::decoder& d) {
    std::vector<Uid> hops;
    while (d.take_index(2) == 1) hops.push_back(d.read<Uid>());
    return T(std::span<const Uid>(hops.data(), hops.size()), d.read<Channel>());
  }
};

/// The id, then the location.
template <class Address, class Id> struct address_codec {
  static void encode(wire::encoder& e, const Address& value) {
    e.put(value.id());
    e.put(value.location());
  }
  static Address read(wire::decoder& d) { return read_pair<Address, Id, location>(d); }
};

}  // namespace detail

template <> struct codec<label> : detail::label_codec<label> {};
template <> struct codec<uid> : detail::uid_codec<uid> {};
template <> struct codec<proc_id> : detail::proc_id_codec<proc_id> {};
template <> struct codec<actor_id> : detail::actor_id_codec<actor_id> {};
template <> struct codec<port> : detail::port_codec<port> {};
template <> struct codec<port_id> : detail::port_id_codec<port_id> {};
template <> struct codec<channel_addr> : detail::channel_addr_codec<channel_addr> {};
template <> struct codec<location> : detail::location_codec<location> {};
template <> struct codec<proc_addr> : detail::address_codec<proc_addr, proc_id> {};
template <> struct codec<actor_addr> : detail::address_codec<actor_addr, actor_id> {};
template <> struct codec<port_addr> : detail::address_codec<port_addr, port_id> {};

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_IDENTITY_CODEC_HPP
