// SPDX-License-Identifier: BSD-3-Clause
// Channels: typed messages over a transport, in order and acknowledged; no actor involved.
#include <hyperactor/hyperactor.hpp>

#include <fmt/core.h>
#include <asio/use_future.hpp>

namespace ha = hyperactor;

using namespace std::chrono_literals;

struct ping {
  int number;
};

template <class Transport> void talk(const char* name) {
  auto [addr, rx] = ha::serve<ping, Transport>().value();  // any free address
  auto tx = ha::dial<ping>(addr).value();                  // found by the address
  for (int i = 1; i <= 3; ++i) tx.post(ping{i});           // connects with the first one
  tx.send(ping{4}, asio::use_future).get().value();        // acknowledged: it stands in the receiver's queue
  int sum = 0;
  for (int i = 1; i <= 4; ++i) sum += rx.recv_for(5s).value().number;
  fmt::print("{}: {} ({})\n", name, sum, tx.status().get().is_closed() ? "closed" : "active");
  rx.stop("enough");
  rx.join();
  tx.status().wait([](const auto& status) { return status.is_closed(); });
  fmt::print("  {}\n", tx.send(ping{5}, asio::use_future).get().error() == ha::channel_error::closed ? "closed" : "?");
}

int main() {
  talk<ha::transport::local>("local");
  talk<ha::transport::unix_socket>("unix_socket");
  talk<ha::transport::tcp>("tcp");
  const auto taken = ha::serve<ping, ha::transport::tcp>("127.0.0.1:0").value();
  const auto again = ha::serve<ping>(taken.addr);
  fmt::print("taken: {}\n", again.error() == ha::channel_error::address_in_use);
  return 0;
}
