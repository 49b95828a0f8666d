// expect: hyperactor: A exports message M but does not handle it; add each M
// expect: counter
// expect: sub
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct add {
  int by;
};
struct sub {
  int by;
};
struct counter {
  using handlers = ha::handlers<add>;
#ifdef HYPERACTOR_FIXED
  using exports = ha::exports<add>;
#else
  using exports = ha::exports<add, sub>;
#endif
  void handle(ha::context<counter>&, add) {}
};

void run(ha::proc& p) { p.spawn(counter{}); }
