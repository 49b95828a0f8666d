// expect: T is a pointer and cannot travel
// expect: letter
// errors: 1
#include <hyperactor/channel.hpp>

struct letter {
#ifdef HYPERACTOR_FIXED
  int stamp;
#else
  int* stamp;
#endif
};

auto write_letter(const hyperactor::channel_addr& a) {
  auto tx = hyperactor::dial<letter>(a);
  tx->post(letter{});
  return hyperactor::serve<letter>(a);
}
