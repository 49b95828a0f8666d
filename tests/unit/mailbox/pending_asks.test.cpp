// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/pending_asks.hpp>

#include "support/local.hpp"

#include <hyperactor/config/keys.hpp>
#include <hyperactor/mailbox/network.hpp>

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pending_tests {

using namespace test;

struct question {
  ha::once_port_ref<int> reply;
};
struct oracle {
  using handlers = ha::handlers<question>;
  using exports = ha::exports<question>;
  void handle(ha::context<oracle>& cx, question m) { m.reply.post(cx, 42); }
};

/// A way out of the process that keeps what is sent.
class black_hole final : public ha::detail::network {
 public:
  void retain() const noexcept override { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() const noexcept override {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }
  [[nodiscard]] ha::location default_location() const override { return ha::location::parse("inproc://999").value(); }
  void set_default_location(ha::location) override {}
  [[nodiscard]] ha::result<void> attach(const ha::proc_id&, ha::any_sender) override { return {}; }
  void detach(const ha::proc_id&) noexcept override {}
  void post(ha::message_envelope m, ha::return_port back) override { kept.emplace_back(std::move(m), std::move(back)); }
  void flush(ha::detail::flush_callback done) override { done({}); }
  std::vector<std::pair<ha::message_envelope, ha::return_port>> kept;

 private:
  mutable std::atomic<std::uint32_t> references_{1};
};
struct fake_gateway {
  ha::detail::intrusive_ptr<black_hole> hole = ha::detail::intrusive_ptr<black_hole>::adopt(new black_hole);
  [[nodiscard]] ha::detail::intrusive_ptr<ha::detail::network> network() const {
    return ha::detail::intrusive_ptr<ha::detail::network>(hole.get());
  }
};

struct outside {
  outside() = default;
  outside(const outside&) = delete;
  outside& operator=(const outside&) = delete;
  ~outside() { gateway.hole->kept.clear(); }  // they hold ways back, and so the proc, and so the gateway

  fake_gateway gateway;
  ha::proc proc = ha::proc::builder{}.gateway(gateway).build().value();
  ha::client client = client_of(proc);
  ha::actor_ref<oracle> far =
      ha::actor_ref<oracle>::attest(ha::actor_addr::parse("oracle.there@ipc://@nowhere").value());
  ha::proc_addr there = ha::proc_addr(far.addr().proc_id(), far.addr().location());
  ha::proc_addr elsewhere = ha::proc_addr::parse("elsewhere@ipc://@somewhere").value();

  /// Somebody tells the client's once port `index` who owes its message, or that it was lost there.
  void tell(std::uint64_t index, ha::proc_addr debtor, std::string lost) {
    ha::message_envelope m =
        ha::message_envelope::serialize(far.addr(), client.addr().port_addr(ha::port::ephemeral(index)),
                                        ha::detail::reply_debtor{std::move(debtor), std::move(lost)})
            .value();
    proc.post_unchecked(std::move(m), ha::return_port());
  }
};

}  // namespace pending_tests

using namespace pending_tests;

TEST_CASE("an awaited reply completes with peer_lost when its proc or link is gone [ASK-1]") {
  outside o;
  auto& pending = ha::detail::pending_asks::instance();
  auto one = ha::ask<question>(o.client, o.far);
  CHECK(pending.size() == 1);
  CHECK(one.recv_for(1ms).error() == ha::mailbox_error::timed_out);
  o.tell(0, o.elsewhere, "not this one");
  CHECK(one.recv_for(1ms).error() == ha::mailbox_error::timed_out);
  o.tell(0, o.there, "it exited");
  CHECK(one.recv_for(patience).error().what() == "hyperactor.mailbox.peer_lost: it exited");
  auto two = ha::ask<question>(o.client, o.far);
  pending.link_lost(ha::channel_addr::parse("unix:@elsewhere").value(), "not this one");
  CHECK(two.recv_for(1ms).error() == ha::mailbox_error::timed_out);
  pending.link_lost(o.far.addr().location().addr(), "the link broke");
  CHECK(two.recv_for(patience).error().message() == "the link broke");
  CHECK(pending.size() == 0);
}

TEST_CASE("an awaited reply that another proc owes by now is lost with that one only [ASK-1] [DRP-2]") {
  outside o;
  auto& pending = ha::detail::pending_asks::instance();
  auto one = ha::ask<question>(o.client, o.far);
  auto two = ha::ask<question>(o.client, o.far);
  o.tell(0, o.elsewhere, {});
  o.tell(0, o.there, "it exited");
  pending.link_lost(o.there.location().addr(), "the link broke");
  CHECK(two.recv_for(patience).error().message() == "the link broke");
  CHECK(one.recv_for(1ms).error() == ha::mailbox_error::timed_out);
  o.tell(0, o.elsewhere, "that exited too");
  CHECK(one.recv_for(patience).error().what() == "hyperactor.mailbox.peer_lost: that exited too");
  CHECK(pending.size() == 0);
  o.tell(0, o.elsewhere, "again");  // nobody is there
}

TEST_CASE("replies that were settled leave the others where they are found [ASK-1]") {
  outside o;
  auto& pending = ha::detail::pending_asks::instance();
  std::vector<ha::once_receiver<int>> asked;
  for (int i = 0; i < 8; ++i) asked.push_back(ha::ask<question>(o.client, o.far));
  for (const std::uint64_t i : {0u, 7u, 3u}) {
    o.tell(i, o.there, "number " + std::to_string(i));
    CHECK(asked[i].recv_for(patience).error().message() == "number " + std::to_string(i));
  }
  CHECK(pending.size() == 5);
  o.tell(6, o.elsewhere, {});  // moved
  o.tell(6, o.there, "no news");
  o.tell(5, o.there, "number 5");
  CHECK(asked[5].recv_for(patience).error().message() == "number 5");
  CHECK(asked[6].recv_for(1ms).error() == ha::mailbox_error::timed_out);
  o.tell(6, o.elsewhere, "number 6");
  CHECK(asked[6].recv_for(patience).error().message() == "number 6");
  pending.link_lost(o.there.location().addr(), "the link broke");
  for (const std::size_t i : {1u, 2u, 4u}) CHECK(asked[i].recv_for(patience).error().message() == "the link broke");
  CHECK(pending.size() == 0);
}

TEST_CASE("an awaited reply that does not come completes after the time of the configuration [ASK-2]") {
  outside o;
  const auto quick = ha::config::override_scoped<ha::config::ask_timeout>(20ms);
  auto rx = ha::ask<question>(o.client, o.far);
  const auto r = rx.recv_for(patience);
  CHECK(r.error() == ha::mailbox_error::ask_timed_out);
  CHECK(contains(r.error().message(), "HYPERACTOR_ASK_TIMEOUT"));
  CHECK(ha::detail::pending_asks::instance().size() == 0);
}

TEST_CASE("a request that comes back completes its receiver with the reason [AKS-1]") {
  outside o;
  auto undelivered = o.client.undelivered();
  auto rx = ha::ask<question>(o.client, o.far);
  REQUIRE(o.gateway.hole->kept.size() == 1);
  auto [message, back] = std::move(o.gateway.hole->kept[0]);
  CHECK(message.sender() == o.client.addr());
  CHECK(message.dest().actor_addr() == o.far.addr());
  back.undeliverable(std::move(message), ha::delivery_failure::no_route());
  const auto r = rx.recv_for(patience);
  CHECK(r.error() == ha::mailbox_error::undeliverable);
  CHECK(contains(r.error().message(), "no route"));
  CHECK_FALSE(undelivered.try_recv().has_value());
  CHECK(ha::detail::pending_asks::instance().size() == 0);
}

TEST_CASE("an awaited reply completes with closed when the asker goes, and its entry goes with it [CLI-1]") {
  auto o = std::make_unique<outside>();
  auto rx = ha::ask<question>(o->client, o->far);
  CHECK(ha::detail::pending_asks::instance().size() == 1);
  o.reset();
  CHECK(rx.recv_for(patience).error() == ha::mailbox_error::closed);
  CHECK(ha::detail::pending_asks::instance().size() == 0);
}

TEST_CASE("the answer to a request that left the process comes back to its receiver, once") {
  outside o;
  auto rx = ha::ask<question>(o.client, o.far);
  REQUIRE(o.gateway.hole->kept.size() == 1);
  // the other process answers: to the first port that this client gave out
  ha::message_envelope answer =
      ha::message_envelope::serialize(o.far.addr(), o.client.addr().port_addr(ha::port::ephemeral(0)), 42).value();
  o.proc.post_unchecked(std::move(answer), o.gateway.hole->kept[0].second);
  CHECK(rx.recv_for(patience).value() == 42);
  CHECK(ha::detail::pending_asks::instance().size() == 0);
}
