// expect: hyperactor: the type 'handle' of proc manager P is no handle of a proc
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
  using handle = int;
#endif
};

auto run(lazy m, const ha::channel_addr& a) { return ha::host<lazy>::make(std::move(m), a); }
