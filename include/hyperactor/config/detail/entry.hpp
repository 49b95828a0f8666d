// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CONFIG_DETAIL_ENTRY_HPP
#define HYPERACTOR_CONFIG_DETAIL_ENTRY_HPP

/// @file
/// What the store keeps of one key: its layers and its effective value. Not a template.

#include <hyperactor/base/log.hpp>
#include <hyperactor/base/result.hpp>
#include <hyperactor/config/error.hpp>
#include <hyperactor/config/key.hpp>
#include <hyperactor/config/parse.hpp>

#include <atomic>
#include <bit>
#include <charconv>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace hyperactor::inline v0::detail {

/// A value of any kind: numbers, booleans and durations in `bits`.
struct config_value {
  std::uint64_t bits = 0;
  std::string text;
};

enum class config_layer : unsigned char { standard, file, environment, runtime, override_scope };

class config_entry;

/// One line of the file layer.
struct config_file_line {
  std::string name;
  std::string text;
  config_file_line* next;
};

struct config_store {
  std::mutex mutex;
  config_entry* touched = nullptr;   // every key that was read or set
  config_file_line* file = nullptr;  // the last line first
  std::uint64_t next_override = 1;
};

/// Never destroyed: destructors of static objects may read configuration.
HYPERACTOR_SHARED inline config_store& global_config() {
  static config_store* const store = new config_store;
  return *store;
}

/// Whether a text is this word, in whatever case.
[[nodiscard]] HYPERACTOR_COLD inline bool is_word(std::string_view text, const char* lower) noexcept {
  for (const char c : text) {
    if (*lower == '\0' || (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != *lower) return false;
    ++lower;
  }
  return *lower == '\0';
}
/// Reads a value of this kind; false and why not in `why`.
HYPERACTOR_COLD inline bool read_config_value(config_kind kind, unsigned width, std::uint64_t minimum,
                                              std::string_view text, config_value& out, std::string& why) {
  const auto bad = [&](const std::string& what) {
    why = "'";
    why += text;
    why += "' is no ";
    why += what;
    return false;
  };
  const char* const end = text.data() + text.size();
  switch (kind) {
    case config_kind::boolean: {
      const bool is_true = is_word(text, "1") || is_word(text, "true");
      if (!is_true && !is_word(text, "0") && !is_word(text, "false")) return bad("boolean: write 0, 1, true or false");
      out.bits = is_true ? 1 : 0;
      break;
    }
    case config_kind::integer: {
      const std::uint64_t maximum = width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
      const char* at = text.data();
      if (!read_whole_number(at, end, out.bits) || at != end || out.bits < minimum || out.bits > maximum) {
        return bad("whole number from " + std::to_string(minimum) + " to " + std::to_string(maximum));
      }
      break;
    }
    case config_kind::duration:
      return read_duration(text, out.bits, why);
    case config_kind::real: {
      double value = 0;
      const auto [stop, failure] = std::from_chars(text.data(), end, value);
      if (failure != std::errc{} || stop != end) return bad("number");
      out.bits = std::bit_cast<std::uint64_t>(value);
      break;
    }
    case config_kind::text:
      out.text = text;
      break;
  }
  return true;
}

HYPERACTOR_COLD inline std::string format_config_value(config_kind kind, const config_value& value) {
  switch (kind) {
    case config_kind::boolean:
      return value.bits != 0 ? "1" : "0";
    case config_kind::integer:
      return std::to_string(value.bits);
    case config_kind::duration:
      return config::format_duration(std::chrono::nanoseconds(static_cast<std::int64_t>(value.bits)));
    case config_kind::real: {
      char buffer[64];
      const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::bit_cast<double>(value.bits)).ptr;
      return std::string(buffer, end);
    }
    case config_kind::text:
      break;
  }
  return value.text;
}

/// One key's layers and its effective value.
class config_entry {
 public:
  struct description {
    std::string_view name;
    std::string_view environment;
    bool has_environment;  // false: the name is derived
    config_kind kind;
    unsigned width;
    std::uint64_t minimum;
    std::uint64_t default_bits;
    std::string_view default_text;
  };

  constexpr explicit config_entry(const description& d) noexcept : about_(d) {}

  [[nodiscard]] std::uint64_t bits() noexcept {
    if (!is_loaded_.load(std::memory_order_acquire)) [[unlikely]]
      load();
    return effective_.load(std::memory_order_relaxed);  // [CFG-3]
  }
  HYPERACTOR_COLD std::string text() {
    load();
    const std::lock_guard lock(global_config().mutex);
    config_layer which{};
    return current_value(which).text;
  }

  /// Replaces a layer's value.
  HYPERACTOR_COLD void set(config_layer layer, config_value value) {
    load();
    const std::lock_guard lock(global_config().mutex);
    slot(layer) = {std::move(value), true};
    publish();
  }
  /// Removes a layer's value.
  HYPERACTOR_COLD void clear(config_layer layer) {
    load();
    const std::lock_guard lock(global_config().mutex);
    slot(layer) = {};
    publish();
  }
  HYPERACTOR_COLD std::uint64_t push(config_value value) {
    load();
    config_store& store = global_config();
    const std::lock_guard lock(store.mutex);
    const std::uint64_t id = store.next_override++;
    layers_->overrides = new pushed{id, std::move(value), layers_->overrides};
    publish();
    return id;
  }
  HYPERACTOR_COLD void pop(std::uint64_t id) noexcept {
    const std::lock_guard lock(global_config().mutex);
    for (pushed** at = &layers_->overrides; *at != nullptr; at = &(*at)->next) {
      if ((*at)->id != id) continue;
      delete std::exchange(*at, (*at)->next);
      break;
    }
    publish();
  }

  /// Reads file and environment again at the next use. The caller holds the store's mutex.
  void forget() noexcept { is_loaded_.store(false, std::memory_order_release); }

  [[nodiscard]] const description& about() const noexcept { return about_; }
  [[nodiscard]] std::string environment() const {
    if (about_.has_environment) return std::string(about_.environment);
    std::string out = "HYPERACTOR_";
    for (const char c : about_.name) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
  }
  /// @errors config_error::invalid_value
  template <class Value = config_value> [[nodiscard]] result<Value> parse(std::string_view text) const {
    Value out;
    std::string why;
    if (!read(text, out, why)) return error(config_error::invalid_value, std::move(why));
    return out;
  }
  /// The layer that counts, its value and the default, as texts.
  HYPERACTOR_COLD void snapshot(config_layer& source, std::string& value, std::string& standard) {
    load();
    const std::lock_guard lock(global_config().mutex);
    value = format_config_value(about_.kind, current_value(source));
    standard = format_config_value(about_.kind, default_value());
  }
  [[nodiscard]] config_entry* next() const noexcept { return next_; }

  HYPERACTOR_COLD void load() noexcept {
    complaint* complaints = nullptr;  // written after unlocking: a sink may read configuration
    {
      config_store& store = global_config();
      const std::lock_guard lock(store.mutex);
      if (is_loaded_.load(std::memory_order_relaxed)) return;
      if (!layers_) {
        layers_ = new layers;
        next_ = std::exchange(store.touched, this);
      }
      layers_->file.is_set = false;
      layers_->environment.is_set = false;
      for (const config_file_line* line = store.file; line != nullptr; line = line->next) {
        if (line->name != about_.name) continue;
        layer_value ignored;  // the last good one counts
        take("configuration file", line->name, line->text, layers_->file.is_set ? ignored : layers_->file, complaints);
      }
      if (const std::string name = environment(); !name.empty()) {
        if (const char* text = std::getenv(name.c_str())) {
          take("environment", name, text, layers_->environment, complaints);
        }
      }
      publish();
      is_loaded_.store(true, std::memory_order_release);
    }
    while (complaints != nullptr) {
      complaint* const first = complaints;
      complaints = first->next;
      log::write(log::severity::warning, first->line);
      delete first;
    }
  }

 private:
  struct layer_value {
    config_value value;
    bool is_set = false;
  };
  struct pushed {
    std::uint64_t id;
    config_value value;
    pushed* next;
  };
  struct layers {
    layer_value file, environment, runtime;
    pushed* overrides = nullptr;  // the newest first
  };
  struct complaint {
    std::string line;
    complaint* next;
  };

  bool read(std::string_view text, config_value& out, std::string& why) const {
    return read_config_value(about_.kind, about_.width, about_.minimum, text, out, why);
  }
  void take(const char* where, const std::string& name, std::string_view text, layer_value& to,
            complaint*& complaints) const {
    std::string why;
    to.is_set = read(text, to.value, why);
    if (to.is_set) return;
    std::string line = error(config_error::invalid_value, std::move(why)).what();  // [CFG-2]
    line += "; ";
    line += where;
    line += ", " + name + ": ignored";
    complaint** at = &complaints;
    while (*at != nullptr) at = &(*at)->next;
    *at = new complaint{std::move(line), nullptr};
  }
  [[nodiscard]] layer_value& slot(config_layer layer) noexcept {
    return layer == config_layer::file          ? layers_->file
           : layer == config_layer::environment ? layers_->environment
                                                : layers_->runtime;
  }
  [[nodiscard]] config_value default_value() const { return {about_.default_bits, std::string(about_.default_text)}; }
  /// The value that counts; null: the default.
  [[nodiscard]] const config_value* current(config_layer& which) const noexcept {  // [CFG-1]
    which = config_layer::override_scope;
    if (layers_->overrides != nullptr) return &layers_->overrides->value;
    which = config_layer::runtime;
    if (layers_->runtime.is_set) return &layers_->runtime.value;
    which = config_layer::environment;
    if (layers_->environment.is_set) return &layers_->environment.value;
    which = config_layer::file;
    if (layers_->file.is_set) return &layers_->file.value;
    which = config_layer::standard;
    return nullptr;
  }
  [[nodiscard]] config_value current_value(config_layer& which) const {
    const config_value* const value = current(which);
    return value != nullptr ? *value : default_value();
  }
  void publish() noexcept {
    config_layer which{};
    const config_value* const value = current(which);
    effective_.store(value != nullptr ? value->bits : about_.default_bits, std::memory_order_relaxed);
  }

  std::atomic<std::uint64_t> effective_{0};
  std::atomic<bool> is_loaded_{false};
  layers* layers_ = nullptr;  // kept for good: see global_config
  config_entry* next_ = nullptr;
  description about_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_CONFIG_DETAIL_ENTRY_HPP
