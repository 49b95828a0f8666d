// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/ordering/sequence.hpp>

#include <catch2/catch_test_macros.hpp>

namespace ha = hyperactor;
using ha::detail::key_of_session;
using ha::detail::session_of_key;

TEST_CASE("sequence infos print as direct or session:number [SEQ-1]") {
  const ha::sequence_info direct{};
  CHECK(direct.is_direct());
  CHECK(direct.to_string() == "direct");
  ha::session_id s;
  for (std::size_t i = 0; i < 16; ++i) s.bytes[i] = static_cast<std::uint8_t>(i * 17);
  const ha::sequence_info third{s, 3};
  CHECK_FALSE(third.is_direct());
  CHECK(third.to_string() == "00112233-4455-6677-8899-aabbccddeeff:3");
  CHECK(third == ha::sequence_info{s, 3});
  CHECK_FALSE(third == ha::sequence_info{s, 4});
}

TEST_CASE("an instance's word and its session id say the same within the process, and differ from foreign ones") {
  for (const std::uint64_t key : {std::uint64_t{1}, std::uint64_t{0x1122334455667788}, ~std::uint64_t{0}}) {
    CHECK(key_of_session(session_of_key(key)) == key);
    CHECK(session_of_key(key) != session_of_key(key - 1));
  }
  ha::session_id foreign = session_of_key(7);
  foreign.bytes[0] = static_cast<std::uint8_t>(~foreign.bytes[0]);
  CHECK(key_of_session(foreign) != 0);
  CHECK(key_of_session(foreign) != 7);
  CHECK(key_of_session(ha::session_id{}) != 0);
}
