// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_HPP
#define HYPERACTOR_CHANNEL_HPP

/// @file
/// Channels: typed messages between processes, in order and acknowledged.

#include <hyperactor/channel/dial.hpp>
#include <hyperactor/channel/serve.hpp>
#include <hyperactor/channel/transport.hpp>

#endif  // HYPERACTOR_CHANNEL_HPP
