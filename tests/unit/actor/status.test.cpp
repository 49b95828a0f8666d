// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/actor/status.hpp>

#include <hyperactor/actor/error.hpp>

#include <fmt/core.h>
#include <catch2/catch_test_macros.hpp>
#include <string>

namespace ha = hyperactor;
using kind = ha::actor_status::kind;

TEST_CASE("texts of statuses") {
  CHECK(ha::actor_status::of(kind::created).to_string() == "created");
  CHECK(ha::actor_status::of(kind::initializing).to_string() == "initializing");
  CHECK(ha::actor_status::of(kind::client).to_string() == "client");
  CHECK(ha::actor_status::of(kind::idle).to_string() == "idle");
  CHECK(ha::actor_status::of(kind::stopping).to_string() == "stopping");
  CHECK(ha::actor_status::processing("", std::chrono::milliseconds(7)).to_string() == "processing for 7ms");
  CHECK(ha::actor_status::processing("job", std::chrono::milliseconds(7)).to_string() == "job: processing for 7ms");
  CHECK(ha::actor_status::stopped("test").to_string() == "stopped: test");
  CHECK(fmt::format("{}", ha::actor_status::failed(ha::actor_error_kind::generic, "bad")) == "failed: bad");
}

TEST_CASE("only stopped and failed are terminal [STA-1]") {
  for (const auto k : {kind::created, kind::initializing, kind::client, kind::idle, kind::processing, kind::stopping}) {
    CHECK_FALSE(ha::actor_status::of(k).is_terminal());
  }
  const auto stopped = ha::actor_status::stopped("a");
  const auto failed = ha::actor_status::failed(ha::actor_error_kind::aborted, "b");
  CHECK(stopped.is_terminal());
  CHECK(stopped.is_stopped());
  CHECK(failed.is_terminal());
  CHECK(failed.is_failed());
  CHECK(failed.error_kind() == ha::actor_error_kind::aborted);
  CHECK(stopped == ha::actor_status::stopped("a"));
  CHECK_FALSE(stopped == ha::actor_status::stopped("b"));
  CHECK(ha::actor_status::of(kind::idle).is_idle());
  CHECK(ha::actor_status::of(kind::stopping).is_stopping());
}

TEST_CASE("an actor error says whom it serves") {
  const ha::actor_error e(ha::actor_addr::parse("a.p@inproc://1").value(), ha::actor_error_kind::generic, "bad");
  CHECK(e.to_string() == "serving a.p@inproc://1: bad");
  CHECK(e.text() == "bad");
  CHECK(e.kind() == ha::actor_error_kind::generic);
  CHECK(e.addr().to_string() == "a.p@inproc://1");
}
