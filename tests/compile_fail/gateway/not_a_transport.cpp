// expect: P is no transport: it has no nested type 'stream'
// expect: carrier_pigeon
// errors: 1
#include <hyperactor/gateway.hpp>

struct carrier_pigeon {};

#ifdef HYPERACTOR_FIXED
using forwarder = hyperactor::dial_forwarder<hyperactor::transport::tcp>;
#else
using forwarder = hyperactor::dial_forwarder<carrier_pigeon>;
#endif

hyperactor::location where() { return hyperactor::basic_gateway<forwarder>{}.default_location(); }
