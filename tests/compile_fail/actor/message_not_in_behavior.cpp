// expect: B has no message M
// expect: adder
// expect: sub
// expect-gcc: B = adder; M = sub
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct add {
  int by;
};
struct sub {
  int by;
};

struct adder : ha::behavior<"adder", add> {};

void run(const ha::actor_ref<adder>& r, ha::client& c) {
#ifdef HYPERACTOR_FIXED
  r.post(c, add{1});
#else
  r.post(c, sub{1});
#endif
}
