// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_NETWORK_HPP
#define HYPERACTOR_MAILBOX_NETWORK_HPP

/// @file
/// What a proc sees of the gateway that it is attached to. The proc module knows no gateway, and the gateway no proc:
/// they meet here, each behind an erased type.

#include <hyperactor/base/result.hpp>
#include <hyperactor/identity/location.hpp>
#include <hyperactor/identity/proc_id.hpp>
#include <hyperactor/mailbox/any_sender.hpp>
#include <hyperactor/mailbox/envelope.hpp>
#include <hyperactor/mailbox/return_port.hpp>

namespace hyperactor::inline v0::detail {

/// A gateway, erased. Shared: every attached proc keeps it; it sees procs weakly, through senders that know when their
/// proc is gone.
/// @threadsafe
class network {
 public:
  virtual void retain() const noexcept = 0;
  virtual void release() const noexcept = 0;

  /// Routes what is for `id` to `local` until it is detached.
  /// @errors proc_error::id_taken, where a live proc has this id
  [[nodiscard]] virtual result<void> attach(const proc_id& id, any_sender local) = 0;
  virtual void detach(const proc_id& id) noexcept = 0;
  /// Routes a message: to an attached proc, or out by the forwarder. Costs one TTL.
  virtual void post(message_envelope message, return_port back) = 0;
  [[nodiscard]] virtual location default_location() const = 0;
  virtual void set_default_location(location l) = 0;
  virtual void flush(flush_callback done) = 0;

 protected:
  ~network() = default;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_NETWORK_HPP
