// SPDX-License-Identifier: BSD-3-Clause

/// Ping-pong between two actors, one message of 8 bytes in flight: round trips per second.

#include "system.hpp"

namespace {

class ponger : public caf::event_based_actor {
 public:
  ponger(caf::actor_config& config, caf::actor peer) : event_based_actor(config), peer_(std::move(peer)) {}

  caf::behavior make_behavior() override {
    return {[this](std::uint64_t value) { send(peer_, value); }};
  }

  void on_exit() override { peer_ = nullptr; }

 private:
  caf::actor peer_;
};

class pinger : public caf::event_based_actor {
 public:
  pinger(caf::actor_config& config, bench::meter* meter, bench::done_signal* done)
      : event_based_actor(config), meter_(meter), done_(done) {}

  caf::behavior make_behavior() override {
    peer_ = spawn<ponger>(caf::actor(this));
    return {[this](std::uint64_t value) {
      if (!meter_->tick()) {
        send(peer_, value + 1);
        return;
      }
      send_exit(peer_, caf::exit_reason::user_shutdown);
      quit();
      done_->release();
    }};
  }

  void on_exit() override { peer_ = nullptr; }

 private:
  bench::meter* meter_;
  bench::done_signal* done_;
  caf::actor peer_;
};

}  // namespace

int main(int argc, char** argv) {
  bench::options options(argc, argv);
  bench::caf_config config(options);
  caf::actor_system system(config);
  bench::expect_workers(system, options);
  bench::meter meter(options.amount(100'000), options.amount(1'000'000));
  bench::done_signal done(0);
  caf::anon_send(system.spawn<pinger>(&meter, &done), std::uint64_t{0});
  bench::wait_for(done);
  bench::report("ping_pong", "caf", options.threads(), meter.rate(), "round_trips/s");
}
