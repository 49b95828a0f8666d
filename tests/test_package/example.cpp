// SPDX-License-Identifier: BSD-3-Clause
// What a user of the installed package writes first.
#include <hyperactor/proc.hpp>

#include <cstdio>

namespace ha = hyperactor;
using namespace std::chrono_literals;

struct add {
  int by;
};
struct get {
  ha::once_port_ref<int> reply;
};

struct counter {
  using handlers = ha::handlers<add, get>;
  using exports = ha::exports<add, get>;

  int value = 0;
  void handle(ha::context<counter>&, add m) { value += m.by; }
  void handle(ha::context<counter>& cx, get m) { m.reply.post(cx, value); }
};

int main() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  ha::actor_handle<counter> c = proc.spawn(counter{});
  c.post(client, add{2});
  c.post<add>(client, 3);
  const int value = ha::ask<get>(client, c).recv_for(5s).value();
  c.drain_and_stop("done");
  const bool stopped = c.join().is_stopped();
  std::printf("the counter says %d\n", value);
  return stopped && value == 5 ? 0 : 1;
}
