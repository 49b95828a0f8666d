// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BENCHMARKS_FLOOD_HPP
#define HYPERACTOR_BENCHMARKS_FLOOD_HPP

/// @file
/// Producers that send 8-byte messages to one consumer as fast as they can. A round ends when all have arrived; the
/// first round is the warm-up.

#include "actors.hpp"

namespace bench {

inline constexpr std::uint64_t flood_rounds = 5;

struct flood_go {};

struct flood_item {
  std::uint64_t value;
};

struct flood_sink;

struct flood_source {
  using handlers = ha::handlers<flood_go>;

  ha::actor_handle<flood_sink> consumer;
  std::uint64_t messages;

  void handle(ha::context<flood_source>& cx, flood_go);
};

struct flood_sink {
  struct connect {
    std::vector<ha::actor_handle<flood_source>> producers;
  };

  using handlers = ha::handlers<connect, flood_item>;

  meter* counter = nullptr;
  done_signal* done = nullptr;
  std::uint64_t per_round = 0;
  std::vector<ha::actor_handle<flood_source>> producers;
  std::uint64_t received = 0;

  void handle(ha::context<flood_sink>& cx, connect m) {
    producers = std::move(m.producers);
    start_round(cx);
  }

  void handle(ha::context<flood_sink>& cx, flood_item) {
    bool last = counter->tick();
    if (++received < per_round) return;
    received = 0;
    if (last) {
      done->release();
    } else {
      start_round(cx);
    }
  }

 private:
  void start_round(ha::context<flood_sink>& cx) {
    for (ha::actor_handle<flood_source>& producer : producers) producer.post(cx, flood_go{});
  }
};

inline void flood_source::handle(ha::context<flood_source>& cx, flood_go) {
  for (std::uint64_t i = 0; i < messages; ++i) consumer.post<flood_item>(cx, i);
}

/// The whole program.
inline int flood(std::string_view name, std::size_t producers, int argc, char** argv) {
  options options(argc, argv);
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  std::uint64_t per_round = options.amount(1'000'000 / producers) * producers;
  meter meter(per_round, per_round * (flood_rounds - 1));
  done_signal done(0);
  flood_sink sink;
  sink.counter = &meter;
  sink.done = &done;
  sink.per_round = per_round;
  ha::actor_handle<flood_sink> consumer = proc.spawn(std::move(sink));
  flood_sink::connect connect;
  for (std::size_t i = 0; i < producers; ++i) {
    connect.producers.push_back(proc.spawn(flood_source{consumer, per_round / producers}));
  }
  std::vector<ha::actor_handle<flood_source>> sources = connect.producers;
  consumer.post(client, std::move(connect));
  wait_for(done);
  for (ha::actor_handle<flood_source>& source : sources) finish(source);
  finish(consumer);
  report(name, "hyperactor", options.threads(), meter.rate(), "messages/s",
         field("producers", static_cast<double>(producers)));
  return 0;
}

}  // namespace bench

#endif  // HYPERACTOR_BENCHMARKS_FLOOD_HPP
