// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_TESTS_SUPPORT_LOCAL_HPP
#define HYPERACTOR_TESTS_SUPPORT_LOCAL_HPP

/// @file
/// What tests of the local half share: a proc with a client, events to wait on, and a log that is read.

#include <hyperactor/base/log.hpp>
#include <hyperactor/proc.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

namespace ha = hyperactor;
using namespace std::chrono_literals;

/// Longer than anything here takes, so that a lost event fails a test instead of hanging it.
inline constexpr auto patience = std::chrono::seconds(60);

/// Happens once; copies are the same event.
class event {
 public:
  void set() const {
    const auto kept = state_;  // who waits may destroy this object at once
    const std::lock_guard lock(kept->mutex);
    kept->happened = true;
    kept->changed.notify_all();
  }
  /// False when it did not happen within the time.
  [[nodiscard]] bool wait(std::chrono::milliseconds limit = patience) const {
    std::unique_lock lock(state_->mutex);
    return state_->changed.wait_for(lock, limit, [this] { return state_->happened; });
  }
  [[nodiscard]] bool happened() const {
    const std::lock_guard lock(state_->mutex);
    return state_->happened;
  }

 private:
  struct state {
    std::mutex mutex;
    std::condition_variable changed;
    bool happened = false;
  };
  std::shared_ptr<state> state_ = std::make_shared<state>();
};

/// A list that several threads write; copies are the same list.
template <class T> class shared_list {
 public:
  void add(T value) const {
    const auto kept = state_;  // who waits may destroy this object at once
    const std::lock_guard lock(kept->mutex);
    kept->values.push_back(std::move(value));
    kept->changed.notify_all();
  }
  [[nodiscard]] std::vector<T> get() const {
    const std::lock_guard lock(state_->mutex);
    return state_->values;
  }
  /// The list, once it has so many members; what there is when they do not come.
  [[nodiscard]] std::vector<T> wait_for(std::size_t count) const {
    std::unique_lock lock(state_->mutex);
    state_->changed.wait_for(lock, patience, [&] { return state_->values.size() >= count; });
    return state_->values;
  }

 private:
  struct state {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<T> values;
  };
  std::shared_ptr<state> state_ = std::make_shared<state>();
};

/// Collects log lines instead of printing them, for as long as it lives.
class log_lines {
 public:
  [[nodiscard]] std::vector<std::string> get() const { return lines_.get(); }
  [[nodiscard]] std::vector<std::string> wait_for(std::size_t count) const { return lines_.wait_for(count); }

 private:
  shared_list<std::string> lines_;
  ha::log::scoped_sink sink_{
      [lines = lines_](ha::log::severity, std::string_view text) { lines.add(std::string(text)); }};
};

/// A client of the proc. As a function, since clang 16 emits calls of label's immediate constructor from initializers
/// of members.
inline ha::client client_of(ha::proc& proc) { return proc.client("main"); }

/// An isolated proc and a client of it.
struct local {
  ha::proc proc = ha::proc::isolated();
  ha::client client = client_of(proc);

  /// Whether all actors of the proc ended.
  [[nodiscard]] bool is_empty() const {
    return proc.live_actors().wait_for([](std::uint64_t n) { return n == 0; }, patience);
  }
};

/// How the actor ended.
template <class A> ha::actor_status ended(const ha::actor_handle<A>& handle) {
  return handle.join_for(patience).value();
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace test

#endif  // HYPERACTOR_TESTS_SUPPORT_LOCAL_HPP
