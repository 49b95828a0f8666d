// expect: hyperactor: ask got too few arguments for message M; a member behind its reply port has no default value
// expect: take
// expect: ticket
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct ticket {
  explicit ticket(int number) : number_(number) {}
  int number_;
};

struct take {
  ha::once_port_ref<int> reply;
  ticket shown;
};
struct shelf {
  using handlers = ha::handlers<take>;
  void handle(ha::context<shelf>&, take) {}
};

int run(ha::actor_handle<shelf>& h, ha::client& c) {
#ifdef HYPERACTOR_FIXED
  return ha::ask<take>(c, h, ticket(1)).recv().value();
#else
  return ha::ask<take>(c, h).recv().value();
#endif
}
