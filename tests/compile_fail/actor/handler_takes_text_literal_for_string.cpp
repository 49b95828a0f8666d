// expect: A lists message M but has no matching public handler
// expect: echo
// expect: string
// errors: 1
#include <hyperactor/proc.hpp>

#include <string>

namespace ha = hyperactor;

struct echo {
  using handlers = ha::handlers<std::string>;
#ifdef HYPERACTOR_FIXED
  void handle(ha::context<echo>&, std::string) {}
#else
  void handle(ha::context<echo>&, const char*) {}
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
