// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/channel/frame_batch.hpp>
#include <hyperactor/channel/frame_reader.hpp>
#include <hyperactor/channel/message_frame.hpp>
#include <hyperactor/wire/remote_message.hpp>

#include <support/raw_peer.hpp>

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <variant>

namespace ha = hyperactor;
namespace hd = hyperactor::detail;
namespace wire = hyperactor::wire;

using raw::operator+;

namespace {

std::span<const std::byte> view(const raw::bytes& b) {
  return {reinterpret_cast<const std::byte*>(b.data()), b.size()};
}
raw::bytes copy(std::span<const std::byte> b) {
  const auto* p = reinterpret_cast<const unsigned char*>(b.data());
  return {p, p + b.size()};
}

/// The whole data frame, as it is gathered.
template <class M>
raw::bytes data_frame(const M& m, std::uint64_t sequence, std::uint8_t tag = 0, bool as_large = false) {
  wire::multipart parts = hd::encode_message(m).value();
  const std::size_t length = parts.framed_bytes();
  hd::frame_batch batch(sequence, {});
  if (as_large) {
    batch.append_large(tag, sequence, std::move(parts), length);
  } else {
    batch.append(tag, sequence, parts, length);
  }
  std::array<asio::const_buffer, 16> buffers;
  raw::bytes out;
  const std::size_t count = batch.gather(0, buffers.data(), buffers.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto* p = static_cast<const unsigned char*>(buffers[i].data());
    out.insert(out.end(), p, p + buffers[i].size());
  }
  CHECK(out.size() == batch.total_bytes());
  return out;
}

void feed(hd::frame_reader& r, const raw::bytes& b, std::size_t step = static_cast<std::size_t>(-1)) {
  for (std::size_t at = 0; at < b.size();) {
    const auto room = r.prepare();
    const std::size_t n = std::min({room.size(), b.size() - at, step});
    std::memcpy(room.data(), b.data() + at, n);
    r.commit(n);
    at += n;
  }
}

}  // namespace

TEST_CASE("a handshake has the bytes of the original (wire example E1) [FRM-2]") {
  const auto bytes = hd::encode_link_init({hd::link_kind::simplex, 0x0123456789abcdef, 0});
  CHECK(copy(bytes) == raw::from_hex("534d5000 0123456789abcdef 00"));
  const auto back = hd::decode_link_init(bytes.data());
  REQUIRE(back.has_value());
  CHECK(back->session == 0x0123456789abcdef);
  CHECK(back->stream == 0);
  const auto duplex = hd::encode_link_init({hd::link_kind::duplex, 2, 255});
  CHECK(copy(duplex) == raw::from_hex("44505800 0000000000000002 ff"));
  CHECK(hd::decode_link_init(duplex.data())->kind == hd::link_kind::duplex);
  CHECK(hd::decode_link_init(view(raw::from_hex("41424344 0000000000000005 00")).data()).error() ==
        ha::channel_error::handshake_failed);
}

TEST_CASE("data frames have the bytes of the original (wire examples E2, E3, E4, E5) [FRM-2]") {
  for (const bool as_large : {false, true}) {
    CHECK(data_frame(std::uint64_t{42}, 0, 0, as_large) ==
          raw::from_hex("000000000000001c 0000000000000014 00000000 0000000000000000 2a00000000000000"));
    CHECK(data_frame(std::uint64_t{42}, 7, 1, as_large) ==
          raw::from_hex("010000000000001c 0000000000000014 00000000 0700000000000000 2a00000000000000"));
    CHECK(data_frame(std::string("hi"), 1, 0, as_large) ==
          raw::from_hex("000000000000001e 0000000000000016 00000000 0100000000000000 02000000000000006869"));
    using echo = std::variant<std::uint64_t, wire::part>;
    const wire::part abc(wire::buffer("abc", 3));
    CHECK(
        data_frame(echo(abc), 2, 0, as_large) ==
        raw::from_hex("0000000000000023 0000000000000010 00000000 0200000000000000 01000000 0000000000000003 616263"));
    const wire::part typed(wire::buffer("abc", 3), 0x0102030405060708);
    CHECK(data_frame(echo(typed), 2, 0, as_large) ==
          raw::from_hex("000000000000002b 0000000000000010 00000000 0200000000000000 01000000 8000000000000003 "
                        "0102030405060708 616263"));
  }
}

TEST_CASE("a message comes out of its frame as it went in (test_multipart_message_shape)") {
  using echo = std::variant<std::uint64_t, wire::part>;
  for (const bool as_large : {false, true}) {
    const raw::bytes frame = data_frame(echo(wire::part(wire::buffer("abc", 3), 9)), 2, 0, as_large);
    const auto body = view(frame).subspan(8);
    CHECK(hd::data_frame_sequence(body).value() == 2);
    const auto back = hd::decode_message_frame<echo>(body);
    REQUIRE(back.has_value());
    CHECK(std::get<1>(*back) == wire::part(wire::buffer("abc", 3), 9));
  }
}

TEST_CASE("responses have the bytes of the original (wire example E6) [FRM-2]") {
  wire::buffer out;
  hd::append_response(out, 0, {hd::response_kind::ack, 3, {}});
  hd::append_response(out, 0, {hd::response_kind::reject, 0, "no"});
  hd::append_response(out, 0, {hd::response_kind::closed, 0, {}});
  CHECK(copy(out.span()) == raw::ack(3) + raw::reject("no") + raw::closed());
  CHECK(copy(out.span()) == raw::from_hex("000000000000000c 00000000 0300000000000000"
                                          "000000000000000e 01000000 0200000000000000 6e6f"
                                          "0000000000000004 02000000"));
  CHECK(hd::decode_response(view(raw::from_hex("00000000 0300000000000000")))->ack == 3);
  CHECK(hd::decode_response(view(raw::from_hex("01000000 0200000000000000 6e6f")))->text == "no");
  CHECK(hd::decode_response(view(raw::from_hex("02000000")))->kind == hd::response_kind::closed);
}

TEST_CASE("malformed responses and data frames are errors [FRM-1]") {
  for (const char* text :
       {"", "00", "000000", "00000000", "00000000 01020304", "01000000 03", "01000000 0300000000000000 6e6f",
        "01000000 ffffffffffffffff 6e6f", "03000000", "ffffffff 0000000000000000"}) {
    CAPTURE(text);
    CHECK(hd::decode_response(view(raw::from_hex(text))).error() == ha::channel_error::decode_failed);
  }
  for (const char* text :
       {"", "01020304", "0000000000000000", "000000000000000c 00000000 00000000000000",
        "000000000000000b 00000000 0000000000000000", "000000000000000d 00000000 0000000000000000",
        "ffffffffffffffff 00000000 0000000000000000", "800000000000000c 0000000000000000 00000000 0000000000000000",
        "000000000000000c 01000000 0000000000000000"}) {
    CAPTURE(text);
    CHECK(hd::decode_message_frame<std::uint64_t>(view(raw::from_hex(text))).error() ==
          ha::channel_error::decode_failed);
  }
  // a good body segment, then segments that are cut short, unused, or announce more than there is
  const std::string good = "0000000000000014 00000000 0000000000000000 2a00000000000000";
  CHECK(hd::decode_message_frame<std::uint64_t>(view(raw::from_hex(good))).value() == 42);
  for (const char* text : {"00", "00000000000000", "0000000000000001", "8000000000000000 00", "7fffffffffffffff 00",
                           "ffffffffffffffff 0000000000000000 00", "0000000000000001 09"}) {
    CAPTURE(text);
    CHECK(hd::decode_message_frame<std::uint64_t>(view(raw::from_hex(good + text))).error() ==
          ha::channel_error::decode_failed);
  }
  // every truncation of a frame with parts
  using echo = std::variant<std::uint64_t, wire::part>;
  const raw::bytes whole = data_frame(echo(wire::part(wire::buffer("abc", 3), 9)), 2);
  for (std::size_t n = 0; n < whole.size() - 8; ++n) {
    CHECK_FALSE(hd::decode_message_frame<echo>(view(whole).subspan(8, n)).has_value());
  }
}

TEST_CASE(
    "frames come out of the stream as they went in, however it is cut (test_framer_roundtrip, test_write_frame_smoke) "
    "[FRD-1]") {
  std::mt19937 random(7);
  raw::bytes stream;
  std::vector<raw::bytes> bodies;
  for (int i = 0; i < 300; ++i) {
    const std::size_t size = i % 50 == 49 ? 600000 : random() % 3000;
    raw::bytes body(size);
    for (auto& b : body) b = static_cast<unsigned char>(random());
    stream = std::move(stream) + raw::frame(static_cast<unsigned>(i % 2), body);
    bodies.push_back(std::move(body));
  }
  for (const std::size_t step : {std::size_t{1237}, std::size_t{65536}, std::size_t{1} << 30}) {
    hd::frame_reader r(1 << 20);
    std::size_t next = 0;
    for (std::size_t at = 0; at < stream.size();) {
      const auto room = r.prepare();
      const std::size_t n = std::min({room.size(), stream.size() - at, step});
      std::memcpy(room.data(), stream.data() + at, n);
      r.commit(n);
      at += n;
      for (;;) {
        auto f = r.next();
        REQUIRE(f.has_value());
        if (!*f) break;
        REQUIRE(copy((*f)->body) == bodies.at(next));
        REQUIRE((*f)->tag == next % 2);
        ++next;
      }
    }
    CHECK(next == bodies.size());
    CHECK(r.is_at_boundary());
  }
}

TEST_CASE(
    "the limit of a frame is exact (test_reader_accepts_exact_max_len_frames, test_reader_rejects_over_max_len_frames, "
    "test_reader_accepts_zero_len_frames) [FRD-2]") {
  hd::frame_reader r(28);
  feed(r, raw::frame(0, raw::bytes(28)) + raw::frame(0, {}) + raw::big(29, 8));
  CHECK(r.next().value()->body.size() == 28);
  CHECK(r.next().value()->body.empty());
  CHECK(r.next().error() == ha::channel_error::frame_too_large);
}

TEST_CASE("a frame that ends early is no frame (test_reader_eof_at_boundary, test_reader_eof_mid_frame)") {
  hd::frame_reader r(1000);
  feed(r, raw::frame(0, {1, 2, 3}));
  CHECK(r.next().value().has_value());
  CHECK(r.is_at_boundary());
  feed(r, raw::big(3, 8) + raw::bytes{1, 2});
  CHECK_FALSE(r.next().value().has_value());
  CHECK_FALSE(r.is_at_boundary());
}

TEST_CASE("a header that announces much does not make the reader allocate it [FRD-1]") {
  hd::frame_reader r(hd::max_encodable_frame);
  feed(r, raw::big((std::uint64_t{1} << 40), 8));
  CHECK_FALSE(r.next().value().has_value());
  CHECK(r.prepare().size() <= 2 * 1024 * 1024);
}

TEST_CASE("a batch gathers from any offset and gives its frames back [BAT-1]") {
  const std::string text(40000, 'x');
  wire::multipart m = hd::encode_message(text).value();
  const std::size_t length = m.framed_bytes();
  hd::frame_batch large(5, {});
  large.append_large(0, 5, std::move(m), length);
  CHECK_FALSE(large.is_reusable());
  CHECK(large.last_sequence() == 5);
  const raw::bytes whole = data_frame(text, 5);
  for (const std::size_t offset :
       {std::size_t{0}, std::size_t{3}, std::size_t{16}, std::size_t{17}, whole.size() - 1}) {
    std::array<asio::const_buffer, 4> to;
    raw::bytes out;
    for (std::size_t i = 0, n = large.gather(offset, to.data(), to.size()); i < n; ++i) {
      const auto* p = static_cast<const unsigned char*>(to[i].data());
      out.insert(out.end(), p, p + to[i].size());
    }
    CHECK(out == raw::bytes(whole.begin() + static_cast<std::ptrdiff_t>(offset), whole.end()));
  }
  std::array<asio::const_buffer, 1> one;
  CHECK(large.gather(0, one.data(), 1) == 1);
  CHECK(large.gather(0, one.data(), 0) == 0);

  hd::frame_batch small(10, {});
  for (std::uint64_t i = 0; i < 3; ++i) {
    const wire::multipart part = hd::encode_message(i).value();
    small.append(0, 10 + i, part, part.framed_bytes());
  }
  std::uint64_t next = 0;
  small.for_each([&](std::uint64_t sequence, std::span<const std::byte> body) {
    CHECK(sequence == 10 + next);
    CHECK(hd::data_frame_sequence(body).value() == sequence);
    CHECK(hd::decode_message_frame<std::uint64_t>(body).value() == next++);
  });
  CHECK(next == 3);
  CHECK(small.last_sequence() == 12);
}
