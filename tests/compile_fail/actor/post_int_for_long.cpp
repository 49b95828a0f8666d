// expect: hyperactor: A does not list message M in its handlers
// expect: greeter
// expect-gcc: Listed = {long
// expect-gcc: M = int
// expect-clang: greeter, int, long>
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct greeter {
  using handlers = ha::handlers<long>;
  void handle(ha::context<greeter>&, long) {}
};

void run(ha::actor_handle<greeter>& h, ha::client& c) {
#ifdef HYPERACTOR_FIXED
  h.post(c, 7L);
#else
  h.post(c, 7);
#endif
}
