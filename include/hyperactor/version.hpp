// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_VERSION_HPP
#define HYPERACTOR_VERSION_HPP

/// @file
/// The library's version. The only place that holds it: CMake and Conan read these lines.

#define HYPERACTOR_VERSION_MAJOR 0
#define HYPERACTOR_VERSION_MINOR 1
#define HYPERACTOR_VERSION_PATCH 0
#define HYPERACTOR_VERSION_STRING "0.1.0"

#endif  // HYPERACTOR_VERSION_HPP
