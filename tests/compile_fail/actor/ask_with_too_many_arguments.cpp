// expect: hyperactor: ask got more arguments than message M has members beside its reply port
// expect: take
// expect: 2
// expect: 1
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct take {
  int key;
  ha::once_port_ref<int> reply;
};
struct shelf {
  using handlers = ha::handlers<take>;
  void handle(ha::context<shelf>&, take) {}
};

int run(ha::actor_handle<shelf>& h, ha::client& c) {
#ifdef HYPERACTOR_FIXED
  return ha::ask<take>(c, h, 1).recv().value();
#else
  return ha::ask<take>(c, h, 1, 2).recv().value();
#endif
}
