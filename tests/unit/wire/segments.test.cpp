// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/wire/segments.hpp>

#include <support/json.hpp>
#include <support/result_text.hpp>

#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace ha = hyperactor;
using ha::wire::buffer;
using ha::wire::multipart;
using ha::wire::part;

TEST_CASE("frames of the vectors are parsed, and refused where they end early [SEG-1] (framing incl. empty part)") {
  const json::value root = json::load_vectors("multipart.json");
  for (const json::value& c : root["groups"]["framing"].items()) {
    CAPTURE(c["name"].text());
    const auto framed = c["framed"].bytes();
    const ha::result<multipart> m = ha::wire::parse_segments(std::as_bytes(std::span(framed)));
    const json::value& expected = c["result"];
    if (const json::value* text = expected.find("error")) {
      REQUIRE(!m);
      CHECK(m.error() == ha::wire_error::truncated);
      CHECK(m.error().message() == text->text());
      continue;
    }
    REQUIRE(m);
    CHECK(json::to_hex(m->body) == expected["body"].text());
    CHECK(m->framed_bytes() == expected["frame_len"].u64());
    REQUIRE(m->parts.size() == expected["parts"].size());
    for (std::size_t i = 0; i < m->parts.size(); ++i) {
      const json::value& p = expected["parts"][i];
      CHECK(json::to_hex(m->parts[i].bytes) == p["bytes"].text());
      CHECK(m->parts[i].is_typed == !p["typehash"].is_null());
      if (m->parts[i].is_typed) {
        CHECK(m->parts[i].typehash == p["typehash"].hex_u64());
      }
    }
    CHECK(json::to_hex(ha::wire::frame_segments(*m)) == c["framed"].text());
  }
}

TEST_CASE("what was framed parses to the same message, and no prefix does [SEG-2] (typed framing truncated)") {
  multipart m;
  m.body = buffer("body", 4);
  m.parts.emplace_back(buffer("raw", 3));
  m.parts.emplace_back(buffer(), 7);
  m.parts.emplace_back(buffer("typed", 5), 0x8d5a28446b265076U);
  const buffer framed = ha::wire::frame_segments(m);
  CHECK(ha::wire::parse_segments(framed.span()).value() == m);
  std::size_t whole = 0;
  for (std::size_t n = 0; n < framed.size(); ++n) {
    const std::vector<std::byte> cut(framed.begin(), framed.begin() + n);
    if (const auto r = ha::wire::parse_segments(cut)) {
      ++whole;  // the cut is between two segments
      CHECK(r->parts.size() < m.parts.size());
    }
  }
  CHECK(whole == 3);
}

TEST_CASE("a length beyond the frame is refused before anything is allocated") {
  const unsigned char huge[] = {0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3};
  CHECK(ha::wire::parse_segments(std::as_bytes(std::span(huge))).error() == ha::wire_error::truncated);
}
