// expect: hyperactor: A is no actor, because it has no public list of messages
// expect: counter
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct add {
  int by;
};
struct adder : ha::behavior<"adder", add> {};
struct counter {
#ifdef HYPERACTOR_FIXED
  using handlers = ha::handlers<add>;
#endif
  void handle(ha::context<counter>&, add) {}
};
HYPERACTOR_ASSERT_BEHAVES(counter, adder);
