// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/config/keys.hpp>
#include <hyperactor/config/store.hpp>

#include <cstdlib>
#include <optional>
#include <thread>

#include <catch2/catch_test_macros.hpp>

namespace ha = hyperactor;
namespace config = hyperactor::config;
using namespace std::chrono_literals;

namespace {

struct own_limit {
  using value_type = std::uint16_t;
  static constexpr std::string_view name = "own_limit";
  static constexpr std::string_view environment = "OWN_PROGRAM_LIMIT";
  static constexpr std::uint64_t minimum = 2;
  static constexpr value_type default_value = 10;
};
struct own_ratio {
  using value_type = double;
  static constexpr std::string_view name = "own_ratio";
  static constexpr std::string_view environment = "";
  static constexpr double default_value = 0.25;
};
static_assert(config::key<own_limit> && config::key<own_ratio> && config::key<config::ask_timeout>);
static_assert(!config::key<int>);

struct variable {
  const char* name;
  variable(const char* n, const char* value) : name(n) {
    ::setenv(name, value, 1);
    config::reload_environment();
  }
  ~variable() {
    ::unsetenv(name);
    config::reload_environment();
  }
};

}  // namespace

TEST_CASE("without any layer the defaults count (test_default_config, test_defaults)") {
  CHECK(config::get<config::message_ttl_default>() == 64);
  CHECK(config::get<config::message_delivery_timeout>() == 30s);
  CHECK(config::get<config::message_ack_time_interval>() == 500ms);
  CHECK(config::get<config::message_ack_every_n_messages>() == 1000);
  CHECK(config::get<config::codec_max_frame_length>() == 10737418240u);
  CHECK(config::get<config::enable_dest_actor_reordering_buffer>());
  CHECK(config::get<config::host_spawn_ready_timeout>() == 30s);
  CHECK(config::get<config::process_exit_timeout>() == 10s);
  CHECK(config::get<config::stop_actor_timeout>() == 10s);
  CHECK(config::get<config::cleanup_timeout>() == 3s);
  CHECK(config::get<config::forwarder_flush_timeout>() == 5s);
  CHECK(config::get<config::ask_timeout>() == 60s);
  CHECK(config::get<config::channel_tcp_congestion>().empty());
  CHECK(config::get<config::tls_key>() == "/etc/hyperactor/tls/tls.key");
  CHECK(config::get<own_ratio>() == 0.25);
}

TEST_CASE("an override counts while its guard lives (test_global_config, test_overrides) [CFG-1]") {
  {
    auto ttl = config::override_scoped<config::message_ttl_default>(3);
    auto ready = config::override_scoped<config::host_spawn_ready_timeout>(10ms);
    CHECK(config::get<config::message_ttl_default>() == 3);
    CHECK(config::get<config::host_spawn_ready_timeout>() == 10ms);
  }
  CHECK(config::get<config::message_ttl_default>() == 64);
  CHECK(config::get<config::host_spawn_ready_timeout>() == 30s);
}

TEST_CASE("the environment is read (test_from_env)") {
  const variable v("HYPERACTOR_MESSAGE_DELIVERY_TIMEOUT", "1m 30s");
  const variable b("HYPERACTOR_ENABLE_DEST_ACTOR_REORDERING_BUFFER", "False");
  const variable t("HYPERACTOR_TLS_KEY", "/here/is.key");
  const variable own("OWN_PROGRAM_LIMIT", "77");
  CHECK(config::get<config::message_delivery_timeout>() == 90s);
  CHECK_FALSE(config::get<config::enable_dest_actor_reordering_buffer>());
  CHECK(config::get<config::tls_key>() == "/here/is.key");
  CHECK(config::get<own_limit>() == 77);
}

TEST_CASE("an unparsable environment value is logged and ignored [CFG-2]") {
  std::vector<std::string> lines;
  ha::log::scoped_sink sink{[&](ha::log::severity, std::string_view text) { lines.emplace_back(text); }};
  const variable v("HYPERACTOR_CLEANUP_TIMEOUT", "soon");
  const variable low("OWN_PROGRAM_LIMIT", "1");
  const variable high("HYPERACTOR_MESSAGE_TTL_DEFAULT", "256");
  CHECK(config::get<config::cleanup_timeout>() == 3s);
  CHECK(config::get<own_limit>() == 10);
  CHECK(config::get<config::message_ttl_default>() == 64);
  REQUIRE(lines.size() == 3);
  CHECK(
      lines[0] ==
      "hyperactor.config.invalid_value: 'soon' is no duration: write whole numbers with units, such as 50ms or 1m 30s; "
      "environment, HYPERACTOR_CLEANUP_TIMEOUT: ignored");
  CHECK(lines[2] ==
        "hyperactor.config.invalid_value: '256' is no whole number from 0 to 255; environment, "
        "HYPERACTOR_MESSAGE_TTL_DEFAULT: ignored");
}

TEST_CASE(
    "the runtime layer beats the environment and clearing it reveals the lower one "
    "(test_runtime_overrides_and_clear_restores_lower_layers, test_priority_order) [CFG-1]") {
  const variable v("HYPERACTOR_STOP_ACTOR_TIMEOUT", "40s");
  CHECK(config::get<config::stop_actor_timeout>() == 40s);
  config::set<config::stop_actor_timeout>(50s);
  CHECK(config::get<config::stop_actor_timeout>() == 50s);
  {
    auto guard = config::override_scoped<config::stop_actor_timeout>(60s);
    CHECK(config::get<config::stop_actor_timeout>() == 60s);
  }
  CHECK(config::get<config::stop_actor_timeout>() == 50s);
  config::clear<config::stop_actor_timeout>();
  CHECK(config::get<config::stop_actor_timeout>() == 40s);
}

TEST_CASE(
    "stacked overrides end in any order (test_testoverride_multiple_stacked_overrides_lifo, "
    "test_testoverride_out_of_order_drop_keeps_top_stable) [CFG-1]") {
  std::optional<config::override_guard> first(config::override_scoped<config::ask_timeout>(40s));
  std::optional<config::override_guard> second(config::override_scoped<config::ask_timeout>(45s));
  std::optional<config::override_guard> third(config::override_scoped<config::ask_timeout>(50s));
  CHECK(config::get<config::ask_timeout>() == 50s);
  second.reset();
  CHECK(config::get<config::ask_timeout>() == 50s);
  third.reset();
  CHECK(config::get<config::ask_timeout>() == 40s);
  first.reset();
  CHECK(config::get<config::ask_timeout>() == 60s);
}

TEST_CASE("a guard that was moved from undoes nothing") {
  auto outer = config::override_scoped<config::channel_tcp_congestion>("bbr");
  {
    auto inner = std::move(outer);
    CHECK(config::get<config::channel_tcp_congestion>() == "bbr");
  }
  CHECK(config::get<config::channel_tcp_congestion>().empty());
}

TEST_CASE("a value below the minimum becomes the minimum (test_nonzero_usize_attr_value)") {
  config::set<own_limit>(0);
  CHECK(config::get<own_limit>() == 2);
  config::clear<own_limit>();
}

TEST_CASE("reading and setting from several threads is allowed [CFG-3]") {
  std::thread writer([] {
    for (int i = 1; i <= 1000; ++i) config::set<config::message_ack_every_n_messages>(static_cast<std::uint64_t>(i));
  });
  bool is_sane = true;
  for (int i = 0; i < 10000; ++i) {
    const auto n = config::get<config::message_ack_every_n_messages>();
    is_sane = is_sane && n >= 1 && n <= 1000;
  }
  writer.join();
  CHECK(is_sane);
  CHECK(config::get<config::message_ack_every_n_messages>() == 1000);
  config::clear<config::message_ack_every_n_messages>();
}
