// expect: hyperactor: message M cannot be built as M{Args...}
// expect: pong
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

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
  h.post<pong>(c, "one");
#endif
}
