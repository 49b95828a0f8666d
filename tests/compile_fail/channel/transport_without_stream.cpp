// expect: P is no transport: it has no nested type 'stream' that is an Asio stream
// expect: smoke_signals
// errors: 1
#include <hyperactor/channel.hpp>

#ifdef HYPERACTOR_FIXED
struct smoke_signals : hyperactor::transport::unix_socket {};
#else
struct smoke_signals {};
#endif

using table = hyperactor::transports<smoke_signals, hyperactor::transport::tcp>;
auto climb_hill(const hyperactor::channel_addr& a) { return hyperactor::dial<int, table>(a); }
