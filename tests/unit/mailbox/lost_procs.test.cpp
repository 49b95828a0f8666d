// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/mailbox/lost_procs.hpp>

#include <catch2/catch_test_macros.hpp>

namespace ha = hyperactor;
using ha::detail::lost_procs;
using ha::detail::stream_variant;

namespace {

ha::proc_addr proc(std::string_view name, std::uint64_t number) {
  return ha::proc_addr::from_name(ha::channel_addr::local(number), name);
}
std::uint64_t variant(const ha::proc_addr& p) {
  return stream_variant(p.actor_addr("agent").port_addr(ha::port::handler(1)));
}

}  // namespace

TEST_CASE("ends of a proc are counted, and told again change nothing [LPR-1]") {
  lost_procs& lost = lost_procs::instance();
  const auto p = proc("counted", 700001);
  CHECK(lost.times(p) == 0);
  CHECK(lost.add(p) == 1);
  CHECK(lost.add(p) == 2);
  CHECK(lost.raise(p, 2) == 2);
  CHECK(lost.raise(p, 1) == 2);
  CHECK(lost.raise(p, 5) == 5);
  CHECK(lost.times(p) == 5);
  CHECK(lost.times(proc("counted", 700002)) == 0);
}

TEST_CASE("streams to procs of one name are told apart by host, and by how often the proc was lost [LPR-1]") {
  const auto here = proc("named", 700003);
  const auto there = proc("named", 700004);
  CHECK(variant(here) != 0);
  CHECK(variant(here) == variant(here));
  CHECK(variant(here) != variant(there));
  const auto before = variant(here);
  lost_procs::instance().add(here);
  CHECK(variant(here) != before);
  // ids that are unique need no more, wherever they are reached
  const ha::proc_addr unique = ha::proc_addr::instance(ha::channel_addr::local(700005), "unique");
  CHECK(variant(unique) == 0);
  lost_procs::instance().add(unique);
  CHECK(variant(unique) != 0);
}
