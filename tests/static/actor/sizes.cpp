// SPDX-License-Identifier: BSD-3-Clause
// What handles, references and messages cost, and that moving them cannot fail.
#include <hyperactor/proc.hpp>

#include <type_traits>

namespace ha = hyperactor;

namespace {

struct tick {
  int n;
};
struct ticks : ha::behavior<"ticks", tick> {};
struct watchmaker {
  using handlers = ha::handlers<tick>;
  void handle(ha::context<watchmaker>&, tick) {}
};

template <class T>
concept cheap_value = std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T> &&
                      std::is_nothrow_destructible_v<T> && std::copyable<T> && std::equality_comparable<T>;

// handles are one pointer
static_assert(cheap_value<ha::actor_handle<watchmaker>>);
static_assert(sizeof(ha::actor_handle<watchmaker>) == sizeof(void*));
static_assert(cheap_value<ha::proc>);
static_assert(sizeof(ha::proc) == sizeof(void*));

// references are an address and a way to it in this process
static_assert(cheap_value<ha::actor_ref<ticks>> && std::totally_ordered<ha::actor_ref<ticks>>);
static_assert(cheap_value<ha::port_ref<int>> && std::totally_ordered<ha::port_ref<int>>);
static_assert(sizeof(ha::actor_ref<ticks>) == sizeof(ha::actor_addr) + 2 * sizeof(void*));
static_assert(std::is_nothrow_move_constructible_v<ha::port_handle<int>> && std::copyable<ha::port_handle<int>>);

// who holds a once port owes an answer: it moves and is never copied or made from nothing
static_assert(std::is_nothrow_move_constructible_v<ha::once_port_ref<int>> &&
              !std::copy_constructible<ha::once_port_ref<int>> && !std::default_initializable<ha::once_port_ref<int>>);
static_assert(std::is_nothrow_move_constructible_v<ha::once_port_handle<int>> &&
              !std::copy_constructible<ha::once_port_handle<int>> &&
              !std::default_initializable<ha::once_port_handle<int>>);
static_assert(std::is_nothrow_move_constructible_v<ha::receiver<int>> &&
              std::is_nothrow_move_constructible_v<ha::once_receiver<int>>);

// [MSG-1] a message is one block, and a small one is a cache line
static_assert(sizeof(ha::detail::message_node) <= 48);
static_assert(sizeof(ha::detail::typed_message<std::uint64_t>) <= 64);
static_assert(sizeof(ha::detail::typed_message<tick>) <= 64);

// policies and contracts are types without values
static_assert(std::is_empty_v<ha::shared_pool> && std::is_empty_v<ha::dedicated_thread>);
static_assert(std::is_empty_v<ticks> && std::is_empty_v<watchmaker::handlers>);
// senders are one pointer, so that a context costs nothing to make
static_assert(sizeof(ha::instance<watchmaker>) == sizeof(void*) &&
              sizeof(ha::context<watchmaker>) == 2 * sizeof(void*));
static_assert(std::is_base_of_v<ha::sender, ha::client> && std::is_base_of_v<ha::sender, ha::context<watchmaker>> &&
              std::is_base_of_v<ha::instance<watchmaker>, ha::context<watchmaker>>);

}  // namespace
