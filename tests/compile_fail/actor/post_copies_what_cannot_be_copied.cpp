// expect: hyperactor: message M cannot be copied; give it up with std::move
// expect: parcel
// errors: 1
#include <hyperactor/proc.hpp>

#include <memory>

namespace ha = hyperactor;

struct parcel {
  std::unique_ptr<int> inside;
};
struct greeter {
  using handlers = ha::handlers<parcel>;
  void handle(ha::context<greeter>&, parcel) {}
};

void run(ha::actor_handle<greeter>& h, ha::client& c) {
  parcel p{nullptr};
#ifdef HYPERACTOR_FIXED
  h.post(c, std::move(p));
#else
  h.post(c, p);
#endif
}
