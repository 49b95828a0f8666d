// expect: exactly one
// expect: take
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct take {
  ha::once_port_ref<int> reply;
#ifndef HYPERACTOR_FIXED
  ha::once_port_handle<int> other;
#endif
};
struct shelf {
  using handlers = ha::handlers<take>;
  void handle(ha::context<shelf>&, take) {}
};

int run(ha::actor_handle<shelf>& h, ha::client& c) {
#ifdef HYPERACTOR_FIXED
  return ha::ask<take>(c, h).recv().value();
#else
  return ha::ask<take>(c, h).recv().value();
#endif
}
