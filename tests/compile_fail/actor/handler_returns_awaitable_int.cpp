// expect: hyperactor: A's handler for message M returns R; a handler returns void, hyperactor::result<void>
// expect: echo
// expect: ping
// expect: awaitable<int
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct ping {};
struct echo {
  using handlers = ha::handlers<ping>;
#ifdef HYPERACTOR_FIXED
  asio::awaitable<void> handle(ha::context<echo>&, ping) { co_return; }
#else
  asio::awaitable<int> handle(ha::context<echo>&, ping) { co_return 0; }
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
