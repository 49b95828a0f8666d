// expect: declare_the_return_type_of_this_handler
// expect: add
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct add {
  int by;
};
struct sum {
  using handlers = ha::handlers<add>;
  int value = 0;
#ifdef HYPERACTOR_FIXED
  template <class M> void handle(ha::context<sum>&, M m) { value += m.by; }
#else
  template <class M> auto handle(ha::context<sum>&, M m) { value += m.by; }
#endif
};

void run(ha::proc& p) { p.spawn(sum{}); }
