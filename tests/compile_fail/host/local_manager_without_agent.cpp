// expect: the function given to local_proc_manager takes a 'hyperactor::proc&' and returns the handle of the
// errors: 1
#include <hyperactor/host.hpp>

namespace ha = hyperactor;

struct go {};
struct worker {
  using handlers = ha::handlers<go>;
  using exports = ha::exports<go>;
  void handle(ha::context<worker>&, go) {}
};

void run() {
#ifdef HYPERACTOR_FIXED
  const ha::local_proc_manager manager{[](ha::proc& p) { return p.spawn("agent", worker{}); }};
#else
  const ha::local_proc_manager manager{[](ha::proc&) {}};
#endif
}
