// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/wire/named.hpp>
#include <hyperactor/wire/remote_message.hpp>

#include <support/json.hpp>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace ha = hyperactor;

namespace interop_vectors::types {
struct Point {
  int x, y;
};
enum class Shape { empty };
struct BareAttr {};
struct Pinned {};
template <class A, class B> struct Pair {};
template <class T> struct Phantom {};
template <class T, int N> struct WithConst {};
namespace deep::er {
struct Leaf {};
}  // namespace deep::er
}  // namespace interop_vectors::types

HYPERACTOR_NAMED("pinned::Name", interop_vectors::types::Pinned);
HYPERACTOR_NAMED("interop_vectors::types::WithConst<u8>", interop_vectors::types::WithConst<unsigned char, 3>);

namespace {

using namespace interop_vectors::types;
using std::monostate;
using std::optional;
using std::string;
using std::tuple;
using std::vector;
using u8 = unsigned char;
using u64 = unsigned long long;

struct row {
  const char* group;
  const char* name;
  std::string_view wire_name;
  std::uint64_t type_hash;
};
template <class T> row entry(const char* group, const char* name) {
  return {group, name, ha::wire_name<T>, ha::type_hash<T>};
}

}  // namespace

// Cases without a type here: 128-bit integers (they cannot travel), isize and usize (std::size_t is u64), &str, IP
// addresses, Range, Result (no such standard type), tuple-3 (it has an isize). A type inside a function has its bare
// name here (local-in-function). Library types are tested where they are.
TEST_CASE("type names and hashes are those of the vectors (test_remote_message_macros) [NAM-2]") {
  const row rows[] = {
      entry<monostate>("primitives", "unit"),
      entry<tuple<>>("primitives", "unit"),
      entry<bool>("primitives", "bool"),
      entry<u8>("primitives", "u8"),
      entry<char>("primitives", "u8"),
      entry<char8_t>("primitives", "u8"),
      entry<std::byte>("primitives", "u8"),
      entry<short>("primitives", "i16"),
      entry<unsigned short>("primitives", "u16"),
      entry<unsigned>("primitives", "u32"),
      entry<long>("primitives", "i64"),
      entry<long long>("primitives", "i64"),
      entry<u64>("primitives", "u64"),
      entry<std::size_t>("primitives", "u64"),
      entry<float>("primitives", "f32"),
      entry<string>("primitives", "string"),
      entry<std::chrono::milliseconds>("primitives", "duration"),
      entry<std::chrono::system_clock::time_point>("primitives", "systemtime"),
      entry<ha::wire::buffer>("primitives", "bytes"),
      entry<optional<string>>("containers", "option-string"),
      entry<optional<optional<u8>>>("containers", "option-option-u8"),
      entry<vector<u64>>("containers", "vec-u64"),
      entry<vector<vector<vector<string>>>>("containers", "vec3-string"),
      entry<tuple<u8>>("containers", "tuple-1"),
      entry<tuple<u64, string>>("containers", "tuple-2"),
      entry<std::pair<u64, string>>("containers", "tuple-2"),
      entry<tuple<u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8>>("containers", "tuple-12"),
      entry<vector<std::pair<string, optional<vector<u8>>>>>("containers", "vec-tuple"),
      entry<optional<monostate>>("containers", "option-unit"),
      entry<Point>("user-types", "struct"),
      entry<Shape>("user-types", "enum"),
      entry<deep::er::Leaf>("user-types", "nested-module"),
      entry<Pair<u64, string>>("user-types", "generic-2"),
      entry<Pair<vector<Point>, optional<Pair<u8, monostate>>>>("user-types", "generic-nested"),
      entry<Phantom<u64>>("user-types", "generic-1"),
      entry<Pinned>("user-types", "pinned"),
      entry<BareAttr>("user-types", "bare-attribute-ignored"),
      entry<WithConst<u8, 3>>("user-types", "const-parameter"),
      entry<vector<Pinned>>("user-types", "vec-of-pinned"),
  };
  const json::value root = json::load_vectors("typehash.json");
  for (const row& r : rows) {
    CAPTURE(r.group, r.name);
    const json::value& c = root["groups"][r.group].named(r.name);
    CHECK(r.wire_name == c["typename"].text());
    CHECK(r.type_hash == c["typehash"].hex_u64());
    CHECK(std::to_string(r.type_hash) == c["typehash_dec"].text());
  }
}

TEST_CASE("names that are ours: arrays, maps, variants, pinned templates [NAM-2]") {
  CHECK(ha::wire_name<std::array<std::int64_t, 40>> == "[i64; 40]");
  CHECK(ha::wire_name<std::map<string, vector<bool>>> == "HashMap<String, Vec<bool>>");
  CHECK(ha::wire_name<std::variant<int, string>> == "std::variant<i32, String>");
  CHECK(ha::wire_name<const Point> == "interop_vectors::types::Point");
  CHECK(ha::type_hash<std::map<string, std::uint64_t>> == 0x55204cc0b713237dU);  // wire.md 9.1
}

TEST_CASE("a different depth is a different hash") {
  CHECK(ha::type_hash<vector<string>> != ha::type_hash<vector<vector<string>>>);
  CHECK(ha::type_hash<vector<vector<string>>> != ha::type_hash<vector<vector<vector<string>>>>);
}
