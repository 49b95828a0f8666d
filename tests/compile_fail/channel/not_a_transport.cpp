// expect: P is no transport: it needs 'static constexpr std::string_view name'
// expect: carrier_pigeon
// errors: 1
#include <hyperactor/channel.hpp>

struct carrier_pigeon : hyperactor::transport::tcp {
#ifndef HYPERACTOR_FIXED
 private:
  using hyperactor::transport::tcp::name;
#endif
};

auto open_loft() { return hyperactor::serve<int, carrier_pigeon>("127.0.0.1:0"); }
