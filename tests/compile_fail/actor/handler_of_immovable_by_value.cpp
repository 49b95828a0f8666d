// expect: A has a handler for message M that cannot be called with one
// expect: take a message that cannot be moved by 'const M&'
// expect: pong
// errors: 1
#include <hyperactor/proc.hpp>

#include <mutex>

struct pong {
  std::mutex guard;
};

struct pinger {
  using handlers = hyperactor::handlers<pong>;
#ifdef HYPERACTOR_FIXED
  void handle(hyperactor::context<pinger>&, const pong&) {}
#else
  void handle(hyperactor::context<pinger>&, pong) {}
#endif
};

void run(hyperactor::proc& p) { p.spawn(pinger{}); }
