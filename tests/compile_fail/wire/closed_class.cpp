// expect: hyperactor: T is neither a plain aggregate nor adapted; list its members with BOOST_HANA_ADAPT_STRUCT
// expect: or specialise hyperactor::codec<T>
// expect: money
// errors: 1
#include <hyperactor/wire/encode.hpp>

class money {
 public:
  explicit money(int cents) : cents_(cents) {}
  int cents() const { return cents_; }

 private:
  int cents_;
};
struct bill {
  money total;
};

#ifdef HYPERACTOR_FIXED
template <> struct hyperactor::codec<money> {
  static void encode(wire::encoder& e, const money& m) { e.put(m.cents()); }
  static result<money> decode(wire::decoder& d) { return money(static_cast<int>(d.take_u32())); }
};
#endif

bool send(const bill& b) { return hyperactor::wire::encode(b).has_value(); }
