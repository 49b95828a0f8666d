// expect: hyperactor: A has a hook 'handle_supervision_event' with a wrong signature; write a public 'bool
// expect: handle_supervision_event(hyperactor::instance<A>&, const hyperactor::supervision_event&)'
// expect: echo
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct echo {
  using handlers = ha::handlers<>;
#ifdef HYPERACTOR_FIXED
  bool handle_supervision_event(ha::instance<echo>&, const ha::supervision_event&) { return true; }
#else
  void handle_supervision_event(ha::instance<echo>&, const ha::supervision_event&) {}
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
