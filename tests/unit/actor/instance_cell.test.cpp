// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/proc.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>

namespace ha = hyperactor;

namespace {
struct touch {
  const void** where;
};
struct small {
  using handlers = ha::handlers<touch>;
  std::uint64_t value = 0;
  void handle(ha::context<small>&, touch m) { *m.where = this; }
};
}  // namespace

TEST_CASE("loop, mailbox and actor are one block, below 600 bytes for a small actor [CEL-1]") {
  CHECK(sizeof(ha::detail::instance_cell<small>) <= 384);
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  auto a = proc.spawn(small{});
  const void* where = nullptr;
  a.post(client, touch{&where});
  a.drain_and_stop("done");
  a.join();
  CHECK(where != nullptr);
}
