// expect: hyperactor: T is neither a plain aggregate nor adapted
// expect: error
// errors: 1
#include <hyperactor/wire/encode.hpp>
#include <string>
namespace shop {
struct refusal {
#ifdef HYPERACTOR_FIXED
  std::string why;
#else
  hyperactor::error why;
#endif
};
}  // namespace shop
auto send(const shop::refusal& r) { return hyperactor::wire::encode(r); }
auto take(const hyperactor::wire::multipart& m) { return hyperactor::wire::decode<shop::refusal>(m); }
auto take_plain(std::span<const std::byte> b) { return hyperactor::wire::decode_plain<shop::refusal>(b); }
