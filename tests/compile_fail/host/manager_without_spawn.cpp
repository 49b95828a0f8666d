// expect: hyperactor: proc manager P must be movable and have a public
// expect: spawn(const hyperactor::proc_addr&
// expect: lazy
// errors: 1
#include <hyperactor/host.hpp>

namespace ha = hyperactor;

struct agent {
  using handlers = ha::handlers<>;
  using exports = ha::exports<>;
};

struct lazy : ha::process_proc_manager<agent> {
  using ha::process_proc_manager<agent>::process_proc_manager;
#ifndef HYPERACTOR_FIXED
  void spawn() {}
#endif
};

auto run(lazy m, const ha::channel_addr& a) { return ha::host<lazy>::make(std::move(m), a); }
