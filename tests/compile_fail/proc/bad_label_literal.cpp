// expect: label_literal_must_start_with_a_lowercase_letter
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

#ifdef HYPERACTOR_FIXED
auto run(ha::proc& p) { return p.client("main"); }
#else
auto run(ha::proc& p) { return p.client("Main"); }
#endif
