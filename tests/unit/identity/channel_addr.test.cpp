// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/bind_spec.hpp>
#include <hyperactor/identity/channel_addr.hpp>

#include <catch2/catch_test_macros.hpp>
#include <set>
#include <type_traits>
#include <vector>

namespace ha = hyperactor;
using ha::channel_addr;
using ha::ip_address;

static_assert(std::is_nothrow_move_constructible_v<channel_addr>);

namespace {
std::string fault(std::string_view text) { return channel_addr::parse(text).error().message(); }
std::string url_fault(std::string_view text) { return channel_addr::parse_url(text).error().message(); }

struct my_transport {
  static channel_addr any() { return channel_addr::local(77); }
};
}  // namespace

TEST_CASE("both delimiters of the colon form are read, errors are exact [CAD-1] (test_channel_addr)") {
  CHECK(channel_addr::parse("tcp!127.0.0.1:1234").value() == channel_addr::parse("tcp:127.0.0.1:1234").value());
  CHECK(channel_addr::parse("tcp:[::1]:1234").value() == channel_addr::tcp(ip_address::loopback_v6(), 1234));
  CHECK(channel_addr::parse("local!123").value() == channel_addr::local(123));
  CHECK(channel_addr::parse("unix:@yolo").value().to_string() == "unix:@yolo");
  CHECK(channel_addr::parse("unix!@yolo").value().is_abstract());
  CHECK(channel_addr::parse("unix:/a!b:c").value().path() == "/a!b:c");
  CHECK(fault("bogus:1") == "no such channel type: bogus");
  CHECK(fault("nothing") == "no channel type specified");
  CHECK(fault("tcp:localhost:1") == "invalid socket address syntax");
  CHECK(fault("local:x") == "invalid digit found in string");
  CHECK(channel_addr::parse("bogus:1").error() == ha::parse_error::invalid_channel_addr);
  for (const char* text : {"tcp:::1:1", "tcp:[127.0.0.1]:1", "tcp:1.2.3.4:65536", "tcp:1.2.3:4", "tcp:01.2.3.4:5"}) {
    CHECK(fault(text) == "invalid socket address syntax");
  }
}

TEST_CASE("both text forms are read by parse and come back [CAD-1] (test_zmq_style_channel_addr)") {
  for (const char* text :
       {"tcp:127.0.0.1:80", "tcp:[::1]:80", "metatls:h:443", "tls:h:443", "quic:h:443", "metaquic:h:443",
        "tls:2001:db8::cf:443", "local:3", "unix:@name", "unix:/tmp/x", "unix:x"}) {
    const channel_addr addr = channel_addr::parse(text).value();
    CHECK(addr.to_string() == text);
    CHECK(channel_addr::parse(addr.to_url()).value() == addr);
    CHECK(channel_addr::parse_url(addr.to_url()).value() == addr);
  }
  CHECK(channel_addr::parse_url("tcp://*:1").value().to_string() == "tcp:[::]:1");
  CHECK(channel_addr::parse_url("metatls://*:1").value().host() == "::");
  CHECK(channel_addr::parse_url("tls://[2001:db8::00cf]:1").value() == channel_addr::tls("2001:db8::cf", 1));
  CHECK(url_fault("inproc://x") == "inproc endpoint must be a valid port number: x");
  CHECK(url_fault("tcp://h") == "invalid address format: h");
  CHECK(url_fault("tcp://127.0.0.1:fd3") == "invalid port: fd3");
}

TEST_CASE("host names are not looked up: a tcp address takes an ip address") {
  CHECK(url_fault("tcp://localhost:1") == "a tcp address takes an ip address, not a host name: localhost");
}

TEST_CASE("hosts of TLS addresses are normalised (test_normalize_host)") {
  CHECK(channel_addr::tls("1.2.3.4", 1).host() == "1.2.3.4");
  CHECK(channel_addr::tls("example.com", 1).host() == "example.com");
  CHECK(channel_addr::tls("2001:0db8::00cf", 1).host() == "2001:db8::cf");
  CHECK(channel_addr::tls("[::1]", 1).host() == "::1");
}

TEST_CASE("an alias is two tcp urls (test_zmq_style_alias_channel_addr)") {
  const channel_addr alias = channel_addr::parse("tcp://1.2.3.4:5@tcp://*:6").value();
  CHECK(alias.which() == channel_addr::kind::alias);
  CHECK(alias.dial_addr().to_string() == "tcp:1.2.3.4:5");
  CHECK(alias.bind_addr().to_string() == "tcp:[::]:6");
  CHECK(alias.to_url() == "tcp://1.2.3.4:5@tcp://[::]:6");
  CHECK(alias.to_string() == "alias:dial_to=tcp:1.2.3.4:5;bind_to=tcp:[::]:6");
  CHECK(alias.transport().to_string() == "tcp(Hostname)");
  CHECK(url_fault("tcp://1.2.3.4:5@ipc://@x") ==
        "alias format is only supported for TCP addresses, got bind_to: ipc://@x");
  CHECK(channel_addr::parse_url("ipc://@x@tcp://1.2.3.4:5").value().path() == "@x@tcp://1.2.3.4:5");
  CHECK(!channel_addr::parse_url("tcp://x:5@tcp://*:6"));
  CHECK(!channel_addr::parse_url("tcp://1.2.3.4:5@tcp://*:y"));
  CHECK(!channel_addr::parse_url("tcp://1.2.3.4:5@tcp://*:6@tcp://*:7"));
  const channel_addr same = channel_addr::alias(alias.dial_to(), alias.bind_to());
  CHECK(same == alias);
  CHECK(std::hash<channel_addr>{}(same) == std::hash<channel_addr>{}(alias));
  CHECK(channel_addr::local(1).dial_addr() == channel_addr::local(1));
}

TEST_CASE("a place to serve is a transport or an address [BSP-1] (test_bind_spec_from_str)") {
  CHECK(ha::bind_spec::parse("local").value().as_any()->to_string() == "local");
  CHECK(ha::bind_spec::parse("tcp").value().to_string() == "tcp(Hostname)");
  CHECK(*ha::bind_spec::parse("inproc://3").value().as_addr() == channel_addr::local(3));
  CHECK(*ha::bind_spec::parse("local:3").value().as_addr() == channel_addr::local(3));
  CHECK(ha::bind_spec::parse("tcp://1.2.3.4:5@tcp://*:6").value().as_addr()->which() == channel_addr::kind::alias);
  CHECK(!ha::bind_spec::parse("junk"));
  CHECK(!ha::bind_spec::parse(""));
}

TEST_CASE("addresses sort by kind, then by content [CAD-2]") {
  std::vector<channel_addr> sorted;
  for (const char* text : {"tcp:1.2.3.4:5", "tcp:1.2.3.4:6", "tcp:1.2.3.5:1", "tcp:[::1]:1", "metatls:h:1", "tls:a:9",
                           "tls:b:1", "quic:h:1", "metaquic:h:1", "local:2", "local:10", "unix:/a", "unix:@a"}) {
    sorted.push_back(channel_addr::parse(text).value());
  }
  sorted.push_back(channel_addr::parse("tcp://1.2.3.4:5@tcp://1.2.3.4:6").value());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t k = 0; k < sorted.size(); ++k) {
      CHECK((sorted[i] < sorted[k]) == (i < k));
      CHECK((sorted[i] == sorted[k]) == (i == k));
    }
  }
}

TEST_CASE("reserved local numbers are never 0 and never given twice [CAD-3]") {
  std::set<std::uint64_t> seen{0};
  for (int i = 0; i < 100; ++i) CHECK(seen.insert(ha::detail::next_local_number()).second);
  const std::uint64_t chosen = *seen.rbegin() + 10;
  ha::detail::skip_local_number(chosen);
  ha::detail::skip_local_number(1);
  CHECK(ha::detail::next_local_number() == chosen + 1);
  ha::detail::skip_local_number(~std::uint64_t{0});  // anybody may serve it, and counting goes on
  CHECK(ha::detail::next_local_number() == chosen + 2);
}

TEST_CASE("any gives an address to serve for each transport") {
  CHECK(channel_addr::any<ha::transport::local>() == channel_addr::local(0));
  CHECK(channel_addr::any<ha::transport::tcp>().to_string() == "tcp:127.0.0.1:0");
  CHECK(channel_addr::any<my_transport>() == channel_addr::local(77));
  const channel_addr tls = channel_addr::any<ha::transport::tls>();
  CHECK(tls.which() == channel_addr::kind::tls);
  CHECK(!tls.host().empty());
  const channel_addr unix_addr = channel_addr::any<ha::transport::unix_socket>();
  CHECK(unix_addr.is_abstract());
  CHECK(unix_addr.path().size() == 25);
  CHECK(unix_addr != channel_addr::any<ha::transport::unix_socket>());
  CHECK(channel_addr::parse("unix:").value() != unix_addr);
}

TEST_CASE("abstract names lose surplus signs, so that every address is read back as itself") {
  CHECK(channel_addr::unix_socket("@@yolo") == channel_addr::unix_socket("@yolo"));
  CHECK(channel_addr::unix_socket("@@@yolo").to_string() == "unix:@yolo");
}

TEST_CASE("ip addresses have one canonical text [IPA-1]") {
  struct row {
    const char* text;
    const char* canonical;
  };
  for (const row& r : {row{"127.0.0.1", "127.0.0.1"}, row{"::", "::"}, row{"::1", "::1"}, row{"1::", "1::"},
                       row{"2001:0DB8::00cf", "2001:db8::cf"}, row{"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
                       row{"1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"}, row{"::ffff:1.2.3.4", "::ffff:1.2.3.4"},
                       row{"::ffff:102:304", "::ffff:1.2.3.4"}, row{"64:ff9b::1.2.3.4", "64:ff9b::102:304"},
                       row{"0:0:1::", "0:0:1::"}, row{"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"}}) {
    CHECK(ip_address::parse(r.text).value().to_string() == r.canonical);
    CHECK(ip_address::parse(r.canonical) == ip_address::parse(r.text));
  }
  for (const char* text : {"",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.256",
                           "1..2.3",
                           "01.2.3.4",
                           "1.2.3.4 ",
                           ":",
                           ":::",
                           "1:2",
                           "::1::",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "12345::",
                           "g::",
                           "1:",
                           ":1",
                           "::1%1",
                           "[::1]",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "::1.2.3"}) {
    CHECK(!ip_address::parse(text));
  }
}

TEST_CASE("transports have the properties of the table [CTR-1]") {
  using kind = ha::channel_transport::kind;
  CHECK(ha::channel_transport(kind::tcp).is_remote());
  CHECK(!ha::channel_transport(kind::quic).supports_duplex());
  CHECK(ha::channel_transport(kind::local).supports_duplex());
  CHECK(ha::channel_transport::parse("unix").value() == kind::unix_socket);
  CHECK(fmt::format("{}", ha::channel_transport(kind::meta_tls)) == "metatls(IpV6)");
  CHECK(channel_addr::parse("metaquic:2001:db8::1:5").value().transport().to_string() == "metaquic(IpV6)");
  CHECK(channel_addr::parse("metatls:h:5").value().transport().to_string() == "metatls(Hostname)");
}
