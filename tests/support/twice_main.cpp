// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/hyperactor.hpp>

const char* version_of_the_other_unit();

int main() { return version_of_the_other_unit()[0] == HYPERACTOR_VERSION_STRING[0] ? 0 : 1; }
