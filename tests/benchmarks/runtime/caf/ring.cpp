// SPDX-License-Identifier: BSD-3-Clause

/// One token goes round a ring of 503 actors: hops per second.

#include "system.hpp"

namespace {

using next_atom = caf::atom_constant<caf::atom("next")>;

struct course {
  std::uint64_t warm_until = 0;
  bench::clock::time_point begin;
  bench::clock::time_point end;
  bench::done_signal done{0};
};

class node : public caf::event_based_actor {
 public:
  node(caf::actor_config& config, course* course) : event_based_actor(config), course_(course) {}

  caf::behavior make_behavior() override {
    return {[this](next_atom, const caf::actor& next) { next_ = next; },
            [this](std::uint64_t hops_left) {
              if (hops_left == course_->warm_until) course_->begin = bench::clock::now();
              if (hops_left > 0) {
                send(next_, hops_left - 1);
                return;
              }
              course_->end = bench::clock::now();
              course_->done.release();
            }};
  }

  void on_exit() override { next_ = nullptr; }

 private:
  course* course_;
  caf::actor next_;
};

}  // namespace

int main(int argc, char** argv) {
  constexpr std::size_t nodes = 503;
  bench::options options(argc, argv);
  bench::caf_config config(options);
  caf::actor_system system(config);
  bench::expect_workers(system, options);
  course course;
  course.warm_until = options.amount(3'000'000);
  std::vector<caf::actor> ring;
  for (std::size_t i = 0; i < nodes; ++i) ring.push_back(system.spawn<node>(&course));
  for (std::size_t i = 0; i < nodes; ++i) caf::anon_send(ring[i], next_atom::value, ring[(i + 1) % nodes]);
  caf::anon_send(ring[0], course.warm_until + options.amount(300'000));
  bench::wait_for(course.done);
  for (caf::actor& actor : ring) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  bench::report("ring", "caf", options.threads(),
                static_cast<double>(course.warm_until) / bench::seconds_between(course.begin, course.end), "hops/s");
}
