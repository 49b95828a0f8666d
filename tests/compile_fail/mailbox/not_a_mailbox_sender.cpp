// expect: policy P does not take envelopes
// expect: void post_unchecked(hyperactor::message_envelope, hyperactor::return_port) const
// expect: deaf
// errors: 1
#include <hyperactor/mailbox/any_sender.hpp>

struct deaf {
#ifdef HYPERACTOR_FIXED
  void post_unchecked(hyperactor::message_envelope m, hyperactor::return_port back) const {
    back.undeliverable(std::move(m), hyperactor::delivery_failure::no_route());
  }
#endif
};

hyperactor::any_sender erase() { return hyperactor::any_sender::of(deaf{}); }
