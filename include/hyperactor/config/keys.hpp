// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CONFIG_KEYS_HPP
#define HYPERACTOR_CONFIG_KEYS_HPP

/// @file
/// The keys of the library. Each is a type: `config::get<config::ask_timeout>()`. The environment variable of a key is
/// `HYPERACTOR_` and its name in capitals. docs/configuration.md tells what each one changes.

#include <hyperactor/base/fixed_string.hpp>
#include <hyperactor/base/type_list.hpp>
#include <hyperactor/config/key.hpp>

namespace hyperactor::inline v0 {

namespace detail {

/// A key of the library: its name is all that has to be said about its type.
template <fixed_string Name> struct library_key {
  static constexpr std::string_view name = Name.view();
};
template <fixed_string Name> struct duration_key : library_key<Name> {
  using value_type = std::chrono::nanoseconds;
};
template <fixed_string Name> struct count_key : library_key<Name> {
  using value_type = std::uint64_t;
};
template <fixed_string Name> struct text_key : library_key<Name> {
  using value_type = std::string;
};

}  // namespace detail

namespace config {

/// How many mailbox senders a message may pass before it comes back as expired.
struct message_ttl_default : detail::library_key<"message_ttl_default"> {
  using value_type = std::uint8_t;
  static constexpr value_type default_value = 64;
};
/// How long a channel keeps trying to deliver a message and to get it acknowledged before it closes.
struct message_delivery_timeout : detail::duration_key<"message_delivery_timeout"> {
  static constexpr std::chrono::seconds default_value{30};
};
/// The receiving end of a channel acknowledges at least this often while there is something to acknowledge.
struct message_ack_time_interval : detail::duration_key<"message_ack_time_interval"> {
  static constexpr std::chrono::milliseconds default_value{500};
};
/// The receiving end of a channel acknowledges after this many messages at the latest.
struct message_ack_every_n_messages : detail::count_key<"message_ack_every_n_messages"> {
  static constexpr value_type default_value = 1000;
};
/// Whether the receiving end of a channel acknowledges as soon as nothing more is there to read, and does not wait for
/// `message_ack_time_interval`.
struct message_ack_when_idle : detail::library_key<"message_ack_when_idle"> {
  using value_type = bool;
  static constexpr bool default_value = true;
};
/// Bytes of the longest frame that a channel sends or takes.
struct codec_max_frame_length : detail::count_key<"codec_max_frame_length"> {
  static constexpr value_type default_value = std::uint64_t{10} << 30;
};
/// How long one attempt to connect may take.
struct channel_reconnect_timeout : detail::duration_key<"channel_reconnect_timeout"> {
  static constexpr std::chrono::seconds default_value{60};
};
/// Idle time after which TCP probes its peer.
struct channel_tcp_keepalive_idle : detail::duration_key<"channel_tcp_keepalive_idle"> {
  static constexpr std::chrono::seconds default_value{60};
};
/// Name of the congestion control of TCP; empty leaves it to the system.
struct channel_tcp_congestion : detail::text_key<"channel_tcp_congestion"> {
  static constexpr std::string_view default_value = "";
};
/// How long a request to another process waits for its reply when nothing else ends it.
struct ask_timeout : detail::duration_key<"ask_timeout"> {
  static constexpr std::chrono::seconds default_value{60};
};
/// Whether an actor puts the messages of a sender back into their order. Looked at once by each actor, when the first
/// numbered message arrives.
struct enable_dest_actor_reordering_buffer : detail::library_key<"enable_dest_actor_reordering_buffer"> {
  using value_type = bool;
  static constexpr bool default_value = true;
};
/// How long a host waits for a child to be ready; zero waits for ever.
struct host_spawn_ready_timeout : detail::duration_key<"host_spawn_ready_timeout"> {
  static constexpr std::chrono::seconds default_value{30};
};
/// How long a process has to end after it was asked to.
struct process_exit_timeout : detail::duration_key<"process_exit_timeout"> {
  static constexpr std::chrono::seconds default_value{10};
};
/// How long an actor has to stop after it was asked to.
struct stop_actor_timeout : detail::duration_key<"stop_actor_timeout"> {
  static constexpr std::chrono::seconds default_value{10};
};
/// How long an actor's `cleanup` may take.
struct cleanup_timeout : detail::duration_key<"cleanup_timeout"> {
  static constexpr std::chrono::seconds default_value{3};
};
/// How long a proc that ends waits for what it sent to be acknowledged.
struct forwarder_flush_timeout : detail::duration_key<"forwarder_flush_timeout"> {
  static constexpr std::chrono::seconds default_value{5};
};
/// How many actors that ended a proc remembers.
struct terminated_snapshot_retention : detail::count_key<"terminated_snapshot_retention"> {
  static constexpr value_type default_value = 100;
};
/// How many values a split port gathers before it reduces them.
struct split_max_buffer_size : detail::count_key<"split_max_buffer_size"> {
  static constexpr value_type default_value = 5;
};
/// How long a split port keeps values before it reduces them.
struct split_max_buffer_age : detail::duration_key<"split_max_buffer_age"> {
  static constexpr std::chrono::milliseconds default_value{50};
};
/// Worker threads of the default runtime; 0: as many as there are processors that the process may
/// use. Read at its first use.
struct runtime_threads : detail::count_key<"runtime_threads"> {
  static constexpr value_type default_value = 0;
};
/// How long static destruction waits for the actors to end.
struct runtime_exit_timeout : detail::duration_key<"runtime_exit_timeout"> {
  static constexpr std::chrono::seconds default_value{5};
};
/// Certificate, key and authority of TLS channels.
struct tls_cert : detail::text_key<"tls_cert"> {
  static constexpr std::string_view default_value = "/etc/hyperactor/tls/tls.crt";
};
struct tls_key : detail::text_key<"tls_key"> {
  static constexpr std::string_view default_value = "/etc/hyperactor/tls/tls.key";
};
struct tls_ca : detail::text_key<"tls_ca"> {
  static constexpr std::string_view default_value = "/etc/hyperactor/tls/ca.crt";
};

}  // namespace config

namespace detail {
/// Every key above: what a configuration file may name.
using library_keys =
    type_list<config::message_ttl_default, config::message_delivery_timeout, config::message_ack_time_interval,
              config::message_ack_every_n_messages, config::message_ack_when_idle, config::codec_max_frame_length,
              config::channel_reconnect_timeout, config::channel_tcp_keepalive_idle, config::channel_tcp_congestion,
              config::ask_timeout, config::enable_dest_actor_reordering_buffer, config::host_spawn_ready_timeout,
              config::process_exit_timeout, config::stop_actor_timeout, config::cleanup_timeout,
              config::forwarder_flush_timeout, config::terminated_snapshot_retention, config::split_max_buffer_size,
              config::split_max_buffer_age, config::runtime_threads, config::runtime_exit_timeout, config::tls_cert,
              config::tls_key, config::tls_ca>;
}  // namespace detail

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_CONFIG_KEYS_HPP
