// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_FWD_HPP
#define HYPERACTOR_ACTOR_FWD_HPP

/// @file
/// Names of the actor module, for headers that only mention them.

namespace hyperactor::inline v0 {

class sender;
class client;
template <class A> class instance;
template <class A> class context;
template <class A> class actor_handle;
template <class B> class actor_ref;
class supervision_event;
class actor_error;
class actor_status;

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_FWD_HPP
