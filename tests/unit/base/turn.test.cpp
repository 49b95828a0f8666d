// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/turn.hpp>

#include <hyperactor/base/reactor.hpp>

#include <catch2/catch_test_macros.hpp>

#include <asio/any_io_executor.hpp>
#include <memory>
#include <vector>

namespace ha = hyperactor;
using ha::detail::intrusive_ptr;
using ha::detail::turn_runner;
using ha::detail::turn_task;

namespace {

/// Runs what is queued when it is told to.
struct manual_runner final : turn_runner {
  void retain() const noexcept override { ++references; }
  void release() const noexcept override { --references; }
  void queue_task(turn_task& task) noexcept override { tasks.push_back(&task); }
  void run_all() {
    for (auto* t : std::exchange(tasks, {})) t->act(*t, this);
  }
  void drop_all() {
    for (auto* t : std::exchange(tasks, {})) t->act(*t, nullptr);
  }
  std::vector<turn_task*> tasks;
  mutable int references = 0;
};
manual_runner* target = nullptr;
intrusive_ptr<turn_runner> find_target(std::uint64_t) { return intrusive_ptr<turn_runner>(target); }

}  // namespace

TEST_CASE("functions run one after the other, on the runner's turns only [TUR-1]") {
  manual_runner runner;
  target = &runner;
  const ha::turn_executor executor(7, find_target);
  std::vector<int> order;
  executor.execute([&] { order.push_back(1); });
  executor.execute([&] { order.push_back(2); });
  CHECK(order.empty());
  runner.run_all();
  CHECK(order == std::vector{1, 2});
}

TEST_CASE("a task runs or is dropped, once [TUR-2]") {
  manual_runner runner;
  target = &runner;
  const ha::turn_executor executor(7, find_target);
  auto token = std::make_shared<int>(0);
  int runs = 0;
  executor.execute([token, &runs] { ++runs; });
  CHECK(token.use_count() == 2);
  runner.drop_all();
  CHECK(token.use_count() == 1);
  CHECK(runs == 0);
}

TEST_CASE("an executor does not keep its runner, and drops what it is given afterwards [TUR-3]") {
  manual_runner runner;
  target = &runner;
  const asio::any_io_executor executor = ha::turn_executor(7, find_target);
  const asio::any_io_executor copy = executor;
  CHECK(runner.references == 0);
  CHECK(copy == executor);
  target = nullptr;
  auto token = std::make_shared<int>(0);
  copy.execute([token] {});
  CHECK(token.use_count() == 1);
}
