// expect: hyperactor: A has a hook 'init' with a wrong signature; write a public 'void init(hyperactor::instance<A>&)'
// expect: echo
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct echo {
  using handlers = ha::handlers<>;
#ifdef HYPERACTOR_FIXED
  void init(ha::instance<echo>&) {}
#else
  void init(int) {}
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
