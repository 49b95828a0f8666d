// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_BASE_LOG_HPP
#define HYPERACTOR_BASE_LOG_HPP

/// @file
/// The log sink: where the library tells what nobody asked for, such as messages that came back to a sender without a
/// return port. Standard error by default; a program may put its own in place.
///
/// [LOG-1] Lines are handed to the sink one at a time; when `replace_sink` returns, the old sink is not called again.
/// [LOG-2] A limited line appears at once, then at most one with a count each second for the same key.
/// [LOG-3] Writing never throws and never recurses: a line written by a sink goes to standard error.
/// [LOG-4] A line is one line: control characters in its text become spaces.

#include <hyperactor/base/platform.hpp>
#include <hyperactor/base/unique_function.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0::log {

/// How bad it is.
enum class severity : unsigned char {
  info,     ///< worth knowing, nothing is wrong
  warning,  ///< something was ignored or dropped; the program goes on as before
  error,    ///< something failed and nobody else will be told
};

[[nodiscard]] constexpr std::string_view to_string(severity s) noexcept {
  return s == severity::info ? "info" : s == severity::warning ? "warning" : "error";
}

/// What takes the lines: any callable `(severity, std::string_view)`. Called by one thread at a time ([LOG-1]).
using sink = detail::unique_function<void(severity, std::string_view)>;

}  // namespace hyperactor::inline v0::log

namespace hyperactor::inline v0::detail {

struct log_state {
  std::mutex mutex;
  log::sink sink;
};

/// Never destroyed: destructors of static objects may still log.
HYPERACTOR_SHARED inline log_state& global_log() {
  static log_state* const state = new log_state;
  return *state;
}

inline bool& inside_log_sink() noexcept {
  static thread_local bool inside = false;
  return inside;
}

HYPERACTOR_COLD inline void write_to_stderr(log::severity s, std::string_view text) noexcept {
  const std::string_view word = log::to_string(s);
  std::fprintf(stderr, "hyperactor: %.*s: %.*s\n", static_cast<int>(word.size()), word.data(),
               static_cast<int>(text.size() < 65536 ? text.size() : 65536), text.data());
}

/// Counts what is not written. The caller locks; times are passed in, so that tests need no clock.
class log_limiter {
 public:
  log_limiter() noexcept = default;
  log_limiter(const log_limiter&) = delete;
  log_limiter& operator=(const log_limiter&) = delete;
  ~log_limiter() { delete[] entries_; }

  using time_point = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::steady_clock::duration window = std::chrono::seconds(1);
  static constexpr std::size_t capacity = 128;

  struct line {
    log::severity severity;
    std::string text;
  };
  struct verdict {
    bool write = false;            ///< the caller writes this occurrence
    std::uint64_t suppressed = 0;  ///< and says how many before it were not written
  };

  /// Counts one occurrence of `key`; puts counts of other keys that are due into `due`.
  template <class Lines> verdict admit(std::uint64_t key, time_point now, Lines& due) {
    if (now >= sweep_at_) sweep(now, key, due);
    std::size_t at = 0;
    while (at < size_ && entries_[at].key != key) ++at;
    if (at == size_) {
      // more keys than the table holds share one entry, which bounds the lines of a second
      if (at >= capacity && key != overflow_key) return admit(overflow_key, now, due);
      if (entries_ == nullptr) entries_ = new entry[capacity + 1];
      entries_[size_++] = {key, now + window, 0, log::severity::info, {}};
      if (size_ == 1 || now + window < sweep_at_) sweep_at_ = now + window;
      return {true, 0};
    }
    entry& e = entries_[at];
    if (now < e.ends) {
      ++e.suppressed;
      return {};
    }
    e.ends = now + window;
    return {true, std::exchange(e.suppressed, 0)};
  }

  /// Keeps the text for a count that no further occurrence brings out.
  void remember(std::uint64_t key, log::severity s, std::string_view text) {
    for (std::size_t i = 0; i < size_; ++i) {
      if (entries_[i].key != key) continue;
      entries_[i].severity = s;
      entries_[i].text = std::string(text);
    }
  }

  /// Takes out every count that was not written yet.
  template <class Lines> void take_all(Lines& due) {
    for (std::size_t i = 0; i < size_; ++i) report(entries_[i], due);
    size_ = 0;
    sweep_at_ = {};
  }

  [[nodiscard]] static std::string with_count(std::string_view text, std::uint64_t count) {
    std::string out(text);
    if (count != 0) {
      out += " (and ";
      out += std::to_string(count);
      out += " more like it)";
    }
    return out;
  }

 private:
  static constexpr std::uint64_t overflow_key = 0;
  struct entry {
    std::uint64_t key;
    time_point ends;
    std::uint64_t suppressed;
    log::severity severity;
    std::string text;
  };

  template <class Lines> static void report(entry& e, Lines& due) {
    if (e.suppressed != 0) due.push_back({e.severity, with_count(e.text, std::exchange(e.suppressed, 0))});
  }

  template <class Lines> void sweep(time_point now, std::uint64_t except, Lines& due) {
    sweep_at_ = now + window;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      entry& e = entries_[i];
      if (e.key != except && now >= e.ends) {
        if (e.suppressed == 0) continue;  // quiet for a whole window: forgotten
        report(e, due);
        e.ends = now + window;
      }
      if (e.ends < sweep_at_) sweep_at_ = e.ends;
      if (kept != i) entries_[kept] = std::move(e);
      ++kept;
    }
    size_ = kept;
  }

  entry* entries_ = nullptr;  // `capacity` of them and one for what does not fit
  std::size_t size_ = 0;
  time_point sweep_at_{};
};

/// Lines that are due, in order.
class log_lines {
 public:
  log_lines() noexcept = default;
  log_lines(const log_lines&) = delete;
  log_lines& operator=(const log_lines&) = delete;
  ~log_lines() {
    while (first_ != nullptr) delete std::exchange(first_, first_->next);
  }
  void push_back(log_limiter::line line) {
    auto* const fresh = new node{std::move(line), nullptr};
    (last_ != nullptr ? last_->next : first_) = fresh;
    last_ = fresh;
  }
  void write() const noexcept;

 private:
  struct node {
    log_limiter::line line;
    node* next;
  };
  node* first_ = nullptr;
  node* last_ = nullptr;
};

struct log_limits {
  std::mutex mutex;
  log_limiter limiter;
};

HYPERACTOR_SHARED inline log_limits& global_log_limits() {
  static log_limits* const limits = new log_limits;
  return *limits;
}

}  // namespace hyperactor::inline v0::detail

namespace hyperactor::inline v0::log {

/// Writes one line.
/// @threadsafe
HYPERACTOR_COLD inline void write(severity s, std::string_view text) noexcept {
  try {
    std::string clean;
    for (const char c : text) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
        clean = std::string(text);  // [LOG-4]
        for (char& d : clean) {
          if (static_cast<unsigned char>(d) < 0x20 || d == 0x7f) d = ' ';
        }
        text = clean;
        break;
      }
    }
    if (detail::inside_log_sink()) return detail::write_to_stderr(s, text);  // [LOG-3]
    detail::log_state& state = detail::global_log();
    const std::lock_guard lock(state.mutex);
    if (!state.sink) return detail::write_to_stderr(s, text);
    detail::inside_log_sink() = true;
    try {
      state.sink(s, text);
    } catch (...) {
      detail::write_to_stderr(s, text);
    }
    detail::inside_log_sink() = false;
  } catch (...) {
    detail::write_to_stderr(s, text);
  }
}

}  // namespace hyperactor::inline v0::log

inline void hyperactor::v0::detail::log_lines::write() const noexcept {
  for (const node* n = first_; n != nullptr; n = n->next) log::write(n->line.severity, n->line.text);
}

namespace hyperactor::inline v0::log {

/// Puts `replacement` in place, an empty one meaning standard error, and returns what was there.
/// @pre not called from within a sink
/// @threadsafe
inline sink replace_sink(sink replacement) {
  detail::log_state& state = detail::global_log();
  const std::lock_guard lock(state.mutex);
  std::swap(state.sink, replacement);
  return replacement;
}

/// A sink for as long as this object lives.
class [[nodiscard]] scoped_sink {
 public:
  explicit scoped_sink(sink replacement) : before_(replace_sink(std::move(replacement))) {}
  scoped_sink(const scoped_sink&) = delete;
  scoped_sink& operator=(const scoped_sink&) = delete;
  ~scoped_sink() { replace_sink(std::move(before_)); }

 private:
  sink before_;
};

/// Writes the line that `make_text()` returns unless one of the same `key` was written within the last second; what was
/// left out is counted and told with the next one ([LOG-2]). `make_text` runs only for lines that are written.
/// @param key  a hash of what makes lines alike: the destination and the reason
/// @threadsafe
template <class F> void limited(severity s, std::uint64_t key, F&& make_text) noexcept {
  try {
    detail::log_lines due;
    detail::log_limits& limits = detail::global_log_limits();
    detail::log_limiter::verdict verdict;
    {
      const std::lock_guard lock(limits.mutex);
      verdict = limits.limiter.admit(key, std::chrono::steady_clock::now(), due);
    }
    due.write();
    if (!verdict.write) return;
    const std::string text = make_text();
    write(s, detail::log_limiter::with_count(text, verdict.suppressed));
    const std::lock_guard lock(limits.mutex);
    limits.limiter.remember(key, s, text);
  } catch (...) {
    write(s, "a line of the log was lost: out of memory");
  }
}

/// Writes the counts of limited lines that are still waiting for their second to end, and forgets them: for the end of
/// a program and for tests.
/// @threadsafe
inline void flush_limited() noexcept {
  try {
    detail::log_lines due;
    {
      detail::log_limits& limits = detail::global_log_limits();
      const std::lock_guard lock(limits.mutex);
      limits.limiter.take_all(due);
    }
    due.write();
  } catch (...) {
    write(severity::warning, "counts of left out lines were lost: out of memory");
  }
}

}  // namespace hyperactor::inline v0::log

#endif  // HYPERACTOR_BASE_LOG_HPP
