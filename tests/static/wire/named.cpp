// SPDX-License-Identifier: BSD-3-Clause
// [NAM-1] the same on every compiler: every compiler runs this file.
#include <hyperactor/wire/named.hpp>

#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

namespace ha = hyperactor;

namespace shop {
struct job {};
enum class color { red };
enum plain { zero };
template <class T> struct box {
  struct inside {};
};
template <class T, class U = std::vector<T>> struct with_default {};
template <class... Ts> struct pack {};
template <class T, int N> struct sized {};
template <template <class...> class C> struct over {};
struct outer {
  struct inner {};
  template <class T> struct nested {};
};
template <class T> struct renamed {};
namespace {
struct hidden {};
}  // namespace
inline auto local() {
  struct here {};
  return here{};
}
using lambda = decltype([] {});
}  // namespace shop

HYPERACTOR_NAMED("shop::four", shop::sized<int, 4>);
HYPERACTOR_NAMED("shop::hidden", shop::box<shop::hidden>);
template <class T> struct hyperactor::named<shop::renamed<T>> : hyperactor::named_template<"store::renamed", T> {};

static_assert(ha::wire_name<shop::job> == "shop::job");
static_assert(ha::wire_name<shop::color> == "shop::color");
static_assert(ha::wire_name<shop::plain> == "shop::plain");
static_assert(ha::wire_name<shop::box<std::string>> == "shop::box<String>");
static_assert(ha::wire_name<shop::box<shop::box<unsigned long>>> == "shop::box<shop::box<u64>>");
static_assert(ha::wire_name<shop::with_default<int>> == "shop::with_default<i32, Vec<i32>>");
static_assert(ha::wire_name<shop::pack<>> == "shop::pack<>");
static_assert(ha::wire_name<shop::pack<int, shop::job>> == "shop::pack<i32, shop::job>");
static_assert(ha::wire_name<shop::outer::inner> == "shop::outer::inner");
static_assert(ha::wire_name<shop::outer::nested<char>> == "shop::outer::nested<u8>");
static_assert(ha::wire_name<decltype(shop::local())> == "here");
static_assert(ha::wire_name<shop::sized<int, 4>> == "shop::four");
static_assert(ha::wire_name<std::vector<shop::sized<int, 4>>> == "Vec<shop::four>");
static_assert(ha::wire_name<shop::box<shop::hidden>> == "shop::hidden");
static_assert(ha::wire_name<shop::renamed<std::optional<bool>>> == "store::renamed<Option<bool>>");

static_assert(ha::wire_name<std::deque<int>> == "Vec<i32>");
static_assert(ha::wire_name<std::set<std::string>> == "Vec<String>");
static_assert(ha::wire_name<std::unordered_set<char32_t>> == "Vec<char>");
static_assert(ha::wire_name<std::unordered_map<short, std::byte>> == "HashMap<i16, u8>");
static_assert(ha::wire_name<std::array<shop::job, 0>> == "[shop::job; 0]");
static_assert(ha::wire_name<std::array<int, 1200>> == "[i32; 1200]");
static_assert(ha::wire_name<std::variant<std::monostate, double>> == "std::variant<(), f64>");
static_assert(ha::wire_name<std::chrono::hours> == "std::time::Duration");
static_assert(ha::wire_name<std::chrono::sys_days> == "std::time::SystemTime");
static_assert(ha::type_hash<std::string> == 3947244799002047352U);

// [NAM-3]
static_assert(!ha::has_wire_name<shop::hidden>);
static_assert(!ha::has_wire_name<shop::lambda>);
static_assert(!ha::has_wire_name<shop::sized<int, 3>>);
static_assert(!ha::has_wire_name<shop::over<std::vector>>);
static_assert(!ha::has_wire_name<shop::box<int>::inside>);
static_assert(!ha::has_wire_name<shop::pack<int, shop::hidden>>);
static_assert(!ha::has_wire_name<std::vector<shop::hidden>>);
static_assert(!ha::has_wire_name<int*>);
static_assert(!ha::has_wire_name<std::chrono::steady_clock::time_point>);
static_assert(!ha::has_wire_name<ha::named<int>>);  // a type of the library that nobody named
static_assert(ha::has_wire_name<shop::box<shop::hidden>>);
static_assert(ha::has_wire_name<const shop::job>);
