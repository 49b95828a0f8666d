// expect-gcc: name the receiver: auto rx = ha::ask<M>(...); co_await rx.async_recv();
// errors: 1
// only: gcc (before 13, which destroys aggregate temporaries of a co_await expression twice)
#include <hyperactor/proc.hpp>

#include <string>

namespace ha = hyperactor;

struct title {
  std::string text;
};
struct find {
  title what;
  ha::once_port_ref<int> reply;
};
struct shelf {
  using handlers = ha::handlers<find>;
  void handle(ha::context<shelf>&, find) {}
};

asio::awaitable<void> run(ha::actor_handle<shelf>& h, ha::client& c) {
#ifdef HYPERACTOR_FIXED
  auto rx = ha::ask<find>(c, h, title{"Emma"});
  auto found = co_await rx.async_recv();
#else
  auto found = co_await ha::ask<find>(c, h, title{"Emma"}).async_recv();
#endif
  (void)found;
}
