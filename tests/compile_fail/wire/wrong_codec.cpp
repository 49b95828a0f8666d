// expect: hyperactor: codec<T> is specialised, but not as needed
// expect: money
// errors: 1
#include <hyperactor/wire/encode.hpp>

struct money {
  int cents;
};

template <> struct hyperactor::codec<money> {
  static void encode(wire::encoder& e, const money& m) { e.put(m.cents); }
#ifdef HYPERACTOR_FIXED
  static result<money> decode(wire::decoder& d) { return money{static_cast<int>(d.take_u32())}; }
#else
  static money decode(wire::decoder& d) { return money{static_cast<int>(d.take_u32())}; }
#endif
};

bool send(const money& m) { return hyperactor::wire::encode(m).has_value(); }
