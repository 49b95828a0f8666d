// expect: has no matching public handler; add 'void handle(hyperactor::context<A>&, M)'
// expect: echo
// expect: ping
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct ping {};
struct echo {
  using handlers = ha::handlers<ping>;
#ifdef HYPERACTOR_FIXED
  void handle(ha::context<echo>&, ping) {}
#else
  void handle(ping) {}
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
