// expect: hyperactor: A has a hook 'handle_undeliverable' with a wrong signature; write a public
// expect: 'hyperactor::result<void> handle_undeliverable(hyperactor::instance<A>&, hyperactor::undeliverable)'
// expect: echo
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct echo {
  using handlers = ha::handlers<>;
#ifdef HYPERACTOR_FIXED
  ha::result<void> handle_undeliverable(ha::instance<echo>&, ha::undeliverable) { return {}; }
#else
  void handle_undeliverable(ha::instance<echo>&, ha::undeliverable) {}
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
