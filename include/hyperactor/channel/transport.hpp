// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CHANNEL_TRANSPORT_HPP
#define HYPERACTOR_CHANNEL_TRANSPORT_HPP

/// @file
/// What a transport is: a type with static functions that listen and connect, and whose streams are Asio streams.
/// Include it to write your own; `transport::tcp`, `transport::unix_socket` and `transport::local` are built in.
///
/// [TRN-1] A transport carries bytes in order, or breaks; framing, sessions and acknowledgements are the channel's.

#include <hyperactor/channel/link.hpp>

#include <concepts>
#include <string_view>

namespace hyperactor::inline v0 {

namespace detail {

template <class S>
concept transport_stream = std::move_constructible<S> && requires(S& s, asio::mutable_buffer in,
                                                                  std::span<const asio::const_buffer> out, io_handler h) {
  s.async_read_some(in, std::move(h));
  s.async_write_some(out, std::move(h));
} && (requires(S& s, std::error_code& e) { s.close(e); } || requires(S& s, std::error_code& e) { s.lowest_layer().close(e); });

template <class L, class Stream>
concept transport_listens = std::move_constructible<L> && requires(L& l, const L& c, stream_handler<Stream> h) {
  { c.address() } -> std::convertible_to<channel_addr>;
  l.accept(std::move(h));
  l.close();
};

template <class P>
concept transport_has_stream = requires { typename P::stream; } && transport_stream<typename P::stream>;

template <class P>
concept transport_has_addresses = requires(const channel_addr& a, std::string_view text) {
  { P::name } -> std::convertible_to<std::string_view>;
  { P::accepts(a) } -> std::convertible_to<bool>;
  { P::parse(text) } -> std::convertible_to<result<channel_addr>>;
  { P::any() } -> std::convertible_to<channel_addr>;
};

template <class P>
concept transport_can_connect =
    transport_has_stream<P> && requires(asio::io_context& io, const channel_addr& a,
                                        stream_handler<typename P::stream> h) { P::connect(io, a, std::move(h)); };

template <class P>
concept transport_can_listen = transport_has_stream<P> && requires { typename P::listener; } &&
                               transport_listens<typename P::listener, typename P::stream> &&
                               requires(asio::io_context& io, const channel_addr& a) {
                                 { P::listen(io, a) } -> std::convertible_to<result<typename P::listener>>;
                               };

}  // namespace detail

/// A way to carry bytes between two ends.
///
/// | member | meaning |
/// |---|---|
/// | `static constexpr std::string_view name` | for messages to people |
/// | `stream` | an Asio stream: `async_read_some`, `async_write_some`, `close(std::error_code&)` (or a `lowest_layer()`
/// that has it) | | `listener` | movable; `address()`, `accept(stream_handler<stream>)`, `close()` | | `accepts(const
/// channel_addr&) -> bool` | whether the address is one of this transport | | `parse(std::string_view) ->
/// result<channel_addr>` | the transport's own spelling, without a scheme | | `any() -> channel_addr` | an address that
/// means "any free one" | | `listen(asio::io_context&, const channel_addr&) -> result<listener>` | synchronous | |
/// `connect(asio::io_context&, const channel_addr&, stream_handler<stream>)` | completes on the context | |
/// `check(const channel_addr&) -> result<void>` (optional) | refuses an address when it is dialled, before any connect
/// |
///
/// Laws (`tests/laws`): what one end writes the other end reads, in order, until one of them closes; a listener reports
/// the address that reaches it; a second listener on the same address is `channel_error::address_in_use`; after `close`
/// the address is free again.
template <class P>
concept transport_policy = detail::transport_has_stream<P> && detail::transport_has_addresses<P> &&
                           detail::transport_can_connect<P> && detail::transport_can_listen<P>;

/// A table of transports in which an address is looked up; the first that accepts it is taken.
template <class... Ps> struct transports {};

namespace detail {

template <class P> consteval void explain_transport() {
  static_assert(
      transport_has_stream<P>,
      "hyperactor: P is no transport: it has no nested type 'stream' that is an Asio stream; give it async_read_some, "
      "async_write_some and close(std::error_code&), or derive from transport::layered<transport::tcp, your_stream>");
  if constexpr (transport_has_stream<P>) {
    static_assert(
        transport_has_addresses<P>,
        "hyperactor: P is no transport: it needs 'static constexpr std::string_view name', accepts(const "
        "channel_addr&), parse(std::string_view) and any(); derive from a built-in transport to take over its own");
    static_assert(
        transport_can_connect<P>,
        "hyperactor: P is no transport: add 'static void connect(asio::io_context&, const hyperactor::channel_addr&, "
        "hyperactor::stream_handler<stream>)'");
    static_assert(
        transport_can_listen<P>,
        "hyperactor: P is no transport: add a movable 'listener' with address(), accept(stream_handler<stream>) and "
        "close(), and 'static result<listener> listen(asio::io_context&, const channel_addr&)'");
  }
}

template <class List> struct transport_table;

template <class... Ps> struct transport_table<transports<Ps...>> {
  static constexpr bool is_valid = (transport_policy<Ps> && ...);

  /// The row for an address, or null.
  [[nodiscard]] static const transport_row* find(const channel_addr& a) {
    (explain_transport<Ps>(), ...);
    if constexpr (is_valid) {
      for (const transport_row* row : {&transport_row_of<Ps>...}) {
        if (row->accepts(a)) return row;
      }
    }
    return nullptr;
  }
};

/// Names a transport list and says what is missing where one of them is none.
template <class List>
concept transport_list = requires { transport_table<List>::is_valid; };

}  // namespace detail

namespace transport {

/// A transport made of another one: the same addresses and connections, with each stream wrapped in `Stream`, which is
/// constructible from `typename Base::stream`.
template <transport_policy Base, class Stream> struct layered : Base {
  using stream = Stream;

  class listener {
   public:
    explicit listener(typename Base::listener l) : base_(std::move(l)) {}
    [[nodiscard]] channel_addr address() const { return base_.address(); }
    void accept(stream_handler<Stream> h) {
      base_.accept([h = std::move(h)](result<typename Base::stream> r) mutable { h(wrap(std::move(r))); });
    }
    void close() noexcept { base_.close(); }

   private:
    typename Base::listener base_;
  };

  static void connect(asio::io_context& io, const channel_addr& a, stream_handler<Stream> h) {
    Base::connect(io, a, [h = std::move(h)](result<typename Base::stream> r) mutable { h(wrap(std::move(r))); });
  }
  [[nodiscard]] static result<listener> listen(asio::io_context& io, const channel_addr& a) {
    auto l = Base::listen(io, a);
    if (!l) return l.error();
    return listener(std::move(*l));
  }

 private:
  static result<Stream> wrap(result<typename Base::stream> r) {
    if (!r) return r.error();
    return Stream(std::move(*r));
  }
};

}  // namespace transport
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_CHANNEL_TRANSPORT_HPP
