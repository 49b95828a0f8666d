// SPDX-License-Identifier: BSD-3-Clause
// Hosts with procs in this process, and with managers that misbehave in every way that handles can.
#include <hyperactor/host.hpp>
#include <hyperactor/proc.hpp>

#include <asio/co_spawn.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_future.hpp>
#include <catch2/catch_test_macros.hpp>

#include <future>
#include <map>
#include <optional>

namespace ha = hyperactor;
using namespace std::chrono_literals;

namespace host_unit {

struct who {
  ha::once_port_ref<ha::actor_addr> reply;
};
struct pass_on;
struct stuck {
  ha::once_port_ref<std::int32_t> begun;
};

struct twice {
  std::int32_t n;
  ha::once_port_ref<std::int32_t> reply;
};
struct doubler {
  using handlers = ha::handlers<twice>;
  void handle(ha::context<doubler>& cx, twice m) { m.reply.post(cx, 2 * m.n); }
};
struct delegate {
  std::int32_t n;
  ha::port_ref<std::int32_t> out;
};

struct hold {
  ha::port_ref<ha::once_port_ref<std::int32_t>> gate;
};

struct echo {
  using handlers = ha::handlers<who, pass_on, stuck, delegate, hold>;
  using exports = ha::exports<who, pass_on, stuck, delegate, hold>;
  asio::awaitable<void> handle(ha::context<echo>& cx, hold m) {  // until the gate is opened
    auto [gate, opened] = cx.open_once_port<std::int32_t>();
    m.gate.post(cx, gate.bind());
    (void)co_await opened.async_recv();
  }
  std::optional<ha::actor_handle<doubler>> child;
  asio::awaitable<void> handle(ha::context<echo>& cx, delegate m) {  // by an actor of its own
    if (!child) child = cx.spawn(doubler{});
    const ha::result<std::int32_t> r = co_await ha::ask<twice>(cx, *child, m.n).async_recv();
    m.out.post(cx, r ? *r : -1);
  }
  void handle(ha::context<echo>& cx, who m) { m.reply.post(cx, cx.addr()); }
  void handle(ha::context<echo>& cx, pass_on m);
  asio::awaitable<void> handle(ha::context<echo>& cx, stuck m) {  // until it is killed
    m.begun.post(cx, 1);
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
    co_await timer.async_wait(asio::use_awaitable);
  }
};
struct pass_on {
  ha::actor_ref<echo> to;
  ha::once_port_ref<ha::actor_addr> reply;
};
inline void echo::handle(ha::context<echo>& cx, pass_on m) { m.to.post(cx, who{std::move(m.reply)}); }

// ---- a manager whose handles do what a test says

enum class trait { ready_late, closed, terminal, no_addr, no_agent };

struct fake_handle {
  using agent = echo;
  using terminal_status = ha::local_proc_status;

  ha::proc_addr where;
  trait what;
  std::shared_ptr<int> kills;
  std::chrono::milliseconds late{20};

  ha::proc_addr proc_addr() const { return where; }
  std::optional<ha::channel_addr> addr() const {
    if (what == trait::no_addr) return std::nullopt;
    return ha::channel_addr::local(999999);
  }
  std::optional<ha::actor_ref<echo>> agent_ref() const {
    if (what == trait::no_agent) return std::nullopt;
    return ha::actor_ref<echo>::attest(where.actor_addr("host_agent"));
  }
  bool is_terminal() const { return false; }
  template <class Token> auto async_ready(Token&& token) const {
    return ha::detail::async_outcome<ha::result<void>>(
        [what = what, late = late](ha::detail::outcome_callback<ha::result<void>> done) {
          if (what == trait::closed) return done(ha::error(ha::host_error::lifecycle_closed));
          if (what == trait::terminal) return done(ha::error(ha::host_error::already_terminated, "Terminal(())"));
          auto timer = std::make_shared<asio::steady_timer>(ha::detail::reactor::instance().context(), late);
          timer->async_wait([timer, done = std::move(done)](std::error_code) mutable { done({}); });
        },
        std::forward<Token>(token));
  }
  template <class Token> auto async_wait(Token&& token) const {  // never: these procs do not end
    return ha::detail::async_outcome<ha::result<terminal_status>>([](auto) {}, std::forward<Token>(token));
  }
  template <class Token> auto async_terminate(ha::sender&, const ha::termination_options&, Token&& token) const {
    return unsupported(std::forward<Token>(token));
  }
  template <class Token> auto async_kill(Token&& token) const {
    ++*kills;
    return unsupported(std::forward<Token>(token));
  }

 private:
  template <class Token> auto unsupported(Token&& token) const {
    return ha::detail::async_outcome<ha::result<terminal_status>>(
        [](auto done) { done(ha::error(ha::host_error::terminate_unsupported)); }, std::forward<Token>(token));
  }
};

struct fake_manager {
  using agent = echo;
  using config = trait;
  using handle = fake_handle;
  using transport = ha::transport::local;

  std::shared_ptr<int> kills = std::make_shared<int>(0);
  std::shared_ptr<int> spawns = std::make_shared<int>(0);

  ha::result<handle> spawn(const ha::proc_addr& addr, const ha::channel_addr&, trait what) {
    ++*spawns;
    return handle{addr, what, kills};
  }
};

}  // namespace host_unit

namespace {

using namespace host_unit;

static_assert(ha::proc_manager<fake_manager>);
static_assert(ha::proc_manager<ha::process_proc_manager<echo>>);
static_assert(!ha::proc_manager<int>);
static_assert(!std::is_copy_constructible_v<ha::host<fake_manager>> &&
              std::is_nothrow_move_constructible_v<ha::host<fake_manager>>);

auto start_echo = [](ha::proc& p) { return p.spawn("host_agent", echo{}); };
using local_manager = ha::local_proc_manager<decltype(start_echo)>;
static_assert(ha::proc_manager<local_manager>);

ha::host<fake_manager> fake_host() {
  return ha::host<fake_manager>::make(fake_manager{}, ha::channel_addr::any<ha::transport::local>()).value();
}
template <class Frontend = ha::frontend::duplex>
ha::host<local_manager, Frontend> local_host(ha::channel_addr at = ha::channel_addr::any<ha::transport::local>()) {
  return ha::host<local_manager, Frontend>::make(local_manager{start_echo}, at).value();
}
/// Spawning with this trait fails with this cause, leaves nothing, and the name is free.
void check_failure(trait what, const std::string& cause) {
  auto host = fake_host();
  const auto failed = host.spawn("proc1", what);
  REQUIRE(failed.has_error());
  CHECK(failed.error() == ha::host_error::process_configuration_failed);
  CHECK(failed.error().message() == "proc 'proc1@" + host.addr().to_url() + "' failed to configure process: " + cause);
  CHECK(*host.manager().kills == 1);
  CHECK_FALSE(host.find("proc1").has_value());
  CHECK(host.spawn("proc1", trait::ready_late).has_value());
}

}  // namespace

TEST_CASE("procs of a host reach each other and the system proc without serve (test_basic) [HNW-1]") {
  for (const bool is_unix : {false, true}) {
    auto host = local_host(is_unix ? ha::channel_addr::any<ha::transport::unix_socket>()
                                   : ha::channel_addr::any<ha::transport::local>());
    auto [proc1, agent1] = host.spawn("proc1").value();
    auto [proc2, agent2] = host.spawn("proc2").value();
    CHECK(proc1 == ha::proc_addr::from_name(host.addr(), "proc1"));
    CHECK(proc2 == ha::proc_addr::from_name(host.addr(), "proc2"));
    ha::client system = host.system_proc().client("main");
    CHECK(ha::ask<who>(system, agent1).recv_for(30s).value() == proc1.actor_addr("host_agent"));
    CHECK(ha::ask<pass_on>(system, agent1, agent2).recv_for(30s).value() == agent2.addr());
    ha::proc service = host.system_proc();
    ha::proc local = host.local_proc();
    auto own = service.spawn("own", echo{}).value();
    CHECK(own.addr().to_string() == "own.service@" + host.addr().to_url());
    CHECK(ha::ask<pass_on>(system, agent1, own.bind()).recv_for(30s).value() == own.addr());
    // by address, from service and from local, through the host's own routes
    const auto by_address = ha::actor_ref<echo>::attest(own.addr());
    ha::client from_local = local.client("main");
    CHECK(ha::ask<who>(from_local, by_address).recv_for(30s).value() == own.addr());
    CHECK(ha::ask<who>(system, by_address).recv_for(30s).value() == own.addr());
    own.stop("done");
    own.join();
  }
}

TEST_CASE(
    "a local proc is ready at once, for all who wait (local_ready_and_wait_are_immediate) [MGR-1] [MGR-2] [MGR-3] "
    "[LPM-1]") {
  auto host = local_host();
  REQUIRE(host.spawn("proc1").has_value());
  const auto handle = *host.find("proc1");
  CHECK(handle.ready().has_value());
  auto first = handle.async_ready(asio::use_future);
  auto second = handle.async_ready(asio::use_future);
  CHECK(first.get().has_value());
  CHECK(second.get().has_value());
  CHECK(handle.addr().has_value());
  CHECK(handle.agent_ref().has_value());
  CHECK(handle.status().get() == ha::local_proc_status::running);
}

TEST_CASE("a proc that is not ready in time (host_spawn_times_out_when_configured) [HCO-2]") {
  const auto limit = ha::config::override_scoped<ha::config::host_spawn_ready_timeout>(1ms);
  auto host = fake_host();
  const auto failed = host.spawn("proc1", trait::ready_late);
  CHECK(failed.error() == ha::host_error::process_configuration_failed);
  CHECK(failed.error().message() == "proc 'proc1@" + host.addr().to_url() +
                                        "' failed to configure process: Timeout: not ready within 1ms "
                                        "(HYPERACTOR_HOST_SPAWN_READY_TIMEOUT)");
  CHECK(*host.manager().kills == 1);
}

TEST_CASE("a limit of zero waits for ever (host_spawn_timeout_zero_disables_and_succeeds)") {
  const auto limit = ha::config::override_scoped<ha::config::host_spawn_ready_timeout>(0ns);
  auto host = fake_host();
  const auto made = host.spawn("proc1", trait::ready_late);
  REQUIRE(made.has_value());
  CHECK(made->agent.addr().proc_addr() == made->proc);
  CHECK(host.spawn("proc1", trait::ready_late).error() == ha::host_error::proc_exists);
  CHECK(*host.manager().spawns == 1);  // the manager was not called
}

TEST_CASE(
    "a proc whose state cannot be observed (host_spawn_maps_channel_closed_ready_error_to_config_failure) [HCO-2]") {
  check_failure(trait::closed, "Ready(ChannelClosed)");
}

TEST_CASE(
    "a proc that ended before it was ready (host_spawn_maps_terminal_ready_error_to_config_failure, "
    "ready_wrapper_maps_terminal_to_trait_error) [HCO-2]") {
  check_failure(trait::terminal, "Ready(Terminal(()))");
}

TEST_CASE("a proc without an address (host_spawn_fails_if_ready_but_missing_addr) [HCO-2]") {
  check_failure(trait::no_addr, "MissingAddr");
}

TEST_CASE("a proc without an agent (host_spawn_fails_if_ready_but_missing_agent) [HCO-2]") {
  check_failure(trait::no_agent, "MissingAgentRef");
}

TEST_CASE("procs that cannot be ended count as failed, and keep their names") {
  auto host = fake_host();
  REQUIRE(host.spawn("proc1", trait::ready_late).has_value());
  ha::client client = host.system_proc().client("main");
  CHECK(host.terminate_children(client) == ha::termination_summary{1, 0, 1});
  CHECK(host.spawn("proc1", trait::ready_late).error() == ha::host_error::proc_exists);
}

TEST_CASE("an agent that cannot be started fails the spawn (LocalProcManager, AgentSpawnFailure) [LPM-1]") {
  int calls = 0;
  auto refuse = [&calls](ha::proc& p) -> ha::result<ha::actor_handle<echo>> {
    if (++calls == 1) return ha::error(ha::proc_error::name_taken, "no agent today");
    if (calls == 2) throw std::runtime_error("thrown");
    return p.spawn("host_agent", echo{});
  };
  using manager = ha::local_proc_manager<decltype(refuse)>;
  auto host = ha::host<manager>::make(manager{refuse}, ha::channel_addr::any<ha::transport::local>()).value();
  const std::string prefix = "failed to spawn agent on proc 'proc1@" + host.addr().to_url() + "': ";
  const auto first = host.spawn("proc1");
  CHECK(first.error() == ha::host_error::agent_spawn_failed);
  CHECK(first.error().message() == prefix + "no agent today");
  CHECK(host.spawn("proc1").error().message() == prefix + "thrown");
  CHECK(host.spawn("proc1").has_value());
}

TEST_CASE(
    "a local proc can be ended, once (handle terminate twice; terminate_children then re-spawn) [MGR-4] [LPM-2]") {
  auto host = local_host();
  ha::client client = host.system_proc().client("main");
  auto [proc1, agent1] = host.spawn("proc1").value();
  const auto handle = *host.find("proc1");
  auto waiting = handle.async_wait(asio::use_future);
  CHECK(handle.terminate(client, {.timeout = 30s, .reason = "bye"}).value() == ha::local_proc_status::stopped);
  CHECK(waiting.get().value() == ha::local_proc_status::stopped);
  CHECK(handle.terminate(client).error() == ha::host_error::already_terminated);
  CHECK(handle.kill().error().message() == "proc already terminated (status: ())");
  CHECK_FALSE(host.find("proc1").has_value());
  CHECK(ha::ask<who>(client, agent1).recv_for(30s).has_error());

  auto [again, agent2] = host.spawn("proc1").value();
  CHECK(again == proc1);
  CHECK(ha::ask<who>(client, agent2).recv_for(30s).value() == agent2.addr());
  REQUIRE(host.spawn("proc2").has_value());
  CHECK(host.terminate_children(client, {.timeout = 30s, .max_in_flight = 0}) == ha::termination_summary{2, 2, 0});
  CHECK(host.terminate_children(client) == ha::termination_summary{});
}

TEST_CASE("an actor that does not stop is killed at the deadline [EPR-1]") {
  ha::log::scoped_sink quiet([](ha::log::severity, std::string_view) {});
  auto host = local_host();
  ha::client client = host.system_proc().client("main");
  auto [proc1, agent1] = host.spawn("proc1").value();
  CHECK(ha::ask<stuck>(client, agent1).recv_for(30s).value() == 1);
  CHECK(host.find("proc1")->terminate(client, {.timeout = 1ms}).value() == ha::local_proc_status::stopped);
  auto [proc2, agent2] = host.spawn("proc2").value();
  CHECK(ha::ask<stuck>(client, agent2).recv_for(30s).value() == 1);
  CHECK(host.find("proc2")->async_kill(asio::use_future).get().value() == ha::local_proc_status::stopped);
}

TEST_CASE("a kill ends a proc at once that is being terminated [LPM-4]") {
  ha::log::scoped_sink quiet([](ha::log::severity, std::string_view) {});
  auto host = local_host();
  ha::client client = host.system_proc().client("main");
  auto [proc1, agent1] = host.spawn("proc1").value();
  CHECK(ha::ask<stuck>(client, agent1).recv_for(30s).value() == 1);
  const auto handle = *host.find("proc1");
  auto patient = handle.async_terminate(client, {.timeout = 1h}, asio::use_future);
  CHECK_FALSE(
      handle.status().wait_for([](ha::local_proc_status s) { return s == ha::local_proc_status::stopped; }, 0s));
  auto slow = handle.async_terminate(client, {.timeout = 2h}, asio::use_future);  // gives no more time
  CHECK(handle.async_kill(asio::use_future).wait_for(30s) == std::future_status::ready);
  CHECK(patient.get().value() == ha::local_proc_status::stopped);
  CHECK(slow.get().value() == ha::local_proc_status::stopped);
}

TEST_CASE("actors that others spawned are there until those have handled what they accepted [EPR-3]") {
  std::optional<ha::actor_handle<echo>> agent;
  auto start = [&agent](ha::proc& p) {
    auto out = p.spawn("host_agent", echo{});
    agent = out.value();
    return out;
  };
  using manager = ha::local_proc_manager<decltype(start)>;
  auto host = ha::host<manager>::make(manager{start}, ha::channel_addr::any<ha::transport::local>()).value();
  REQUIRE(host.spawn("proc1").has_value());
  ha::client client = host.system_proc().client("main");
  auto [port, results] = client.open_port<std::int32_t>();
  auto [gate_port, gates] = client.open_port<ha::once_port_ref<std::int32_t>>();
  const auto out = port.bind();
  agent->post(client, delegate{1, out});
  CHECK(results.recv_for(30s).value() == 2);  // the doubler is there
  agent->post(client, hold{gate_port.bind()});
  ha::once_port_ref<std::int32_t> gate = gates.recv_for(30s).value();
  for (std::int32_t i = 2; i != 5; ++i) agent->post(client, delegate{i, out});
  auto ended = host.find("proc1")->async_terminate(client, {.timeout = 30s}, asio::use_future);
  asio::post(ha::detail::reactor::instance().context(), asio::use_future).get();  // all were told to stop
  gate.post(client, 1);
  for (std::int32_t i = 2; i != 5; ++i) CHECK(results.recv_for(30s).value() == 2 * i);
  CHECK(ended.get().value() == ha::local_proc_status::stopped);
}

namespace {

template <class R> asio::awaitable<ha::error> error_of(asio::awaitable<R> operation) {
  auto outcome = co_await std::move(operation);
  co_return outcome.error();
}
struct let_go {
  ha::once_port_ref<std::int32_t> done;
};
struct owner_of_host {
  using handlers = ha::handlers<let_go>;
  std::optional<ha::host<local_manager>> owned;
  void handle(ha::context<owner_of_host>& cx, let_go m) {
    owned.reset();
    m.done.post(cx, 1);
  }
};

}  // namespace

TEST_CASE("an actor may let go of a host whose procs run beside it [LPM-3]") {
  auto host = local_host();
  REQUIRE(host.spawn("proc1").has_value());
  const auto handle = *host.find("proc1");
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  auto owner = proc.spawn(owner_of_host{std::move(host)});
  CHECK(ha::ask<let_go>(client, owner).recv_for(30s).value() == 1);
  CHECK(handle.wait().value() == ha::local_proc_status::stopped);
  owner.stop("done");
  owner.join();
}

TEST_CASE("a spawn that begins after the end of its host fails [HCO-4]") {
  auto spawn = [](auto host) { return host.async_spawn("proc1"); }(local_host());  // begins when it is awaited
  auto outcome =
      asio::co_spawn(ha::detail::reactor::instance().context(), error_of(std::move(spawn)), asio::use_future);
  CHECK(outcome.get() == ha::host_error::lifecycle_closed);
}

TEST_CASE("the addresses of a host are free after its end [HST-1]") {
  const auto addr = ha::channel_addr::any<ha::transport::unix_socket>();
  for (int i = 0; i != 20; ++i) {
    auto host = ha::host<local_manager>::make(local_manager{start_echo}, addr);
    REQUIRE(host.has_value());
    auto serving = host->serve().value();
    auto [proc1, agent1] = host->spawn("proc1").value();
    ha::proc far = ha::proc::direct(ha::channel_addr::any<ha::transport::unix_socket>(), "far").value();
    ha::client client = far.client("main");
    CHECK(ha::ask<who>(client, agent1).recv_for(30s).has_value());
  }
}

TEST_CASE("only the first serve succeeds (test_duplex_teardown) [HST-2]") {
  auto host = local_host<ha::frontend::simplex>(ha::channel_addr::any<ha::transport::unix_socket>());
  auto serving = host.serve().value();
  CHECK(host.serve().error().what() == "hyperactor.host.already_serving: host is already serving");
  auto [proc1, agent1] = host.spawn("proc1").value();
  ha::proc outside = ha::proc::direct(ha::channel_addr::any<ha::transport::tcp>(), "outside").value();
  ha::client client = outside.client("main");
  CHECK(ha::ask<who>(client, agent1).recv_for(30s).value() == agent1.addr());
  serving.stop("enough");
  CHECK(serving.join_for(30s).has_value());
}

TEST_CASE(
    "a connected peer sees the end of the front end, though nobody waits for it "
    "(test_simplex_peer_sees_clean_close_on_host_shutdown, test_cancelled_pre_join_stops_frontend)") {
  ha::log::scoped_sink quiet([](ha::log::severity, std::string_view) {});
  auto host = local_host<ha::frontend::simplex>(ha::channel_addr::any<ha::transport::unix_socket>());
  auto serving = std::optional(host.serve().value());
  auto [proc1, agent1] = host.spawn("proc1").value();
  auto tx = ha::dial<ha::message_envelope>(host.addr()).value();
  ha::proc outside = ha::proc::direct(ha::channel_addr::any<ha::transport::unix_socket>(), "outside").value();
  ha::client client = outside.client("main");
  CHECK(ha::ask<who>(client, agent1).recv_for(30s).value() == agent1.addr());
  auto warm_up = ha::message_envelope::serialize(client.addr(), agent1.addr().port_addr(ha::port::ephemeral(77)), 1);
  warm_up->set_return_undeliverable(false);
  CHECK(tx.send(std::move(warm_up.value()), asio::use_future).get().has_value());
  CHECK(tx.status().get().is_active());
  serving->stop("enough");
  serving.reset();
  CHECK(tx.status().wait_for([](const ha::channel_status& s) { return s.is_closed(); }, 30s));
}

TEST_CASE("a host is where its front end was bound (test_new_with_gateway_remints_service_proc_at_bound_address)") {
  auto host = local_host(ha::channel_addr::any<ha::transport::tcp>());
  CHECK(host.addr().port() != 0);
  CHECK(host.system_proc().addr().to_string() == "service@" + host.addr().to_url());
  CHECK(host.local_proc().addr().to_string() == "local@" + host.addr().to_url());
  CHECK(host.spawn("proc1").value().proc.location() == ha::location(host.addr()));
}

TEST_CASE(
    "many procs of a host, made at once and ended a few at a time "
    "(test_spawn_procs_many_per_host, status_unknown_proc_is_none)") {
  auto host = local_host();
  ha::client client = host.system_proc().client("main");
  using made = ha::result<ha::spawned_proc<echo>>;
  std::vector<std::future<made>> spawning;
  for (int i = 0; i < 16; ++i) {
    spawning.push_back(host.async_spawn("proc" + std::to_string(i), {}, asio::use_future));
  }
  for (std::size_t i = 0; i < spawning.size(); ++i) {
    const auto proc = spawning[i].get().value();
    CHECK(proc.proc == ha::proc_addr::from_name(host.addr(), "proc" + std::to_string(i)));
    CHECK(ha::ask<who>(client, proc.agent).recv_for(30s).value() == proc.proc.actor_addr("host_agent"));
  }
  CHECK(host.find("proc15").has_value());
  CHECK_FALSE(host.find("proc16").has_value());
  CHECK(host.terminate_children(client, {.timeout = 30s, .max_in_flight = 3}) == ha::termination_summary{16, 16, 0});
  CHECK_FALSE(host.find("proc15").has_value());
}

TEST_CASE("messages to the front end before serve are delivered after it [HNW-2]") {
  auto host = local_host(ha::channel_addr::any<ha::transport::tcp>());
  auto [proc1, agent1] = host.spawn("proc1").value();
  ha::proc outside = ha::proc::direct(ha::channel_addr::any<ha::transport::unix_socket>(), "outside").value();
  ha::client client = outside.client("main");
  auto early = ha::ask<who>(client, agent1);
  // this one goes by the host's own routes: nothing holds it back
  ha::client inside = host.system_proc().client("main");
  CHECK(ha::ask<who>(inside, agent1).recv_for(30s).has_value());
  CHECK(early.recv_for(0ms).error() == ha::mailbox_error::timed_out);
  auto serving = host.serve().value();
  CHECK(early.recv_for(30s).value() == agent1.addr());
}

TEST_CASE("what waits for serve goes back to its sender when the host ends without it [HNW-2]") {
  std::optional host(local_host(ha::channel_addr::any<ha::transport::tcp>()));
  const auto agent1 = host->spawn("proc1").value().agent;
  ha::gateway gateway;
  auto serving = gateway.serve(ha::channel_addr::any<ha::transport::unix_socket>()).value();
  ha::proc outside = ha::proc::builder{}.gateway(gateway).build().value();
  ha::client client = outside.client("main");
  auto undelivered = client.undelivered();
  auto [port, answers] = client.open_port<std::int32_t>();
  agent1.post(client, delegate{1, port.bind()});
  std::promise<bool> arrived;
  gateway.flush([&](const ha::result<void>& r) { arrived.set_value(r.has_value()); });
  REQUIRE(arrived.get_future().get());
  host.reset();
  const auto back = undelivered.recv_for(30s).value();
  CHECK(back.root_failure()->reason_text() == "link unavailable: the host has ended");
  CHECK(back.envelope()->dest().actor_addr() == agent1.addr());
}

TEST_CASE("what is for no proc of the host comes back, and is not sent in circles [HNW-3]") {
  auto host = local_host();
  auto serving = host.serve().value();
  ha::client client = host.system_proc().client("main");
  const auto nobody =
      ha::actor_ref<echo>::attest(ha::proc_addr::from_name(host.addr(), "nobody").actor_addr("host_agent"));
  const auto got = ha::ask<who>(client, nobody).recv_for(30s);
  CHECK(got.error() == ha::mailbox_error::undeliverable);
  auto [proc1, agent1] = host.spawn("proc1").value();
  CHECK(ha::ask<pass_on>(client, agent1, nobody).recv_for(1ms).has_error());
}

TEST_CASE("two hosts in one process have procs of the same names") {
  auto one = local_host();
  auto two = local_host();
  auto [proc1, agent1] = one.spawn("proc1").value();
  auto [proc2, agent2] = two.spawn("proc1").value();
  auto serving_one = one.serve().value();
  auto serving_two = two.serve().value();
  CHECK(proc1 != proc2);
  ha::client client = one.system_proc().client("main");
  for (int i = 0; i != 3; ++i) {  // each stream has its own numbers
    CHECK(ha::ask<who>(client, agent1).recv_for(30s).value() == agent1.addr());
    CHECK(ha::ask<who>(client, agent2).recv_for(30s).value() == agent2.addr());
  }
  one = std::move(two);  // the first host ends, with its procs
  CHECK(one.find("proc1").has_value());
}

TEST_CASE("a name may be an instance, and is stripped where it is not (HO-4)") {
  auto host = local_host();
  auto made = host.spawn("Worker #1").value();
  CHECK(made.proc.id().to_string() == ha::proc_id::from_name("Worker #1").to_string());
  CHECK(host.spawn("worker-1").has_error() == (ha::proc_id::from_name("worker-1") == made.proc.id()));
  CHECK(host.find("Worker #1").has_value());
}

TEST_CASE("the end of the host ends its procs [LPM-3] [MGR-5]") {
  std::optional<ha::local_proc_handle<echo>> handle;
  {
    auto host = local_host();
    REQUIRE(host.spawn("proc1").has_value());
    handle = host.find("proc1");
  }
  CHECK(handle->is_terminal());
}

TEST_CASE("a proc that serves itself (proc::direct, test_direct_proc)") {
  ha::proc one = ha::proc::direct(ha::channel_addr::any<ha::transport::unix_socket>(), "My proc").value();
  ha::proc two = ha::proc::direct(ha::channel_addr::any<ha::transport::unix_socket>(), "My proc").value();
  CHECK(one.id() != two.id());
  CHECK(one.id().label().view() == ha::label::strip("My proc").view());
  auto agent = two.spawn("agent", echo{}).value();
  ha::client client = one.client("main");
  CHECK(ha::ask<who>(client, agent.bind()).recv_for(30s).value() == agent.addr());
  CHECK(ha::proc::direct(ha::channel_addr::unix_socket(std::string(200, 'x')), "x").error() ==
        ha::channel_error::invalid_address);
  agent.stop("done");
  agent.join();
}
