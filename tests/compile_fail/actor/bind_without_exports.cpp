// expect: hyperactor: A exports no messages, so an actor_ref<A> could send none; write 'using exports =
// expect: hyperactor::exports<Message, ...>;' in A
// expect: counter
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct add {
  int by;
};
struct sub {
  int by;
};
struct counter {
  using handlers = ha::handlers<add, sub>;
#ifdef HYPERACTOR_FIXED
  using exports = ha::exports<add>;
#endif
  void handle(ha::context<counter>&, add) {}
  void handle(ha::context<counter>&, sub) {}
};

auto run(ha::actor_handle<counter>& h) { return h.bind(); }
