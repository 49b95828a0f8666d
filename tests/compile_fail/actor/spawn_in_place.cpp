// expect: hyperactor: A lists message M but has no matching public handler
// expect: lamp
// expect: ping
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct ping {};
struct lamp {
  explicit lamp(int watts) : watts_(watts) {}
  lamp(lamp&&) = delete;
  using handlers = ha::handlers<ping>;
#ifdef HYPERACTOR_FIXED
  void handle(ha::context<lamp>&, ping) {}
#endif
  int watts_;
};

void run(ha::proc& p) {
  p.spawn<lamp>(ha::in_place, 60);
  p.spawn<lamp>("kitchen", ha::in_place, 60).value().stop("dark");
}
