// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_GATEWAY_GATEWAY_HPP
#define HYPERACTOR_GATEWAY_GATEWAY_HPP

/// @file
/// `gateway`: how procs are reached. It serves addresses for them, tells them where they are, hands what arrives to the
/// proc that it is for, and the rest to its forwarder. One gateway serves many procs, one, or none.
///
/// [GWY-1] A gateway is a cheap handle: copies share procs, servers, location and forwarder.
/// [GWY-2] Two gateways of one process never have the same reserved location.

#include <hyperactor/gateway/forwarder.hpp>
#include <hyperactor/gateway/gateway_core.hpp>
#include <hyperactor/gateway/serve_handle.hpp>

#include <concepts>
#include <utility>

namespace hyperactor::inline v0 {

namespace detail {

/// The transports that a gateway serves: those that its forwarder dials, if it does.
template <class Forwarder> struct served_transports {
  using type = default_transports;
};
template <class Forwarder>
  requires requires { typename Forwarder::transports; }
struct served_transports<Forwarder> {
  using type = typename Forwarder::transports;
};

template <class Forwarder> [[nodiscard]] intrusive_ptr<gateway_core> make_gateway_core(Forwarder forwarder) {
  gateway_core::direct_test is_direct;
  if constexpr (requires(const Forwarder& f, const actor_addr& dest) { bool(f.is_direct(dest)); }) {
    if constexpr (std::copy_constructible<Forwarder>) {
      is_direct = [forwarder](const actor_addr& dest) { return bool(forwarder.is_direct(dest)); };
    }
  }
  return intrusive_ptr<gateway_core>::adopt(
      new gateway_core(any_sender::of(std::move(forwarder)), std::move(is_direct)));
}

}  // namespace detail

/// A gateway with a forwarder of your choice.
/// @tparam Forwarder  a `mailbox_sender`: takes what is for no proc of this gateway, and never drops an envelope
/// @threadsafe
template <class Forwarder> class basic_gateway {
  static_assert(sizeof(detail::explained_sender<Forwarder>) != 0);

 public:
  using forwarder_type = Forwarder;

  basic_gateway()
    requires std::default_initializable<Forwarder>
      : basic_gateway(Forwarder()) {}
  explicit basic_gateway(Forwarder policy) : core_(detail::make_gateway_core(std::move(policy))) {}

  /// Where references that are made now say that procs of this gateway are reached: the address of the latest server
  /// that runs, or the fallback.
  [[nodiscard]] location default_location() const { return core_->default_location(); }
  /// Sets the fallback: the default location while nothing is served. At first it is a reserved `inproc://N`.
  void set_default_location(location l) const { core_->set_default_location(std::move(l)); }
  /// The address of a proc at the default location.
  [[nodiscard]] hyperactor::proc_addr proc_addr(proc_id id) const { return {std::move(id), default_location()}; }

  /// Serves an address; what arrives goes to the procs of this gateway. Any local address means the reserved one first.
  /// @errors channel_error::address_in_use, invalid_address, listen_failed; then nothing has changed
  [[nodiscard]] result<serve_handle> serve(const channel_addr& addr) const {
    using table = detail::transport_table<typename detail::served_transports<Forwarder>::type>;
    return serve_handle::start(core_, table::find(addr.bind_addr()), addr);
  }

  /// Checks the TTL, takes one off, and routes the envelope.
  void post(message_envelope m, return_port back) const { core_->post(std::move(m), std::move(back)); }
  void post_unchecked(message_envelope m, return_port back) const {
    core_->post_unchecked(std::move(m), std::move(back));
  }
  /// Flushes the mailboxes of all procs, then the forwarder. All are tried; the first error counts.
  void flush(detail::flush_callback done) const { core_->flush(std::move(done)); }

  /// A handle that does not keep the gateway alive.
  [[nodiscard]] weak_gateway downgrade() const { return weak_gateway(*core_); }
  /// What procs attach to.
  [[nodiscard]] detail::intrusive_ptr<detail::network> network() const {
    return detail::intrusive_ptr<detail::network>(core_.get());
  }

  /// The same gateway.
  friend bool operator==(const basic_gateway&, const basic_gateway&) noexcept = default;

 private:
  detail::intrusive_ptr<detail::gateway_core> core_;
};

/// The gateway of most programs: dials whatever a destination's location says.
using gateway = basic_gateway<dial_forwarder<transport::local, transport::unix_socket, transport::tcp>>;
/// A gateway that sends nothing out; its procs still reach each other.
using isolated_gateway = basic_gateway<unroutable_forwarder>;

static_assert(mailbox_sender<gateway> && mailbox_sender<isolated_gateway>);

/// The gateway of this process: made at the first call, never destroyed.
/// @threadsafe
[[nodiscard]] HYPERACTOR_SHARED inline const gateway& global_gateway() {
  static const gateway* const self = new gateway;
  return *self;
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_GATEWAY_GATEWAY_HPP
