// expect: hyperactor: A lists message M but has no matching public handler; add
// expect: pinger
// expect: pong
// expect: gong
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct ping {};
struct pong {};
struct gong {};
struct pinger {
  using handlers = ha::handlers<ping, pong, gong>;
  void handle(ha::context<pinger>&, ping) {}
#ifdef HYPERACTOR_FIXED
  void handle(ha::context<pinger>&, pong) {}
  void handle(ha::context<pinger>&, const gong&) {}
#endif
};

// [SPW-1] no further error behind it, whatever is done with the handle
void run(ha::proc& p, ha::client& c) {
  auto h = p.spawn(pinger{});
  h.post(c, pong{});
  h.stop("done");
}
