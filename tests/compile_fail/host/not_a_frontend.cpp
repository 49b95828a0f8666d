// expect: hyperactor: Frontend is no front end of a host; write hyperactor::frontend::duplex or
// expect: hyperactor::frontend::simplex
// expect: door
// errors: 1
#include <hyperactor/host.hpp>

namespace ha = hyperactor;

struct agent {
  using handlers = ha::handlers<>;
  using exports = ha::exports<>;
};

struct door {};
using manager = ha::process_proc_manager<agent>;

#ifdef HYPERACTOR_FIXED
using house = ha::host<manager, ha::frontend::simplex>;
#else
using house = ha::host<manager, door>;
#endif

auto run(manager m, const ha::channel_addr& a) { return house::make(std::move(m), a); }
