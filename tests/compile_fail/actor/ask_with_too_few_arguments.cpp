// expect: hyperactor: ask got too few arguments for message M
// expect: take
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct take {
  int key;
  int count;
  ha::once_port_ref<int> reply;
};
struct shelf {
  using handlers = ha::handlers<take>;
  void handle(ha::context<shelf>&, take) {}
};

int run(ha::actor_handle<shelf>& h, ha::client& c) {
#ifdef HYPERACTOR_FIXED
  return ha::ask<take>(c, h, 1, 2).recv().value();
#else
  return ha::ask<take>(c, h, 1).recv().value();
#endif
}
