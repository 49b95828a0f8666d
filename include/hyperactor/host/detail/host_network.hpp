// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_DETAIL_HOST_NETWORK_HPP
#define HYPERACTOR_HOST_DETAIL_HOST_NETWORK_HPP

/// @file
/// What a host is to the network: front end, back end, the routes to its procs, and its own two procs.
///
/// [HNW-1] Both ends route alike: to `service` and `local`, to the procs of the host by their table, else by dialling.
/// [HNW-2] The front end is bound from the start and serves from `open` on: what arrives before waits, and goes back to
///         its sender if the host ends without having served.
/// [HNW-3] A message to a proc that this host does not have comes back with "no route"; the host never dials itself.
/// [HNW-4] When a proc has ended, whoever awaits a reply from it is told, wherever the asker is. The same goes for a
///         link out of the host over which the host has forwarded requests.

#include <hyperactor/base/post.hpp>
#include <hyperactor/gateway/gateway.hpp>
#include <hyperactor/gateway/mailbox_server.hpp>
#include <hyperactor/host/detail/owed_replies.hpp>
#include <hyperactor/host/detail/served_proc.hpp>
#include <hyperactor/host/error.hpp>
#include <hyperactor/proc/proc.hpp>

#include <atomic>
#include <string>
#include <utility>
#include <vector>

namespace hyperactor::inline v0::detail {

/// Where a host sends what is not for its own procs.
class host_forwarder {
 public:
  host_forwarder(dial_router<> router, channel_addr front, intrusive_ptr<owed_replies> owed)
      : router_(std::move(router)), front_(std::move(front)), owed_(std::move(owed)) {}

  void post_unchecked(message_envelope m, return_port back) const {
    const actor_addr dest = m.next_hop().actor_addr();
    const auto to = router_.lookup_addr(dest);
    if (!to || *to == front_) return back.undeliverable(std::move(m), delivery_failure::no_route());  // [HNW-3]
    const auto client = router_.client_of(*to);
    if (!client) return back.undeliverable(std::move(m), delivery_failure::dial_failed(*to, client.error().message()));
    if (const auto sealed = seal(m); !sealed) {
      return back.undeliverable(std::move(m), delivery_failure::link_unavailable(sealed.error().message()));
    }
    if (owed_replies::has_once_ports(m)) {
      if (router_.is_direct(dest)) {
        owed_->note(m, *client);
      } else if (!owed_->note(m, dest.proc_addr())) {  // the proc ended after the look at the table
        return back.undeliverable(std::move(m), delivery_failure::no_route());
      }
    }
    post_through(*client, std::move(m), std::move(back));
  }
  void flush(flush_callback done) const { router_.flush(std::move(done)); }

 private:
  /// A value that leaves only now: its once ports get their addresses.
  [[nodiscard]] static result<void> seal(message_envelope& m) {
    if (!m.is_local()) return {};
    const proc_addr owes(m.dest().proc_id(), m.dest().location());
    const proc_addr* const before = std::exchange(encoding_for, &owes);
    auto sealed = m.seal();
    encoding_for = before;
    return sealed;
  }

  dial_router<> router_;
  channel_addr front_;
  intrusive_ptr<owed_replies> owed_;
};

/// Holds back what arrives at the front end until it is opened ([HNW-2]). All but `open` and `close` runs on the
/// reactor.
class front_gate : public ref_counted<front_gate> {
 public:
  void set_inward(any_sender inward) { inward_ = std::move(inward); }  // before anything arrives

  void post(message_envelope m, return_port back) {
    if (is_open_) return inward_.post(std::move(m), std::move(back));
    waiting_.emplace_back(std::move(m), std::move(back));
  }
  void open() {
    post_to(reactor::instance().context(), [self = intrusive_ptr(this)] {
      self->is_open_ = true;
      for (auto& [m, back] : std::exchange(self->waiting_, {})) self->inward_.post(std::move(m), std::move(back));
    });
  }
  /// Gives back what still waits, by the way on which answers leave.
  void close(std::string why) {
    post_to(reactor::instance().context(), [self = intrusive_ptr(this), why = std::move(why)] {
      self->is_open_ = true;
      for (auto& [m, back] : std::exchange(self->waiting_, {})) {
        back.undeliverable(std::move(m), delivery_failure::link_unavailable(why));
      }
    });
  }

 private:
  any_sender inward_;
  bool is_open_ = false;
  std::vector<std::pair<message_envelope, return_port>> waiting_;
};

/// The gate as a mailbox sender; costs no TTL.
struct gate_sender {
  intrusive_ptr<front_gate> gate;
  void post(message_envelope m, return_port back) const { gate->post(std::move(m), std::move(back)); }
  void post_unchecked(message_envelope m, return_port back) const { gate->post(std::move(m), std::move(back)); }
};

/// Owner: one host.
class host_network {
 public:
  /// Binds front and back end and makes the two procs.
  /// @errors those of serving the address
  [[nodiscard]] HYPERACTOR_COLD static result<host_network> make(const channel_addr& front, const channel_addr& back) {
    auto gate = intrusive_ptr<front_gate>::adopt(new front_gate);
    auto front_end = mailbox_server::serve(front, any_sender::of(gate_sender{gate}));
    if (!front_end) return front_end.error();
    const channel_addr known_as = front_end->addr();
    const dial_router<> router;
    auto owed = intrusive_ptr<owed_replies>::adopt(new owed_replies);
    const basic_gateway<host_forwarder> gateway(host_forwarder(router, known_as, owed));
    gateway.set_default_location(known_as);
    const any_sender inward = any_sender::of(gateway.downgrade());
    owed->set_out(gateway.proc_addr(proc_id::singleton(proc_id::service_label)).actor_addr("host"), inward);
    const any_sender settling = any_sender::of(settling_sender(owed, inward));
    gate->set_inward(settling);
    auto back_end = mailbox_server::serve(back, settling);
    auto service = own_proc(proc_id::service_label, gateway);
    auto local = own_proc(proc_id::local_label, gateway);
    for (const error& why : {back_end ? error() : back_end.error(), service ? error() : service.error(),
                             local ? error() : local.error()}) {
      if (!why) continue;
      front_end->stop("the host could not be made");
      if (back_end) back_end->stop("the host could not be made");
      return why;
    }
    return host_network(std::move(gate), std::move(*front_end), std::move(*back_end), router, std::move(owed),
                        std::move(*service), std::move(*local));
  }

  [[nodiscard]] const mailbox_server& front_end() const noexcept { return front_end_; }
  [[nodiscard]] const mailbox_server& back_end() const noexcept { return back_end_; }
  [[nodiscard]] const proc& service() const noexcept { return service_; }
  [[nodiscard]] const proc& local() const noexcept { return local_; }
  void open() { gate_->open(); }

  void add_route(const proc_addr& to, const channel_addr& by) const {
    owed_->open(to);
    router_.bind(to, by);
  }
  /// The proc has ended.
  /// @returns what to give to `tell_lost`
  [[nodiscard]] std::uint64_t drop_route(const proc_addr& to) const {
    router_.unbind(to);
    return owed_->close(to);
  }
  /// Tells who awaits a reply from a proc that has ended ([HNW-4]).
  HYPERACTOR_COLD void tell_lost(std::uint64_t route, const std::string& why) const {
    if (route != 0) owed_->tell(route, why);
  }
  void stop(std::string_view reason) const {
    gate_->close(std::string(reason));
    front_end_.stop(reason);
    back_end_.stop(reason);
  }
  /// Blocks until both ends were told to their peers and their addresses are free: not longer than a link may take for
  /// its last words, and not on the reactor, which has to do it.
  void await_stopped() const {
    const steady_time limit = deadline_after(std::chrono::seconds(6));
    for (const mailbox_server* end : {&front_end_, &back_end_}) (void)end->await_stopped(limit);
  }

 private:
  host_network(intrusive_ptr<front_gate> gate, mailbox_server front_end, mailbox_server back_end, dial_router<> router,
               intrusive_ptr<owed_replies> owed, proc service, proc local)
      : gate_(std::move(gate)),
        front_end_(std::move(front_end)),
        back_end_(std::move(back_end)),
        router_(std::move(router)),
        owed_(std::move(owed)),
        service_(std::move(service)),
        local_(std::move(local)) {}

  template <class Gateway> [[nodiscard]] static result<proc> own_proc(const label& name, const Gateway& gateway) {
    proc::builder builder;
    reserved_proc_access::allow(builder);
    return builder.id(proc_id::singleton(name)).gateway(gateway).build();
  }

  intrusive_ptr<front_gate> gate_;
  mailbox_server front_end_;
  mailbox_server back_end_;
  dial_router<> router_;
  intrusive_ptr<owed_replies> owed_;
  proc service_;
  proc local_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_HOST_DETAIL_HOST_NETWORK_HPP
