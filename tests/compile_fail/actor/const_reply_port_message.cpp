// expect: take it by value
// expect: echo
// expect: once_port_handle<int>
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct echo {
  using handlers = ha::handlers<ha::once_port_handle<int>, int>;
  // seen through a template, too: the exact probe does not see into this set
  template <class M>
    requires std::same_as<M, int>
  void handle(ha::context<echo>&, M) {}
#ifdef HYPERACTOR_FIXED
  void handle(ha::context<echo>& cx, ha::once_port_handle<int> reply) { reply.post(cx, 1); }
#else
  void handle(ha::context<echo>&, const ha::once_port_handle<int>&) {}
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
