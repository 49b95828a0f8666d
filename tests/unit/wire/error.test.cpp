// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/wire/error.hpp>

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace ha = hyperactor;

TEST_CASE("every wire_error has its name and its sentence") {
  const auto what = [](ha::wire_error e) { return ha::error(e).what(); };
  CHECK(what(ha::wire_error::truncated) == "hyperactor.wire.truncated: unexpected end of input");
  CHECK(what(ha::wire_error::invalid_value) == "hyperactor.wire.invalid_value: invalid value");
  CHECK(what(ha::wire_error::type_mismatch) == "hyperactor.wire.type_mismatch: type mismatch");
  CHECK(what(ha::wire_error::broken_value) ==
        "hyperactor.wire.broken_value: attempted to deserialize a broken Any value");
  CHECK(what(ha::wire_error::missing_part) == "hyperactor.wire.missing_part: multipart underrun while decoding");
  CHECK(what(ha::wire_error::unused_part) == "hyperactor.wire.unused_part: multipart overrun while decoding");
  CHECK(what(ha::wire_error::unsupported) == "hyperactor.wire.unsupported: the encoding cannot carry this value");
}
