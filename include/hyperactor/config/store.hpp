// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CONFIG_STORE_HPP
#define HYPERACTOR_CONFIG_STORE_HPP

/// @file
/// The layered store behind `config::get`: default < file < environment < runtime < override.
///
/// [CFG-1] The value of the highest layer that has one counts; overrides are undone in any order.
/// [CFG-2] A text that is no value of its key is logged and counts as absent.
/// [CFG-3] Reading a number, boolean or duration is two loads, without a lock, once the key was read before.

#include <hyperactor/config/detail/entry.hpp>
#include <hyperactor/config/key.hpp>

#include <bit>
#include <mutex>
#include <utility>

namespace hyperactor::inline v0::detail {

template <class Key> constexpr config_entry::description describe_config_key() noexcept {
  using value_type = typename Key::value_type;
  config_entry::description d{Key::name, {}, false, config_kind_of<value_type>::value, sizeof(value_type) * 8,
                              0,         0,  {}};
  if constexpr (requires { Key::environment; }) {
    d.environment = Key::environment;
    d.has_environment = true;
  }
  if constexpr (requires { Key::minimum; }) d.minimum = Key::minimum;
  if constexpr (std::is_same_v<value_type, std::string>) {
    d.default_text = Key::default_value;
  } else if constexpr (std::is_same_v<value_type, double>) {
    d.default_bits = std::bit_cast<std::uint64_t>(static_cast<double>(Key::default_value));
  } else if constexpr (std::is_same_v<value_type, std::chrono::nanoseconds>) {
    d.default_bits = static_cast<std::uint64_t>(std::chrono::nanoseconds(Key::default_value).count());
  } else {
    d.default_bits = static_cast<std::uint64_t>(Key::default_value);
  }
  return d;
}

template <class Key> HYPERACTOR_SHARED inline constinit config_entry config_entry_of{describe_config_key<Key>()};

template <class Key> config_value to_config_value(typename Key::value_type value) {
  using value_type = typename Key::value_type;
  config_value out;
  if constexpr (std::is_same_v<value_type, std::string>) {
    out.text = std::move(value);
  } else if constexpr (std::is_same_v<value_type, double>) {
    out.bits = std::bit_cast<std::uint64_t>(value);
  } else if constexpr (std::is_same_v<value_type, std::chrono::nanoseconds>) {
    out.bits = static_cast<std::uint64_t>(value.count() < 0 ? 0 : value.count());
  } else {
    out.bits = static_cast<std::uint64_t>(value);
    if constexpr (requires { Key::minimum; }) out.bits = out.bits < Key::minimum ? Key::minimum : out.bits;
  }
  return out;
}

}  // namespace hyperactor::inline v0::detail

namespace hyperactor::inline v0::config {

/// The value that counts now.
/// @complexity two loads for anything but a string, which locks and copies
/// @threadsafe
template <key Key> [[nodiscard]] typename Key::value_type get() {
  using value_type = typename Key::value_type;
  if constexpr (std::is_same_v<value_type, std::string>) {
    return detail::config_entry_of<Key>.text();
  } else {
    const std::uint64_t bits = detail::config_entry_of<Key>.bits();
    if constexpr (std::is_same_v<value_type, double>) {
      return std::bit_cast<double>(bits);
    } else if constexpr (std::is_same_v<value_type, std::chrono::nanoseconds>) {
      return std::chrono::nanoseconds(static_cast<std::int64_t>(bits));
    } else {
      return static_cast<value_type>(bits);
    }
  }
}

/// Sets the runtime layer: counts more than file and environment, less than an override. A value below the key's
/// minimum becomes the minimum.
/// @threadsafe
template <key Key> void set(typename Key::value_type value) {
  detail::config_entry_of<Key>.set(detail::config_layer::runtime, detail::to_config_value<Key>(std::move(value)));
}

/// Takes the value of the runtime layer away again.
/// @threadsafe
template <key Key> void clear() { detail::config_entry_of<Key>.clear(detail::config_layer::runtime); }

/// Undoes an override when it goes away; several may end in any order.
class [[nodiscard]] override_guard {
 public:
  override_guard(detail::config_entry& entry, detail::config_value value)
      : entry_(&entry), id_(entry.push(std::move(value))) {}
  override_guard(override_guard&& o) noexcept : entry_(std::exchange(o.entry_, nullptr)), id_(o.id_) {}
  override_guard& operator=(override_guard&&) = delete;
  ~override_guard() {
    if (entry_) entry_->pop(id_);
  }

 private:
  detail::config_entry* entry_;
  std::uint64_t id_;
};

/// Makes `value` count above everything else for as long as the returned guard lives: for tests.
/// @note the environment of the process, and so of its children, stays as it is
/// @threadsafe
template <key Key> override_guard override_scoped(typename Key::value_type value) {
  return {detail::config_entry_of<Key>, detail::to_config_value<Key>(std::move(value))};
}

/// Makes every key read its environment variable again at its next use; otherwise each is read once.
/// @threadsafe
inline void reload_environment() {
  detail::config_store& store = detail::global_config();
  const std::lock_guard lock(store.mutex);
  for (auto* e = store.touched; e; e = e->next()) e->forget();
}

}  // namespace hyperactor::inline v0::config

#endif  // HYPERACTOR_CONFIG_STORE_HPP
