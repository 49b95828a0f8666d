// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/base/platform.hpp>

#include <asio/awaitable.hpp>
#include <catch2/catch_test_macros.hpp>

#include <type_traits>

namespace {

TEST_CASE("after platform.hpp Asio has coroutines with every compiler") {
  STATIC_CHECK(std::is_move_constructible_v<asio::awaitable<void>>);
}

TEST_CASE("the macros of the platform are always defined, with a value: they choose no layout [PLT-1]") {
  CHECK((HYPERACTOR_CO_AWAIT_DESTROYS_TWICE == 0 || HYPERACTOR_CO_AWAIT_DESTROYS_TWICE == 1));
  CHECK((HYPERACTOR_ASAN == 0 || HYPERACTOR_ASAN == 1));
  STATIC_CHECK(hyperactor::detail::cache_line_bytes == 64);
  hyperactor::detail::cpu_relax();
}

}  // namespace
