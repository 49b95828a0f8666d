// expect: hyperactor: M in a list of messages is not a type of values
// expect: echo
// expect: void
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct echo {
#ifdef HYPERACTOR_FIXED
  using handlers = ha::handlers<>;
#else
  using handlers = ha::handlers<void>;
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
