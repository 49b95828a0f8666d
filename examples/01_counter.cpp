// SPDX-License-Identifier: BSD-3-Clause
// An actor in this process: a plain struct, its messages, and a reply.
#include <hyperactor/hyperactor.hpp>

#include <fmt/core.h>

namespace ha = hyperactor;

using namespace std::chrono_literals;

struct add {
  int by;
};
struct get {
  ha::once_port_ref<int> reply;
};

struct counter {                            // no base class, no macro
  using handlers = ha::handlers<add, get>;  // compile-time typelist: what the actor handles
  using exports = ha::exports<add, get>;    // which of them actor_ref<counter> may send (default: none)

  int value = 0;
  void handle(ha::context<counter>&, add m) { value += m.by; }
  void handle(ha::context<counter>& cx, get m) { m.reply.post(cx, value); }
};

int main() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");                   // a plain thread's way in
  ha::actor_handle<counter> c = proc.spawn(counter{});       // fresh identity, label from the type
  c.post(client, add{2});                                    // never blocks, never fails here
  c.post<add>(client, 3);                                    // the same, built in place: no move, no temporary
  int value = ha::ask<get>(client, c).recv_for(5s).value();  // 5
  fmt::print("2 + 3 = {}\n", value);
  c.drain_and_stop("done");
  const ha::actor_status end = c.join();
  fmt::print("{}\n", end);
  return end.is_stopped() && value == 5 ? 0 : 1;
}
