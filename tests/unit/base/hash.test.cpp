// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/hash.hpp>

#include <support/json.hpp>

#include <catch2/catch_test_macros.hpp>

namespace hd = hyperactor::detail;

// [HSH-1] compile time
static_assert(hd::city_hash64("") == 0x9ae16a3b2f90404fU);
static_assert(hd::city_hash64("a") == 0xb3454265b6df75e3U);
static_assert(hd::city_hash64("String") == 3947244799002047352U);
static_assert(hd::city_hash64("std::time::Duration") == 0x98936678fbcd15b2U);
static_assert(hd::city_hash64("hyperactor::mailbox::MessageEnvelope") == 0xa85dac4ac1ee136eU);
static_assert(hd::city_hash64("hyperactor::mailbox::undeliverable::Undeliverable<hyperactor::mailbox::"
                              "MessageEnvelope>") == 0xbe606427665a7697U);
static_assert(hd::fnv1a64("") == 0xcbf29ce484222325U);
static_assert(hd::fnv1a64("hyperactor::ordering::seq_info") == 0x056ebd1d74734c6aU);

TEST_CASE("CityHash64 gives the vectors' hashes for texts of every length [HSH-1]") {
  const json::value root = json::load_vectors("typehash.json");
  for (const json::value& c : root["groups"]["cityhash-of-text"].items()) {
    CAPTURE(c["name"].text());
    CHECK(hd::city_hash64(c["text"].text()) == c["hash"].hex_u64());
  }
}

TEST_CASE("the hash of every type name of the vectors is its CityHash64") {
  const json::value root = json::load_vectors("typehash.json");
  std::size_t checked = 0;
  for (const auto& [group, cases] : root["groups"].members()) {
    for (const json::value& c : cases.items()) {
      const json::value* name = c.find("typename");
      const json::value* hash = c.find("typehash");
      if (name == nullptr || hash == nullptr) continue;
      CAPTURE(group, name->text());
      CHECK(hd::city_hash64(name->text()) == hash->hex_u64());
      ++checked;
    }
  }
  CHECK(checked > 80);
}

TEST_CASE("FNV-1a gives the vectors' hashes for attribute keys [HSH-1]") {
  const json::value root = json::load_vectors("attributes.json");
  for (const json::value& c : root["groups"]["keys"].items()) {
    CAPTURE(c["key"].text());
    CHECK(hd::fnv1a64(c["key"].text()) == c["key_hash"].hex_u64());
  }
}
