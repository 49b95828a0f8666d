// SPDX-License-Identifier: BSD-3-Clause

/// Eight actors flood one: messages per second.

#include "flood.hpp"

int main(int argc, char** argv) { return bench::flood("fan_in", 8, argc, argv); }
