// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_GATEWAY_HPP
#define HYPERACTOR_GATEWAY_HPP

/// @file
/// Gateways: how procs of several processes reach each other.

#include <hyperactor/gateway/dial_router.hpp>
#include <hyperactor/gateway/forwarder.hpp>
#include <hyperactor/gateway/gateway.hpp>
#include <hyperactor/gateway/mailbox_client.hpp>
#include <hyperactor/gateway/mailbox_server.hpp>
#include <hyperactor/gateway/serve_handle.hpp>

#endif  // HYPERACTOR_GATEWAY_HPP
