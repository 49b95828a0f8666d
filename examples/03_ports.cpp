// SPDX-License-Identifier: BSD-3-Clause
// Ports: a way back for many messages or for one; what cannot be delivered returns; a request is never met with
// silence.
#include <hyperactor/hyperactor.hpp>

#include <fmt/core.h>
#include <string>

namespace ha = hyperactor;

using namespace std::chrono_literals;

struct progress {
  int percent;
};
struct work {
  ha::port_ref<progress> out;
  ha::once_port_ref<std::string> done;
};
struct forget {
  ha::once_port_ref<int> reply;
};

struct worker {
  using handlers = ha::handlers<work, forget>;

  void handle(ha::context<worker>& cx, work m) {
    for (int percent : {25, 50, 75, 100}) m.out.post(cx, progress{percent});
    m.done.post(cx, std::string("finished"));
  }
  void handle(ha::context<worker>&, forget) {}  // drops the reply port: the asker is told
};

int main() {
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  ha::actor_handle<worker> w = proc.spawn(worker{});

  auto [out, progress_rx] = client.open_port<progress>();
  auto done = ha::ask<work>(client, w, out.bind());
  for (int i = 0; i != 4; ++i) fmt::print("{} %\n", progress_rx.recv_for(5s).value().percent);
  fmt::print("{}\n", done.recv_for(5s).value());

  auto [once, once_rx] = client.open_once_port<int>();
  once.post(client, 42);
  fmt::print("once: {}\n", once_rx.recv().value());

  auto [port, rx] = client.open_port<int>();
  fmt::print("nothing yet: {}\n", rx.recv_for(10ms).error() == ha::mailbox_error::timed_out);
  port.post(client, 7);
  port.post(client, 8);
  const int first = rx.recv().value();
  fmt::print("first: {}, then {} more\n", first, rx.drain().size());

  const ha::result<int> none = ha::ask<forget>(client, w).recv_for(5s);
  fmt::print("forgotten: {}\n", none.error() == ha::mailbox_error::reply_dropped);

  auto returned = client.undelivered();
  w.stop("enough");
  w.join();
  auto [late, late_rx] = client.open_once_port<std::string>();
  w.post(client, work{out.bind(), late.bind()});
  ha::undeliverable back = returned.recv_for(5s).value();
  fmt::print("returned: {}\n", back.root_failure()->to_string());
  fmt::print("with its value: {}\n", back.as<work>().has_value());
  return 0;
}
