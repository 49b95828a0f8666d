// expect: A lists message M, which is only declared here; define M before A is spawned
// expect: pong
// errors: 1
#include <hyperactor/proc.hpp>

struct ping {};
struct pong;

struct pinger {
  using handlers = hyperactor::handlers<ping, pong>;
  void handle(hyperactor::context<pinger>&, ping) {}
  void handle(hyperactor::context<pinger>&, pong);
};

#ifdef HYPERACTOR_FIXED
struct pong {};
#endif

void run(hyperactor::proc& p) { p.spawn(pinger{}); }
