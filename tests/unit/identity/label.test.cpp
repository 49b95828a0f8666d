// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/identity/codec.hpp>
#include <hyperactor/identity/label.hpp>

#include <catch2/catch_test_macros.hpp>
#include <support/identity_bytes.hpp>
#include <type_traits>

namespace ha = hyperactor;
using ha::label;
using ha::parse_error;

namespace {
label pass(label l) { return l; }
constinit label at_namespace_scope = "my-service";

struct bad {
  ha::error error;
  explicit bad(std::string_view text) : error(label::parse(text).error()) {}
};
}  // namespace

static_assert(sizeof(label) == 16);
static_assert(std::is_nothrow_copy_constructible_v<label> && std::is_nothrow_move_constructible_v<label>);
static_assert(std::is_nothrow_copy_assignable_v<label>);
static_assert(!std::is_default_constructible_v<label>);
static_assert(!std::is_constructible_v<label, const char*> && !std::is_constructible_v<label, std::string>);
static_assert(label("abc") == label("abc") && label("abc") < label("abd"));

TEST_CASE("words of lowercase letters, digits, minus and underscore are labels [LBL-1] (test_label_valid)") {
  for (const char* text : {"a", "abc", "my-service", "a1", "abc123", "a-b-c"}) {
    CHECK(label::parse(text).value().view() == text);
  }
}

TEST_CASE("the empty text is no label [LBL-1] (test_label_invalid_empty)") {
  CHECK(bad("").error == parse_error::empty_label);
  CHECK(bad("").error.message() == "label must not be empty");
  CHECK(bad("").error.what() == "hyperactor.parse.empty_label: label must not be empty");
}

TEST_CASE("a label of 64 bytes is refused, one of 63 is not [LBL-1] (test_label_invalid_too_long)") {
  CHECK(bad(std::string(64, 'x')).error == parse_error::label_too_long);
  CHECK(bad(std::string(64, 'x')).error.message() == "label exceeds 63 characters");
  CHECK(label::parse(std::string(63, 'x')).value().view().size() == 63);
}

TEST_CASE("a label starts with a lowercase letter [LBL-1] (test_label_invalid_bad_start)") {
  for (const char* text : {"1abc", "-abc", "Abc", "_a", " a"}) {
    CHECK(bad(text).error == parse_error::invalid_label_start);
    CHECK(bad(text).error.message() == "label must start with a lowercase letter");
  }
}

TEST_CASE("a label ends with a lowercase letter or digit [LBL-1] (test_label_invalid_bad_end)") {
  for (const char* text : {"abc-", "abc_", "abC"}) {
    CHECK(bad(text).error == parse_error::invalid_label_end);
    CHECK(bad(text).error.message() == "label must end with a lowercase letter or digit");
  }
}

TEST_CASE("the first foreign character of a label is named [LBL-1] (test_label_invalid_char)") {
  CHECK(bad("ab.c").error == parse_error::invalid_label_char);
  CHECK(bad("ab.c").error.message() == "label contains invalid character '.'");
  CHECK(bad("aBc").error.message() == "label contains invalid character 'B'");
  CHECK(bad("a\xc3\xa9"
            "b.c")
            .error.message() == "label contains invalid character '\xc3\xa9'");
}

TEST_CASE("underscores stand inside labels [LBL-1] (test_label_allows_underscores)") {
  for (const char* text : {"ab_c", "proc_agent", "host_agent"}) CHECK(label::parse(text).has_value());
}

TEST_CASE("strip makes a label of any text (test_label_strip)") {
  CHECK(label::strip("Hello-World") == "hello-world");
  CHECK(label::strip("123abc") == "abc");
  CHECK(label::strip("---abc---") == "abc");
  CHECK(label::strip("") == "nil");
  CHECK(label::strip("123") == "nil");
  CHECK(label::strip("My_Service!") == "my_service");
  CHECK(label::strip(std::string_view("a\0b", 3)) == "ab");
}

TEST_CASE("strip cuts to 63 bytes and trims the end again (test_label_strip_truncation)") {
  CHECK(label::strip(std::string(101, 'x')).view().size() == 63);
  CHECK(label::strip(std::string(60, 'x') + "-----y").view() == std::string(60, 'x'));
}

TEST_CASE("a label is its text (test_label_display_fromstr_roundtrip)") {
  const label l = label::parse("my-service").value();
  CHECK(l.to_string() == "my-service");
  CHECK(fmt::format("{}", l) == "my-service");
  CHECK(l.debug_string() == "Label(\"my-service\")");
  CHECK(label::parse(l.to_string()).value() == l);
}

TEST_CASE("a label travels as its text and is checked on arrival (test_label_serde_roundtrip)") {
  CHECK(identity_bytes::hex_of(label("a1")) == "02000000000000006131");
  CHECK(identity_bytes::sent(label("my-service")) == "my-service");
  const auto refused = identity_bytes::from<label>({2, 0, 0, 0, 0, 0, 0, 0, 'a', '-'});
  CHECK(refused.error() == ha::wire_error::invalid_value);
  CHECK(refused.error().message() == "invalid label: label must end with a lowercase letter or digit");
}

TEST_CASE("a literal becomes a label without an allocation [LBL-2]") {
  CHECK(at_namespace_scope == "my-service");
  const label l = "abc";
  CHECK(pass("abc") == l);
  static constexpr char text[] = "kept";
  CHECK(label(text).view().data() == text);
}

TEST_CASE("copies share the text, moving leaves no label [LBL-3]") {
  label a = label::parse("run-time").value();
  label b = a;
  CHECK(a.view().data() == b.view().data());
  label c = std::move(a);
  CHECK(!a);  // NOLINT(bugprone-use-after-move): documented state
  CHECK(c == b);
  a = c;
  a = *&a;
  CHECK(a == "run-time");
  CHECK(!label::none());
  CHECK(label::none() == label::none());
  CHECK(label::none() != label("a"));
  CHECK(std::hash<label>{}(b) == std::hash<label>{}(label("run-time")));
}
