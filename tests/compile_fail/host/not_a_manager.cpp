// expect: hyperactor: P is no proc manager; give it the public types
// expect: nobody
// errors: 1
#include <hyperactor/host.hpp>

namespace ha = hyperactor;

struct agent {
  using handlers = ha::handlers<>;
  using exports = ha::exports<>;
};

#ifdef HYPERACTOR_FIXED
struct nobody : ha::process_proc_manager<agent> {
  using ha::process_proc_manager<agent>::process_proc_manager;
};
#else
struct nobody {};
#endif

auto run(nobody m, const ha::channel_addr& a) { return ha::host<nobody>::make(std::move(m), a); }
