// expect: hyperactor: T is a template with value parameters, which compilers spell differently; pin its name with
// expect: HYPERACTOR_NAMED("...", T)
// expect: ring
// errors: 1
#include <hyperactor/wire/encode.hpp>

template <int Size> struct ring {
  int first;
};

#ifdef HYPERACTOR_FIXED
HYPERACTOR_NAMED("shop::ring4", ring<4>);
#endif

bool send(const ring<4>& r) { return hyperactor::wire::encode(r).has_value(); }
