// expect: T has no name on the wire
// expect: bitset
// errors: 1
#include <hyperactor/wire/encode.hpp>
#include <bitset>
template <> struct hyperactor::codec<std::bitset<8>> {
  static void encode(wire::encoder& e, const std::bitset<8>& b) { e.put_u8(static_cast<std::uint8_t>(b.to_ulong())); }
  static result<std::bitset<8>> decode(wire::decoder& d) { return std::bitset<8>(d.take_u8()); }
};
#ifdef HYPERACTOR_FIXED
HYPERACTOR_NAMED("bits8", std::bitset<8>);
#endif
auto send(const std::bitset<8>& b) { return hyperactor::wire::encode(b); }
