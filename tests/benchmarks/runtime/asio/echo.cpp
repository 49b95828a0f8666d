// SPDX-License-Identifier: BSD-3-Clause

/// What a socket can do without a library on top, between two processes: the time of an echo, or the rate of a stream
/// whose writes each carry as many messages as fit into 64 KiB. One thread and one `io_context` a process.

#include "../two_processes.hpp"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

namespace {

using connection = asio::generic::stream_protocol::socket;

std::string socket_path() { return "/tmp/hyperactor-bench-" + std::to_string(::getpid()) + ".sock"; }

/// The parent listens; the child's end is connected by the text that `listen` told it.
connection accept_one(asio::io_context& io, const bench::connection_plan& plan, bench::pipe_end& other) {
  if (plan.transport == "tcp") {
    asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    other.tell(std::to_string(acceptor.local_endpoint().port()));
    asio::ip::tcp::socket accepted = acceptor.accept();
    accepted.set_option(asio::ip::tcp::no_delay(true));
    return connection(std::move(accepted));
  }
  std::string path = socket_path();
  ::unlink(path.c_str());
  asio::local::stream_protocol::acceptor acceptor(io, path);
  other.tell(path);
  asio::local::stream_protocol::socket accepted = acceptor.accept();
  ::unlink(path.c_str());
  return connection(std::move(accepted));
}

connection connect_to(asio::io_context& io, const bench::connection_plan& plan, const std::string& where) {
  if (plan.transport == "tcp") {
    asio::ip::tcp::socket connected(io);
    auto port = static_cast<asio::ip::port_type>(std::strtoul(where.c_str(), nullptr, 10));
    connected.connect({asio::ip::address_v4::loopback(), port});
    connected.set_option(asio::ip::tcp::no_delay(true));
    return connection(std::move(connected));
  }
  asio::local::stream_protocol::socket connected(io);
  connected.connect(where);
  return connection(std::move(connected));
}

asio::awaitable<void> answer(connection& peer, std::size_t bytes) {
  std::vector<char> buffer(bytes);
  for (;;) {
    co_await asio::async_read(peer, asio::buffer(buffer), asio::use_awaitable);
    co_await asio::async_write(peer, asio::buffer(buffer), asio::use_awaitable);
  }
}

asio::awaitable<void> ask(connection& peer, std::size_t bytes, std::uint64_t warm_up, std::uint64_t times,
                          std::vector<double>& samples) {
  std::vector<char> buffer(bytes, 'x');
  for (std::uint64_t i = 0; i < warm_up + times; ++i) {
    bench::clock::time_point begin = bench::clock::now();
    co_await asio::async_write(peer, asio::buffer(buffer), asio::use_awaitable);
    co_await asio::async_read(peer, asio::buffer(buffer), asio::use_awaitable);
    if (i >= warm_up) samples.push_back(bench::seconds_between(begin, bench::clock::now()) * 1e6);
  }
}

/// Takes what comes and confirms every half window of bytes with one byte.
asio::awaitable<void> swallow(connection& peer, std::uint64_t confirm_every) {
  std::vector<char> buffer(256 * 1024);
  std::uint64_t taken = 0;
  for (;;) {
    taken += co_await peer.async_read_some(asio::buffer(buffer), asio::use_awaitable);
    for (; taken >= confirm_every; taken -= confirm_every) {
      char confirmation = '+';
      co_await asio::async_write(peer, asio::buffer(&confirmation, 1), asio::use_awaitable);
    }
  }
}

/// Sends half windows, at most two of them unconfirmed.
asio::awaitable<void> pour(connection& peer, std::size_t bytes, const bench::stream_size& size, double& per_second) {
  constexpr std::size_t chunk = 64 * 1024;
  std::vector<char> buffer(chunk, 'x');
  std::uint64_t half = size.window / 2;
  std::uint64_t halves = (size.warm_up + size.measured) / half;
  std::uint64_t unconfirmed = 0;
  char confirmation = 0;
  bench::clock::time_point begin;
  for (std::uint64_t i = 0; i < halves; ++i) {
    if (i == size.warm_up / half) begin = bench::clock::now();
    for (std::uint64_t left = half * bytes; left > 0;) {
      std::size_t now = static_cast<std::size_t>(std::min<std::uint64_t>(left, chunk));
      left -= co_await asio::async_write(peer, asio::buffer(buffer.data(), now), asio::use_awaitable);
    }
    if (++unconfirmed < 2) continue;
    co_await asio::async_read(peer, asio::buffer(&confirmation, 1), asio::use_awaitable);
    --unconfirmed;
  }
  for (; unconfirmed > 0; --unconfirmed) {
    co_await asio::async_read(peer, asio::buffer(&confirmation, 1), asio::use_awaitable);
  }
  per_second = static_cast<double>(size.measured) / bench::seconds_between(begin, bench::clock::now());
}

}  // namespace

int main(int argc, char** argv) {
  bench::options options(argc, argv);
  bench::connection_plan plan(options);
  bench::stream_size size(plan, options);
  auto child = [&](bench::pipe_end other) {
    asio::io_context io(1);
    connection peer = connect_to(io, plan, other.hear());
    auto task = plan.mode == "round_trip" ? answer(peer, plan.bytes) : swallow(peer, size.window / 2 * plan.bytes);
    asio::co_spawn(io, std::move(task), asio::detached);
    io.run();
  };
  auto parent = [&](bench::pipe_end other) {
    asio::io_context io(1);
    connection peer = accept_one(io, plan, other);
    std::vector<double> samples;
    double per_second = 0;
    auto task = plan.mode == "round_trip"
                    ? ask(peer, plan.bytes, options.amount(2'000), options.amount(20'000), samples)
                    : pour(peer, plan.bytes, size, per_second);
    asio::co_spawn(io, std::move(task), [](std::exception_ptr e) { bench::expect(!e, "an error in the connection"); });
    io.run();
    if (plan.mode == "round_trip") {
      bench::report_round_trips(plan, "asio", options, samples);
    } else {
      bench::report_throughput(plan, "asio", options, per_second);
    }
  };
  return bench::in_two_processes(parent, child);
}
