// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HYPERACTOR_HPP
#define HYPERACTOR_HYPERACTOR_HPP

/// @file
/// Everything: actors and procs, channels, gateways, hosts.

#include <hyperactor/channel.hpp>
#include <hyperactor/gateway.hpp>
#include <hyperactor/host.hpp>
#include <hyperactor/identity.hpp>
#include <hyperactor/proc.hpp>
#include <hyperactor/version.hpp>

#endif  // HYPERACTOR_HYPERACTOR_HPP
