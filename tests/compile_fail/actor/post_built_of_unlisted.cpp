// expect: hyperactor: A does not list message M in its handlers
// expect: greeter
// expect: ping
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct ping {
  int n;
};
struct pong {
  int n;
};
struct greeter {
  using handlers = ha::handlers<pong>;
  void handle(ha::context<greeter>&, pong) {}
};

void run(ha::actor_handle<greeter>& h, ha::client& c) {
#ifdef HYPERACTOR_FIXED
  h.post<pong>(c, 1);
#else
  h.post<ping>(c, 1);
#endif
}
