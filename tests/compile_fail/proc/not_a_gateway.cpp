// expect: hyperactor: Gateway is no gateway; pass a hyperactor::basic_gateway<Forwarder>
// expect: turnstile
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct turnstile {
#ifdef HYPERACTOR_FIXED
  ha::detail::intrusive_ptr<ha::detail::network> network() const { return nullptr; }
#endif
};

auto run(turnstile& t) { return ha::proc::builder{}.gateway(t).build(); }
