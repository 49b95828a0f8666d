// expect: T has no name on the wire
// expect: HYPERACTOR_NAMED("...", ns::box<T>)
// expect: allocator
// errors: 1
#include <hyperactor/wire/encode.hpp>
#include <vector>
namespace shop {
template <class T, class Allocator = std::allocator<T>> struct shelf {
  std::vector<T, Allocator> items;
};
}  // namespace shop
#ifdef HYPERACTOR_FIXED
HYPERACTOR_NAMED("shop::shelf<i32>", shop::shelf<int>);
#endif
auto send(const shop::shelf<int>& s) { return hyperactor::wire::encode(s); }
