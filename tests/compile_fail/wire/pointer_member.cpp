// expect: hyperactor: T is a pointer and cannot travel; send the value, or a std::optional of it
// expect: explain_member
// expect: order
// expect: item
// errors: 1
// [RMS-1] one error, in a sentence of ours, that names the member: this case and its neighbours
#include <hyperactor/wire/encode.hpp>

#include <string>
#include <vector>

namespace shop {
struct item {
  int id;
#ifdef HYPERACTOR_FIXED
  std::string text;
#else
  const char* text;
#endif
};
struct order {
  int number;
  std::vector<item> items;
};
}  // namespace shop

bool send(const shop::order& o) { return hyperactor::wire::encode(o).has_value(); }
