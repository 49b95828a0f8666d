// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/host/detail/owed_replies.hpp>

#include "unit/gateway/fixture.hpp"

#include <hyperactor/gateway.hpp>
#include <hyperactor/mailbox/once_port.hpp>

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <utility>

namespace owed_replies_test {

using namespace gateway_test;

struct question {
  ha::once_port_ref<std::uint64_t> reply;
};

/// The replies of a host; what it tells goes to `told`.
struct fixture {
  struct out {
    queue<ha::message_envelope> told;
    void post_unchecked(ha::message_envelope m, const ha::return_port&) const { told.push(std::move(m)); }
  };
  static ha::proc_addr proc(std::string_view name) {
    return ha::proc_addr::from_name(ha::channel_addr::parse("unix:@owed-host").value(), name);
  }
  static ha::port_addr port(std::uint64_t number) {
    return proc("asker").actor_addr("someone").port_addr(ha::port::ephemeral(number));
  }
  static ha::message_envelope request(const ha::proc_addr& to, const ha::port_addr& reply_to) {
    return ha::message_envelope::serialize(proc("asker").actor_addr("someone"),
                                           to.actor_addr("agent").port_addr(ha::handler_port<question>()),
                                           question{ha::once_port_ref<std::uint64_t>::attest(reply_to)})
        .value();
  }
  static ha::message_envelope request(const ha::proc_addr& to, std::uint64_t port_number) {
    return request(to, port(port_number));
  }
  static ha::message_envelope reply(std::uint64_t port_number) {
    return ha::message_envelope::serialize(proc("a").actor_addr("agent"), port(port_number), std::uint64_t{1}).value();
  }
  /// "port number, debtor, why" of the next notice.
  std::string next() {
    ha::message_envelope m = told.next();
    const auto notice = m.as<ha::detail::reply_debtor>().value();
    return std::to_string(m.dest().index()) + " " + notice.proc.id().to_string() + " " + notice.lost;
  }
  void lose(const ha::proc_addr& p, const std::string& why) { owed->tell(owed->close(p), why); }

  queue<ha::message_envelope> told;
  ha::detail::intrusive_ptr<ha::detail::owed_replies> owed =
      ha::detail::intrusive_ptr<ha::detail::owed_replies>::adopt(new ha::detail::owed_replies);
  ha::proc_addr a = proc("a");
  ha::proc_addr b = proc("b");

  fixture() {
    owed->set_out(proc("service").actor_addr("host"), ha::any_sender::of(out{told}));
    owed->open(a);
    owed->open(b);
  }
};

}  // namespace owed_replies_test

using namespace owed_replies_test;

TEST_CASE_METHOD(fixture, "who asked a proc that ended is told once, and nobody else [OWE-1] [OWE-2]") {
  CHECK(owed->note(request(a, 1), a));
  CHECK(owed->note(request(b, 2), b));
  lose(a, "it fell");
  CHECK(next() == "1 a it fell");
  CHECK_FALSE(owed->note(request(a, 3), a));  // it has ended
  CHECK(owed->close(a) == 0);
  CHECK(owed->size() == 1);
  lose(b, "it fell too");
  CHECK(next() == "2 b it fell too");
  CHECK_FALSE(told.try_next().has_value());
}

TEST_CASE_METHOD(fixture, "a reply settles, and so does a message that takes the port along [OWE-1]") {
  CHECK(owed->note(request(a, 1), a));
  CHECK(owed->note(request(a, 2), a));
  CHECK(owed->note(request(a, 3), a));
  owed->settle(reply(1));
  owed->settle(reply(99));
  owed->settle(request(b, 2));
  CHECK(owed->size() == 1);
  owed->settle(ha::message_envelope::serialize(
                   a.actor_addr("agent"),
                   proc("asker").actor_addr("someone").port_addr(ha::handler_port<ha::undeliverable>()),
                   ha::undeliverable::returned(request(a, 3)))
                   .value());  // it comes back
  CHECK(owed->size() == 0);
  lose(a, "it fell");
  CHECK_FALSE(told.try_next().has_value());
}

TEST_CASE_METHOD(fixture,
                 "a request on its way back is lost with its sender, under the name of its destination [OWE-1]") {
  const auto back_to_b =
      ha::message_envelope::serialize(a.actor_addr("agent"),
                                      b.actor_addr("agent").port_addr(ha::handler_port<ha::undeliverable>()),
                                      ha::undeliverable::returned(request(a, 1)))
          .value();
  CHECK(owed->note(request(a, 1), a));
  owed->settle(back_to_b);
  CHECK(owed->note(back_to_b, b));
  lose(a, "it fell");
  lose(b, "it fell too");
  CHECK(next() == "1 a it fell too");
  CHECK_FALSE(told.try_next().has_value());
}

TEST_CASE_METHOD(fixture, "what is asked of its own proc by way of the host is not noted [OWE-1]") {
  CHECK(owed->note(request(a, a.actor_addr("other").port_addr(ha::port::ephemeral(1))), a));
  CHECK(owed->size() == 0);
}

TEST_CASE_METHOD(fixture,
                 "a port that is handed on is lost with the first debtor until the message has come by, under the "
                 "name of the second [OWE-1]") {
  const auto word = [&](std::uint64_t number) {
    return ha::message_envelope::serialize(a.actor_addr("agent"), port(number), ha::detail::reply_debtor{b, {}})
        .value();
  };
  CHECK(owed->note(request(a, 1), a));
  CHECK(owed->note(request(a, 2), a));
  owed->settle(word(1));
  owed->settle(word(2));
  owed->settle(request(b, 2));
  CHECK(owed->note(request(b, 2), b));
  lose(a, "it fell");
  CHECK(next() == "1 b it fell");
  lose(b, "it fell too");
  CHECK(next() == "2 b it fell too");
  CHECK(owed->size() == 0);
}

TEST_CASE_METHOD(fixture, "a proc that takes the place of another one owes nothing of it [OWE-2]") {
  CHECK(owed->note(request(a, 1), a));
  const std::uint64_t first = owed->close(a);
  owed->open(a);
  CHECK(owed->note(request(a, 2), a));
  owed->tell(first, "it fell");
  CHECK(next() == "1 a it fell");
  CHECK(owed->size() == 1);
}

TEST_CASE_METHOD(fixture, "a link that closes loses what was asked over it, and not what its successor was [OWE-2]") {
  const auto addr = ha::channel_addr::any<ha::transport::unix_socket>();
  ha::isolated_gateway lone;
  auto server = ha::mailbox_server::serve(addr, ha::any_sender::of(lone.downgrade())).value();
  const ha::proc_addr far(ha::proc_id::from_name("far"), server.addr());
  auto first = ha::mailbox_client::dial(server.addr()).value();
  auto second = ha::mailbox_client::dial(server.addr()).value();
  owed->note(request(far, 1), first);
  owed->note(request(far, 2), first);
  // settled elsewhere: a port that is not behind this host, and one that is handed on out there
  const ha::proc_addr stranger(ha::proc_id::from_name("stranger"), ha::channel_addr::parse("unix:@other").value());
  owed->note(request(far, stranger.actor_addr("x").port_addr(ha::port::ephemeral(0))), first);
  owed->note(request(far, 4), first);
  owed->settle(
      ha::message_envelope::serialize(far.actor_addr("x"), port(4), ha::detail::reply_debtor{stranger, {}}).value());
  CHECK(owed->size() == 2);
  first.post_unchecked(envelope_for(port_of(far), 1), ha::return_port());
  CHECK_FALSE(flushed(first));
  server.stop("bye");
  CHECK(first.status().wait_for([](const ha::channel_status& s) { return s.is_closed(); }, 20s));
  owed->note(request(far, 3), second);
  std::string one = next();
  std::string two = next();
  if (one > two) std::swap(one, two);
  CHECK(one.find("1 far connection to " + server.addr().to_string() + " lost: ") == 0);
  CHECK(two.find("2 far connection to ") == 0);
  CHECK(owed->size() == 1);
}
