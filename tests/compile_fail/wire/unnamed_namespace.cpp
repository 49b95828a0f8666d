// expect: hyperactor: T is in an unnamed namespace and has no name on the wire; move it out, or pin a name with
// expect: HYPERACTOR_NAMED("...", T)
// expect: hidden
// errors: 1
#include <hyperactor/wire/encode.hpp>

#include <vector>

namespace {
struct hidden {
  int x;
};
}  // namespace

#ifdef HYPERACTOR_FIXED
HYPERACTOR_NAMED("shop::hidden", hidden);
#endif

bool receive(hyperactor::wire::multipart m) {
  return hyperactor::wire::decode<std::vector<hidden>>(std::move(m)).has_value();
}
