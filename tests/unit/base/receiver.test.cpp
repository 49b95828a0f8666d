// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/receiver.hpp>

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <asio/use_future.hpp>

namespace {

namespace ha = hyperactor;
using namespace std::chrono_literals;

enum class queue_error { ended = 1, too_late };
constexpr ha::detail::error_category::row rows[] = {{"ended", "the queue ended"}, {"too_late", "too late"}};
const ha::detail::error_category category{"hyperactor.queue", rows};
std::error_code make_error_code(queue_error e) noexcept { return {static_cast<int>(e), category}; }

}  // namespace

template <> struct std::is_error_code_enum<queue_error> : std::true_type {};

namespace {

struct value {
  explicit value(int v, std::shared_ptr<int> l = nullptr) : n(v), live(std::move(l)) {}
  value(value&&) = default;
  value& operator=(value&&) = default;
  int n;
  std::shared_ptr<int> live;
};

struct queue final : ha::detail::receiver_state<value> {
  [[nodiscard]] ha::error timed_out() const override { return queue_error::too_late; }
  void receiver_gone() noexcept override {
    ++gone;
    close(queue_error::ended);
  }
  int gone = 0;
};

struct opened {
  ha::detail::intrusive_ptr<queue> state = ha::detail::intrusive_ptr<queue>::adopt(new queue);
  ha::receiver<value> rx{ha::detail::intrusive_ptr<ha::detail::receiver_state<value>>(state.get())};
  bool push(int n, std::shared_ptr<int> live = nullptr) {
    value v(n, std::move(live));
    return state->push_value(v);
  }
};

}  // namespace

TEST_CASE("values come in the order of the pushes [RCV-1]") {
  opened q;
  for (int i = 0; i < 10; ++i) CHECK(q.push(i));
  CHECK(q.rx.recv().value().n == 0);
  CHECK(q.rx.try_recv()->n == 1);
  CHECK(q.push(10));
  auto rest = q.rx.drain();
  REQUIRE(rest.size() == 9);
  for (int i = 0; i < 9; ++i) CHECK(rest[static_cast<std::size_t>(i)].n == i + 2);
  CHECK(q.rx.recv_for(1ms).error() == queue_error::too_late);
}

TEST_CASE("a close comes after what was accepted, with the first reason, to every later wait [RCV-2]") {
  opened q;
  CHECK(q.push(1));
  q.state->close(queue_error::ended);
  q.state->close(queue_error::too_late);
  CHECK_FALSE(q.push(2));
  CHECK(q.state->is_closed());
  CHECK(q.rx.recv().value().n == 1);
  CHECK(q.rx.recv().error() == queue_error::ended);
  CHECK(q.rx.recv_for(1ms).error() == queue_error::ended);
  CHECK_FALSE(q.rx.try_recv().has_value());
  CHECK(q.rx.drain().empty());
  CHECK(q.rx.async_recv(asio::use_future).get().error() == queue_error::ended);
}

TEST_CASE("a value that a closed queue refuses stays with its pusher") {
  opened q;
  q.state->close(queue_error::ended);
  value v(7);
  CHECK_FALSE(q.state->push_value(v));
  CHECK(v.n == 7);
}

TEST_CASE("dropping the receiver tells the queue once, and what it held is destroyed at once [RCV-4]") {
  auto live = std::make_shared<int>(1);
  auto state = ha::detail::intrusive_ptr<queue>::adopt(new queue);
  {
    ha::receiver<value> rx{ha::detail::intrusive_ptr<ha::detail::receiver_state<value>>(state.get())};
    auto moved = std::move(rx);
    value v(1, live);
    CHECK(state->push_value(v));
    CHECK(state->gone == 0);
  }
  CHECK(state->gone == 1);
  CHECK(live.use_count() == 1);
}

TEST_CASE("assignment drops the receiver before") {
  opened a;
  opened b;
  a.rx = std::move(b.rx);
  CHECK(a.state->gone == 1);
  CHECK(b.state->gone == 0);
  CHECK(b.push(3));
  CHECK(a.rx.recv().value().n == 3);
}

TEST_CASE("a close ends a wait that is pending, by thread and by operation [RCV-2]") {
  for (int i = 0; i < 100; ++i) {
    opened q;
    auto future = i % 2 == 0 ? std::optional(q.rx.async_recv(asio::use_future)) : std::nullopt;
    std::jthread closer([state = q.state] { state->close(queue_error::ended); });
    if (future) {
      CHECK(future->get().error() == queue_error::ended);
    } else {
      CHECK(q.rx.recv().error() == queue_error::ended);
    }
  }
}

TEST_CASE("timed waits that race with pushes lose nothing [RCV-3]") {
  opened q;
  constexpr int count = 20'000;
  std::jthread pusher([state = q.state] {
    for (int i = 0; i < count; ++i) {
      value v(i);
      (void)state->push_value(v);
    }
  });
  int next = 0;
  bool in_order = true;
  while (next < count) {
    auto r = q.rx.recv_for(next % 3 == 0 ? 0ns : 10us);
    if (r.has_value()) in_order = in_order && r->n == next++;
  }
  CHECK(in_order);
}
