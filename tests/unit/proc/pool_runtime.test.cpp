// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/proc/pool_runtime.hpp>

#include "support/local.hpp"

#include <sys/resource.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <thread>
#include <vector>

namespace {

using namespace test;
using ha::detail::pool_runtime;
using ha::detail::schedulable;

/// A piece of work whose turns are a function.
struct job final : schedulable {
  explicit job(ha::detail::unique_function<void(job&)> f) : turn(std::move(f)) {}
  void run_turn() noexcept override { turn(*this); }
  ha::detail::unique_function<void(job&)> turn;
};

/// A pool of its own; like the default one it is never destroyed.
struct pool {
  pool_runtime& runtime;
  explicit pool(unsigned threads) : runtime(*new pool_runtime(threads)) { keep().push_back(&runtime); }
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;
  ~pool() { runtime.stop_workers(); }

 private:
  static std::vector<pool_runtime*>& keep() {
    static auto* const all = new std::vector<pool_runtime*>;
    return *all;
  }
};

// What [POL-1] comes to: turns of others between being runnable and running, on one worker.
constexpr int slot_streak = 32;
constexpr int inject_interval = 61;

std::chrono::microseconds cpu_time() {
  rusage u{};
  ::getrusage(RUSAGE_SELF, &u);
  const auto of = [](const timeval& t) {
    return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec);
  };
  return of(u.ru_utime) + of(u.ru_stime);
}

struct flood {
  int n;
};
struct spam {
  using handlers = ha::handlers<flood>;
  std::atomic<int>* handled;
  void handle(ha::context<spam>& cx, flood m) {
    ++*handled;
    if (m.n > 0) cx.self().post(cx, flood{m.n - 1});
  }
};
struct once {
  using handlers = ha::handlers<flood>;
  event* ran;
  void handle(ha::context<once>&, flood) { ran->set(); }
};
struct go {
  ha::once_port_handle<bool> reply;
};
struct answer {
  event* ran;
};
struct other {
  using handlers = ha::handlers<answer>;
  void handle(ha::context<other>&, answer m) { m.ran->set(); }
};
struct long_one {
  using handlers = ha::handlers<go>;
  ha::actor_handle<other> to;
  void handle(ha::context<long_one>& cx, go m) {
    event ran;
    to.post(cx, answer{&ran});
    m.reply.post(cx, ran.wait(20s));
  }
};
struct nothing {};
struct idle {
  using handlers = ha::handlers<nothing>;
  void handle(ha::context<idle>&, nothing) {}
};

}  // namespace

TEST_CASE("a pair that keeps the slot busy gives way to the ring after 32 turns [POL-1]") {
  pool p(1);
  std::atomic<int> turns{0};
  std::atomic<bool> stop{false};
  std::atomic<int> turns_before_other{-1};
  event done;
  job* a = nullptr;
  job* b = nullptr;
  job other([&](job&) {
    turns_before_other = turns.load();
    stop = true;
  });
  job first([&](job&) {
    if (++turns == 1) p.runtime.yield(other);  // into the ring: one place before it
    stop ? done.set() : p.runtime.schedule(*b);
  });
  job second([&](job&) {
    ++turns;
    stop ? done.set() : p.runtime.schedule(*a);
  });
  a = &first;
  b = &second;
  p.runtime.schedule(first);
  REQUIRE(done.wait());
  CHECK(turns_before_other >= 1);
  CHECK(turns_before_other <= slot_streak + 1);
}

TEST_CASE("behind 100 jobs that always yield and a pair in the slot, a job runs within 100 * 33 turns [POL-1]") {
  pool p(1);
  std::atomic<int> turns{0};
  std::atomic<bool> stop{false};
  std::atomic<int> waited{-1};
  event done;
  std::vector<std::unique_ptr<job>> crowd;
  std::atomic<int> live{102};
  const auto leave = [&] {
    if (--live == 0) done.set();
  };
  job* b = nullptr;
  job first([&](job&) {
    ++turns;
    stop ? leave() : p.runtime.schedule(*b);
  });
  job second([&](job&) {
    ++turns;
    stop ? leave() : p.runtime.schedule(first);
  });
  b = &second;
  for (int i = 0; i < 100; ++i) {
    crowd.push_back(std::make_unique<job>([&](job& self) {
      ++turns;
      stop ? leave() : p.runtime.yield(self);
    }));
  }
  int since = 0;
  job late([&](job&) {
    waited = turns.load() - since;
    stop = true;
    leave();
  });
  job starter([&](job&) {
    for (auto& c : crowd) p.runtime.yield(*c);
    p.runtime.yield(late);
    p.runtime.schedule(first);
    since = turns.load();
  });
  p.runtime.schedule(starter);
  REQUIRE(done.wait());
  CHECK(waited >= 0);
  CHECK(waited <= 100 * (slot_streak + 1) + slot_streak + 1);
}

TEST_CASE("what comes from outside runs within 61 turns of a busy worker [POL-1]") {
  pool p(1);
  std::atomic<int> turns{0};
  std::atomic<bool> stop{false};
  event started;
  event done;
  std::vector<std::unique_ptr<job>> crowd;
  std::atomic<int> live{50};
  for (int i = 0; i < 50; ++i) {
    crowd.push_back(std::make_unique<job>([&](job& self) {
      if (++turns == 1000) started.set();
      if (!stop) return p.runtime.yield(self);
      if (--live == 0) done.set();
    }));
  }
  for (auto& c : crowd) p.runtime.schedule(*c);
  REQUIRE(started.wait());
  std::vector<int> waits;
  for (int i = 0; i < 20; ++i) {
    std::atomic<int> ran_at{-1};
    event ran;
    job outside([&](job&) {
      ran_at = turns.load();
      ran.set();
    });
    std::atomic<int> asked_at{-1};
    // counted on the worker itself: the job is injected by a thread while the worker is inside a turn
    job asker([&](job&) {
      std::jthread([&] { p.runtime.schedule(outside); }).join();
      asked_at = turns.load();
    });
    p.runtime.schedule(asker);
    REQUIRE(ran.wait());
    waits.push_back(ran_at - asked_at);
  }
  stop = true;
  REQUIRE(done.wait());
  for (const int w : waits) CHECK(w <= inject_interval + 1);
}

TEST_CASE("an actor with a full mailbox lets others run after 64 messages [LOP-1]") {
  const log_lines lines;
  local in;
  std::atomic<int> handled{0};
  std::vector<ha::actor_handle<spam>> crowd;
  for (int i = 0; i < 8; ++i) {
    crowd.push_back(in.proc.spawn(spam{&handled}));
    for (int k = 0; k < 100; ++k) crowd.back().post(in.client, flood{1'000'000'000});
  }
  for (int i = 0; i < 20; ++i) {
    event ran;
    auto h = in.proc.spawn(once{&ran});
    h.post(in.client, flood{0});
    CHECK(ran.wait());
    h.stop("done");
  }
  in.proc.stop_all("enough");
  CHECK(in.is_empty());
}

TEST_CASE("a worker that computes long does not hold up what it made runnable, while another one is idle [POL-2]") {
  for (int round = 0; round < 50; ++round) {
    pool p(2);
    event slot_ran;
    event ring_ran;
    event seen;
    job in_slot([&](job&) { slot_ran.set(); });
    job in_ring([&](job&) { ring_ran.set(); });
    bool both = false;
    job computes([&](job&) {
      p.runtime.schedule(in_ring);
      p.runtime.schedule(in_slot);  // displaces the other one into the ring
      both = slot_ran.wait(20s) && ring_ran.wait(20s);
      seen.set();
    });
    p.runtime.schedule(computes);
    REQUIRE(seen.wait());
    CHECK(both);
  }
}

TEST_CASE("what ended its turn early does not wait behind one that computes long [POL-2]") {
  for (int round = 0; round < 50; ++round) {
    pool p(2);
    event ran_again;
    event seen;
    bool has_run = false;
    bool was_in_time = false;
    job computes([&](job&) {
      was_in_time = ran_again.wait(20s);
      seen.set();
    });
    job ends_early([&](job& self) {
      if (has_run) return ran_again.set();
      has_run = true;
      p.runtime.schedule(computes);
      p.runtime.yield(self);
    });
    p.runtime.schedule(ends_early);
    REQUIRE(seen.wait());
    CHECK(was_in_time);
  }
}

TEST_CASE("the same for actors: one that computes long has posted to another before") {
  if (std::thread::hardware_concurrency() < 2) SUCCEED("one worker: nobody else could run it");
  local in;
  auto a = in.proc.spawn(other{});
  auto b = in.proc.spawn(long_one{a});
  for (int i = 0; i < 50; ++i) CHECK(ha::ask<go>(in.client, b).recv_for(patience).value());
  in.proc.stop_all("done");
  CHECK(in.is_empty());
}

TEST_CASE("nothing is runnable while all sleep: every wake-up arrives [POL-3]") {
  pool p(2);
  for (int round = 0; round < 3000; ++round) {
    std::atomic<int> left{3};
    event done;
    const auto end = [&] {
      if (--left == 0) done.set();
    };
    job third([&](job&) { end(); });
    job second([&](job&) {
      p.runtime.schedule(third);
      end();
    });
    job first([&](job&) {
      p.runtime.schedule(second);
      end();
    });
    p.runtime.schedule(first);
    REQUIRE(done.wait());
  }
}

TEST_CASE("an idle runtime uses no processor time [POL-2]") {
  local in;
  std::vector<ha::actor_handle<idle>> many;
  for (int i = 0; i < 1000; ++i) many.push_back(in.proc.spawn(idle{}));
  for (auto& h : many) {
    h.post(in.client, nothing{});
    REQUIRE(h.status().wait_for([](const ha::actor_status& s) { return s.is_idle(); }, patience));
  }
  const event never;
  CHECK_FALSE(never.wait(50ms));  // the workers fall asleep
  const auto before = cpu_time();
  CHECK_FALSE(never.wait(500ms));
  const auto used = cpu_time() - before;
  CHECK(used < 10ms);
  in.proc.stop_all("done");
  CHECK(in.is_empty());
}
