// SPDX-License-Identifier: BSD-3-Clause

/// Two processes, a channel each way: the time of an echo, or the rate of a stream of which at most a window is
/// unconfirmed by the receiving program.
/// `--transport unix|tcp --mode round_trip|throughput --bytes 64|65536`

#include "two_processes.hpp"

#include <hyperactor/channel.hpp>

#include <array>

namespace bench {

namespace ha = hyperactor;

struct packet_64 {
  std::array<std::uint64_t, 8> words;
};

struct packet_65536 {
  std::vector<std::byte> payload;
};

struct confirmation {
  std::uint64_t received;
};

template <class Packet> Packet make_packet() {
  if constexpr (std::is_same_v<Packet, packet_64>) {
    return Packet{};
  } else {
    return Packet{std::vector<std::byte>(65536, std::byte{'x'})};
  }
}

/// A channel to the other process and one from it.
template <class Out, class In, class Transport, class Body> void with_channels(pipe_end& other, Body body) {
  auto [addr, rx] = ha::serve<In, Transport>().value();
  other.tell(addr.to_string());
  auto tx = ha::dial<Out>(ha::channel_addr::parse(other.hear()).value()).value();
  body(tx, rx);
}

template <class Packet, class Transport> void echo(pipe_end other) {
  with_channels<Packet, Packet, Transport>(other, [](auto& tx, auto& rx) {
    for (;;) {
      ha::result<Packet> packet = rx.recv();
      if (!packet) return;
      tx.post(std::move(*packet));
    }
  });
}

template <class Packet, class Transport>
void measure_echo(const connection_plan& plan, const options& given, pipe_end other) {
  with_channels<Packet, Packet, Transport>(other, [&](auto& tx, auto& rx) {
    std::uint64_t warm_up = given.amount(2'000);
    std::uint64_t times = given.amount(20'000);
    std::vector<double> samples;
    Packet packet = make_packet<Packet>();
    for (std::uint64_t i = 0; i < warm_up + times; ++i) {
      clock::time_point begin = clock::now();
      tx.post(std::move(packet));
      packet = rx.recv_for(std::chrono::seconds(60)).value();
      if (i >= warm_up) samples.push_back(seconds_between(begin, clock::now()) * 1e6);
    }
    report_round_trips(plan, "hyperactor", given, samples);
  });
}

template <class Packet, class Transport> void swallow(const stream_size& size, pipe_end other) {
  with_channels<confirmation, Packet, Transport>(other, [&](auto& tx, auto& rx) {
    for (std::uint64_t received = 0;;) {
      ha::result<Packet> packet = rx.recv();
      if (!packet) return;
      if (++received % (size.window / 2) == 0) tx.post(confirmation{received});
    }
  });
}

template <class Packet, class Transport>
void pour(const connection_plan& plan, const options& given, const stream_size& size, pipe_end other) {
  with_channels<Packet, confirmation, Transport>(other, [&](auto& tx, auto& rx) {
    std::uint64_t half = size.window / 2;
    std::uint64_t total = size.warm_up + size.measured;
    std::uint64_t confirmed = 0;
    auto confirm = [&] { confirmed = rx.recv_for(std::chrono::seconds(60)).value().received; };
    clock::time_point begin;
    for (std::uint64_t sent = 0; sent < total; sent += half) {
      if (sent == size.warm_up) begin = clock::now();
      for (std::uint64_t i = 0; i < half; ++i) tx.post(make_packet<Packet>());
      while (sent + half - confirmed >= size.window) confirm();
    }
    while (confirmed < total) confirm();
    report_throughput(plan, "hyperactor", given,
                      static_cast<double>(size.measured) / seconds_between(begin, clock::now()));
  });
}

template <class Packet, class Transport> int run(const connection_plan& plan, const options& given) {
  stream_size size(plan, given);
  bool echoing = plan.mode == "round_trip";
  return in_two_processes(
      [&](pipe_end other) {
        echoing ? measure_echo<Packet, Transport>(plan, given, other)
                : pour<Packet, Transport>(plan, given, size, other);
      },
      [&](pipe_end other) { echoing ? echo<Packet, Transport>(other) : swallow<Packet, Transport>(size, other); });
}

template <class Transport> int run(const connection_plan& plan, const options& given) {
  return plan.bytes == 64 ? run<packet_64, Transport>(plan, given) : run<packet_65536, Transport>(plan, given);
}

}  // namespace bench

int main(int argc, char** argv) {
  bench::options options(argc, argv);
  bench::connection_plan plan(options);
  return plan.transport == "unix" ? bench::run<bench::ha::transport::unix_socket>(plan, options)
                                  : bench::run<bench::ha::transport::tcp>(plan, options);
}
