// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BENCHMARKS_CAF_FLOOD_HPP
#define HYPERACTOR_BENCHMARKS_CAF_FLOOD_HPP

/// @file
/// Producers that send 8-byte messages to one consumer as fast as they can. A round ends when all have arrived; the
/// first round is the warm-up.

#include "system.hpp"

namespace bench {

using go_atom = caf::atom_constant<caf::atom("go")>;

inline constexpr std::uint64_t flood_rounds = 5;

class flood_source : public caf::event_based_actor {
 public:
  flood_source(caf::actor_config& config, caf::actor sink, std::uint64_t messages)
      : event_based_actor(config), sink_(std::move(sink)), messages_(messages) {}

  caf::behavior make_behavior() override {
    return {[this](go_atom) {
      for (std::uint64_t i = 0; i < messages_; ++i) send(sink_, i);
    }};
  }

  void on_exit() override { sink_ = nullptr; }

 private:
  caf::actor sink_;
  std::uint64_t messages_;
};

class flood_sink : public caf::event_based_actor {
 public:
  flood_sink(caf::actor_config& config, std::size_t sources, meter* meter, done_signal* done)
      : event_based_actor(config),
        sources_(sources),
        per_round_(meter->total() / flood_rounds),
        meter_(meter),
        done_(done) {}

  caf::behavior make_behavior() override {
    for (caf::actor& source : sources_) source = spawn<flood_source>(caf::actor(this), per_round_ / sources_.size());
    return {[this](go_atom go) {
              for (caf::actor& source : sources_) send(source, go);
            },
            [this](std::uint64_t) {
              bool last = meter_->tick();
              if (++received_ < per_round_) return;
              received_ = 0;
              if (!last) {
                for (caf::actor& source : sources_) send(source, go_atom::value);
                return;
              }
              for (caf::actor& source : sources_) send_exit(source, caf::exit_reason::user_shutdown);
              quit();
              done_->release();
            }};
  }

  void on_exit() override { sources_.clear(); }

 private:
  std::vector<caf::actor> sources_;
  std::uint64_t per_round_;
  meter* meter_;
  done_signal* done_;
  std::uint64_t received_ = 0;
};

/// The whole program.
inline int flood(std::string_view name, std::size_t producers, int argc, char** argv) {
  options options(argc, argv);
  caf_config config(options);
  caf::actor_system system(config);
  expect_workers(system, options);
  std::uint64_t per_round = options.amount(1'000'000 / producers) * producers;
  meter meter(per_round, per_round * (flood_rounds - 1));
  done_signal done(0);
  caf::anon_send(system.spawn<flood_sink>(producers, &meter, &done), go_atom::value);
  wait_for(done);
  report(name, "caf", options.threads(), meter.rate(), "messages/s",
         field("producers", static_cast<double>(producers)));
  return 0;
}

}  // namespace bench

#endif  // HYPERACTOR_BENCHMARKS_CAF_FLOOD_HPP
