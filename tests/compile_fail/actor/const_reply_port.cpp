// expect: hyperactor: A's handler takes message M by const reference, but M holds a reply port
// expect: take it by value
// expect: echo
// expect: get
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct get {
  int key;
  ha::once_port_ref<int> reply;
};
struct echo {
  using handlers = ha::handlers<get>;
#ifdef HYPERACTOR_FIXED
  void handle(ha::context<echo>& cx, get m) { m.reply.post(cx, m.key); }
#else
  void handle(ha::context<echo>&, const get&) {}
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
