// expect: hyperactor: A does not list message M in its handlers
// expect: greeter
// expect: string
// expect: char
// errors: 1
#include <hyperactor/proc.hpp>

#include <string>

namespace ha = hyperactor;

struct greeter {
  using handlers = ha::handlers<std::string>;
  void handle(ha::context<greeter>&, const std::string&) {}
};

void run(ha::actor_handle<greeter>& h, ha::client& c) {
#ifdef HYPERACTOR_FIXED
  h.post(c, std::string("abc"));
#else
  h.post(c, "abc");
#endif
}
