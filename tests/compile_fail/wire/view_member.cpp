// expect: hyperactor: T is a view and owns nothing; send a std::string or a std::vector
// expect: greeting
// errors: 1
#include <hyperactor/wire/any_value.hpp>

#include <string>
#include <string_view>

struct greeting {
#ifdef HYPERACTOR_FIXED
  std::string text;
#else
  std::string_view text;
#endif
};

bool send(const greeting& g) { return hyperactor::any_value::encode(g).has_value(); }
