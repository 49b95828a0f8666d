// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_ACTOR_INSTANCE_CELL_HPP
#define HYPERACTOR_ACTOR_INSTANCE_CELL_HPP

/// @file
/// The typed half of an actor: its value, its tables, and the calls of its handlers and hooks. Instantiated at spawn
/// only.
///
/// [CEL-1] Loop, mailbox and actor are one allocation.
/// [CEL-2] Synchronous handlers never create a coroutine frame.

#include <hyperactor/actor/actor_core.hpp>
#include <hyperactor/actor/awaiting.hpp>
#include <hyperactor/actor/concepts.hpp>
#include <hyperactor/actor/dedicated_runner.hpp>
#include <hyperactor/actor/instance.hpp>
#include <hyperactor/actor/remote_entries.hpp>
#include <hyperactor/actor/spawnable.hpp>
#include <hyperactor/base/type_name.hpp>

#include <array>
#include <memory>
#include <utility>

namespace hyperactor::inline v0::detail {

template <class A> class instance_cell final : public actor_core {
 public:
  template <class... Args>
  instance_cell(uid id, intrusive_ptr<post_office> office, hyperactor::runtime& rt, Args&&... args)
      : actor_core(std::move(id), std::move(office), rt, operations_of_actor), actor_(std::forward<Args>(args)...) {}

  template <class... Args>
  [[nodiscard]] static instance_cell* make(uid id, intrusive_ptr<post_office> office, hyperactor::runtime& rt,
                                           Args&&... args) {
    void* memory = block_pool::allocate<sizeof(instance_cell)>();  // [CEL-1]
    try {
      return ::new (memory) instance_cell(std::move(id), std::move(office), rt, std::forward<Args>(args)...);
    } catch (...) {
      block_pool::deallocate<sizeof(instance_cell)>(memory);
      throw;
    }
  }

  [[nodiscard]] static A& actor(actor_core& core) noexcept { return static_cast<instance_cell&>(core).actor_; }

 private:
  ~instance_cell() {}  // the loop destroyed the actor at its end
  void destroy_self() const noexcept override {
    auto* self = const_cast<instance_cell*>(this);
    self->~instance_cell();
    block_pool::deallocate<sizeof(instance_cell)>(self);
  }

  // ---- handlers

  template <class M> static void dispatch(actor_core& core, message_node* n) {
    using R = handler_result<A, M>;
    if constexpr (is_awaitable<R>) {
      spawned_coroutine<actor_core>::start(core, await_handler<M>(core, owned_message(n)));
    } else {
      const owned_node<M> owned{n};
      context<A> cx(core, *n);
      if constexpr (std::is_void_v<R>) {
        actor(core).handle(cx, std::move(owned.value()));
      } else {
        if (R r = actor(core).handle(cx, std::move(owned.value())); !r) {
          core.fail(actor_error_kind::generic, r.error().message());
        }
      }
    }
  }
  template <class M> struct owned_node {
    message_node* n;
    [[nodiscard]] M& value() const noexcept { return static_cast<typed_message<M>*>(n)->value; }
    ~owned_node() { typed_message<M>::destroy(n); }
  };
  template <class M> static asio::awaitable<void> await_handler(actor_core& core, owned_message message) {
    context<A> cx(core, *message.get());
    M& value = static_cast<typed_message<M>*>(message.get())->value;
    try {
      if constexpr (std::is_same_v<handler_result<A, M>, asio::awaitable<void>>) {
        co_await actor(core).handle(cx, std::move(value));
      } else {
        result<void> r = co_await actor(core).handle(cx, std::move(value));
        if (!r && !core.is_cancelled()) core.fail(actor_error_kind::generic, r.error().message());
      }
    } catch (...) {
      // here, so that reply ports that go with the frame learn the failure
      if (!core.is_cancelled()) core.catch_failure();
    }
  }

  // ---- hooks

  static void init(actor_core& core) {
    using R = decltype(std::declval<A&>().init(std::declval<instance<A>&>()));
    if constexpr (is_awaitable<R>) {
      spawned_coroutine<actor_core>::start(core, await_init(core));
    } else {
      instance<A> self(core);
      if constexpr (std::is_void_v<R>) {
        actor(core).init(self);
      } else {
        if (R r = actor(core).init(self); !r) core.fail(actor_error_kind::generic, r.error().message());
      }
    }
  }
  static asio::awaitable<void> await_init(actor_core& core) {
    instance<A> self(core);
    if constexpr (std::is_same_v<decltype(actor(core).init(self)), asio::awaitable<void>>) {
      co_await actor(core).init(self);
    } else {
      result<void> r = co_await actor(core).init(self);
      if (!r && !core.is_cancelled())
        core.fail(actor_error_kind::generic, "initialization error: " + r.error().message());
    }
  }
  static void cleanup(actor_core& core, const actor_error* failure) {
    instance<A> self(core);
    actor(core).cleanup(self, failure);
  }
  static bool handle_supervision(actor_core& core, const supervision_event& event) {
    instance<A> self(core);
    return actor(core).handle_supervision_event(self, event);
  }
  static void handle_undeliverable(actor_core& core, undeliverable u) {
    instance<A> self(core);
    if (result<void> r = actor(core).handle_undeliverable(self, std::move(u)); !r) {
      core.fail(actor_error_kind::generic, r.error().message());
    }
  }
  static std::string display_name(const actor_core& core) {
    return static_cast<const instance_cell&>(core).actor_.display_name();
  }
  static void destroy_actor(actor_core& core) noexcept { actor(core).~A(); }

  // ---- tables

  template <class L> struct tables;
  template <class... Ms> struct tables<type_list<Ms...>> {
    static constexpr std::array<actor_operations::dispatch_function, sizeof...(Ms) + 1> dispatch_of{&dispatch<Ms>...,
                                                                                                    nullptr};
    static constexpr std::array<std::string_view, sizeof...(Ms) + 1> names{type_name<Ms>..., ""};
  };
  using handler_tables = tables<messages_in<typename A::handlers>>;

  template <class T> struct exports_of {
    static constexpr remote_table value{nullptr, 0};
  };
  template <has_exports T> struct exports_of<T> {
    static constexpr remote_table value = remote_table_of<A, messages_in<typename T::exports>>;
  };
  template <bool Has, class F> static constexpr F when(F f) noexcept { return Has ? f : nullptr; }
  static constexpr actor_operations make_operations() {
    actor_operations ops{};
    ops.dispatch = handler_tables::dispatch_of.data();
    ops.message_names = handler_tables::names.data();
    ops.exports = exports_of<A>::value;
    if constexpr (has_hook_init<A>) ops.init = &init;
    if constexpr (has_hook_cleanup<A>) ops.cleanup = &cleanup;
    if constexpr (has_hook_handle_supervision_event<A>) ops.handle_supervision = &handle_supervision;
    if constexpr (has_hook_handle_undeliverable<A>) ops.handle_undeliverable = &handle_undeliverable;
    if constexpr (has_hook_display_name<A>) ops.display_name = &display_name;
    ops.destroy_actor = &destroy_actor;
    ops.type_name = type_name<A>;
    ops.type_id = &type_tag<A>;
    return ops;
  }
  static constexpr actor_operations operations_of_actor = make_operations();

  union {
    A actor_;
  };
};

/// The last word of a type's name.
[[nodiscard]] consteval std::string_view last_word(std::string_view text) {
  text = text.substr(0, text.find('<'));
  const auto colon = text.rfind(':');
  return colon == std::string_view::npos ? text : text.substr(colon + 1);
}
template <class A> inline constexpr stripped_label label_text_of_type = strip_label(last_word(type_name<A>));
/// The label that an actor gets from its type: the last word of its name.
template <class A> [[nodiscard]] label label_of_type() noexcept {
  return label_access::of_static(label_text_of_type<A>.text);
}

/// Makes and starts an actor. The checks of `A` are the caller's. `before_start(mailbox&)` runs before others can see
/// it.
template <class A, class BeforeStart, class... Args>
actor_handle<A> spawn_actor(uid id, intrusive_ptr<post_office> office, hyperactor::runtime& rt,
                            intrusive_ptr<actor_core> parent, BeforeStart before_start, Args&&... args) {
  auto* cell = instance_cell<A>::make(std::move(id), std::move(office), rt, std::forward<Args>(args)...);
  actor_handle<A> handle{intrusive_ptr<actor_core>(cell)};
  before_start(*cell);
  if (parent && parent->is_ending()) {
    cell->start_stopped("parent stopping");
    return handle;
  }
  if constexpr (std::is_same_v<typename executor_of<A>::type, dedicated_thread>) {
    scheduler* const own = cell->runtime().own_thread();
    cell->run_on(own != nullptr ? *own : dedicated_runner::make());
  }
  if (parent) parent->add_child(intrusive_ptr<actor_core>(cell));
  cell->start(std::move(parent));
  return handle;
}
inline constexpr auto nothing_before_start = [](mailbox&) noexcept {};

template <class C> actor_handle<C> spawn_child(actor_core& parent, C actor) {
  return spawn_actor<C>(uid::instance(label_of_type<C>()), intrusive_ptr<post_office>(&parent.office()),
                        parent.runtime(), intrusive_ptr<actor_core>(&parent), nothing_before_start, std::move(actor));
}

}  // namespace hyperactor::inline v0::detail

namespace hyperactor::inline v0 {

template <class C> actor_handle<C> instance_base::spawn(C child) {
  if constexpr (detail::spawnable<C, C>) {
    return detail::spawn_child(core(), std::move(child));
  } else {
    detail::explain_spawn<C, C>();
    return actor_handle<C>(nullptr);
  }
}

}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_ACTOR_INSTANCE_CELL_HPP
