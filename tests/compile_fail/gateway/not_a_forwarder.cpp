// expect: policy P does not take envelopes
// expect: void post_unchecked(hyperactor::message_envelope, hyperactor::return_port) const
// expect: deaf
// errors: 1
#include <hyperactor/gateway.hpp>

struct deaf {
#ifdef HYPERACTOR_FIXED
  void post_unchecked(hyperactor::message_envelope m, hyperactor::return_port back) const {
    back.undeliverable(std::move(m), hyperactor::delivery_failure::no_route());
  }
#endif
};

hyperactor::location where() { return hyperactor::basic_gateway<deaf>{}.default_location(); }
