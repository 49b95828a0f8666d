// expect: hyperactor: A lists message M but has no matching public handler
// expect: child
// expect: ping
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct ping {};
struct child {
  using handlers = ha::handlers<ping>;
#ifdef HYPERACTOR_FIXED
  void handle(ha::context<child>&, ping) {}
#endif
};
struct parent {
  using handlers = ha::handlers<int>;
  void handle(ha::context<parent>& cx, int) { cx.spawn(child{}).post(cx, ping{}); }
};

void run(ha::proc& p) { p.spawn(parent{}); }
