// expect: hyperactor: an argument of ask does not convert to its member of message M; the notes show M, the
// expect: argument's position
// expect: take
// expect: string
// expect: int
// expect-gcc: Position = 1
// expect-clang: explain_argument<take, 1
// errors: 1
#include <hyperactor/proc.hpp>

#include <string>

namespace ha = hyperactor;

struct take {
  int key;
  ha::once_port_ref<int> reply;
  std::string name;
};
struct shelf {
  using handlers = ha::handlers<take>;
  void handle(ha::context<shelf>&, take) {}
};

int run(ha::actor_handle<shelf>& h, ha::client& c) {
#ifdef HYPERACTOR_FIXED
  return ha::ask<take>(c, h, 1, "first").recv().value();
#else
  return ha::ask<take>(c, h, 1, 2).recv().value();
#endif
}
