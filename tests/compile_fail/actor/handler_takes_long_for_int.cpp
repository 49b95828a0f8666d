// expect: A lists message M but has no matching public handler
// expect: echo
// expect: int
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct echo {
  using handlers = ha::handlers<int>;
#ifdef HYPERACTOR_FIXED
  void handle(ha::context<echo>&, int) {}
#else
  void handle(ha::context<echo>&, long) {}
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
