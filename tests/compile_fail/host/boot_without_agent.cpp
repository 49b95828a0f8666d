// expect: the function given to boot takes a 'hyperactor::proc&' and returns the handle of the agent
// errors: 1
#include <hyperactor/host.hpp>

namespace ha = hyperactor;

struct go {};
struct worker {
  using handlers = ha::handlers<go>;
  using exports = ha::exports<go>;
  void handle(ha::context<worker>&, go) {}
};

int run() {
#ifdef HYPERACTOR_FIXED
  return ha::process_proc_manager<worker>::boot([](ha::proc& p) { return p.spawn("agent", worker{}); });
#else
  return ha::process_proc_manager<worker>::boot([](ha::proc& p) { (void)p.spawn("agent", worker{}); });
#endif
}
