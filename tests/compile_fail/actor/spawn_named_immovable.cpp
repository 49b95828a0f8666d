// expect: actor A can be neither moved nor copied; construct it in place: proc.spawn<A>(hyperactor::in_place, arguments...)
// expect: guarded
// errors: 1
#include <hyperactor/proc.hpp>

#include <mutex>

struct ping {};

struct guarded {
  using handlers = hyperactor::handlers<ping>;
  std::mutex guard;
  void handle(hyperactor::context<guarded>&, ping) {}
};

#ifdef HYPERACTOR_FIXED
void run(hyperactor::proc& p) { (void)p.spawn<guarded>("one", hyperactor::in_place); }
#else
void run(hyperactor::proc& p) { (void)p.spawn("one", guarded{}); }
#endif
