// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/hyperactor.hpp>

const char* version_of_the_other_unit();
const char* version_of_the_other_unit() { return HYPERACTOR_VERSION_STRING; }
