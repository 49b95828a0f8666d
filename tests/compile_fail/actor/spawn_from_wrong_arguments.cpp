// expect: actor A cannot be constructed from Args, or not be destroyed; pass arguments that a public constructor of A takes
// expect: worker
// expect: const char
// errors: 1
#include <hyperactor/proc.hpp>

struct ping {};

struct worker {
  using handlers = hyperactor::handlers<ping>;
  explicit worker(int threads) : threads_(threads) {}
  void handle(hyperactor::context<worker>&, ping) {}
  int threads_;
};

#ifdef HYPERACTOR_FIXED
void run(hyperactor::proc& p) { p.spawn<worker>(hyperactor::in_place, 4); }
#else
void run(hyperactor::proc& p) { p.spawn<worker>(hyperactor::in_place, "four"); }
#endif
