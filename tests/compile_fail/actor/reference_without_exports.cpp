// expect: hyperactor: B is no behaviour and exports no messages, so a reference to it sends none
// expect: counter
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
#ifdef HYPERACTOR_FIXED
  using exports = ha::exports<add>;
#endif
  void handle(ha::context<counter>&, add) {}
  void handle(ha::context<counter>&, sub) {}
};

void run(ha::actor_addr addr, ha::client& c) {
  auto r = ha::actor_ref<counter>::attest(addr);
  r.post(c, add{1});
}
