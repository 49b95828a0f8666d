// expect: B has no message M
// expect: library
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
struct library : ha::behavior<"library", take> {};

int run(ha::actor_ref<library>& h, ha::client& c) {
#ifdef HYPERACTOR_FIXED
  return ha::ask<take>(c, h).recv().value();
#else
  return ha::ask<put>(c, h).recv().value();
#endif
}
