// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/host/handshake.hpp>
#include <hyperactor/host/termination.hpp>

#include <catch2/catch_test_macros.hpp>

namespace ha = hyperactor;
using namespace std::chrono_literals;
using ha::detail::handshake;

namespace {

struct variables {
  variables(const char* proc, const char* backend, const char* callback) {
    set(ha::detail::host_proc_id_variable, proc);
    set(ha::detail::host_backend_variable, backend);
    set(ha::detail::host_callback_variable, callback);
  }
  ~variables() {
    for (const char* name :
         {ha::detail::host_proc_id_variable, ha::detail::host_backend_variable, ha::detail::host_callback_variable}) {
      ::unsetenv(name);
    }
  }

 private:
  static void set(const char* name, const char* value) { value ? ::setenv(name, value, 1) : ::unsetenv(name); }
};

constexpr const char* proc = "proc1@ipc://@front";
constexpr const char* backend = "unix:@back";
constexpr const char* callback = "unix:@callback";

}  // namespace

TEST_CASE("a child reads who it is and where its host is (launch_sets_env_and_optional_log_channel) [HSK-1]") {
  variables v(proc, backend, callback);
  CHECK(handshake::is_pending());
  const ha::result<handshake> h = handshake::take();
  REQUIRE(h.has_value());
  CHECK(h->proc.to_string() == proc);
  CHECK(h->backend == ha::channel_addr::unix_socket("@back"));
  CHECK(h->callback == ha::channel_addr::unix_socket("@callback"));
  CHECK_FALSE(handshake::is_pending());
  const auto out = h->to_variables();
  CHECK(out[0] == "HYPERACTOR_HOST_PROC_ID=proc1@ipc://@front");
  CHECK(out[1] == "HYPERACTOR_HOST_BACKEND_ADDR=unix:@back");
  CHECK(out[2] == "HYPERACTOR_HOST_CALLBACK_ADDR=unix:@callback");
  CHECK(out[3].substr(0, 33) == "HYPERACTOR_PROCESS_NAME=proc1 @ " + out[3].substr(32, 1));
}

TEST_CASE("one of the three variables makes a process a child; a key of the configuration does not") {
  ::setenv("HYPERACTOR_HOST_SPAWN_READY_TIMEOUT", "30s", 1);
  CHECK_FALSE(handshake::is_pending());
  ::unsetenv("HYPERACTOR_HOST_SPAWN_READY_TIMEOUT");
  variables v(nullptr, nullptr, callback);
  CHECK(handshake::is_pending());
}

TEST_CASE("a missing variable is named, and the others are removed (boot_proc with each variable missing) [HSK-1]") {
  struct {
    const char *proc, *backend, *callback, *text;
  } const cases[] = {
      {nullptr, backend, callback, "parameter 'HYPERACTOR_HOST_PROC_ID' missing: environment variable not found"},
      {proc, nullptr, callback, "parameter 'HYPERACTOR_HOST_BACKEND_ADDR' missing: environment variable not found"},
      {proc, backend, nullptr, "parameter 'HYPERACTOR_HOST_CALLBACK_ADDR' missing: environment variable not found"},
  };
  for (const auto& c : cases) {
    variables v(c.proc, c.backend, c.callback);
    const auto h = handshake::take();
    REQUIRE_FALSE(h.has_value());
    CHECK(h.error() == ha::host_error::missing_parameter);
    CHECK(h.error().message() == c.text);
    CHECK(h.error().what() == std::string("hyperactor.host.missing_parameter: ") + c.text);
    CHECK_FALSE(handshake::is_pending());
  }
}

TEST_CASE("a malformed variable is named with the reason (boot_proc with each variable malformed) [HSK-1]") {
  struct {
    const char *proc, *backend, *callback, *name;
  } const cases[] = {
      {"proc1", backend, callback, "HYPERACTOR_HOST_PROC_ID"},
      {"", backend, callback, "HYPERACTOR_HOST_PROC_ID"},
      {"Bad Name@ipc://@x", backend, callback, "HYPERACTOR_HOST_PROC_ID"},
      {proc, "nowhere", callback, "HYPERACTOR_HOST_BACKEND_ADDR"},
      {proc, backend, "tcp:1.2.3.4:99999", "HYPERACTOR_HOST_CALLBACK_ADDR"},
  };
  for (const auto& c : cases) {
    variables v(c.proc, c.backend, c.callback);
    const auto h = handshake::take();
    REQUIRE_FALSE(h.has_value());
    CHECK(h.error() == ha::host_error::invalid_parameter);
    const std::string start = std::string("parameter '") + c.name + "' invalid: ";
    CHECK(h.error().message().substr(0, start.size()) == start);
    CHECK(h.error().message().size() > start.size());
    CHECK_FALSE(handshake::is_pending());
  }
}

TEST_CASE("texts of host errors [HER-1]") {
  CHECK(ha::error(ha::host_error::already_serving).message() == "host is already serving");
  CHECK(ha::detail::proc_exists_error("proc1").message() == "proc 'proc1' already exists");
  CHECK(ha::detail::spawn_failed_error("p@ipc://@x", "/no/such", "No such file or directory").message() ==
        "proc 'p@ipc://@x' (command: /no/such) failed to spawn process: No such file or directory");
  CHECK(ha::detail::configuration_failed_error("p@ipc://@x", "Timeout").message() ==
        "proc 'p@ipc://@x' failed to configure process: Timeout");
  CHECK(ha::detail::agent_failed_error("p@ipc://@x", "no").message() ==
        "failed to spawn agent on proc 'p@ipc://@x': no");
  CHECK(ha::error(ha::host_error::terminate_unsupported).message() == "terminate/kill unsupported by manager");
  CHECK(ha::detail::already_terminated_error("()").message() == "proc already terminated (status: ())");
  CHECK(ha::error(ha::host_error::lifecycle_closed).message() == "lifecycle channel closed; cannot observe state");
}

TEST_CASE("a termination summary adds up [TRM-1]") {
  const ha::termination_summary s{3, 2, 1};
  CHECK(fmt::format("{}", s) == "attempted=3 ok=2 failed=1");
  const ha::termination_options o{.timeout = 5s, .max_in_flight = 8, .reason = "bye"};
  CHECK(o.timeout == 5s);
  CHECK(ha::termination_options().timeout == 10s);
}
