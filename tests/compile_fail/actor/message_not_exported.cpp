// expect: B has no message M
// expect: what the actor exports
// expect: counter
// expect: sub
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct add {
  int by;
};
struct sub {
  int by;
};
struct counter {
  using handlers = ha::handlers<add, sub>;
  using exports = ha::exports<add>;
  void handle(ha::context<counter>&, add) {}
  void handle(ha::context<counter>&, sub) {}
};

void run(const ha::actor_ref<counter>& r, ha::client& c) {
#ifdef HYPERACTOR_FIXED
  r.post(c, add{1});
#else
  r.post(c, sub{1});
#endif
}
