// expect: hyperactor: T is a pointer and cannot travel
// expect: draw
// expect: tile
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

void run(const ha::actor_ref<canvas>& r, ha::client& c) { r.post(c, draw{1, {}}); }
