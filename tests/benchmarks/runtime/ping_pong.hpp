// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BENCHMARKS_PING_PONG_HPP
#define HYPERACTOR_BENCHMARKS_PING_PONG_HPP

/// @file
/// Two actors that send one message of 8 bytes to and fro. `Meter` counts round trips: `bench::meter`, or the
/// allocation test's.

#include "actors.hpp"

#include <optional>

namespace bench {

struct ping {
  std::uint64_t value;
};

struct pong {
  std::uint64_t value;
};

template <class Meter> struct pinger;

template <class Meter> struct ponger {
  struct connect {
    ha::actor_handle<pinger<Meter>> peer;
  };

  using handlers = ha::handlers<connect, ping>;

  std::optional<ha::actor_handle<pinger<Meter>>> peer;

  void handle(ha::context<ponger>&, connect m) { peer = std::move(m.peer); }
  void handle(ha::context<ponger>& cx, ping m) { peer->template post<pong>(cx, m.value); }
};

template <class Meter> struct pinger {
  struct start {
    ha::actor_handle<ponger<Meter>> peer;
  };

  using handlers = ha::handlers<start, pong>;

  Meter* meter = nullptr;
  done_signal* done = nullptr;
  std::optional<ha::actor_handle<ponger<Meter>>> peer;

  void handle(ha::context<pinger>& cx, start m) {
    peer = std::move(m.peer);
    peer->template post<ping>(cx, std::uint64_t{0});
  }

  void handle(ha::context<pinger>& cx, pong m) {
    if (!meter->tick()) {
      peer->template post<ping>(cx, m.value + 1);
    } else {
      done->release();
    }
  }
};

/// Runs one pair until the meter has seen its last round trip.
template <class Meter> void play_ping_pong(ha::proc& proc, ha::client& client, Meter& meter) {
  done_signal done(0);
  ha::actor_handle<pinger<Meter>> first = proc.spawn(pinger<Meter>{&meter, &done, {}});
  ha::actor_handle<ponger<Meter>> second = proc.spawn(ponger<Meter>{});
  second.post(client, typename ponger<Meter>::connect{first});
  first.post(client, typename pinger<Meter>::start{second});
  wait_for(done);
  finish(first, second);
}

}  // namespace bench

#endif  // HYPERACTOR_BENCHMARKS_PING_PONG_HPP
