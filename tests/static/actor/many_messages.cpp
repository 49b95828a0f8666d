// SPDX-License-Identifier: BSD-3-Clause
// flags: -ftemplate-depth=64
// 200 messages in handlers and behaviours, without deep recursion [HDL-1]
#include <hyperactor/proc.hpp>

namespace ha = hyperactor;

#define EIGHT(X, n) X(n##0) X(n##1) X(n##2) X(n##3) X(n##4) X(n##5) X(n##6) X(n##7)
#define ALL(X)                                                                                                   \
  EIGHT(X, 0)                                                                                                    \
  EIGHT(X, 1)                                                                                                    \
  EIGHT(X, 2)                                                                                                    \
  EIGHT(X, 3)                                                                                                    \
  EIGHT(X, 4) EIGHT(X, 5) EIGHT(X, 6) EIGHT(X, 7) EIGHT(X, 8) EIGHT(X, 9) EIGHT(X, 10) EIGHT(X, 11) EIGHT(X, 12) \
      EIGHT(X, 13) EIGHT(X, 14) EIGHT(X, 15) EIGHT(X, 16) EIGHT(X, 17) EIGHT(X, 18) EIGHT(X, 19) EIGHT(X, 20)    \
          EIGHT(X, 21) EIGHT(X, 22) EIGHT(X, 23) EIGHT(X, 24)

// messages
#define MESSAGE(n)    \
  struct message##n { \
    int value;        \
  };
ALL(MESSAGE)

// lists: each message with a comma in front
#define NAMED_BEHIND(n) , message##n
struct first {};
struct all : ha::behavior<"all", first ALL(NAMED_BEHIND)> {};

struct busy {
  using handlers = ha::handlers<first ALL(NAMED_BEHIND)>;
  using exports = ha::exports<first EIGHT(NAMED_BEHIND, 0) EIGHT(NAMED_BEHIND, 24)>;
  int sum = 0;
  void handle(ha::context<busy>&, first) {}
#define HANDLER(n) \
  void handle(ha::context<busy>&, message##n m) { sum += m.value; }
  ALL(HANDLER)
};

HYPERACTOR_ASSERT_BEHAVES(busy, all);
static_assert(all::messages::size == 201);

using doubled = ha::behavior_union<"doubled", all, ha::behavior_of<busy>>;
static_assert(doubled::messages::size == 201);
static_assert(ha::behavior_minus<"rest", doubled, ha::behavior<"one", message07>>::messages::size == 200);

void run(ha::proc& p, ha::client& c) {
  ha::actor_handle<busy> h = p.spawn(busy{});
  h.post(c, message247{1});
  h.bind().post(c, message00{1});
}
