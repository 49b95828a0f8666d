// expect: hyperactor: actor A does not behave as B
// expect: counter
// expect: calculator
// expect: sub
// expect: mul
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct add {
  int by;
};
struct sub {
  int by;
};
struct mul {
  int by;
};
struct calculator : ha::behavior<"calculator", add, sub, mul> {};
struct counter {
#ifdef HYPERACTOR_FIXED
  using handlers = ha::handlers<add, sub, mul>;
  void handle(ha::context<counter>&, sub) {}
  void handle(ha::context<counter>&, mul) {}
#else
  using handlers = ha::handlers<add>;
#endif
  void handle(ha::context<counter>&, add) {}
};

void run(ha::actor_handle<counter>& c, ha::client& client) {
  auto r = c.bind<calculator>();
  r.post(client, add{1});
}
