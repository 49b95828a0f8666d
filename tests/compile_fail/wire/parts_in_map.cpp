// expect: hyperactor: T is a map of values that hold port references, which the wire format loses
// expect: use a std::vector of pairs
// expect: replies
// errors: 1
#include <hyperactor/wire/encode.hpp>

#include <map>
#include <utility>
#include <vector>

struct replies {
#ifdef HYPERACTOR_FIXED
  std::vector<std::pair<int, hyperactor::wire::part>> by_number;
#else
  std::map<int, hyperactor::wire::part> by_number;
#endif
};

bool send(const replies& r) { return hyperactor::wire::encode(r).has_value(); }
