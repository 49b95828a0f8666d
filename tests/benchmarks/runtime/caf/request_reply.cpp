// SPDX-License-Identifier: BSD-3-Clause

/// One actor asks another and awaits the answer before it asks again: requests per second.

#include "system.hpp"

namespace {

using run_atom = caf::atom_constant<caf::atom("run")>;

class server : public caf::event_based_actor {
 public:
  explicit server(caf::actor_config& config) : event_based_actor(config) {}

  caf::behavior make_behavior() override {
    return {[](std::uint64_t value) { return value + 1; }};
  }
};

class requester : public caf::event_based_actor {
 public:
  requester(caf::actor_config& config, bench::meter* meter, bench::done_signal* done)
      : event_based_actor(config), meter_(meter), done_(done) {}

  caf::behavior make_behavior() override {
    server_ = spawn<server>();
    return {[this](run_atom) { ask(); }};
  }

  void on_exit() override { server_ = nullptr; }

 private:
  void ask() {
    request(server_, caf::infinite, value_).then([this](std::uint64_t reply) {
      bench::expect(reply == value_ + 1, "reply");
      value_ = reply;
      if (!meter_->tick()) {
        ask();
        return;
      }
      send_exit(server_, caf::exit_reason::user_shutdown);
      quit();
      done_->release();
    });
  }

  bench::meter* meter_;
  bench::done_signal* done_;
  caf::actor server_;
  std::uint64_t value_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  bench::options options(argc, argv);
  bench::caf_config config(options);
  caf::actor_system system(config);
  bench::expect_workers(system, options);
  bench::meter meter(options.amount(100'000), options.amount(1'000'000));
  bench::done_signal done(0);
  caf::anon_send(system.spawn<requester>(&meter, &done), run_atom::value);
  bench::wait_for(done);
  bench::report("request_reply", "caf", options.threads(), meter.rate(), "requests/s");
}
