// expect: hyperactor: long double differs between platforms; send double
// expect: measure
// errors: 1
#include <hyperactor/wire/encode.hpp>

struct measure {
#ifdef HYPERACTOR_FIXED
  double value;
#else
  long double value;
#endif
};

bool send(const measure& m) { return hyperactor::wire::encode(m).has_value(); }
