// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/config/load.hpp>

#include <cstdio>
#include <cstdlib>

#include <catch2/catch_test_macros.hpp>

namespace ha = hyperactor;
namespace config = hyperactor::config;
using namespace std::chrono_literals;

namespace {

struct file_layer {
  ~file_layer() { (void)config::load_text(""); }
};

const config::entry_view& find(const std::vector<config::entry_view>& all, std::string_view name) {
  for (const auto& e : all) {
    if (e.name == name) return e;
  }
  throw std::runtime_error("no such key");
}

}  // namespace

TEST_CASE(
    "a file beats the defaults and loses to the environment (test_layer_precedence_env_over_file_and_replacement, "
    "test_layer_precedence_read_file_if_not_found_in_env) [CFG-1]") {
  const file_layer end;
  CHECK(config::get<config::cleanup_timeout>() == 3s);
  REQUIRE(config::load_text("# times\n cleanup_timeout = 20s \r\n\nmessage_ttl_default=7").has_value());
  CHECK(config::get<config::cleanup_timeout>() == 20s);
  CHECK(config::get<config::message_ttl_default>() == 7);
  ::setenv("HYPERACTOR_CLEANUP_TIMEOUT", "30s", 1);
  config::reload_environment();
  CHECK(config::get<config::cleanup_timeout>() == 30s);
  ::unsetenv("HYPERACTOR_CLEANUP_TIMEOUT");
  config::reload_environment();
  CHECK(config::get<config::cleanup_timeout>() == 20s);
  REQUIRE(config::load_text("message_ttl_default=8").has_value());
  CHECK(config::get<config::cleanup_timeout>() == 3s);
  CHECK(config::get<config::message_ttl_default>() == 8);
}

TEST_CASE("a file with an unknown name changes nothing (attrs_deserialize_unknown_key_is_error) [CFL-1]") {
  const file_layer end;
  const auto unknown = config::load_text("ask_timeout = 1s\nask_timeuot = 2s\n");
  REQUIRE(!unknown);
  CHECK(unknown.error() == ha::config_error::unknown_key);
  CHECK(unknown.error().what() == "hyperactor.config.unknown_key: line 2: unknown configuration key 'ask_timeuot'");
  CHECK(config::get<config::ask_timeout>() == 60s);
  const auto shapeless = config::load_text("ask_timeout 1s");
  REQUIRE(!shapeless);
  CHECK(shapeless.error() == ha::config_error::invalid_value);
}

TEST_CASE("an unsuitable value in a file is logged and ignored [CFG-2]") {
  const file_layer end;
  std::vector<std::string> lines;
  ha::log::scoped_sink sink{[&](ha::log::severity, std::string_view text) { lines.emplace_back(text); }};
  REQUIRE(config::load_text("ask_timeout = never").has_value());
  CHECK(config::get<config::ask_timeout>() == 60s);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].ends_with("configuration file, ask_timeout: ignored"));
}

TEST_CASE("a file that is not there is an error of the system") {
  const auto r = config::load_file("/nonexistent/hyperactor.conf");
  REQUIRE(!r);
  CHECK(r.error().code() == std::errc::no_such_file_or_directory);
}

TEST_CASE("a file is read from disk") {
  const file_layer end;
  char name[] = "/tmp/hyperactor-config-XXXXXX";
  const int fd = ::mkstemp(name);
  REQUIRE(fd >= 0);
  std::FILE* f = ::fdopen(fd, "w");
  std::fputs("codec_max_frame_length = 1024\n", f);
  std::fclose(f);
  CHECK(config::load_file(name).has_value());
  std::remove(name);
  CHECK(config::get<config::codec_max_frame_length>() == 1024);
}

TEST_CASE("values are set by name") {
  CHECK(config::set_text("split_max_buffer_age", "75ms").has_value());
  CHECK(config::get<config::split_max_buffer_age>() == 75ms);
  config::clear<config::split_max_buffer_age>();
  CHECK(config::set_text("nothing", "1").error() == ha::config_error::unknown_key);
  CHECK(config::set_text("split_max_buffer_size", "-1").error().message() ==
        "split_max_buffer_size: '-1' is no whole number from 0 to 18446744073709551615");
}

TEST_CASE(
    "the list shows value, source and whether it differs (test_config_entries_layer_precedence, _sorted_by_name, "
    "_changed_from_default_different_value, _changed_from_default_same_value, _env_var_extraction)") {
  auto guard = config::override_scoped<config::codec_max_frame_length>(1024);
  auto same = config::override_scoped<config::ask_timeout>(60s);
  const auto all = config::entries();
  for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i - 1].name < all[i].name);
  const auto& frame = find(all, "codec_max_frame_length");
  CHECK(frame.value == "1024");
  CHECK(frame.source == "override");
  CHECK(frame.environment == "HYPERACTOR_CODEC_MAX_FRAME_LENGTH");
  CHECK(frame.is_changed);
  CHECK(find(all, "ask_timeout").value == "1m");
  CHECK_FALSE(find(all, "ask_timeout").is_changed);
  CHECK(find(all, "channel_reconnect_timeout").value == "1m");
  CHECK(find(all, "channel_reconnect_timeout").source == "default");
  CHECK(find(all, "enable_dest_actor_reordering_buffer").value == "1");
}
