// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/returned_message.hpp>

#include "support/local.hpp"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace test;

struct parcel {
  std::unique_ptr<std::string> content;
};
struct taker {
  using handlers = ha::handlers<parcel>;
  void handle(ha::context<taker>&, parcel) {}
};

struct counted {
  std::shared_ptr<int> owner;
};
struct counting_taker {
  using handlers = ha::handlers<counted>;
  void handle(ha::context<counting_taker>&, counted) {}
};

/// A parcel that came back from an actor that has stopped.
ha::undeliverable returned_parcel(local& in) {
  auto returns = in.client.undelivered();
  auto h = in.proc.spawn(taker{});
  h.stop("gone");
  (void)ended(h);
  h.post(in.client, parcel{std::make_unique<std::string>("glass")});
  return returns.recv_for(patience).value();
}

}  // namespace

TEST_CASE("a message of this process says the same before and after it is put into an envelope [UND-1]") {
  local in;
  ha::undeliverable u = returned_parcel(in);
  CHECK(u.is_returned());
  CHECK(u.is_bare());
  CHECK(u.report() == nullptr);
  CHECK(u.sender() == in.client.addr());
  CHECK_FALSE(u.fails_sender());
  const std::vector<std::string> before{u.dest(),      u.message_type(),          u.error_message(),
                                        u.to_string(), u.return_failure_string(), u.log_line()};
  CHECK(before[1].find("parcel") != std::string::npos);
  CHECK(before[2].find("link unavailable: actor stopped") != std::string::npos);

  const auto& as_const = u;
  const ha::message_envelope* const envelope = as_const.envelope();
  REQUIRE(envelope != nullptr);
  CHECK_FALSE(u.is_bare());
  CHECK(envelope->is_local());
  CHECK(envelope == u.envelope());
  CHECK(envelope->sender() == in.client.addr());
  REQUIRE(u.root_failure() != nullptr);
  CHECK(u.root_failure()->reason() == ha::delivery_reason::link_unavailable);
  CHECK(u.delivery_failures().size() == 1);
  const std::vector<std::string> after{u.dest(),      u.message_type(),          u.error_message(),
                                       u.to_string(), u.return_failure_string(), u.log_line()};
  CHECK(before == after);
  CHECK_FALSE(u.fails_sender());
}

TEST_CASE("a message of this process comes back as the value that was sent, once") {
  local in;
  ha::undeliverable u = returned_parcel(in);
  ha::undeliverable moved = std::move(u);
  CHECK(moved.as<int>().has_error());
  auto value = moved.as<parcel>();
  REQUIRE(value.has_value());
  REQUIRE(value->content != nullptr);
  CHECK(*value->content == "glass");
}

TEST_CASE("a message of this process that nobody looks at is destroyed with what came back") {
  local in;
  auto returns = in.client.undelivered();
  const auto token = std::make_shared<int>(0);
  auto h = in.proc.spawn(counting_taker{});
  h.stop("gone");
  (void)ended(h);
  h.post(in.client, counted{token});
  {
    const auto u = returns.recv_for(patience);
    REQUIRE(u.has_value());
    CHECK(token.use_count() == 2);
  }
  CHECK(token.use_count() == 1);
}
