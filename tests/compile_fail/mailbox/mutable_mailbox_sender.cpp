// expect: post_unchecked of policy P is not const
// expect: shared between threads
// expect: counting
// errors: 1
#include <hyperactor/mailbox/any_sender.hpp>

struct counting {
  int seen = 0;
#ifdef HYPERACTOR_FIXED
  void post_unchecked(hyperactor::message_envelope m, hyperactor::return_port back) const {
#else
  void post_unchecked(hyperactor::message_envelope m, hyperactor::return_port back) {
    ++seen;
#endif
      back.undeliverable(std::move(m), hyperactor::delivery_failure::no_route());
}
}
;

hyperactor::any_sender erase() { return hyperactor::any_sender::of(counting{}); }
