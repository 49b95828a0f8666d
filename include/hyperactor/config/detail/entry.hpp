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
#include <optional>
#include <utility>
#include <vector>

namespace hyperactor::inline v0::detail {

/// A value of any kind: numbers, booleans and durations in `bits`.
struct config_value {
  std::uint64_t bits = 0;
  std::string text;
};

enum class config_layer : unsigned char { standard, file, environment, runtime, override_scope };

class config_entry;

struct config_store {
  std::mutex mutex;
  config_entry* touched = nullptr;  // every key that was read or set
  std::vector<std::pair<std::string, std::string>> file;
  std::uint64_t next_override = 1;
};

/// Never destroyed: destructors of static objects may read configuration.
HYPERACTOR_SHARED inline config_store& global_config() {
  static config_store* const store = new config_store;
  return *store;
}

HYPERACTOR_COLD inline result<config_value> parse_config_value(config_kind kind, unsigned width, std::uint64_t minimum,
                                                               std::string_view text) {
  const auto bad = [&](const std::string& what) {
    return error(config_error::invalid_value, "'" + std::string(text) + "' is no " + what);
  };
  const char* const end = text.data() + text.size();
  config_value out;
  switch (kind) {
    case config_kind::boolean: {
      std::string lower(text);
      for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      if (lower != "0" && lower != "1" && lower != "true" && lower != "false")
        return bad("boolean: write 0, 1, true or false");
      out.bits = lower == "1" || lower == "true" ? 1 : 0;
      break;
    }
    case config_kind::integer: {
      const std::uint64_t maximum = width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
      const auto [stop, failure] = std::from_chars(text.data(), end, out.bits);
      if (failure != std::errc{} || stop != end || out.bits < minimum || out.bits > maximum) {
        return bad("whole number from " + std::to_string(minimum) + " to " + std::to_string(maximum));
      }
      break;
    }
    case config_kind::duration: {
      auto parsed = config::parse_duration(text);
      if (!parsed) return parsed.error();
      out.bits = static_cast<std::uint64_t>(parsed->count());
      break;
    }
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
  return out;
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
    return current().second.text;
  }

  /// Replaces a layer's value; nothing removes it.
  HYPERACTOR_COLD void set(config_layer layer, std::optional<config_value> value) {
    load();
    const std::lock_guard lock(global_config().mutex);
    slot(layer) = std::move(value);
    publish();
  }
  HYPERACTOR_COLD std::uint64_t push(config_value value) {
    load();
    config_store& store = global_config();
    const std::lock_guard lock(store.mutex);
    const std::uint64_t id = store.next_override++;
    layers_->overrides.emplace_back(id, std::move(value));
    publish();
    return id;
  }
  HYPERACTOR_COLD void pop(std::uint64_t id) noexcept {
    const std::lock_guard lock(global_config().mutex);
    std::erase_if(layers_->overrides, [id](const auto& o) { return o.first == id; });
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
  [[nodiscard]] result<config_value> parse(std::string_view text) const {
    return parse_config_value(about_.kind, about_.width, about_.minimum, text);
  }
  /// The layer that counts, its value and the default, as texts.
  HYPERACTOR_COLD void snapshot(config_layer& source, std::string& value, std::string& standard) {
    load();
    const std::lock_guard lock(global_config().mutex);
    const auto now = current();
    source = now.first;
    value = format_config_value(about_.kind, now.second);
    standard = format_config_value(about_.kind, default_value());
  }
  [[nodiscard]] config_entry* next() const noexcept { return next_; }

  HYPERACTOR_COLD void load() noexcept {
    std::vector<std::string> complaints;  // written after unlocking: a sink may read configuration
    {
      config_store& store = global_config();
      const std::lock_guard lock(store.mutex);
      if (is_loaded_.load(std::memory_order_relaxed)) return;
      if (!layers_) {
        layers_ = new layers;
        next_ = std::exchange(store.touched, this);
      }
      layers_->file.reset();
      layers_->environment.reset();
      for (const auto& [name, text] : store.file) {
        if (name == about_.name) read("configuration file", name, text, layers_->file, complaints);
      }
      if (const std::string name = environment(); !name.empty()) {
        if (const char* text = std::getenv(name.c_str())) {
          read("environment", name, text, layers_->environment, complaints);
        }
      }
      publish();
      is_loaded_.store(true, std::memory_order_release);
    }
    for (const std::string& line : complaints) log::write(log::severity::warning, line);
  }

 private:
  struct layers {
    std::optional<config_value> file, environment, runtime;
    std::vector<std::pair<std::uint64_t, config_value>> overrides;
  };

  void read(std::string_view where, std::string_view name, std::string_view text, std::optional<config_value>& to,
            std::vector<std::string>& complaints) const {
    if (auto value = parse(text)) {
      to = std::move(*value);
    } else {  // [CFG-2]
      complaints.push_back(value.error().what() + "; " + std::string(where) + ", " + std::string(name) + ": ignored");
    }
  }
  [[nodiscard]] std::optional<config_value>& slot(config_layer layer) noexcept {
    return layer == config_layer::file          ? layers_->file
           : layer == config_layer::environment ? layers_->environment
                                                : layers_->runtime;
  }
  [[nodiscard]] config_value default_value() const { return {about_.default_bits, std::string(about_.default_text)}; }
  [[nodiscard]] std::pair<config_layer, config_value> current() const {  // [CFG-1]
    if (!layers_->overrides.empty()) return {config_layer::override_scope, layers_->overrides.back().second};
    if (layers_->runtime) return {config_layer::runtime, *layers_->runtime};
    if (layers_->environment) return {config_layer::environment, *layers_->environment};
    if (layers_->file) return {config_layer::file, *layers_->file};
    return {config_layer::standard, default_value()};
  }
  void publish() noexcept { effective_.store(current().second.bits, std::memory_order_relaxed); }

  std::atomic<std::uint64_t> effective_{0};
  std::atomic<bool> is_loaded_{false};
  layers* layers_ = nullptr;  // kept for good: see global_config
  config_entry* next_ = nullptr;
  description about_;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_CONFIG_DETAIL_ENTRY_HPP
