// expect: hyperactor: only times of std::chrono::system_clock mean something to another process
// expect: steady_clock
// errors: 1
#include <hyperactor/wire/encode.hpp>

#include <chrono>

struct stamp {
#ifdef HYPERACTOR_FIXED
  std::chrono::system_clock::time_point at;
#else
  std::chrono::steady_clock::time_point at;
#endif
};

bool send(const stamp& s) { return hyperactor::wire::encode(s).has_value(); }
