// expect: hyperactor: A has a hook 'display_name' with a wrong signature; write a public 'std::string
// expect: display_name() const'
// expect: echo
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct echo {
  using handlers = ha::handlers<>;
#ifdef HYPERACTOR_FIXED
  std::string display_name() const { return "echo"; }
#else
  std::string display_name() { return "echo"; }
#endif
};

void run(ha::proc& p) { p.spawn(echo{}); }
