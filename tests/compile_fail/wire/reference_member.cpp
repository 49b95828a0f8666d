// expect: hyperactor: a member of T is a reference and cannot travel; hold the value
// expect: alias
// errors: 1
#include <hyperactor/wire/encode.hpp>

#include <string>

struct alias {
  int id;
#ifdef HYPERACTOR_FIXED
  std::string name;
#else
  const std::string& name;
#endif
};

bool send(const alias& a) { return hyperactor::wire::encode(a).has_value(); }
