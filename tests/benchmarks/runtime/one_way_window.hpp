// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BENCHMARKS_ONE_WAY_WINDOW_HPP
#define HYPERACTOR_BENCHMARKS_ONE_WAY_WINDOW_HPP

/// @file
/// One actor sends 8-byte messages to another with at most 1000 of them unconfirmed; the receiver confirms every 500.

#include "actors.hpp"

#include <optional>

namespace bench {

struct item {
  std::uint64_t value;
};

template <class Meter> struct source;

template <class Meter> struct sink {
  static constexpr std::uint64_t batch = 500;

  struct connect {
    ha::actor_handle<source<Meter>> producer;
  };

  using handlers = ha::handlers<connect, item>;

  Meter* meter = nullptr;
  done_signal* done = nullptr;
  std::optional<ha::actor_handle<source<Meter>>> producer;
  std::uint64_t received = 0;

  void handle(ha::context<sink>&, connect m) { producer = std::move(m.producer); }

  void handle(ha::context<sink>& cx, item) {
    if (++received == batch) {
      received = 0;
      producer->post(cx, typename source<Meter>::credit{});
    }
    if (meter->tick()) done->release();
  }
};

template <class Meter> struct source {
  struct connect {
    ha::actor_handle<sink<Meter>> consumer;
  };
  struct credit {};

  using handlers = ha::handlers<connect, credit>;

  std::uint64_t total = 0;
  std::optional<ha::actor_handle<sink<Meter>>> consumer;
  std::uint64_t sent = 0;

  void handle(ha::context<source>&, connect m) { consumer = std::move(m.consumer); }

  void handle(ha::context<source>& cx, credit) {
    for (std::uint64_t i = 0; i < sink<Meter>::batch && sent < total; ++i) consumer->template post<item>(cx, sent++);
  }
};

/// Runs one pair until the meter has seen its last message.
template <class Meter> void run_one_way_window(ha::proc& proc, ha::client& client, Meter& meter) {
  done_signal done(0);
  ha::actor_handle<sink<Meter>> consumer = proc.spawn(sink<Meter>{&meter, &done, {}});
  ha::actor_handle<source<Meter>> producer = proc.spawn(source<Meter>{meter.total(), {}});
  consumer.post(client, typename sink<Meter>::connect{producer});
  producer.post(client, typename source<Meter>::connect{consumer});
  for (int i = 0; i < 2; ++i) producer.post(client, typename source<Meter>::credit{});
  wait_for(done);
  finish(producer, consumer);
}

}  // namespace bench

#endif  // HYPERACTOR_BENCHMARKS_ONE_WAY_WINDOW_HPP
