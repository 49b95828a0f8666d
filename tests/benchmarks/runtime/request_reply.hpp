// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BENCHMARKS_REQUEST_REPLY_HPP
#define HYPERACTOR_BENCHMARKS_REQUEST_REPLY_HPP

/// @file
/// One actor asks another and awaits the answer before it asks again, in one awaiting handler.

#include "actors.hpp"

#include <asio/awaitable.hpp>

namespace bench {

struct query {
  std::uint64_t value;
  ha::once_port_ref<std::uint64_t> reply;
};

struct answerer {
  using handlers = ha::handlers<query>;

  void handle(ha::context<answerer>& cx, query m) { m.reply.post(cx, m.value + 1); }
};

template <class Meter> struct requester {
  struct run {};

  using handlers = ha::handlers<run>;

  ha::actor_handle<answerer> server;
  Meter* meter = nullptr;
  done_signal* done = nullptr;

  asio::awaitable<void> handle(ha::context<requester>& cx, run) {
    std::uint64_t value = 0;
    for (bool last = false; !last; last = meter->tick()) {
      ha::result<std::uint64_t> reply = co_await ha::ask<query>(cx, server, value).async_recv();
      expect(reply.value() == value + 1, "reply");
      value = *reply;
    }
    done->release();
  }
};

/// Runs one pair until the meter has seen its last reply.
template <class Meter> void run_request_reply(ha::proc& proc, ha::client& client, Meter& meter) {
  done_signal done(0);
  ha::actor_handle<answerer> server = proc.spawn(answerer{});
  ha::actor_handle<requester<Meter>> asker = proc.spawn(requester<Meter>{server, &meter, &done});
  asker.post(client, typename requester<Meter>::run{});
  wait_for(done);
  finish(asker, server);
}

}  // namespace bench

#endif  // HYPERACTOR_BENCHMARKS_REQUEST_REPLY_HPP
