// expect: hyperactor: A::executor is no policy of this library; write a public
// expect: echo
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

class echo {
#ifdef HYPERACTOR_FIXED
 public:
#endif
  using executor = ha::dedicated_thread;

 public:
  using handlers = ha::handlers<>;
};

void run(ha::proc& p) { p.spawn(echo{}); }
