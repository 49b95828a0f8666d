// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_HPP
#define HYPERACTOR_IDENTITY_HPP

/// @file
/// Everything that names procs, actors, ports and places: labels, ids, locations, addresses, and how they travel.

#include <hyperactor/identity/actor_addr.hpp>
#include <hyperactor/identity/actor_id.hpp>
#include <hyperactor/identity/any_addr.hpp>
#include <hyperactor/identity/any_addr_codec.hpp>
#include <hyperactor/identity/any_codec.hpp>
#include <hyperactor/identity/any_id.hpp>
#include <hyperactor/identity/bind_spec.hpp>
#include <hyperactor/identity/channel_addr.hpp>
#include <hyperactor/identity/channel_transport.hpp>
#include <hyperactor/identity/codec.hpp>
#include <hyperactor/identity/error.hpp>
#include <hyperactor/identity/handler_port.hpp>
#include <hyperactor/identity/ip_address.hpp>
#include <hyperactor/identity/label.hpp>
#include <hyperactor/identity/location.hpp>
#include <hyperactor/identity/parse.hpp>
#include <hyperactor/identity/port.hpp>
#include <hyperactor/identity/port_addr.hpp>
#include <hyperactor/identity/port_id.hpp>
#include <hyperactor/identity/proc_addr.hpp>
#include <hyperactor/identity/proc_id.hpp>
#include <hyperactor/identity/uid.hpp>

#endif  // HYPERACTOR_IDENTITY_HPP
