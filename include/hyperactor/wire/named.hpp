// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_WIRE_NAMED_HPP
#define HYPERACTOR_WIRE_NAMED_HPP

/// @file
/// `wire_name<T>` and `type_hash<T>`: what a type is called on the wire, known at compile time.
///
/// [NAM-1] g++ and clang give the same name to every type that has one.
/// [NAM-2] Standard types and builtins have the names of the wire format (`Vec<u64>`), other types their qualified
///         name, templates `name<argument names>`.
/// [NAM-3] A type that has no name of its own on every compiler - in an unnamed namespace, a template with value
///         parameters or with a nameless argument such as an allocator, a class inside a template - needs
///         HYPERACTOR_NAMED and is refused without.
///
/// Compilers disagree about inline namespaces: g++ prints them and clang does not. No compiler tells which namespaces
/// are inline, so a type in one must be pinned with HYPERACTOR_NAMED before it travels between their programs.

#include <hyperactor/base/fixed_string.hpp>
#include <hyperactor/base/hash.hpp>
#include <hyperactor/wire/detail/kind.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0 {

namespace wire {
class buffer;
struct part;
struct multipart;
}  // namespace wire

/// Pins the wire name of `T`: a specialisation has `static constexpr std::string_view value`. Use HYPERACTOR_NAMED, or
/// for templates `template <class T> struct hyperactor::named<box<T>> : hyperactor::named_template<"shop::box", T> {};`
template <class T> struct named {};

template <> struct named<wire::buffer> {
  static constexpr std::string_view value = "bytes::Bytes";
};
template <> struct named<wire::part> {
  static constexpr std::string_view value = "serde_multipart::part::Part";
};
template <> struct named<wire::multipart> {
  static constexpr std::string_view value = "serde_multipart::Message";
};

namespace detail {

enum class name_problem : unsigned char {
  none,
  unnamed,
  unnamed_namespace,
  value_parameters,
  inside_template,
  library_type,
  nameless
};

/// The qualified name of a class or enumeration without its template arguments.
struct qualified_name {
  std::string_view text;
  name_problem problem = name_problem::none;
};

constexpr qualified_name find_qualified_name(std::string_view text, bool has_type_arguments) noexcept {
  constexpr auto npos = std::string_view::npos;
  if (text.substr(0, 12) == "hyperactor::") return {text, name_problem::library_type};
  if (has_type_arguments) {
    std::size_t depth = 0;
    std::size_t at = text.size();
    do {
      --at;
      if (text[at] == '>') ++depth;
      if (text[at] == '<') --depth;
    } while (at > 0 && depth > 0);
    text = text.substr(0, at);
  }
  const auto has = [&](std::string_view mark) { return text.find(mark) != npos; };
  // clang's words
  if (has("(anonymous namespace)")) return {text, name_problem::unnamed_namespace};
  if (has("(unnamed") || has("(lambda") || has("(anonymous")) return {text, name_problem::unnamed};
  // g++ shows the function around a local class, clang does not
  if (const std::size_t call = text.rfind(')'); call != npos) {
    if (const std::size_t scope = text.find("::", call); scope != npos) text.remove_prefix(scope + 2);
  }
  // g++'s words
  if (has("{anonymous}")) return {text, name_problem::unnamed_namespace};
  if (has("<unnamed") || has("<lambda") || has("{unnamed")) return {text, name_problem::unnamed};
  if (!has_type_arguments && text.ends_with('>')) return {text, name_problem::value_parameters};
  if (text.find('<') != npos) return {text, name_problem::inside_template};
  return {text, name_problem::none};
}

template <class T>
inline constexpr qualified_name qualified_name_of =
    find_qualified_name(type_text<T>(), !std::is_void_v<typename wire_arguments_of<T>::type>);

template <class T> constexpr std::string_view find_wire_name() noexcept;

/// A name composed at compile time: `Open`, the names of `Ts` separated by ", ", `Close`.
template <class Open, fixed_string Close, class... Ts> struct composed_name {
  static constexpr std::size_t size = Open::value.size() + Close.size() + (find_wire_name<Ts>().size() + ... + 0) +
                                      (sizeof...(Ts) > 1 ? 2 * (sizeof...(Ts) - 1) : 0);
  static constexpr fixed_string<size> storage = [] {
    fixed_string<size> out;
    std::size_t at = 0;
    const auto append = [&](std::string_view text) {
      for (const char c : text) out.data[at++] = c;
    };
    append(Open::value);
    std::size_t left = sizeof...(Ts);
    ((append(find_wire_name<Ts>()), append(--left > 0 ? std::string_view(", ") : std::string_view())), ...);
    append(Close.view());
    return out;
  }();
  static constexpr std::string_view value = storage.view();
};

template <fixed_string Text> struct name_text {
  static constexpr std::string_view value = Text.view();
};
/// "shop::box" and "<", or a qualified name and "<".
template <class Name> struct name_and_bracket {
  static constexpr fixed_string<Name::value.size() + 1> storage = [] {
    fixed_string<Name::value.size() + 1> out;
    for (std::size_t i = 0; i < Name::value.size(); ++i) out.data[i] = Name::value[i];
    out.data[Name::value.size()] = '<';
    return out;
  }();
  static constexpr std::string_view value = storage.view();
};
template <class T> struct own_name {
  static constexpr std::string_view value = qualified_name_of<T>.text;
};

/// "; 4]" of an array.
template <std::size_t N> struct array_suffix {
  static constexpr std::size_t digits = [] {
    std::size_t out = 1;
    for (std::size_t n = N; n >= 10; n /= 10) ++out;
    return out;
  }();
  static constexpr fixed_string<digits + 3> storage = [] {
    fixed_string<digits + 3> out;
    out.data[0] = ';';
    out.data[1] = ' ';
    std::size_t n = N;
    for (std::size_t i = digits; i > 0; --i, n /= 10) out.data[i + 1] = static_cast<char>('0' + n % 10);
    out.data[digits + 2] = ']';
    return out;
  }();
};

template <fixed_string Open, fixed_string Close, class Arguments> struct argument_list_name;
template <fixed_string Open, fixed_string Close, class... Ts>
struct argument_list_name<Open, Close, wire_arguments<Ts...>> : composed_name<name_text<Open>, Close, Ts...> {};

template <class T, class Arguments> struct class_name {
  static constexpr std::string_view value = qualified_name_of<T>.text;
};
template <class T, class... Ts>
struct class_name<T, wire_arguments<Ts...>> : composed_name<name_and_bracket<own_name<T>>, ">", Ts...> {};

template <class T> constexpr std::string_view integer_name() noexcept {
  constexpr std::string_view names[2][4] = {{"u8", "u16", "u32", "u64"}, {"i8", "i16", "i32", "i64"}};
  return names[std::is_signed_v<T> ? 1 : 0][sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3];
}

/// The wire name of `T`, empty where it has none.
template <class T> constexpr std::string_view find_wire_name() noexcept {
  constexpr wire_kind kind = wire_kind_of<T>;
  if constexpr (requires { named<T>::value; }) {
    return named<T>::value;
  } else if constexpr (kind == wire_kind::boolean) {
    return "bool";
  } else if constexpr (kind == wire_kind::integer) {
    return integer_name<T>();
  } else if constexpr (kind == wire_kind::byte) {
    return "u8";
  } else if constexpr (kind == wire_kind::floating) {
    return sizeof(T) == 4 ? "f32" : "f64";
  } else if constexpr (kind == wire_kind::code_point) {
    return "char";
  } else if constexpr (kind == wire_kind::text) {
    return "String";
  } else if constexpr (kind == wire_kind::sequence || kind == wire_kind::set) {
    return composed_name<name_text<"Vec<">, ">", typename T::value_type>::value;
  } else if constexpr (kind == wire_kind::map) {
    return composed_name<name_text<"HashMap<">, ">", typename T::key_type, typename T::mapped_type>::value;
  } else if constexpr (kind == wire_kind::optional) {
    return composed_name<name_text<"Option<">, ">", typename T::value_type>::value;
  } else if constexpr (kind == wire_kind::tuple) {
    return argument_list_name<"(", ")", typename wire_arguments_of<T>::type>::value;
  } else if constexpr (kind == wire_kind::array) {
    return composed_name<name_text<"[">, array_suffix<std::tuple_size<T>::value>::storage,
                         typename T::value_type>::value;
  } else if constexpr (kind == wire_kind::variant) {
    return argument_list_name<"std::variant<", ">", typename wire_arguments_of<T>::type>::value;
  } else if constexpr (kind == wire_kind::unit) {
    return "()";
  } else if constexpr (kind == wire_kind::duration) {
    return "std::time::Duration";
  } else if constexpr (kind == wire_kind::system_time) {
    return "std::time::SystemTime";
  } else if constexpr (kind == wire_kind::structure || kind == wire_kind::enumeration) {
    if constexpr (qualified_name_of<T>.problem != name_problem::none) {
      return {};
    } else {
      return class_name<T, typename wire_arguments_of<T>::type>::value;
    }
  } else {
    return {};
  }
}

/// Why `T` itself has no name of its own.
template <class T> constexpr name_problem find_name_problem() noexcept {
  if constexpr (requires { named<T>::value; }) {
    return name_problem::none;
  } else if constexpr (wire_kind_of<T> == wire_kind::structure || wire_kind_of<T> == wire_kind::enumeration) {
    return qualified_name_of<T>.problem;
  } else {
    return wire_kind_of<T> >= wire_kind::pointer ? name_problem::nameless : name_problem::none;
  }
}

/// One readable error for a type that has no wire name of its own.
template <class T, name_problem Problem> constexpr void explain_own_name() {
  static_assert(Problem != name_problem::unnamed_namespace,
                "hyperactor: T is in an unnamed namespace and has no name on the wire; move it out, or pin a name with "
                "HYPERACTOR_NAMED(\"...\", T)");
  static_assert(Problem != name_problem::unnamed,
                "hyperactor: T has no name; give it one, or pin one with HYPERACTOR_NAMED(\"...\", T)");
  static_assert(Problem != name_problem::value_parameters,
                "hyperactor: T is a template with value parameters, which compilers spell differently; pin its name "
                "with HYPERACTOR_NAMED(\"...\", T)");
  static_assert(Problem != name_problem::inside_template,
                "hyperactor: T is declared inside a class template; move it out, or pin its name with "
                "HYPERACTOR_NAMED(\"...\", T)");
  static_assert(
      Problem != name_problem::nameless,
      "hyperactor: T has no name on the wire; pin one with HYPERACTOR_NAMED(\"...\", T), or, where T is only an "
      "argument of a template, one for the whole type: HYPERACTOR_NAMED(\"...\", ns::box<T>)");
  static_assert(Problem != name_problem::library_type,
                "hyperactor: T is a type of this library without a name on the wire; it stays in its process");
}

template <class T> constexpr bool has_wire_name() noexcept;

/// The types whose names stand in the name of `T`.
template <class T> constexpr auto find_name_arguments() noexcept {
  constexpr wire_kind kind = wire_kind_of<T>;
  if constexpr (requires { named<T>::value; }) {
    return wire_arguments<>{};
  } else if constexpr (kind == wire_kind::map) {
    return wire_arguments<typename T::key_type, typename T::mapped_type>{};
  } else if constexpr (kind == wire_kind::sequence || kind == wire_kind::set || kind == wire_kind::optional ||
                       kind == wire_kind::array) {
    return wire_arguments<typename T::value_type>{};
  } else if constexpr ((kind == wire_kind::structure || kind == wire_kind::tuple || kind == wire_kind::variant) &&
                       !std::is_void_v<typename wire_arguments_of<T>::type>) {
    return typename wire_arguments_of<T>::type{};
  } else {
    return wire_arguments<>{};
  }
}
template <class T> using name_arguments_of = decltype(find_name_arguments<T>());

template <class... Ts> constexpr bool all_have_wire_names(wire_arguments<Ts...>) noexcept {
  return (has_wire_name<Ts>() && ...);
}

template <class T> constexpr bool has_wire_name() noexcept {
  if constexpr (requires { named<T>::value; }) {
    return true;
  } else if constexpr (find_name_problem<T>() != name_problem::none) {
    return false;
  } else {
    return all_have_wire_names(name_arguments_of<T>());
  }
}

}  // namespace detail

/// Base for pinning a template: `Name<names of Ts>`.
template <fixed_string Name, class... Ts>
struct named_template : detail::composed_name<detail::name_and_bracket<detail::name_text<Name>>, ">", Ts...> {};

/// `T` has a name on the wire.
template <class T>
concept has_wire_name = detail::has_wire_name<std::remove_cv_t<T>>();

/// What `T` is called on the wire.
template <class T> inline constexpr std::string_view wire_name = detail::find_wire_name<std::remove_cv_t<T>>();

/// CityHash64 of the wire name: how ports and parts tell types apart.
template <class T> inline constexpr std::uint64_t type_hash = detail::city_hash64(wire_name<T>);

}  // namespace hyperactor::inline v0

/// Pins the wire name of a type: `HYPERACTOR_NAMED("shop::job", ns::job)`, at global scope, before its first use. The
/// name comes first, so that template-ids work: `HYPERACTOR_NAMED("shop::ints", ns::box<int, 4>)`.
#define HYPERACTOR_NAMED(name, ...)                                                               \
  template <> struct hyperactor::named<__VA_ARGS__> {                                             \
    static constexpr ::std::string_view value = name;                                             \
    static_assert(!value.empty(), "hyperactor: HYPERACTOR_NAMED needs a name that is not empty"); \
  }

#endif  // HYPERACTOR_WIRE_NAMED_HPP
