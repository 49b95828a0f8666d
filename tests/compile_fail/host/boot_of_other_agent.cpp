// expect: the function given to boot spawns another actor than the manager's Agent
// errors: 1
#include <hyperactor/host.hpp>

namespace ha = hyperactor;

struct go {};
struct worker {
  using handlers = ha::handlers<go>;
  using exports = ha::exports<go>;
  void handle(ha::context<worker>&, go) {}
};
struct other {
  using handlers = ha::handlers<go>;
  using exports = ha::exports<go>;
  void handle(ha::context<other>&, go) {}
};

int run() {
#ifdef HYPERACTOR_FIXED
  return ha::process_proc_manager<worker>::boot([](ha::proc& p) { return p.spawn("agent", worker{}); });
#else
  return ha::process_proc_manager<worker>::boot([](ha::proc& p) { return p.spawn("agent", other{}); });
#endif
}
