// expect: hyperactor: T is a pointer and cannot travel
// expect: draw
// expect: tile
// expect: canvas
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

struct canvas : ha::behavior<"canvas", draw> {};
struct painter {
  using handlers = ha::handlers<draw>;
  void handle(ha::context<painter>&, const draw&) {}
};

auto run(ha::actor_handle<painter>& h) { return h.bind<canvas>(); }
