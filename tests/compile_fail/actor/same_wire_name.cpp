// expect: hyperactor: messages M and N of one list have the same wire name; pin another name
// expect: numbers
// expect: long
// expect: long long
// errors: 1
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

// [RTB-1]
struct numbers {
#ifdef HYPERACTOR_FIXED
  using handlers = ha::handlers<int, long, long long>;
  using exports = ha::exports<int, long>;
#else
  using handlers = ha::handlers<int, long, long long>;
  using exports = ha::exports<int, long, long long>;
#endif
  void handle(ha::context<numbers>&, int) {}
  void handle(ha::context<numbers>&, long) {}
  void handle(ha::context<numbers>&, long long) {}
};

void run(ha::proc& p) { p.spawn(numbers{}); }
