// SPDX-License-Identifier: BSD-3-Clause

/// The smallest useful program: one actor with one message.

#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

struct add {
  int by;
};

struct counter {
  using handlers = ha::handlers<add>;

  int value = 0;
  void handle(ha::context<counter>&, add m) { value += m.by; }
};

int main() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  ha::actor_handle<counter> c = proc.spawn(counter{});
  c.post(client, add{2});
  c.drain_and_stop("done");
  return c.join().is_stopped() ? 0 : 1;
}
