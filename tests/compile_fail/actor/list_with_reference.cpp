// expect: hyperactor: M is a reference in a list of messages; name the message itself, without '&'
// expect: echo
// expect: ping
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct ping {};
struct echo {
#ifdef HYPERACTOR_FIXED
  using handlers = ha::handlers<ping>;
#else
  using handlers = ha::handlers<const ping&>;
#endif
  void handle(ha::context<echo>&, const ping&) {}
};

void run(ha::proc& p) { p.spawn(echo{}); }
