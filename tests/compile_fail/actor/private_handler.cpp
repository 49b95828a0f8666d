// expect: A lists message M but has no matching public handler
// expect: pinger
// expect: pong
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct pong {};
class pinger {
#ifdef HYPERACTOR_FIXED
 public:
#endif
  void handle(ha::context<pinger>&, pong) {}

 public:
  using handlers = ha::handlers<pong>;
};

void run(ha::proc& p) { p.spawn(pinger{}); }
