// SPDX-License-Identifier: BSD-3-Clause
// Actors and messages may hold handles and references of themselves and of each other.
#include <hyperactor/proc.hpp>

#include <optional>
#include <vector>

namespace ha = hyperactor;

struct node;
struct tree;

// declared, and never more
struct elsewhere;
struct holder {
  ha::actor_ref<elsewhere> ref;
  ha::port_ref<elsewhere> port;
  std::optional<ha::actor_handle<elsewhere>> handle;
};

struct hello {
  ha::actor_ref<node> from;
  ha::port_ref<hello> answers;
  std::vector<ha::actor_ref<node>> others;
};
struct call {
  ha::once_port_ref<hello> reply;
};
struct local_only {
  std::optional<ha::actor_handle<node>> who;
  ha::once_port_handle<local_only> reply;
};

struct node {
  using handlers = ha::handlers<hello, call, local_only, ha::actor_ref<node>>;
  using exports = ha::exports<hello, call, ha::actor_ref<node>>;

  std::optional<ha::actor_handle<node>> left;
  std::vector<ha::actor_ref<node>> neighbours;
  std::optional<ha::port_ref<node>> port;
  std::vector<ha::actor_handle<tree>> parents;

  void handle(ha::context<node>&, hello m) { neighbours.push_back(m.from); }
  void handle(ha::context<node>& cx, call m) {
    auto [port_of_hello, rx] = cx.open_port<hello>();
    m.reply.post(cx, hello{cx.self().bind(), port_of_hello.bind(), neighbours});
  }
  void handle(ha::context<node>& cx, local_only m) { m.reply.post(cx, local_only{left, std::move(m.reply)}); }
  void handle(ha::context<node>&, ha::actor_ref<node>) {}
};
struct tree : ha::behavior<"tree", hello> {
  ha::actor_ref<tree>* root = nullptr;
};

static_assert(ha::remote_message<hello> && ha::remote_message<call> && ha::remote_message<ha::actor_ref<node>>);
static_assert(!ha::remote_message<local_only>);
static_assert(ha::actor<node> && ha::behaves<node, tree>);

ha::actor_ref<tree> plant(ha::proc& p) { return p.spawn(node{}).bind<tree>(); }
