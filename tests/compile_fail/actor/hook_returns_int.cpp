// expect: hyperactor: A has a hook 'init' with a wrong signature
// expect: or one that returns hyperactor::result<void> or an asio::awaitable of it
// expect: echo
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct echo {
  using handlers = ha::handlers<>;
#ifdef HYPERACTOR_FIXED
  asio::awaitable<ha::result<void>> init(ha::instance<echo>&) { co_return ha::result<void>(); }
#else
  int init(ha::instance<echo>&) { return 0; }
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
