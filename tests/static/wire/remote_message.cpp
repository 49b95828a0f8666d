// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/wire/any_value.hpp>
#include <hyperactor/wire/remote_message.hpp>

#include <any>
#include <array>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

namespace ha = hyperactor;

namespace remote_test {

struct plain {
  int a;
  std::string b;
};
struct tree {
  std::vector<tree> kids;
  std::map<std::string, tree> named;
};
struct base {};
struct derived : base {
  int x;
};
struct empty_derived : base {};
struct c_array {
  int a;
  char text[16];
};
struct one_element {
  int a[1];
};
struct matrix {
  plain p;
  int a[2][2];
};
struct reference {
  int& r;
};
struct const_reference {
  int a;
  const std::string& r;
};
struct rvalue_reference {
  std::string&& r;
};
struct with_pointer {
  int* p;
};
struct deep {
  std::vector<std::optional<std::tuple<int, with_pointer>>> v;
};
struct with_union {
  int a;
  union {
    int b;
    float c;
  };
};
struct with_any {
  std::any a;
};
struct polymorphic {
  virtual ~polymorphic() = default;
};
class closed {
  int x_ = 0;

 public:
  closed() = default;
  explicit closed(int x) : x_(x) {}
  [[nodiscard]] int x() const { return x_; }
};
struct holds_closed {
  closed c;
};
struct holds_value {
  ha::any_value v;
};
struct bad_codec {
  int x;
};
template <class T> struct big {
  T m00, m01, m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19;
  T m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30, m31, m32, m33, m34, m35, m36, m37, m38, m39;
  T m40, m41, m42, m43, m44, m45, m46, m47, m48, m49, m50, m51, m52, m53, m54, m55, m56, m57, m58, m59;
  T m60, m61, m62, m63, m64, m65, m66, m67, m68, m69, m70, m71, m72, m73, m74, m75, m76, m77, m78, m79;
  T m80, m81, m82, m83, m84, m85, m86, m87, m88, m89, m90, m91, m92, m93, m94, m95, m96, m97, m98, m99;
};

}  // namespace remote_test

template <> struct hyperactor::codec<remote_test::bad_codec> {
  static void encode(wire::encoder&, const remote_test::bad_codec&);
};

using namespace remote_test;
using hyperactor::remote_message;

static_assert(remote_message<int>);
static_assert(remote_message<plain>);
static_assert(remote_message<tree>);
static_assert(remote_message<base>);
static_assert(remote_message<holds_value>);
static_assert(remote_message<std::map<std::string, plain>>);
static_assert(remote_message<ha::any_value>);
static_assert(remote_message<ha::wire::buffer>);
static_assert(remote_message<big<char>>);

static_assert(!remote_message<void>);
static_assert(!remote_message<int&>);
static_assert(!remote_message<const plain>);
static_assert(!remote_message<int[3]>);
static_assert(!remote_message<int()>);
static_assert(!remote_message<std::nullptr_t>);
static_assert(!remote_message<derived>);
static_assert(!remote_message<empty_derived>);
static_assert(!remote_message<c_array>);
static_assert(!remote_message<one_element>);
static_assert(!remote_message<matrix>);
static_assert(!remote_message<reference>);
static_assert(!remote_message<const_reference>);
static_assert(!remote_message<rvalue_reference>);
static_assert(!remote_message<with_pointer>);
static_assert(!remote_message<deep>);
static_assert(!remote_message<with_union>);
static_assert(!remote_message<with_any>);
static_assert(!remote_message<polymorphic>);
static_assert(!remote_message<closed>);
static_assert(!remote_message<holds_closed>);
static_assert(!remote_message<bad_codec>);
static_assert(!remote_message<long double>);
static_assert(!remote_message<wchar_t>);
static_assert(!remote_message<char16_t>);
static_assert(!remote_message<std::wstring>);
static_assert(!remote_message<std::string_view>);
static_assert(!remote_message<std::span<int>>);
static_assert(!remote_message<std::unique_ptr<int>>);
static_assert(!remote_message<std::vector<std::shared_ptr<plain>>>);
static_assert(!remote_message<std::function<void()>>);
static_assert(!remote_message<std::reference_wrapper<int>>);
static_assert(!remote_message<std::list<int>>);
static_assert(!remote_message<std::multimap<int, int>>);
static_assert(!remote_message<std::chrono::steady_clock::time_point>);
static_assert(!remote_message<hyperactor::detail::int128>);
static_assert(!remote_message<std::tuple<int, hyperactor::detail::uint128>>);
// [RMS-2]
static_assert(!remote_message<std::map<int, ha::wire::part>>);
static_assert(!remote_message<std::map<int, std::vector<ha::any_value>>>);
