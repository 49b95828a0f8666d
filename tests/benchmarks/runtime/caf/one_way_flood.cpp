// SPDX-License-Identifier: BSD-3-Clause

/// One actor sends a million 8-byte messages to another without waiting for anything: messages per second.

#include "flood.hpp"

int main(int argc, char** argv) { return bench::flood("one_way_flood", 1, argc, argv); }
