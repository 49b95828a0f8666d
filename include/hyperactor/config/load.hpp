// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_CONFIG_LOAD_HPP
#define HYPERACTOR_CONFIG_LOAD_HPP

/// @file
/// Configuration by name: files, values given as text (a command line), and a list of what counts now.
///
/// [CFL-1] A file with an unknown name or a line without `=` changes nothing.

#include <hyperactor/config/keys.hpp>
#include <hyperactor/config/store.hpp>

#include <algorithm>
#include <cerrno>

namespace hyperactor::inline v0 {

namespace detail {

/// Every key that this program can name: the library's, and those of its own that it used.
template <class... Keys> HYPERACTOR_COLD std::vector<config_entry*> known_config_entries(type_list<Keys...>) {
  std::vector<config_entry*> out{&config_entry_of<Keys>...};
  for (config_entry* e : out) e->load();
  const std::lock_guard lock(global_config().mutex);
  out.clear();
  for (auto* e = global_config().touched; e; e = e->next()) out.push_back(e);
  std::sort(out.begin(), out.end(), [](const auto* a, const auto* b) { return a->about().name < b->about().name; });
  return out;
}

inline config_entry* find_config_entry(const std::vector<config_entry*>& entries, std::string_view name) {
  for (config_entry* e : entries) {
    if (e->about().name == name) return e;
  }
  return nullptr;
}

inline void drop_config_lines(config_file_line* lines) noexcept {
  while (lines != nullptr) delete std::exchange(lines, lines->next);
}

inline std::string_view trim_config_text(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace detail

namespace config {

/// Replaces the file layer by `text`: lines `name = value`; empty lines and those that start with `#` are skipped. A
/// value that does not suit its key is logged and ignored, like one in the environment.
/// @errors config_error::unknown_key, config_error::invalid_value (a line without `=`); nothing is changed then
/// @threadsafe
inline result<void> load_text(std::string_view text) {
  const auto entries = detail::known_config_entries(detail::library_keys{});
  detail::config_file_line* lines = nullptr;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = detail::trim_config_text(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const auto equals = line.find('=');
    const std::string where = "line " + std::to_string(number) + ": ";
    if (equals == std::string_view::npos) {  // [CFL-1]
      detail::drop_config_lines(lines);
      return error(config_error::invalid_value, where + "'" + std::string(line) + "' has no '='");
    }
    const std::string_view name = detail::trim_config_text(line.substr(0, equals));
    if (!detail::find_config_entry(entries, name)) {
      detail::drop_config_lines(lines);
      return error(config_error::unknown_key, where + "unknown configuration key '" + std::string(name) + "'");
    }
    const std::string_view value = detail::trim_config_text(line.substr(equals + 1));
    lines = new detail::config_file_line{std::string(name), std::string(value), lines};
  }
  {
    const std::lock_guard lock(detail::global_config().mutex);
    std::swap(detail::global_config().file, lines);
    for (auto* e : entries) e->forget();
  }
  detail::drop_config_lines(lines);
  for (auto* e : entries) e->load();
  return {};
}

/// `load_text` of what the file at `path` holds.
/// @errors also those of the operating system
/// @threadsafe
inline result<void> load_file(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  const auto failed = [&] {
    const std::error_code code(errno != 0 ? errno : EIO, std::generic_category());
    return error(code, "cannot read the configuration file '" + path + "': " + code.message());
  };
  if (!file) return failed();
  std::string text;
  char block[4096];
  for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, file)) > 0;) text.append(block, n);
  const bool is_broken = std::ferror(file) != 0;
  const int reason = errno;
  std::fclose(file);
  if (is_broken) {
    errno = reason;
    return failed();
  }
  return load_text(text);
}

/// Sets the runtime layer of the key called `name`: for command lines.
/// @errors config_error::unknown_key, config_error::invalid_value
/// @threadsafe
inline result<void> set_text(std::string_view name, std::string_view value) {
  auto* const entry = detail::find_config_entry(detail::known_config_entries(detail::library_keys{}), name);
  if (!entry) return error(config_error::unknown_key, "unknown configuration key '" + std::string(name) + "'");
  auto parsed = entry->parse(value);
  if (!parsed) return error(parsed.error().code(), std::string(name) + ": " + parsed.error().message());
  entry->set(detail::config_layer::runtime, std::move(*parsed));
  return {};
}

/// One key as it stands now.
struct entry_view {
  std::string name;
  std::string value;
  std::string source;       ///< default, file, environment, runtime or override
  std::string environment;  ///< name of its environment variable, or empty
  bool is_changed = false;  ///< the value is not the default
};

/// Every key of the library and every one of the program that was used, sorted by name.
/// @threadsafe
[[nodiscard]] inline std::vector<entry_view> entries() {
  std::vector<entry_view> out;
  for (auto* e : detail::known_config_entries(detail::library_keys{})) {
    detail::config_layer source{};
    entry_view view;
    std::string standard;
    e->snapshot(source, view.value, standard);
    constexpr const char* names[] = {"default", "file", "environment", "runtime", "override"};
    view.name = e->about().name;
    view.source = names[static_cast<int>(source)];
    view.environment = e->environment();
    view.is_changed = view.value != standard;
    out.push_back(std::move(view));
  }
  return out;
}

}  // namespace config
}  // namespace hyperactor::inline v0

#endif  // HYPERACTOR_CONFIG_LOAD_HPP
