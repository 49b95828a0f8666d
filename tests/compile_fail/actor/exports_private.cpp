// expect: hyperactor: A::exports is no public list of messages
// expect: counter
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct add {
  int by;
};
class counter {
#ifdef HYPERACTOR_FIXED
 public:
#endif
  using exports = ha::exports<add>;

 public:
  using handlers = ha::handlers<add>;
  void handle(ha::context<counter>&, add) {}
};

void run(ha::proc& p) { p.spawn(counter{}); }
