// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_PROC_HPP
#define HYPERACTOR_PROC_HPP

/// @file
/// Actors, behaviours, ports and procs: everything for one process. No socket header is parsed.

#include <hyperactor/mailbox/once_port.hpp>
#include <hyperactor/mailbox/port_handle.hpp>
#include <hyperactor/proc/proc.hpp>
#include <hyperactor/version.hpp>

#endif  // HYPERACTOR_PROC_HPP
