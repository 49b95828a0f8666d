// SPDX-License-Identifier: BSD-3-Clause

/// One actor sends 8-byte messages to another with at most 1000 of them unconfirmed; the receiver confirms every 500:
/// messages per second.

#include "system.hpp"

namespace {

constexpr std::uint64_t batch = 500;

using credit_atom = caf::atom_constant<caf::atom("credit")>;

class sink : public caf::event_based_actor {
 public:
  sink(caf::actor_config& config, caf::actor source, bench::meter* meter, bench::done_signal* done)
      : event_based_actor(config), source_(std::move(source)), meter_(meter), done_(done) {}

  caf::behavior make_behavior() override {
    return {[this](std::uint64_t) {
      if (++received_ == batch) {
        received_ = 0;
        send(source_, credit_atom::value);
      }
      if (meter_->tick()) {
        send_exit(source_, caf::exit_reason::user_shutdown);
        quit();
        done_->release();
      }
    }};
  }

  void on_exit() override { source_ = nullptr; }

 private:
  caf::actor source_;
  bench::meter* meter_;
  bench::done_signal* done_;
  std::uint64_t received_ = 0;
};

class source : public caf::event_based_actor {
 public:
  source(caf::actor_config& config, bench::meter* meter, bench::done_signal* done)
      : event_based_actor(config), meter_(meter), done_(done) {}

  caf::behavior make_behavior() override {
    sink_ = spawn<sink>(caf::actor(this), meter_, done_);
    return {[this](credit_atom) {
      for (std::uint64_t i = 0; i < batch && sent_ < meter_->total(); ++i) send(sink_, sent_++);
    }};
  }

  void on_exit() override { sink_ = nullptr; }

 private:
  bench::meter* meter_;
  bench::done_signal* done_;
  caf::actor sink_;
  std::uint64_t sent_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  bench::options options(argc, argv);
  bench::caf_config config(options);
  caf::actor_system system(config);
  bench::expect_workers(system, options);
  bench::meter meter(options.amount(500'000), options.amount(5'000'000));
  bench::done_signal done(0);
  caf::actor actor = system.spawn<source>(&meter, &done);
  caf::anon_send(actor, credit_atom::value);
  caf::anon_send(actor, credit_atom::value);
  bench::wait_for(done);
  bench::report("one_way_window", "caf", options.threads(), meter.rate(), "messages/s");
}
