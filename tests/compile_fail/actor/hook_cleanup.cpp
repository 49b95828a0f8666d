// expect: hyperactor: A has a hook 'cleanup' with a wrong signature; write a public 'void
// expect: cleanup(hyperactor::instance<A>&, const hyperactor::actor_error*)'
// expect: echo
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct echo {
  using handlers = ha::handlers<>;
#ifdef HYPERACTOR_FIXED
  void cleanup(ha::instance<echo>&, const ha::actor_error*) {}
#else
  void cleanup(ha::instance<echo>&) {}
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
