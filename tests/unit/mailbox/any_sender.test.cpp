// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/any_sender.hpp>

#include "unit/mailbox/support.hpp"

namespace ha = hyperactor;
using namespace mailbox_tests;

namespace {

struct stubborn {  // checks nothing, and counts
  std::shared_ptr<int> posts = std::make_shared<int>(0);
  void post(ha::message_envelope m, ha::return_port back) const {
    ++*posts;
    post_unchecked(std::move(m), std::move(back));
  }
  void post_unchecked(ha::message_envelope m, const ha::return_port& back) const {
    back.undeliverable(std::move(m), ha::delivery_failure::port_gone());
  }
  void flush(ha::detail::flush_callback done) const { done(ha::error(ha::mailbox_error::closed)); }
};

struct loop {  // forwards to itself
  void post_unchecked(ha::message_envelope m, ha::return_port back) const {
    ++*hops;
    ha::detail::post_through(*this, std::move(m), std::move(back));
  }
  int* hops;
};

struct not_const {
  void post_unchecked(ha::message_envelope, ha::return_port) {}
};

static_assert(ha::mailbox_sender<recorder> && ha::mailbox_sender<stubborn> &&
              ha::mailbox_sender<ha::unroutable_sender>);
static_assert(!ha::mailbox_sender<int> && !ha::mailbox_sender<not_const>);

}  // namespace

TEST_CASE(
    "each hop costs one, and none is left to expire (test_ttl_expiration_records_root_delivery_failure, "
    "message_ttl_success_local_delivery) [MBS-2]") {
  returns back;
  const recorder r;
  auto m = envelope();
  m.set_ttl(1);
  ha::detail::post_through(r, std::move(m), back.port);
  REQUIRE(r.messages->size() == 1);
  CHECK(r.messages->front().ttl() == 0);
  ha::detail::post_through(r, std::move(r.messages->front()), back.port);
  CHECK(back.reason() == ha::delivery_reason::expired);
  CHECK(back.messages()[0].root_failure()->message() == "ttl expired for b.q:7@inproc://2");
}

TEST_CASE("a routing loop ends (message_ttl_expires_in_routing_loop_returns_to_sender) [MBS-2]") {
  returns back;
  int hops = 0;
  ha::detail::post_through(loop{&hops}, envelope(), back.port);
  CHECK(hops == 64);
  REQUIRE(back.messages().size() == 1);
  CHECK(back.reason() == ha::delivery_reason::expired);
  CHECK(back.messages()[0].as<std::uint64_t>().value() == 42);
}

TEST_CASE(
    "a sender without route gives everything back (test_unroutable_mailbox_sender_records_no_route_failure) [MBS-1]") {
  returns back;
  ha::unroutable_sender().post_unchecked(envelope(), back.port);
  CHECK(back.messages()[0].root_failure()->message() == "transport failure to b.q:7@inproc://2: no route");
  ha::any_sender().post(envelope(), back.port);
  CHECK(back.reason(1) == ha::delivery_reason::no_route);
  CHECK_FALSE(ha::any_sender());
}

TEST_CASE("erasing adds no hop and keeps a post of the policy's own [ANS-1]") {
  returns back;
  const recorder r;
  const auto erased = ha::any_sender::of(r);
  erased.post(envelope(), back.port);
  erased.post_unchecked(envelope(), back.port);
  CHECK(r.messages->at(0).ttl() == 63);
  CHECK(r.messages->at(1).ttl() == 64);
  const stubborn s;
  auto m = envelope();
  m.set_ttl(0);
  ha::any_sender::of(s).post(std::move(m), back.port);
  CHECK(*s.posts == 1);
  CHECK(back.reason() == ha::delivery_reason::port_gone);
  CHECK(ha::any_sender::of(erased) == erased);
  CHECK(sizeof erased == sizeof(void*));
}

TEST_CASE("flush is the policy's own, or over at once [MBS-3]") {
  int ok = 0;
  int failed = 0;
  const auto count = [&] { return [&](const ha::result<void>& r) { ++(r ? ok : failed); }; };
  ha::any_sender::of(recorder()).flush(count());
  ha::any_sender().flush(count());
  ha::any_sender::of(stubborn()).flush(count());
  CHECK(ok == 2);
  CHECK(failed == 1);
}

TEST_CASE("a policy that may only be moved can be erased") {
  struct moves {
    std::unique_ptr<int> count = std::make_unique<int>(0);
    void post_unchecked(ha::message_envelope, ha::return_port) const { ++*count; }
  };
  moves policy;
  int* const count = policy.count.get();
  const auto erased = ha::any_sender::of(std::move(policy));
  erased.post(envelope(), {});
  const auto copy = erased;
  copy.post(envelope(), {});
  CHECK(*count == 2);
}
