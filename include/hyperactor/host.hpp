// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_HPP
#define HYPERACTOR_HOST_HPP

/// @file
/// Hosts, child processes, and procs that serve addresses.

#include <hyperactor/host/direct.hpp>
#include <hyperactor/host/frontend.hpp>
#include <hyperactor/host/host.hpp>
#include <hyperactor/host/local_proc_manager.hpp>
#include <hyperactor/host/process_proc_manager.hpp>

#endif  // HYPERACTOR_HOST_HPP
