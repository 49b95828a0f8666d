// expect: hyperactor: T has a base class, which aggregates on the wire may not; make it a member
// expect: priced
// errors: 1
#include <hyperactor/wire/encode.hpp>

struct item {
  int id;
};
#ifdef HYPERACTOR_FIXED
struct priced {
  item base;
  int price;
};
#else
struct priced : item {
  int price;
};
#endif

bool send(const priced& p) { return hyperactor::wire::encode(p).has_value(); }
