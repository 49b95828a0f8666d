// expect: hyperactor: A does not list message M in its handlers
// expect: shelf
// expect: put
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct take {
  ha::once_port_ref<int> reply;
};
struct put {
  ha::once_port_ref<int> reply;
};
struct shelf {
  using handlers = ha::handlers<take>;
  void handle(ha::context<shelf>&, take) {}
};

int run(ha::actor_handle<shelf>& h, ha::client& c) {
#ifdef HYPERACTOR_FIXED
  return ha::ask<take>(c, h).recv().value();
#else
  return ha::ask<put>(c, h).recv().value();
#endif
}
