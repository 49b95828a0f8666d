// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/watch.hpp>

#include <catch2/catch_test_macros.hpp>

#include <asio/use_future.hpp>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <thread>

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace {

class number final : public ha::detail::watch_source<int>, public ha::detail::ref_counted<number> {
 public:
  [[nodiscard]] int current() const override { return value_.load(); }
  void retain() const noexcept override { ref_counted<number>::retain(); }
  void release() const noexcept override { ref_counted<number>::release(); }
  void set(int v) {
    value_.store(v);
    changed();
  }
  [[nodiscard]] bool watched() const noexcept { return is_watched(); }

 private:
  std::atomic<int> value_{0};
};

struct fixture {
  ha::detail::intrusive_ptr<number> source = ha::detail::intrusive_ptr<number>::adopt(new number);
  ha::watch<int> watch{ha::detail::intrusive_ptr<const ha::detail::watch_source<int>>(source.get())};
};

}  // namespace

TEST_CASE_METHOD(fixture, "a source that nobody waits on is not marked as watched [WCH-1]") {
  source->set(1);
  CHECK_FALSE(source->watched());
  CHECK(watch.get() == 1);
}

TEST_CASE_METHOD(fixture, "a wait sees the current value at once [WCH-2]") {
  source->set(3);
  CHECK(watch.wait_for([](int v) { return v == 3; }, 0ms));
  CHECK_FALSE(watch.wait_for([](int v) { return v == 4; }, 1ms));
}

TEST_CASE_METHOD(fixture, "a wait sees the last of many changes") {
  std::thread changer([this] {
    for (int i = 1; i <= 10000; ++i) source->set(i);
  });
  CHECK(watch.wait_for([](int v) { return v == 10000; }, 30s));
  changer.join();
}

TEST_CASE_METHOD(fixture, "an asynchronous wait completes with the value that satisfied it") {
  auto future = watch.async_wait([](int v) { return v >= 5; }, asio::use_future);
  source->set(4);
  source->set(6);
  CHECK(future.get() == 6);
}

TEST_CASE_METHOD(fixture, "an asynchronous wait outlives the look at the value that starts it [WCH-3]") {
  std::atomic<bool> is_looking{false};
  std::atomic<bool> ended_meanwhile{false};
  // goes with the predicate
  const auto at_end = [&](void*) {
    if (is_looking.load()) ended_meanwhile.store(true);
  };
  auto future = watch.async_wait(
      [&, guard = std::shared_ptr<void>(&is_looking, at_end)](int v) {
        if (v == 0) {
          is_looking.store(true);
          source->set(5);
          std::promise<void> reactor_went_on;  // whatever the change started was done before
          asio::post(ha::detail::reactor::instance().context(), [&] { reactor_went_on.set_value(); });
          reactor_went_on.get_future().wait();
          is_looking.store(false);
        }
        return v == 5;
      },
      asio::use_future);
  CHECK(future.get() == 5);
  CHECK_FALSE(ended_meanwhile.load());
}
