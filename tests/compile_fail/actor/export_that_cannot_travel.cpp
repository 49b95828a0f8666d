// expect: hyperactor: T is a pointer and cannot travel
// expect: draw
// expect: tile
// expect: painter
// errors: 1
#include <hyperactor/proc.hpp>

#include <vector>

namespace ha = hyperactor;

struct tile {
#ifdef HYPERACTOR_FIXED
  int picture;
#else
  const int* picture;
#endif
};
struct draw {
  int at;
  std::vector<tile> tiles;
};

struct painter {
  using handlers = ha::handlers<draw>;
  using exports = ha::exports<draw>;
  void handle(ha::context<painter>&, const draw&) {}
};

void run(ha::proc& p) { p.spawn(painter{}); }
