// expect: hyperactor: A's handler for message M returns R; a handler returns void, hyperactor::result<void>
// expect: echo
// expect: ping
// expect: int
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct ping {};
struct echo {
  using handlers = ha::handlers<ping>;
#ifdef HYPERACTOR_FIXED
  void handle(ha::context<echo>&, ping) {}
#else
  int handle(ha::context<echo>&, ping) { return 0; }
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
