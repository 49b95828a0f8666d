// expect: hyperactor: Destination takes no messages; ask an actor_handle<A> or an actor_ref<B>
// expect: actor_addr
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct take {
  ha::once_port_ref<int> reply;
};
struct library : ha::behavior<"library", take> {};

int run(const ha::actor_addr& addr, ha::client& c) {
#ifdef HYPERACTOR_FIXED
  return ha::ask<take>(c, ha::actor_ref<library>::attest(addr)).recv().value();
#else
  return ha::ask<take>(c, addr).recv().value();
#endif
}
