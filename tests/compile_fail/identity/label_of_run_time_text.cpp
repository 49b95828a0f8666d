// SPDX-License-Identifier: BSD-3-Clause
// expect: label
// errors: 1
#include <hyperactor/identity/label.hpp>

#include <string>

hyperactor::label name(const std::string& text) {
#ifdef HYPERACTOR_FIXED
  return hyperactor::label::strip(text);
#else
  return text;
#endif
}
