// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/envelope.hpp>

#include "unit/mailbox/support.hpp"
#include "unit/mailbox/vector_envelopes.hpp"

#include <memory>

namespace ha = hyperactor;
using namespace mailbox_tests;

namespace {

struct tracked {
  int value;
  static inline int alive = 0;
  explicit tracked(int v) : value(v) { ++alive; }
  tracked(tracked&& o) noexcept : value(o.value) { ++alive; }
  ~tracked() { --alive; }
};

}  // namespace

/// A payload of this process, the way a message node owns one.
template <class M> ha::detail::local_payload local(M value) {
  static constexpr auto encode = [](void* p) -> ha::result<ha::any_value> {
    if constexpr (std::is_same_v<M, std::uint64_t>) {
      return ha::any_value::encode(*static_cast<M*>(p));
    } else {
      return ha::error(ha::wire_error::unsupported, "no");
    }
  };
  static const ha::detail::local_payload_operations operations{[](void* p) noexcept { delete static_cast<M*>(p); },
                                                               [](void* p) noexcept { return p; },
                                                               encode,
                                                               "a type",
                                                               7,
                                                               ha::detail::type_id<M>()};
  return {new M(std::move(value)), operations};
}

TEST_CASE("envelopes have the bytes of the vectors (test_message_envelope_display)") {
  for (const char* name : {"u64-with-seq-info", "bincode-data", "json-data", "with-two-failures", "with-next-hop"}) {
    const json::value& c = vectors::find(vectors::envelopes(), "envelopes", name);
    vectors::check(c, vectors::make_envelope(name));
  }
  for (const json::value& c : vectors::envelopes()["groups"]["envelopes"].items()) {
    // those with values of other types: decoded and written again
    INFO(c["name"].text());
    const auto bytes = vectors::buffer(c["bincode"].bytes());
    ha::wire::decoder d(bytes.span());
    auto decoded = d.take<ha::message_envelope>();
    REQUIRE(decoded.has_value());
    vectors::check(c, *decoded);
    if (const json::value* display = c.find("display")) {
      // sender, destination, headers and failures as the original prints them; the payload never
      const std::string text = decoded->to_string();
      const std::string& theirs = display->text();
      CHECK(text.substr(0, text.find(": ")) == theirs.substr(0, theirs.find(": ")));
      const auto failure = theirs.find(": delivery error: ");
      if (failure != std::string::npos) CHECK(text.ends_with(theirs.substr(failure)));
    }
  }
}

TEST_CASE("a new envelope has the ttl of the configuration and wants to come back") {
  auto m = envelope();
  CHECK(m.ttl() == 64);
  CHECK(m.return_undeliverable());
  CHECK(m.delivery_failures().empty());
  CHECK(m.root_delivery_failure() == nullptr);
  CHECK(m.error_message().empty());
  CHECK(m.type_hash() == ha::type_hash<std::uint64_t>);
  CHECK(m.as<std::uint64_t>().value() == 42);
  auto guard = ha::config::override_scoped<ha::config::message_ttl_default>(3);
  CHECK(envelope().ttl() == 3);
}

TEST_CASE("an envelope is one pointer and moves [ENV-1]") {
  static_assert(sizeof(ha::message_envelope) == sizeof(void*));
  static_assert(!std::is_copy_constructible_v<ha::message_envelope>);
  static_assert(std::is_nothrow_move_constructible_v<ha::message_envelope>);
  auto m = envelope();
  auto n = std::move(m);
  m = envelope("c.q:1@inproc://2");
  CHECK(n.dest() == port("b.q:7@inproc://2"));
  CHECK(m.dest() == port("c.q:1@inproc://2"));
}

TEST_CASE(
    "the first failure is the cause (test_ttl_expiration_records_root_delivery_failure, "
    "test_error_msg_renders_structured_delivery_failure) [ENV-2]") {
  auto m = envelope();
  m.ensure_root_delivery_failure([] { return ha::delivery_failure::port_never_allocated(); });
  m.ensure_root_delivery_failure([] { return ha::delivery_failure::expired(); });
  m.push_delivery_failure(ha::delivery_failure::link_unavailable("message was undeliverable"));
  REQUIRE(m.delivery_failures().size() == 2);
  CHECK(m.root_delivery_failure()->reason() == ha::delivery_reason::port_never_allocated);
  CHECK(m.error_message() ==
        "delivery failure: invalid reference b.q:7@inproc://2: port never allocated; delivery failure: transport "
        "failure to "
        "b.q:7@inproc://2: link unavailable: message was undeliverable");
}

TEST_CASE("destination, next hop and sender can be changed by forwarders") {
  auto m = envelope();
  CHECK(m.next_hop() == m.dest());
  m.set_next_hop(m.dest());
  CHECK_FALSE(m.has_next_hop());
  m.set_next_hop(port("b.q:9@inproc://3"));
  CHECK(m.next_hop() == port("b.q:9@inproc://3"));
  m = std::move(m).with_dest(port("c.q:1@inproc://4"));
  CHECK(m.next_hop() == port("c.q:1@inproc://4"));
  m.update_sender(actor("z.z@inproc://9"));
  CHECK(m.sender() == actor("z.z@inproc://9"));
  m.set_return_undeliverable(false);
  CHECK_FALSE(m.return_undeliverable());
}

TEST_CASE("a value of this process comes back as that value [ENV-3] [LPL-1]") {
  {
    ha::message_envelope m(actor("a.p@inproc://1"), port("b.q:7@inproc://2"), local(tracked(5)));
    CHECK(m.is_local());
    CHECK(m.data_bytes() == 0);
    CHECK(m.message_type() == "a type");
    CHECK(m.type_hash() == 7);
    CHECK_FALSE(m.as<int>().has_value());
    REQUIRE(m.local_value<tracked>() != nullptr);
    CHECK(tracked::alive == 1);
    auto value = m.as<tracked>();
    REQUIRE(value.has_value());
    CHECK(value->value == 5);
    CHECK_FALSE(m.is_local());
    CHECK(tracked::alive == 1);
  }
  CHECK(tracked::alive == 0);
  {
    ha::message_envelope m(actor("a.p@inproc://1"), port("b.q:7@inproc://2"), local(tracked(6)));
    ha::detail::local_payload taken = m.take_local();
    CHECK_FALSE(m.is_local());
    delete static_cast<tracked*>(taken.release());
  }
  CHECK(tracked::alive == 0);
  {
    ha::message_envelope m(actor("a.p@inproc://1"), port("b.q:7@inproc://2"), local(tracked(7)));
    CHECK(m.seal().error() == ha::wire_error::unsupported);
    CHECK(m.is_local());
    ha::wire::encoder e;
    e.put(m);
    CHECK(e.finish().error() == ha::wire_error::unsupported);
  }
  CHECK(tracked::alive == 0);
}

TEST_CASE("a value of this process is encoded when the envelope travels [ENV-3]") {
  const auto encoded = envelope();
  ha::message_envelope m(encoded.sender(), encoded.dest(), local(std::uint64_t{42}));
  CHECK(vectors::plain_hex(m) == vectors::plain_hex(encoded));
  REQUIRE(m.seal().has_value());
  CHECK_FALSE(m.is_local());
  CHECK(m.as<std::uint64_t>().value() == 42);
  CHECK(vectors::plain_hex(m) == vectors::plain_hex(encoded));
}

TEST_CASE("texts never show the payload [ENV-4]") {
  auto m = ha::message_envelope::serialize(actor("a.p@inproc://1"), port("b.q:7@inproc://2"), std::string(10000, 'x'))
               .value();
  m.headers().set<ha::header::operation_endpoint>("e");
  const std::string text = m.to_string();
  CHECK(text.size() < 300);
  CHECK(text.find("xxx") == std::string::npos);
  CHECK(text.starts_with("a.p@inproc://1 > b.q:7@inproc://2: "));
  CHECK(text.ends_with("(10008 bytes) {hyperactor::mailbox::headers::operation_endpoint=e}"));
}

TEST_CASE(
    "the type is named by the registry, or by the header, or unknown "
    "(test_ue5_message_type_falls_back_to_rust_message_type, "
    "test_ue5_unknown_when_typename_and_rust_message_type_both_absent)") {
  ha::message_envelope m(actor("a.p@inproc://1"), port("b.q:7@inproc://2"), ha::any_value());
  CHECK(m.message_type() == "unknown");
  m.headers().set<ha::header::rust_message_type>("shop::job");
  CHECK(m.message_type() == "shop::job");
}

TEST_CASE("bytes that are cut off are no envelope") {
  const auto good = vectors::find(vectors::envelopes(), "envelopes", "with-two-failures")["bincode"].bytes();
  for (std::size_t n = 0; n < good.size(); ++n) {
    const ha::wire::buffer cut(good.data(), n);
    ha::wire::decoder d(cut.span());
    CHECK_FALSE(d.take<ha::message_envelope>().has_value());
  }
}
