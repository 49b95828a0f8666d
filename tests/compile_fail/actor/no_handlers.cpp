// expect: hyperactor: A is no actor, because it has no public list of messages; write 'using handlers =
// expect: hyperactor::handlers<Message, ...>;' in A
// expect: echo
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct ping {};
struct echo {
#ifdef HYPERACTOR_FIXED
  using handlers = ha::handlers<ping>;
#endif
  using exports = ha::exports<ping>;
  void handle(ha::context<echo>&, ping) {}
};

void run(ha::proc& p, ha::client& c) {
  auto h = p.spawn(echo{});
  h.post(c, ping{});
}
