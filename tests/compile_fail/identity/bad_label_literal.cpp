// SPDX-License-Identifier: BSD-3-Clause
// expect: label_literal_must_start_with_a_lowercase_letter
// errors: 1
#include <hyperactor/identity/label.hpp>

#ifdef HYPERACTOR_FIXED
hyperactor::label name() { return "worker"; }
#else
hyperactor::label name() { return "Worker"; }
#endif
