// SPDX-License-Identifier: BSD-3-Clause
// Prints `hash name` for types of every kind. The output must be the same from every compiler [NAM-1]:
// tools/name_table.
#include <hyperactor/wire/any_value.hpp>
#include <hyperactor/wire/named.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#if __has_include(<hyperactor/hyperactor.hpp>)
#include <hyperactor/hyperactor.hpp>
#define HYPERACTOR_NAME_TABLE_ALL 1
#else
#define HYPERACTOR_NAME_TABLE_ALL 0
#endif

struct at_global_scope {};

namespace shop {
struct job {};
enum class color { red };
enum plain { zero };
enum sized_enum : unsigned char { small };
template <class T> struct box {
  struct inside {};
};
template <class T, class U = std::vector<T>> struct with_default {};
template <class... Ts> struct pack {};
template <class T, int N> struct sized {};
struct outer {
  struct inner {
    enum class kind { one };
  };
  template <class T> struct nested {};
};
template <class T> struct renamed {};
namespace deep::er::still {
struct leaf {};
template <class A, class B> struct both {};
}  // namespace deep::er::still
inline namespace v7 {
struct in_inline_namespace {};
}  // namespace v7
namespace {
struct hidden {};
}  // namespace
inline auto local(int) {
  struct here {};
  return here{};
}
template <class T> auto local_of_template(T) {
  struct there {};
  return there{};
}
namespace {
[[maybe_unused]] auto local_of_hidden() {
  struct somewhere {};
  return somewhere{};
}
}  // namespace
inline auto local_of_lambda() {
  return [](int) {
    struct elsewhere {};
    return elsewhere{};
  }(1);
}
}  // namespace shop

HYPERACTOR_NAMED("shop::four", shop::sized<int, 4>);
HYPERACTOR_NAMED("shop::hidden", shop::hidden);
HYPERACTOR_NAMED("shop::pinned", shop::in_inline_namespace);
HYPERACTOR_NAMED("shop::inside", shop::box<int>::inside);
template <class T> struct hyperactor::named<shop::renamed<T>> : hyperactor::named_template<"store::renamed", T> {};

namespace {

template <class... Ts> void print() {
  (std::printf("%016llx %.*s\n", static_cast<unsigned long long>(hyperactor::type_hash<Ts>),
               static_cast<int>(hyperactor::wire_name<Ts>.size()), hyperactor::wire_name<Ts>.data()),
   ...);
}

}  // namespace

int main() {
  using namespace shop;
  using std::string;
  using std::vector;
  print<bool, char, signed char, unsigned char, char8_t, char32_t, std::byte>();
  print<short, unsigned short, int, unsigned, long, unsigned long, long long, unsigned long long>();
  print<std::size_t, std::ptrdiff_t, std::int64_t, float, double>();
  print<string, vector<int>, std::deque<long>, std::set<string>, std::unordered_set<char32_t>>();
  print<std::map<string, int>, std::unordered_map<short, vector<vector<bool>>>>();
  print<std::optional<std::optional<string>>, std::pair<int, string>, std::tuple<>, std::tuple<bool>>();
  print<std::tuple<std::size_t, string, vector<std::pair<float, double>>>>();
  print<std::array<int, 0>, std::array<string, 7>, std::array<std::array<job, 12>, 345>>();
  print<std::monostate, std::variant<int>, std::variant<std::monostate, string, job>>();
  print<std::chrono::nanoseconds, std::chrono::hours, std::chrono::duration<double>>();
  print<std::chrono::system_clock::time_point, std::chrono::sys_seconds>();
  print<at_global_scope, job, color, plain, sized_enum, outer, outer::inner, outer::inner::kind>();
  print<box<int>, box<unsigned long>, box<box<string>>, box<vector<job>>, box<std::map<int, color>>>();
  print<with_default<int>, with_default<job, std::optional<bool>>, pack<>, pack<int>, pack<job, box<long>, color>>();
  print<outer::nested<char>, outer::nested<outer::nested<double>>>();
  print<deep::er::still::leaf, deep::er::still::both<deep::er::still::leaf, unsigned>>();
  print<decltype(local(1)), decltype(local_of_template(1L)), decltype(local_of_lambda()), decltype(local_of_hidden()),
        box<decltype(local(1))>>();
  print<sized<int, 4>, hidden, in_inline_namespace, box<int>::inside, renamed<std::optional<job>>>();
  print<vector<sized<int, 4>>, box<hidden>, std::optional<in_inline_namespace>>();
  print<hyperactor::any_value, hyperactor::wire::buffer, hyperactor::wire::part, hyperactor::wire::multipart>();
#if HYPERACTOR_NAME_TABLE_ALL
  print<hyperactor::label, hyperactor::uid, hyperactor::proc_id, hyperactor::actor_id, hyperactor::port>();
  print<hyperactor::port_id, hyperactor::channel_addr, hyperactor::location, hyperactor::proc_addr>();
  print<hyperactor::actor_addr, hyperactor::port_addr, vector<hyperactor::actor_addr>>();
  print<hyperactor::port_ref<int>, hyperactor::once_port_ref<std::uint64_t>, box<hyperactor::port_ref<job>>>();
#endif
}
