// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/router.hpp>

#include "unit/mailbox/support.hpp"

namespace ha = hyperactor;
using namespace mailbox_tests;

namespace {

ha::any_addr addr(const char* text) { return ha::any_addr::parse(text).value(); }

struct flushing {
  std::shared_ptr<std::vector<ha::detail::flush_callback>> pending;
  void post_unchecked(ha::message_envelope, ha::return_port) const {}
  void flush(ha::detail::flush_callback done) const { pending->push_back(std::move(done)); }
};

}  // namespace

TEST_CASE("procs and actors are routed by prefix (test_mailbox_router) [RTR-1] [RTR-2]") {
  returns back;
  const ha::mailbox_router router;
  const recorder proc;
  const recorder one;
  const recorder other;
  router.bind(addr("p@inproc://1"), ha::any_sender::of(proc));
  router.bind(addr("a1.p@inproc://1"), ha::any_sender::of(one));
  router.bind(addr("x.other@inproc://2"), ha::any_sender::of(other));
  const auto post = [&](const char* dest) { ha::detail::post_through(router, envelope(dest), back.port); };
  post("a1.p:1@inproc://1");
  CHECK(one.messages->size() == 1);
  post("a2.p:1@inproc://1");  // behind a1 in order, and not below it
  post("a0.p:1@inproc://1");
  post("a1-b.p:1@inproc://1");
  CHECK(proc.messages->size() == 3);
  post("x.other:3@inproc://2");
  CHECK(other.messages->size() == 1);
  CHECK(back.messages().empty());
  for (const char* unknown : {"y.other:1@inproc://2", "a1.p:1@inproc://9", "a.pp:1@inproc://1"}) post(unknown);
  REQUIRE(back.messages().size() == 3);
  CHECK(back.messages()[1].root_failure()->message() == "transport failure to a1.p:1@inproc://9: no route");
  CHECK(one.messages->front().ttl() == 62);  // the router and the sender behind it

  const recorder rest;
  const auto with_fallback = router.fallback(ha::any_sender::of(rest));
  with_fallback.post(envelope("y.other:1@inproc://2"), back.port);
  with_fallback.post(envelope("a1.p:1@inproc://1"), back.port);
  CHECK(rest.messages->size() == 1);
  CHECK(one.messages->size() == 2);
  CHECK(back.messages().size() == 3);
}

TEST_CASE("entries are replaced and removed one by one [RTR-1]") {
  returns back;
  const ha::mailbox_router router;
  const ha::mailbox_router copy = router;
  const recorder first;
  const recorder second;
  const recorder proc;
  router.bind(addr("a.p@inproc://1"), ha::any_sender::of(first));
  copy.bind(addr("a.p@inproc://1"), ha::any_sender::of(second));
  router.bind(addr("p@inproc://1"), ha::any_sender::of(proc));
  router.post_unchecked(envelope("a.p:1@inproc://1"), back.port);
  CHECK(first.messages->empty());
  CHECK(second.messages->size() == 1);
  CHECK(router.unbind(addr("a.p@inproc://1")));
  CHECK_FALSE(copy.unbind(addr("a.p@inproc://1")));
  router.post_unchecked(envelope("a.p:1@inproc://1"), back.port);
  CHECK(proc.messages->size() == 1);
  CHECK(router.unbind(addr("p@inproc://1")));
  CHECK_FALSE(router.find(actor("a.p@inproc://1")));
}

TEST_CASE("an instance is found whatever its label says [RTR-1]") {
  const ha::mailbox_router router;
  router.bind(addr("name<29>.p@inproc://1"), ha::any_sender::of(recorder()));
  CHECK(router.find(actor("<29>.p@inproc://1")));
  CHECK(router.find(actor("other<29>.p@inproc://1")));
  CHECK_FALSE(router.find(actor("name<2A>.p@inproc://1")));
}

TEST_CASE("the next hop decides, not the destination [RTR-1]") {
  const ha::mailbox_router router;
  const recorder r;
  router.bind(addr("q@inproc://2"), ha::any_sender::of(r));
  auto m = envelope("b.q:7@<5>.inproc://2");
  m.set_next_hop(port("b.q:7@inproc://2"));
  router.post_unchecked(std::move(m), {});
  CHECK(r.messages->size() == 1);
}

TEST_CASE(
    "a router that is gone gives messages back (test_weak_mailbox_router_records_link_unavailable_failure, "
    "test_weak_gateway_bounces_broken_link_after_drop)") {
  returns back;
  const recorder r;
  std::optional<ha::mailbox_router> router(std::in_place);
  router->bind(addr("q@inproc://2"), ha::any_sender::of(r));
  const ha::weak_mailbox_router weak = router->downgrade();
  weak.post_unchecked(envelope(), back.port);
  CHECK(r.messages->size() == 1);
  router.reset();
  CHECK_FALSE(weak.lock().has_value());
  weak.post_unchecked(envelope(), back.port);
  REQUIRE(back.messages().size() == 1);
  CHECK(back.messages()[0].root_failure()->message() ==
        "transport failure to b.q:7@inproc://2: link unavailable: mailbox router is gone");
  bool is_flushed = false;
  weak.flush([&](const ha::result<void>& result) { is_flushed = result.has_value(); });
  CHECK(is_flushed);
}

TEST_CASE("flush waits for every sender and keeps the first error [MBS-3]") {
  const ha::mailbox_router router;
  auto pending = std::make_shared<std::vector<ha::detail::flush_callback>>();
  int calls = 0;
  ha::result<void> outcome;
  const auto done = [&](const ha::result<void>& r) {
    ++calls;
    outcome = r;
  };
  router.flush(done);
  CHECK(calls == 1);
  router.bind(addr("p@inproc://1"), ha::any_sender::of(flushing{pending}));
  router.bind(addr("q@inproc://1"), ha::any_sender::of(flushing{pending}));
  router.bind(addr("r@inproc://1"), ha::any_sender::of(recorder()));
  router.flush(done);
  REQUIRE(pending->size() == 2);
  CHECK(calls == 1);
  (*pending)[1](ha::error(ha::mailbox_error::closed));
  CHECK(calls == 1);
  (*pending)[0](ha::result<void>());
  CHECK(calls == 2);
  REQUIRE(!outcome);
  CHECK(outcome.error() == ha::mailbox_error::closed);
}
