// expect: hyperactor: B is no behaviour; write 'struct B : hyperactor::behavior<
// expect: adder
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct add {
  int by;
};
#ifdef HYPERACTOR_FIXED
struct adder : ha::behavior<"adder", add> {};
#else
struct adder : ha::handlers<add> {};
#endif
struct counter {
  using handlers = ha::handlers<add>;
  void handle(ha::context<counter>&, add) {}
};
HYPERACTOR_ASSERT_BEHAVES(counter, adder);
