// expect: hyperactor: T is a pointer and cannot travel
// expect: photo
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct photo {
#ifdef HYPERACTOR_FIXED
  int negative;
#else
  int* negative;
#endif
};

void run(const ha::port_ref<photo>& p, ha::client& c) { p.post(c, photo{}); }
