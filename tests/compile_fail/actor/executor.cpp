// expect: hyperactor: A::executor is no policy of this library
// expect: hyperactor::dedicated_thread
// expect: echo
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct my_thread {};
struct echo {
  using handlers = ha::handlers<>;
#ifdef HYPERACTOR_FIXED
  using executor = ha::dedicated_thread;
#else
  using executor = my_thread;
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
