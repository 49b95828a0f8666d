// expect: hyperactor: actor A does not behave as B, because A::handlers lacks messages that B has; add each of
// expect: Missing to A::handlers
// expect: counter
// expect: calculator
// expect: sub
// expect: mul
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct add {
  int by;
};
struct sub {
  int by;
};
struct mul {
  int by;
};
struct calculator : ha::behavior<"calculator", add, sub, mul> {};
struct counter {
#ifdef HYPERACTOR_FIXED
  using handlers = ha::handlers<add, sub, mul>;
  void handle(ha::context<counter>&, sub) {}
  void handle(ha::context<counter>&, mul) {}
#else
  using handlers = ha::handlers<add>;
#endif
  void handle(ha::context<counter>&, add) {}
};

HYPERACTOR_ASSERT_BEHAVES(counter, calculator);
