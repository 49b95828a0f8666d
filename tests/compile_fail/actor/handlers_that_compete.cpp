// expect: A has a handler for message M that cannot be called with one
// expect: keep one of the overloads that take 'M', 'M&&' and 'const M&'
// expect: pong
// errors: 1
#include <hyperactor/proc.hpp>

struct ping {};
struct pong {};

struct pinger {
  using handlers = hyperactor::handlers<ping, pong>;
  void handle(hyperactor::context<pinger>&, ping) {}
  void handle(hyperactor::context<pinger>&, pong) {}
#ifndef HYPERACTOR_FIXED
  void handle(hyperactor::context<pinger>&, const pong&) {}
#endif
};

void run(hyperactor::proc& p) { p.spawn(pinger{}); }
