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

auto run(ha::client& c) {
  auto [port, rx] = c.open_port<photo>();  // a local port of any type; a reference to it must travel
  return port.bind();
}
