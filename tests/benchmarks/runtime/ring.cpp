// SPDX-License-Identifier: BSD-3-Clause

/// One token goes round a ring of 503 actors: hops per second.

#include "actors.hpp"

#include <optional>

namespace bench {

struct course {
  std::uint64_t warm_until = 0;
  clock::time_point begin;
  clock::time_point end;
  done_signal done{0};
};

struct token {
  std::uint64_t hops_left;
};

struct node {
  struct connect {
    ha::actor_handle<node> next;
  };

  using handlers = ha::handlers<connect, token>;

  bench::course* course;
  std::optional<ha::actor_handle<node>> next = {};

  void handle(ha::context<node>&, connect m) { next = std::move(m.next); }

  void handle(ha::context<node>& cx, token m) {
    if (m.hops_left == course->warm_until) course->begin = clock::now();
    if (m.hops_left > 0) {
      next->post<token>(cx, m.hops_left - 1);
      return;
    }
    course->end = clock::now();
    course->done.release();
  }
};

}  // namespace bench

int main(int argc, char** argv) {
  using namespace bench;
  constexpr std::size_t nodes = 503;
  options options(argc, argv);
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  course course;
  course.warm_until = options.amount(10'000'000);
  std::vector<ha::actor_handle<node>> ring;
  for (std::size_t i = 0; i < nodes; ++i) ring.push_back(proc.spawn(node{&course}));
  for (std::size_t i = 0; i < nodes; ++i) ring[i].post(client, node::connect{ring[(i + 1) % nodes]});
  ring[0].post(client, token{course.warm_until + options.amount(500'000)});
  wait_for(course.done);
  for (ha::actor_handle<node>& one : ring) finish(one);
  report("ring", "hyperactor", options.threads(),
         static_cast<double>(course.warm_until) / seconds_between(course.begin, course.end), "hops/s");
}
