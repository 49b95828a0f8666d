// SPDX-License-Identifier: BSD-3-Clause
#include <hyperactor/channel/close_reason.hpp>

#include <fmt/core.h>
#include <catch2/catch_test_macros.hpp>

namespace ha = hyperactor;

TEST_CASE("each channel error has a name and a sentence") {
  CHECK(ha::error(ha::channel_error::closed).what() == "hyperactor.channel.closed: channel closed");
  CHECK(ha::error(ha::channel_error::timed_out).what() == "hyperactor.channel.timed_out: the wait timed out");
  CHECK(ha::error(ha::channel_error::decode_failed).what() ==
        "hyperactor.channel.decode_failed: bytes from the other end are no message");
  for (int i = 1; i <= 12; ++i)
    CHECK(ha::make_error_code(static_cast<ha::channel_error>(i)).message() != "unknown error");
  CHECK(ha::make_error_code(static_cast<ha::channel_error>(13)).message() == "unknown error");
}

TEST_CASE("an oversized frame names the figures and the configuration key") {
  const ha::error e = ha::detail::oversized_frame_error(28, 27);
  CHECK(e == ha::channel_error::frame_too_large);
  CHECK(e.message() ==
        "rejecting oversize frame: len=28 > max=27. ack will not arrive before timeout; increase "
        "CODEC_MAX_FRAME_LENGTH to "
        "allow.");
  CHECK(ha::detail::oversized_input_error(28, 27).message() ==
        "the peer announced a frame of 28 bytes, more than CODEC_MAX_FRAME_LENGTH (27) allows");
}

TEST_CASE("a status is active, or closed with a reason [CST-1]") {
  const ha::channel_status active;
  CHECK(active.is_active());
  CHECK_FALSE(active.error());
  CHECK(fmt::format("{}", active) == "active");
  const ha::channel_status closed(ha::close_reason::other, {ha::channel_error::closed, "gone"});
  CHECK(closed.is_closed());
  CHECK(fmt::format("{}", closed) == "closed: gone");
  CHECK(closed == ha::channel_status(ha::close_reason::other, {ha::channel_error::closed, "gone"}));
  CHECK_FALSE(closed == ha::channel_status(ha::close_reason::other, {ha::channel_error::closed, "lost"}));
  CHECK_FALSE(closed == active);
}

TEST_CASE("a rejection that speaks of the sequence means a stale session (test_is_stale_session_close)") {
  const auto stale = ha::detail::rejected_status("session a.1", "x out-of-sequence message y");
  CHECK(stale.reason() == ha::close_reason::sequence_mismatch);
  CHECK(stale.error().message() == "stale session: x out-of-sequence message y");
  const auto other = ha::detail::rejected_status("session a.1", "no");
  CHECK(other.reason() == ha::close_reason::other);
  CHECK(other.error().message() == "session a.1: rejected: no");
}
