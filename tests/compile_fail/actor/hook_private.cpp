// expect: hyperactor: A has a hook 'init' with a wrong signature; write a public
// expect: echo
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

class echo {
#ifdef HYPERACTOR_FIXED
 public:
#endif
  void init(ha::instance<echo>&) {}

 public:
  using handlers = ha::handlers<>;
};

void run(ha::proc& p) { p.spawn(echo{}); }
