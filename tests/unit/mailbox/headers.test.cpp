// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/header_keys.hpp>

#include "unit/mailbox/vector_check.hpp"

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace {

struct name_key {
  using value_type = std::string;
  static constexpr std::string_view name = "tests::name";
};
struct count_key {
  using value_type = std::uint32_t;
  static constexpr std::string_view name = "tests::count";
};
struct flag_key {
  using value_type = bool;
  static constexpr std::string_view name = "tests::flag";
};

const json::value& attributes() {
  static const json::value root = json::load_vectors("attributes.json");
  return root;
}
std::string wire_hex(const ha::headers& h) {
  const auto bytes = h.wire_bytes();
  return vectors::hex(bytes.span());
}
ha::headers from_hex(const json::value& c) { return ha::headers::from_wire(vectors::buffer(c["flattrs"].bytes())); }
ha::sequence_info sequence(std::uint64_t number) {
  ha::sequence_info out;
  for (std::uint8_t i = 0; i < 16; ++i) out.session.bytes[i] = i;
  out.sequence = number;
  return out;
}
ha::actor_addr actor(const char* text) { return ha::actor_addr::parse(text).value(); }
ha::port_addr port(const char* text) { return ha::port_addr::parse(text).value(); }
const auto handler_port = [] { return port("b.q:u64<pDi1gahZSVC>@inproc://1"); };

}  // namespace

TEST_CASE("headers hold values of several types (test_basic_set_get, test_multiple_keys, test_missing_key)") {
  ha::headers h;
  CHECK(h.empty());
  CHECK_FALSE(h.get<name_key>());
  h.set<name_key>("hello");
  h.set<count_key>(7);
  h.set<flag_key>(true);
  CHECK(h.size() == 3);
  CHECK(h.get<name_key>() == "hello");
  CHECK(h.get<count_key>() == 7u);
  CHECK(h.get<flag_key>() == true);
}

TEST_CASE("a default value is valid and can be set (default_is_valid_and_mutable, test_is_empty)") {
  ha::headers h;
  CHECK(wire_hex(h) == "0000");
  CHECK(ha::headers::validate(h.wire_bytes().span()).has_value());
  h.set<count_key>(1);
  CHECK_FALSE(h.empty());
  CHECK(h.erase<count_key>());
  CHECK_FALSE(h.erase<count_key>());
  CHECK(h.empty());
  CHECK(h == ha::headers());
}

TEST_CASE("setting a key again overwrites (test_set_replaces_existing, test_set_replaces_different_size) [HDR-1]") {
  ha::headers h;
  h.set<name_key>("a");
  h.set<count_key>(1);
  h.set<count_key>(2);
  CHECK(h.get<count_key>() == 2u);
  h.set<name_key>("longer");
  CHECK(h.size() == 2);
  CHECK(h.get<name_key>() == "longer");
  std::vector<std::uint64_t> order;
  h.for_each([&](std::uint64_t hash, std::span<const std::byte>) { order.push_back(hash); });
  CHECK(order == std::vector{ha::header_hash<count_key>, ha::header_hash<name_key>});
}

TEST_CASE(
    "raw and typed setters agree (test_set_serialized_overwrites_existing_same_size, _different_size, "
    "_interops_with_typed_set, _new_key_appends) [HDR-1]") {
  ha::headers h;
  const std::byte two[4] = {std::byte{2}};
  h.set<count_key>(1);
  h.set_raw(ha::header_hash<count_key>, two);
  CHECK(h.get<count_key>() == 2u);
  CHECK(h.size() == 1);
  h.set_raw(99, std::span(two, 2));
  CHECK(h.size() == 2);
  h.set_raw(99, {});
  CHECK(h.find_raw(99)->empty());
  h.set_raw(ha::header_hash<count_key>, std::span(two, 1));
  CHECK_FALSE(h.get<count_key>());
  CHECK(h.contains<count_key>());
  h.set<count_key>(3);
  CHECK(h.get<count_key>() == 3u);
  CHECK(h.size() == 2);
}

TEST_CASE("keys are contained or not (test_contains_key)") {
  ha::headers h;
  CHECK_FALSE(h.contains<flag_key>());
  h.set<flag_key>(false);
  CHECK(h.contains<flag_key>());
  h.clear();
  CHECK_FALSE(h.contains<flag_key>());
}

TEST_CASE("malformed buffers are found out (validate_wire_rejects_malformed_buffers) [HDR-2]") {
  for (const json::value& c : attributes()["groups"]["validate"].items()) {
    INFO(c["name"].text());
    const auto bytes = vectors::buffer(c["flattrs"].bytes());
    const auto valid = ha::headers::validate(bytes.span());
    CHECK((valid ? std::string("ok") : valid.error().message()) == c["validate"].text());
    const auto& entries = c["entries"].items();
    std::size_t at = 0;
    from_hex(c).for_each([&](std::uint64_t hash, std::span<const std::byte> value) {
      REQUIRE(at < entries.size());
      CHECK(hash == entries[at].items()[0].hex_u64());
      CHECK(vectors::hex(value) == entries[at].items()[1].text());
      ++at;
    });
    CHECK(at == entries.size());
  }
}

TEST_CASE("what is cut off is dropped and the rest can be changed [HDR-2]") {
  const std::vector<unsigned char> bytes{2, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 9, 6, 0};
  ha::headers h = ha::headers::from_wire(vectors::buffer(bytes));
  CHECK(h.size() == 1);
  h.set<flag_key>(true);
  CHECK(h.size() == 2);
  CHECK(ha::headers::validate(h.wire_bytes().span()).has_value());
}

TEST_CASE("headers of messages have the bytes and texts of the vectors (test_wire_roundtrip, test_display) [HDR-1]") {
  for (const json::value& c : attributes()["groups"]["header-values"].items()) {
    INFO(c["name"].text());
    const ha::headers h = from_hex(c);
    CHECK(wire_hex(h) == c["flattrs"].text());
    CHECK(h.size() == c["len"].u64());
    CHECK(h.to_string() == c["display"].text());
  }
  const auto expect = [](const char* name, const ha::headers& h) {
    INFO(name);
    CHECK(wire_hex(h) == vectors::find(attributes(), "header-values", name)["flattrs"].text());
  };
  namespace header = ha::header;
  const auto time = std::chrono::system_clock::time_point(1s + 2ns);
  ha::headers h;
  h.set<header::send_timestamp>(time);
  expect("send-timestamp", h);
  h.set<header::rust_message_type>("u64");
  h.set<header::sender_actor_id>(actor("a.p@inproc://1"));
  h.set<header::seq_info>(sequence(1));
  expect("typical-send", h);
  CHECK(h.get<header::seq_info>() == sequence(1));
  CHECK(h.get<header::sender_actor_id>() == actor("a.p@inproc://1"));
  CHECK(h.get<header::send_timestamp>() == time);
  h.clear();
  h.set<header::seq_info>({});
  expect("seq-info-direct", h);
  h.clear();
  h.set<header::sender_actor_id_hash>(5);
  expect("sender-actor-id-hash", h);
  h.clear();
  h.set<header::operation_adverb>("call");
  expect("operation-adverb", h);
  h.clear();
  h.set<header::telemetry_port_index>(1);
  h.set<header::telemetry_message_id>(2);
  h.set<header::telemetry_port_index>(3);
  expect("overwrite-same-size-in-place", h);
  h.clear();
  h.set<header::rust_message_type>("u64");
  h.set<header::telemetry_message_id>(2);
  h.set<header::rust_message_type>("String");
  expect("overwrite-other-size-moves-to-end", h);
}

TEST_CASE("hashes of keys are those of the original (test_key_properties)") {
  const auto check = [](std::string_view name, std::uint64_t hash) {
    for (const json::value& c : attributes()["groups"]["keys"].items()) {
      if (c["key"].text() != name) continue;
      CHECK(c["key_hash"].hex_u64() == hash);
      return;
    }
    FAIL_CHECK("no such key: " << name);
  };
  namespace header = ha::header;
  check(header::seq_info::name, ha::header_hash<header::seq_info>);
  check(header::send_timestamp::name, ha::header_hash<header::send_timestamp>);
  check(header::rust_message_type::name, ha::header_hash<header::rust_message_type>);
  check(header::sender_actor_id::name, ha::header_hash<header::sender_actor_id>);
  check(header::sender_actor_id_hash::name, ha::header_hash<header::sender_actor_id_hash>);
  check(header::telemetry_message_id::name, ha::header_hash<header::telemetry_message_id>);
  check(header::telemetry_port_index::name, ha::header_hash<header::telemetry_port_index>);
  check(header::operation_endpoint::name, ha::header_hash<header::operation_endpoint>);
  static_assert(ha::header_hash<header::operation_adverb> == 0x946eec9b2b0ab58a);
  for (const json::value& c : attributes()["groups"]["keys"].items()) {
    INFO(c["key"].text());
    CHECK(ha::detail::fnv1a64(c["key"].text()) == c["key_hash"].hex_u64());
  }
}

TEST_CASE("an unknown key prints as hash and size, and does no harm") {
  ha::headers h;
  h.set<count_key>(1);
  h.set<ha::header::operation_endpoint>("e");
  CHECK(h.to_string().find("=(4 bytes),hyperactor::mailbox::headers::operation_endpoint=e") != std::string::npos);
}

TEST_CASE("a number 0 in a session is no sequence (seq_info_validity_rejects_zero_session_seq)") {
  ha::headers h;
  h.set<ha::header::seq_info>(sequence(1));
  auto raw = *h.find_raw(ha::header_hash<ha::header::seq_info>);
  std::vector<std::byte> zero(raw.begin(), raw.end());
  zero[28] = std::byte{0};
  h.set_raw(ha::header_hash<ha::header::seq_info>, zero);
  CHECK_FALSE(h.get<ha::header::seq_info>());
}

TEST_CASE("headers travel as one untyped part, or inline (test_serde_roundtrip)") {
  ha::headers h;
  h.set<count_key>(5);
  ha::wire::encoder e;
  e.put(h);
  auto encoded = e.finish();
  REQUIRE(encoded.has_value());
  CHECK(encoded->body.empty());
  REQUIRE(encoded->parts.size() == 1);
  CHECK_FALSE(encoded->parts[0].is_typed);
  ha::wire::decoder d(*encoded);
  CHECK(d.take<ha::headers>().value() == h);
  CHECK(vectors::plain_hex(ha::headers()) == "00010000000000000002000000000000000000");
}

TEST_CASE(
    "the sender's address is stamped on the first four numbers (test_stamp_helper_sets_sender_on_seq_1, _on_seq_4, "
    "test_stamp_helper_skips_seq_5_no_stale, test_stamp_helper_overwrites_stale_at_seq_5, "
    "test_stamp_fresh_helper_sets_on_seq_4, test_stamp_fresh_helper_skips_on_seq_5) [HKY-1]") {
  namespace header = ha::header;
  const auto me = actor("a.p@inproc://1");
  for (const std::uint64_t number : {1U, 4U, 5U}) {
    ha::headers h;
    h.set<header::seq_info>(sequence(number));
    ha::detail::stamp_sender(h, me, handler_port());
    CHECK(h.contains<header::sender_actor_id>() == (number <= 4));
  }
  ha::headers h;
  h.set<header::seq_info>(sequence(5));
  h.set<header::sender_actor_id>(actor("z.z@inproc://9"));
  ha::detail::stamp_sender(h, me, handler_port());
  CHECK(h.get<header::sender_actor_id>() == me);
}

TEST_CASE(
    "nothing is stamped elsewhere (test_stamp_helper_skips_non_handler_port, _skips_control_port, "
    "_skips_seq_info_direct) [HKY-1]") {
  namespace header = ha::header;
  const auto me = actor("a.p@inproc://1");
  for (const char* dest : {"b.q:7@inproc://1", "b.q!status@inproc://1"}) {
    ha::headers h;
    h.set<header::seq_info>(sequence(1));
    ha::detail::stamp_sender(h, me, port(dest));
    CHECK_FALSE(h.contains<header::sender_actor_id>());
  }
  ha::headers h;
  h.set<header::seq_info>({});
  ha::detail::stamp_sender(h, me, handler_port());
  CHECK_FALSE(h.contains<header::sender_actor_id>());
  h.clear();
  ha::detail::stamp_sender(h, me, handler_port());
  CHECK(h.empty());
}

TEST_CASE(
    "the stamp of the receiving process replaces a caller's "
    "(test_stamp_sender_actor_id_hash_overwrites_existing_value)") {
  ha::headers h;
  h.set<ha::header::sender_actor_id_hash>(1);
  h.set<ha::header::sender_actor_id_hash>(2);
  CHECK(h.get<ha::header::sender_actor_id_hash>() == 2u);
  CHECK(h.size() == 1);
}

TEST_CASE(
    "only the context of an operation is copied (test_copy_marked_flattrs, "
    "test_split_port_preserves_operation_context_headers)") {
  ha::headers from;
  from.set<ha::header::operation_endpoint>("e");
  from.set<ha::header::operation_adverb>("call");
  from.set<ha::header::telemetry_message_id>(1);
  ha::headers to;
  ha::copy_operation_context(from, to);
  CHECK(to.size() == 2);
  CHECK(to.get<ha::header::operation_endpoint>() == "e");
}
