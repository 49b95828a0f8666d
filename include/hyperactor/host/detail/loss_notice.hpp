// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_DETAIL_LOSS_NOTICE_HPP
#define HYPERACTOR_HOST_DETAIL_LOSS_NOTICE_HPP

/// @file
/// What a host tells its procs when one of them has ended.
///
/// [LNO-1] A notice takes effect before anything that the host sent after it is delivered.

#include <hyperactor/identity/handler_port.hpp>
#include <hyperactor/mailbox/any_sender.hpp>
#include <hyperactor/mailbox/lost_procs.hpp>
#include <hyperactor/mailbox/pending_asks.hpp>
#include <hyperactor/proc/proc.hpp>
#include <hyperactor/wire/remote_message.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace hyperactor::inline v0::detail {

/// A proc has ended, or another one takes its place; `times` grows with each.
struct loss_notice {
  proc_addr proc;
  std::uint64_t times;
  std::string why;  // empty: only numbers start anew

  /// Completes what this process awaits from the proc.
  HYPERACTOR_COLD void apply() const {
    lost_procs::instance().raise(proc, times);
    if (!why.empty()) pending_asks::instance().proc_lost(proc, why);
  }
  /// Tells another proc of the host.
  void send(const hyperactor::proc& from, const proc_addr& to) const;
};

}  // namespace hyperactor::inline v0::detail

HYPERACTOR_NAMED("hyperactor::host::LossNotice", hyperactor::detail::loss_notice);

namespace hyperactor::inline v0::detail {

inline void loss_notice::send(const hyperactor::proc& from, const proc_addr& to) const {
  auto data = any_value::encode(*this);
  if (!data) return;  // all of its members can travel
  message_envelope notice(from.addr().actor_addr("host"), to.actor_addr("host").port_addr(handler_port<loss_notice>()),
                          std::move(*data));
  notice.set_return_undeliverable(false);
  from.post_unchecked(std::move(notice), return_port());
}

/// Stands in front of a proc of a host and takes the notices out of what arrives ([LNO-1]).
class notice_filter {
 public:
  explicit notice_filter(any_sender inward) : inward_(std::move(inward)) {}

  /// Costs no TTL.
  void post(message_envelope m, return_port back) const {
    if (m.type_hash() == type_hash<loss_notice>) [[unlikely]] {
      if (const auto notice = m.as<loss_notice>()) notice->apply();
      return;
    }
    inward_.post(std::move(m), std::move(back));
  }
  void post_unchecked(message_envelope m, return_port back) const { post(std::move(m), std::move(back)); }
  void flush(flush_callback done) const { inward_.flush(std::move(done)); }

 private:
  any_sender inward_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_HOST_DETAIL_LOSS_NOTICE_HPP
