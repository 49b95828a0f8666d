// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/any_codec.hpp>

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <support/identity_bytes.hpp>
#include <vector>

namespace ha = hyperactor;

namespace {
std::vector<unsigned char> hex(std::string text) {
  std::erase(text, ' ');
  return json::parse("\"" + text + "\"").bytes();
}
template <class T> std::string refusal(const std::string& text) {
  const auto out = identity_bytes::from<T>(hex(text));
  REQUIRE(!out.has_value());
  CHECK(out.error().code().category().name() == std::string("hyperactor.wire"));
  return out.error().message();
}
}  // namespace

TEST_CASE("addresses have the bytes of the worked examples [IDC-1]") {
  const auto bytes = [](std::string_view text) {
    return identity_bytes::hex_of(ha::channel_addr::parse(text).value());
  };
  CHECK(bytes("tcp:127.0.0.1:8080") == "00000000000000007f000001901f");
  CHECK(bytes("tcp:[::1]:1234") == "0000000001000000" + std::string(30, '0') + "01d204");
  CHECK(bytes("tls:h:443") == "02000000010000000000000068bb01");
  CHECK(bytes("local:42") == "050000002a00000000000000");
  CHECK(bytes("unix:@yolo") == "06000000050000000000000040796f6c6f");
  const ha::location via = ha::location(ha::channel_addr::local(1)).with_via(ha::uid::from_number(2));
  CHECK(identity_bytes::hex_of(via) == "010000000100000002000000000000000000000000050000000100000000000000");
}

TEST_CASE("ids have the bytes of the worked examples [IDC-1]") {
  CHECK(identity_bytes::hex_of(ha::uid::singleton("ab")) == "0000000002000000000000006162");
  CHECK(identity_bytes::hex_of(ha::uid::from_number(0x42)) == "01000000420000000000000000");
  CHECK(identity_bytes::hex_of(ha::uid::from_number(0x42, "ab")) == "0100000042000000000000000102000000000000006162");
  CHECK(identity_bytes::hex_of(ha::actor_id::parse("a.p").value()) ==
        "00000000010000000000000061"
        "00000000010000000000000070");
  CHECK(identity_bytes::hex_of(ha::port::parse("u64<pDi1gahZSVC>").value()) ==
        "01000000010000007650266b44285a8d010300000000000000753634");
  CHECK(identity_bytes::hex_of(ha::port::ephemeral(7)) == "000000000700000000000000");
  CHECK(identity_bytes::hex_of(ha::port::control(ha::control_port::signal)) == "0200000001000000");
}

TEST_CASE("bad labels and indexes are refused [IDC-2]") {
  CHECK(refusal<ha::uid>("00000000 0100000000000000 41") == "invalid label: label must start with a lowercase letter");
  CHECK(refusal<ha::uid>("00000000 0000000000000000") == "invalid label: label must not be empty");
  CHECK(refusal<ha::uid>("01000000 0100000000000000 01 0000000000000000") == "invalid label: label must not be empty");
  CHECK(refusal<ha::uid>("02000000") == "invalid variant index: 2");
  CHECK(refusal<ha::uid>("01000000 0100000000000000 02") == "invalid bool: 2");
  CHECK(refusal<ha::port>("03000000") == "invalid variant index: 3");
  CHECK(refusal<ha::port>("02000000 03000000") == "invalid variant index: 3");
  CHECK(refusal<ha::channel_addr>("08000000") == "invalid variant index: 8");
  CHECK(refusal<ha::location>("02000000") == "invalid variant index: 2");
  CHECK(refusal<ha::any_addr>("03000000") == "invalid variant index: 3");
}

TEST_CASE("a handler port that is a singleton is refused [IDC-2]") {
  CHECK(refusal<ha::port>("01000000 00000000 0100000000000000 78") ==
        "handler port should be identified by an instance uid: x");
}

TEST_CASE("every prefix of an address is refused as truncated") {
  for (const char* text : {"al<2>.pl<3>:h<4>@<2>.tcp://[::1]:9", "a.p:7@ipc://@x", "a.p!status@tls://h:1",
                           "p@tcp://1.2.3.4:5@tcp://1.2.3.4:6", "a.p@inproc://3"}) {
    const ha::any_addr addr = ha::any_addr::parse(text).value();
    const auto bytes = hex(identity_bytes::hex_of(addr));
    CHECK(identity_bytes::from<ha::any_addr>(bytes).value() == addr);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      INFO(text << " cut to " << size);
      CHECK(identity_bytes::from<ha::any_addr>({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)})
                .error() == ha::wire_error::truncated);
    }
  }
}

TEST_CASE("aliases inside aliases end at the limit of nesting") {
  std::vector<unsigned char> bytes;
  for (int i = 0; i < 100000; ++i) bytes.insert(bytes.end(), {7, 0, 0, 0});
  CHECK(!identity_bytes::from<ha::channel_addr>(bytes).has_value());
}

TEST_CASE("long ways are read without recursion") {
  std::vector<unsigned char> bytes;
  for (int i = 0; i < 20000; ++i) bytes.insert(bytes.end(), {1, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0});
  bytes.insert(bytes.end(), {0, 0, 0, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0});
  CHECK(identity_bytes::from<ha::location>(bytes).value().hops().size() == 20000);
}

TEST_CASE("an empty socket name arrives as a fresh one") {
  const auto bytes = hex("06000000 0000000000000000");
  const auto a = identity_bytes::from<ha::channel_addr>(bytes).value();
  CHECK(a.is_abstract());
  CHECK(a != identity_bytes::from<ha::channel_addr>(bytes).value());
}
