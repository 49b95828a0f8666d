// expect: hyperactor: M stands twice in a list of messages; name each message once
// expect: echo
// expect: ping
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct ping {};
struct pong {};
struct echo {
#ifdef HYPERACTOR_FIXED
  using handlers = ha::handlers<ping, pong>;
#else
  using handlers = ha::handlers<ping, pong, ping>;
#endif
  void handle(ha::context<echo>&, ping) {}
  void handle(ha::context<echo>&, pong) {}
};

void run(ha::proc& p) { p.spawn(echo{}); }
